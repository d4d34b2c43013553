import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfFacts } from '../../../src/edges/zookeeper/parse-conf.ts';
import { parseHash } from '../../../src/edges/zookeeper/parse-facts.ts';
import { parseMntr } from '../../../src/edges/zookeeper/parse-mntr.ts';
import type { Reading } from '../../../src/model/sample.ts';
import type { ConfFacts, MemberFacts } from '../../../src/model/survey.ts';
import { configParamDrift } from '../../../src/rules/detect/config-param-drift.ts';
import { digestMismatch } from '../../../src/rules/detect/digest-mismatch.ts';
import { epochMismatch } from '../../../src/rules/detect/epoch-mismatch.ts';
import { membershipDrift } from '../../../src/rules/detect/membership-drift.ts';
import { myidMismatch } from '../../../src/rules/detect/myid-mismatch.ts';
import { versionSkew } from '../../../src/rules/detect/version-skew.ts';
import { znodeCountDivergence } from '../../../src/rules/detect/znode-count-divergence.ts';
import { zxidRegression } from '../../../src/rules/detect/zxid-regression.ts';
import {
  anEnsemble,
  aReading,
  aServer,
  aView,
  nightMs,
  samplesOf,
} from '../../support/builders.ts';
import { aHost, aSurvey, aSurveyedView } from '../../support/surveys.ts';
import { judge } from './judge.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper');

function read(file: string): string {
  return readFileSync(join(fixtures, file), 'utf8');
}

const healthy = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

/** A healthy look in which some servers report something else. */
function looking(reports: Readonly<Record<string, Partial<Reading>>>) {
  const samples = samplesOf(healthy);
  return Object.fromEntries(
    Object.entries(samples).map(([server, sample]) => {
      const { metrics, ...rest } = reports[server] ?? {};
      return [
        server,
        { ...sample, ...rest, metrics: { ...(sample as Reading).metrics, ...metrics } } as Reading,
      ];
    }),
  );
}

describe('digest-mismatch', () => {
  const digests = (byZxid: Readonly<Record<string, string>>) => ({
    digests: { atMs: nightMs, byZxid },
  });

  it('names the one server of the recorded ensemble whose data differ, by its counter', () => {
    const folder = '3.8.0/digest-mismatch';
    const reports = Object.fromEntries(
      [1, 2, 3].map((sid) => [
        `zk${sid}`,
        { metrics: parseMntr(read(`${folder}/s${sid}.mntr.txt`))!.metrics },
      ]),
    );

    const view = aView({ samples: looking(reports) });

    expect(judge(digestMismatch, view, 'zk1')).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: { count: 3315 },
    });
    for (const other of ['zk2', 'zk3'])
      expect(judge(digestMismatch, view, other).verdict).toBe('clear');
  });

  it('leaves a server alone that counted one mismatch when it was started after a kill', () => {
    const metrics = { digest_mismatches_count: 1 };
    const view = aView({ samples: looking({ zk1: { metrics }, zk2: {}, zk3: {} }) });

    expect(judge(digestMismatch, view, 'zk1').verdict).toBe('clear');
  });

  it('names it by the digests as well, which survive a restart', () => {
    const facts = Object.fromEntries(
      [1, 2, 3].map((sid) => [
        `zk${sid}`,
        { digests: parseHash(read(`3.8.0/digest-mismatch/s${sid}.hash.txt`), nightMs)! },
      ]),
    );

    const view = aSurveyedView(facts);

    expect(judge(digestMismatch, view, 'zk1').verdict).toBe('firing');
    expect(judge(digestMismatch, view, 'zk2').verdict).toBe('clear');
    expect(judge(digestMismatch, view).verdict).toBe('clear');
  });

  it('names nobody where two differ and there is no third', () => {
    const view = aSurveyedView({
      zk1: digests({ '0x80': '1' }),
      zk2: digests({ '0x80': '2' }),
      zk3: digests({}),
    });

    expect(judge(digestMismatch, view)).toMatchObject({
      verdict: 'firing',
      facts: { undecided: true },
    });
    for (const server of ['zk1', 'zk2'])
      expect(judge(digestMismatch, view, server).verdict).toBe('clear');
  });

  it('compares only transactions that several servers have', () => {
    const view = aSurveyedView({
      zk1: digests({ '0x80': '1', '0x100': '5' }),
      zk2: digests({ '0x80': '1', '0x180': '7' }),
      zk3: digests({ '0x200': '9' }),
    });

    expect(judge(digestMismatch, view, 'zk1').verdict).toBe('clear');
    expect(judge(digestMismatch, view, 'zk3').verdict).toBe('unknown');
  });
});

