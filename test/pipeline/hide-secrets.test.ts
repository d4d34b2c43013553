import { describe, expect, it } from 'vitest';
import { hideSecrets } from '../../src/pipeline/hide-secrets.ts';

describe('what is kept of servers', () => {
  it.each([
    [
      '-Dzookeeper.ssl.keyStore.password=hush1234 -Xmx1g',
      '-Dzookeeper.ssl.keyStore.password=[hidden] -Xmx1g',
    ],
    ['ssl.trustStore.passwordPath=/etc/pw', 'ssl.trustStore.passwordPath=[hidden]'],
    ['{"token": "abc.def", "user": "ann"}', '{"token": "[hidden]", "user": "ann"}'],
    ['jdbc://ann:hush@db/x', 'jdbc://ann:[hidden]@db/x'],
    ['addauth digest super:hush', 'addauth digest super:[hidden]'],
    ['PASSWORD: hush; next', 'PASSWORD: [hidden]; next'],
  ])('hides the secret of %j', (text, hidden) => {
    expect(hideSecrets(text)).toBe(hidden);
  });

  it.each([
    'zk_server_state\tfollower\nzk_packets_received\t12\n',
    'tickTime=2000\ndataDir=/data/version-2\nserverId=2\n',
    ' /10.0.0.9:51234[1](queued=0,recved=3,sent=3,sid=0x10000a,lop=PING,est=1795230000000)',
    '2026-11-21 03:12:00,123 [myid:2] - WARN  [QuorumPeer] - Exception when following the leader',
  ])('leaves %j as it is', (text) => {
    expect(hideSecrets(text)).toBe(text);
  });
});
