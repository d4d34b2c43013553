import { describe, expect, it } from 'vitest';
import { metricsMax } from '../../../src/edges/zookeeper/answer.ts';
import { parseMntr, peerStateCharsMax } from '../../../src/edges/zookeeper/parse-mntr.ts';

function mntr(...lines: readonly string[]): string {
  return ['zk_version\t3.8.0-x, built on …', 'zk_server_state\tfollower', ...lines, ''].join('\n');
}

describe('parseMntr', () => {
  it.each([
    ['2.0E-4', 0.0002],
    ['1.5e3', 1500],
    ['-1', -1],
    ['0', 0],
    ['12.104', 12.104],
    ['9223372036854775807', 2 ** 63],
  ])('reads %s as a number', (text, value) => {
    expect(parseMntr(mntr(`zk_avg_latency\t${text}`))?.metrics['avg_latency']).toBe(value);
  });

  it.each(['NaN', 'Infinity', '-Infinity', '0x10', '', ' ', 'null', '1,5', '1e999', '--1', '5 ms'])(
    'leaves out the value "%s"',
    (text) => {
      expect(parseMntr(mntr(`zk_avg_latency\t${text}`))?.metrics).toEqual({});
    },
  );

  it('takes the first of two values for one key', () => {
    const answer = parseMntr(mntr('zk_znode_count\t5', 'zk_znode_count\t6'));

    expect(answer?.metrics).toEqual({ znode_count: 5 });
  });

  it('reads lines that end in CR LF', () => {
    const answer = parseMntr(mntr('zk_znode_count\t5').replaceAll('\n', '\r\n'));

    expect(answer).toMatchObject({ mode: 'follower', metrics: { znode_count: 5 } });
  });

  it('skips lines of another shape', () => {
    const answer = parseMntr(mntr('hello', 'znode_count\t7', 'zk_watch_count 7', 'zk_x\t1'));

    expect(answer?.metrics).toEqual({ x: 1 });
  });

  it('keeps a bounded number of keys', () => {
    const many = Array.from({ length: metricsMax + 500 }, (_, n) => `zk_key_${n}\t${n}`);

    const answer = parseMntr(mntr(...many));

    expect(Object.keys(answer!.metrics)).toHaveLength(metricsMax);
  });

  it('takes names of Object itself for plain keys', () => {
    const answer = parseMntr(mntr('zk_constructor\t1', 'zk___proto__\t2', 'zk_toString\t3'));

    expect(answer?.metrics['constructor']).toBe(1);
    expect(answer?.metrics['toString']).toBe(3);
    expect(({} as Record<string, unknown>)['2']).toBeUndefined();
  });

  it('cuts a peer state of unlikely length', () => {
    const answer = parseMntr(mntr(`zk_peer_state\t${'x'.repeat(1000)}`));

    expect(answer?.peerState).toHaveLength(peerStateCharsMax);
  });

  it.each([
    ['no state', 'zk_version\t3.8.0\n'],
    ['an unknown state', 'zk_server_state\tdreaming\n'],
    ['a state of Object', 'zk_server_state\tconstructor\n'],
    ['nothing', ''],
    ['a web page', '<html>\n<body>zk_server_state\tleader</body>\n'],
    ['bytes of another protocol', '\u0015\u0003\u0003\u0000\u0002\u0002\n'],
    ['srvr', 'Zookeeper version: 3.8.0\nMode: leader\nNode count: 5\n'],
  ])('makes nothing of %s', (_what, text) => {
    expect(parseMntr(text)).toBeUndefined();
  });
});