describe('zxid-regression', () => {
  const peak = (zxid: string, agoMs = 60_000) => ({
    zk3: { ...aSurvey('zk3'), peak: { atMs: nightMs - agoMs, zxid } },
  });

  it('fires where the leader stands before what a server was seen with', () => {
    const view = aView({
      samples: looking({ zk1: { zxid: '0x100000002' } }),
      surveys: peak('0x100000005'),
    });

    expect(judge(zxidRegression, view)).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: { zxid: '0x100000002', before: '0x100000005', seenOn: 'zk3' },
    });
  });

  it('compares beyond what a number of JSON can hold', () => {
    const view = aView({
      samples: looking({ zk1: { zxid: '0x20000000000001' } }),
      surveys: peak('0x20000000000002'),
    });

    expect(judge(zxidRegression, view).verdict).toBe('firing');
  });

  it('is clear after an election, although followers still say 0x0 or the old epoch', () => {
    const view = aView({
      samples: looking({
        zk1: { zxid: '0x200000000' },
        zk2: { zxid: '0x0' },
        zk3: { zxid: '0x1000017e1' },
      }),
      surveys: peak('0x1000017e1'),
    });

    expect(judge(zxidRegression, view).verdict).toBe('clear');
  });

  it('knows nothing without a leader that says where it stands', () => {
    const noLeader = aView({
      states: { zk1: 'not-serving', zk2: 'not-serving', zk3: 'refused' },
      surveys: peak('0x100000005'),
    });
    const fresh = aView({
      samples: looking({ zk1: { zxid: '0x0' } }),
      surveys: peak('0x100000005'),
    });

    for (const view of [noLeader, fresh])
      expect(judge(zxidRegression, view).verdict).toBe('unknown');
  });

  it('takes the new history for the right one after an hour', () => {
    const view = aView({
      samples: looking({ zk1: { zxid: '0x100000002' } }),
      surveys: peak('0x100000005', 2 * 3_600_000),
    });

    expect(judge(zxidRegression, view).verdict).toBe('clear');
  });
});

describe('znode-count-divergence', () => {
  const counted = (server: string, nodes: number, zxid = '0x100000005', bytes = 1000) =>
    aReading({
      server,
      zxid,
      mode: server === 'zk1' ? 'leader' : 'follower',
      metrics: { synced_followers: 2, znode_count: nodes, approximate_data_size: bytes },
    });
  const view = (...readings: readonly Reading[]) =>
    aView({
      samples: Object.fromEntries(readings.map((reading) => [reading.server, reading])),
      history: Object.fromEntries(readings.map((reading) => [reading.server, [reading]])),
    });

  it('names the odd one out', () => {
    const odd = view(counted('zk1', 10), counted('zk2', 11), counted('zk3', 10));

    expect(judge(znodeCountDivergence, odd, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { nodes: 11, othersNodes: 10 },
    });
    expect(judge(znodeCountDivergence, odd, 'zk1').verdict).toBe('clear');
  });

  it('lets sizes differ by rounding', () => {
    const rounded = view(counted('zk1', 10), counted('zk2', 10, '0x100000005', 1005));
    const other = view(
      counted('zk1', 10),
      counted('zk2', 10, '0x100000005', 2000),
      counted('zk3', 10),
    );

    expect(judge(znodeCountDivergence, rounded, 'zk2').verdict).toBe('clear');
    expect(judge(znodeCountDivergence, other, 'zk2').verdict).toBe('firing');
  });

  it('knows nothing while somebody writes', () => {
    const moving = view(counted('zk1', 10), counted('zk2', 11));
    const written = {
      ...moving,
      history: { ...moving.history, zk2: [counted('zk2', 11, '0x100000004')] },
    };
    const apart = view(counted('zk1', 10), counted('zk2', 11, '0x100000006'));

    for (const each of [written, apart])
      expect(judge(znodeCountDivergence, each, 'zk2').verdict).toBe('unknown');
  });
});

describe('epoch-mismatch', () => {
  it('names a server that serves at an old epoch after the leader has written', () => {
    const view = aView({
      samples: looking({
        zk1: { zxid: '0x400000001' },
        zk2: { zxid: '0x300000007' },
        zk3: { zxid: '0x400000001' },
      }),
    });

    expect(judge(epochMismatch, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { epoch: 3, leaderEpoch: 4 },
    });
    expect(judge(epochMismatch, view, 'zk3').verdict).toBe('clear');
    expect(epochMismatch.holdMs(view)).toBe(30_000);
  });

  it('knows nothing before the first write of a leader: followers say the old epoch until then', () => {
    const view = aView({
      samples: looking({ zk1: { zxid: '0x400000000' }, zk2: { zxid: '0x300000007' } }),
    });

    expect(judge(epochMismatch, view, 'zk2').verdict).toBe('unknown');
  });
});

const members = (...sids: readonly number[]): readonly MemberFacts[] =>
  sids.map((sid) => ({
    sid,
    quorum: { host: `10.0.0.${sid}`, port: 2888 },
    electionPort: 3888,
    role: 'voter',
  }));

function conf(overrides: Partial<ConfFacts> = {}): { conf: ConfFacts } {
  return { conf: { atMs: nightMs, clientPort: 2181, members: members(1, 2, 3), ...overrides } };
}

describe('membership-drift', () => {
  it('names the server that believes in others, and pages', () => {
    const view = aSurveyedView({
      zk1: conf(),
      zk2: conf({ members: members(1, 2, 3, 4, 5) }),
      zk3: conf(),
    });

    expect(judge(membershipDrift, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: {
        listed: 5,
        expected: 3,
        differences: ['server.4 is too much', 'server.5 is too much'],
      },
    });
    expect(judge(membershipDrift, view, 'zk1').verdict).toBe('clear');
  });

  it('reads the file of a server that was started with another one and does not serve', () => {
    const serving = (sid: number) => ({
      conf: parseConfFacts(
        read(`3.8.0/myid-config-drift/s${sid}-s2-has-5-servers.conf.txt`),
        nightMs,
      )!,
    });
    expect(
      parseConfFacts(read('3.8.0/myid-config-drift/s2-s2-has-5-servers.conf.txt'), nightMs),
    ).toBeUndefined();
    const list = serving(1).conf.members!;
    const five = [...list, ...members(4, 5)];

    const view = aSurveyedView(
      {
        zk1: serving(1),
        zk2: { ...conf({ members: list }), host: aHost({ members: five }) },
        zk3: serving(3),
      },
      { states: { zk1: 'leader', zk2: 'not-serving', zk3: 'follower' } },
    );

    expect(judge(membershipDrift, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { listed: 5, source: 'file' },
    });
    expect(judge(membershipDrift, view, 'zk1').verdict).toBe('clear');
  });

  it('only warns of another port or role', () => {
    const other = members(1, 2, 3).map((one) =>
      one.sid === 3 ? { ...one, electionPort: 3889 } : one,
    );
    const view = aSurveyedView({ zk1: conf(), zk2: conf({ members: other }), zk3: conf() });

    expect(judge(membershipDrift, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      severity: 'warn',
    });
  });

  it.each(['0.0.0.0', 'zk2.example.com', '::'])(
    'takes %s for the address of the same host',
    (host) => {
      const other = members(1, 2, 3).map((one) =>
        one.sid === 2 ? { ...one, quorum: { ...one.quorum, host } } : one,
      );
      const view = aSurveyedView({ zk1: conf(), zk2: conf({ members: other }), zk3: conf() });

      expect(judge(membershipDrift, view, 'zk2').verdict).toBe('clear');
    },
  );

  it('knows nothing of a server that does not tell, nor from one list alone', () => {
    const view = aSurveyedView({ zk1: conf() });

    for (const server of ['zk1', 'zk2'])
      expect(judge(membershipDrift, view, server).verdict).toBe('unknown');
  });
});

describe('myid-mismatch', () => {
  it('fires where the file has the number of another server, and the process cannot bind', () => {
    const logHints = [{ kind: 'bind-exception', count: 2, line: 'BindException' }] as const;
    const view = aSurveyedView(
      { zk2: { host: aHost({ myid: 3, logHints }) }, zk3: conf({ serverId: 3 }) },
      { states: { zk1: 'leader', zk2: 'refused', zk3: 'follower' } },
    );

    expect(judge(myidMismatch, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      facts: { number: 3, expected: 2, twin: 'zk3', source: 'myid' },
    });
    expect(judge(myidMismatch, view, 'zk3').verdict).toBe('clear');
  });

  it('knows the place of a server by the address in the list, where nobody told its number', () => {
    const { sid: _, ...unnumbered } = aServer({ id: 'zk2' });
    const servers = [aServer({ id: 'zk1' }), unnumbered, aServer({ id: 'zk3' })];
    const view = aSurveyedView(
      { zk2: { host: aHost({ myid: 1, members: members(1, 2, 3) }) } },
      { ensemble: anEnsemble({ servers }), states: { ...healthy, zk2: 'refused' } },
    );

    expect(judge(myidMismatch, view, 'zk2').verdict).toBe('firing');
  });

  it('is clear where the numbers agree, and knows nothing of a server on its own', () => {
    const view = aSurveyedView({ zk1: conf({ serverId: 1 }), zk2: conf({ serverId: 0 }) });

    expect(judge(myidMismatch, view, 'zk1').verdict).toBe('clear');
    expect(judge(myidMismatch, view, 'zk2').verdict).toBe('unknown');
  });
});

describe('config-param-drift', () => {
  it('names the settings that differ, and leaves out those that only some servers tell', () => {
    const view = aSurveyedView({
      zk1: { ...conf({ tickTimeMs: 2000 }), host: aHost({ settings: { snapCount: '100000' } }) },
      zk2: conf({ tickTimeMs: 3000 }),
      zk3: conf({ tickTimeMs: 2000 }),
    });

    expect(judge(configParamDrift, view)).toMatchObject({
      verdict: 'firing',
      facts: { settings: ['tickTime'] },
    });
  });

  it('is clear where they agree, and knows nothing of one server alone', () => {
    const same = aSurveyedView({ zk1: conf({ initLimit: 10 }), zk2: conf({ initLimit: 10 }) });

    expect(judge(configParamDrift, same).verdict).toBe('clear');
    expect(judge(configParamDrift, aSurveyedView({ zk1: conf({ initLimit: 10 }) })).verdict).toBe(
      'unknown',
    );
  });
});

describe('version-skew', () => {
  const day = 86_400_000;
  const at = (version: string, uptime: number) => ({ version, metrics: { uptime } });

  it('is for the record during an upgrade, and a warning once nobody goes on', () => {
    const fresh = looking({ zk1: at('3.8.0', 9 * day), zk2: at('3.9.3', 60_000) });
    const left = looking({
      zk1: at('3.8.0', 9 * day),
      zk2: at('3.9.3', 2 * day),
      zk3: at('3.8.0', 9 * day),
    });

    expect(judge(versionSkew, aView({ samples: fresh }))).toMatchObject({
      verdict: 'firing',
      severity: 'info',
      facts: { versions: ['3.8.0', '3.9.3'] },
    });
    expect(judge(versionSkew, aView({ samples: left })).severity).toBe('warn');
    expect(judge(versionSkew, aView()).verdict).toBe('clear');
  });
});
