import { describe, expect, it } from 'vitest';

import type { EnsembleView } from '../../../src/model/finding.ts';
import type { Phase, PhaseRecord } from '../../../src/model/phase.ts';
import type { Situation } from '../../../src/model/recovery-action.ts';
import type { Sample } from '../../../src/model/sample.ts';
import { resyncServer } from '../../../src/rules/guard/resync-server.ts';
import { anEnsemble, aView, nightMs, type State, samplesOf } from '../../support/builders.ts';
import { aConf, aSituation } from '../../support/situation.ts';
import { aHost, aSurvey } from '../../support/surveys.ts';

type States = Readonly<Record<string, State>>;

const healthy: States = { zk1: 'leader', zk2: 'follower', zk3: 'follower' };
const stamp = '20261121T030000Z';

function viewOf(
  states: States,
  changes: Readonly<Record<string, Partial<Extract<Sample, { kind: 'reading' }>>>> = {},
  more: Partial<EnsembleView> = {},
): EnsembleView {
  const samples = samplesOf(states);
  for (const [id, change] of Object.entries(changes)) {
    const sample = samples[id];
    if (sample?.kind === 'reading')
      samples[id] = { ...sample, ...change, metrics: { ...sample.metrics, ...change.metrics } };
  }
  const voters = Object.values(states).filter((state) => state !== 'observer').length;
  const observers = Object.keys(states).length - voters;
  return aView({ ensemble: anEnsemble({ voters, observers }), samples, ...more });
}

function ask(situation: Situation) {
  const verdict = resyncServer.guard(situation, nightMs);
  return verdict.kind === 'allow' ? 'allow' : verdict.code;
}

const surveyed = (facts: Parameters<typeof aSurvey>[1], server = 'zk2') => ({
  surveys: { [server]: aSurvey(server, facts) },
});

describe('the guard of a resync', () => {
  it.each<[string, Situation, string]>([
    ['a follower among healthy ones', aSituation(), 'allow'],
    [
      'a follower that is down',
      aSituation({ view: viewOf({ ...healthy, zk2: 'refused' }) }),
      'allow',
    ],
    [
      'an observer',
      aSituation({ server: 'zk4', view: viewOf({ ...healthy, zk4: 'observer' }) }),
      'allow',
    ],
    ['the leader', aSituation({ server: 'zk1' }), 'leads'],
    [
      'the only server',
      aSituation({ server: 'zk1', view: viewOf({ zk1: 'standalone' }) }),
      'leads',
    ],
    [
      'one of a lost quorum that would complete it',
      aSituation({ view: viewOf({ zk1: 'not-serving', zk2: 'refused', zk3: 'refused' }) }),
      'would-not-help',
    ],
    [
      'one whose neighbour is down too',
      aSituation({ view: viewOf({ ...healthy, zk3: 'refused' }) }),
      'would-break-quorum',
    ],
    [
      'one of five with another one down',
      aSituation({
        view: viewOf({ ...healthy, zk4: 'follower', zk5: 'refused' }),
      }),
      'others-out',
    ],
    [
      'an observer while the voters have none to spare',
      aSituation({
        server: 'zk4',
        view: viewOf(
          { ...healthy, zk4: 'observer' },
          { zk1: { metrics: { synced_followers: 0 } } },
        ),
      }),
      'would-not-help',
    ],
    ['while another recovery runs', aSituation({ running: 'r-1' }), 'recovery-running'],
    [
      'one that knows more than the leader',
      aSituation({ view: viewOf(healthy, { zk2: { zxid: '0x200000001' } }) }),
      'highest-zxid',
    ],
    [
      'one in sync that was asked a moment later',
      aSituation({ view: viewOf(healthy, { zk2: { zxid: '0x100000009' } }) }),
      'allow',
    ],
    [
      'one that is down and knew more',
      aSituation({
        view: viewOf(
          { ...healthy, zk2: 'refused' },
          {},
          {
            surveys: {
              zk2: { ...aSurvey('zk2'), peak: { atMs: nightMs, zxid: '0x100000006' } },
            },
          },
        ),
      }),
      'highest-zxid',
    ],
    [
      'where the leader does not say how far it is',
      aSituation({
        view: aView({
          samples: { ...samplesOf(healthy), zk1: withoutZxid(samplesOf(healthy)['zk1']) },
        }),
      }),
      'allow',
    ],
    [
      'while the data of another is doubted',
      aSituation({ alarms: [{ detector: 'digest-mismatch', server: 'zk3' }] }),
      'data-alarm',
    ],
    ['while two lead', aSituation({ alarms: [{ detector: 'two-leaders' }] }), 'data-alarm'],
    [
      'while the disk of another is full',
      aSituation({ alarms: [{ detector: 'disk-full-now', server: 'zk1' }] }),
      'data-alarm',
    ],
    [
      'the very one whose data is wrong',
      aSituation({ alarms: [{ detector: 'digest-mismatch', server: 'zk2' }] }),
      'allow',
    ],
    ['beside a slow leader', aSituation({ alarms: [{ detector: 'latency-high' }] }), 'allow'],
    [
      'where the others do not hold the same data',
      aSituation({
        view: viewOf(
          healthy,
          {},
          {
            surveys: {
              zk1: aSurvey('zk1', {
                digests: { atMs: nightMs, byZxid: { '0x1': 'a', '0x2': 'b' } },
              }),
              zk3: aSurvey('zk3', {
                digests: { atMs: nightMs, byZxid: { '0x1': 'a', '0x2': 'c' } },
              }),
            },
          },
        ),
      }),
      'digests-differ',
    ],
    [
      'where only its own data differs',
      aSituation({
        view: viewOf(
          healthy,
          {},
          {
            surveys: {
              zk1: aSurvey('zk1', { digests: { atMs: nightMs, byZxid: { '0x1': 'a' } } }),
              zk2: aSurvey('zk2', { digests: { atMs: nightMs, byZxid: { '0x1': 'x' } } }),
            },
          },
        ),
      }),
      'allow',
    ],
    [
      'on a disk without room for a second copy',
      aSituation({
        view: viewOf(
          healthy,
          {},
          surveyed({
            host: aHost({ snapshots: { count: 3, newestBytes: 30 * 1024 ** 3 } }),
          }),
        ),
      }),
      'disk-too-small',
    ],
    [
      'on a disk with room',
      aSituation({
        view: viewOf(
          healthy,
          {},
          surveyed({
            host: aHost({ snapshots: { count: 3, newestBytes: 1024 ** 3 } }),
          }),
        ),
      }),
      'allow',
    ],
  ])('%s', (_, situation, wanted) => {
    expect(ask(situation)).toBe(wanted);
  });
});

function withoutZxid(sample: Sample | undefined): Sample {
  const { zxid: _, ...rest } = sample as Extract<Sample, { kind: 'reading' }>;
  return rest;
}

describe('the plan of a resync', () => {
  it('stops, sets aside both folders, and starts', () => {
    const situation = aSituation({
      confs: { zk2: aConf(2, { dataLogDir: '/log/version-2' }) },
      view: viewOf(healthy, { zk1: { metrics: { synced_followers: 2, snap_count: 4 } } }),
    });

    const plan = resyncServer.phased?.plan(situation, stamp) as readonly Phase[];

    expect(plan.map(({ name, order }) => [name, order])).toEqual([
      ['stop', { kind: 'stop' }],
      [
        'set-aside',
        { kind: 'exec', argv: ['mv', '-T', '/data/version-2', `/data/version-2.bad.${stamp}`] },
      ],
      [
        'set-aside',
        { kind: 'exec', argv: ['mv', '-T', '/log/version-2', `/log/version-2.bad.${stamp}`] },
      ],
      ['start', { kind: 'start' }],
    ]);
    expect(plan.at(-1)?.facts).toMatchObject({
      leader: 'zk1',
      snapCount: 4,
      synced: 3,
      empty: true,
    });
  });

  it.each([
    ['the configuration', { settings: { tools: { dataDir: '/var/zk/' } } }, '/var/zk'],
    [
      'the last survey, where it does not answer',
      { view: viewOf({ ...healthy, zk2: 'refused' }, {}, surveyed({ conf: aConf(2) })) },
      '/data',
    ],
    [
      'the probe of the machine',
      {
        settings: {
          host: { kind: 'command' as const, argv: [], everyMs: 1, timeoutMs: 1, dataDir: '/h' },
        },
      },
      '/h',
    ],
  ])('takes the folder from %s', (_, change, dir) => {
    const plan = resyncServer.phased?.plan(aSituation(change), stamp);

    expect(plan).toHaveLength(3);
    expect(JSON.stringify(plan)).toContain(`"mv","-T","${dir}/version-2"`);
  });

  it('cannot be made where nobody knows the folder', () => {
    expect(resyncServer.phased?.plan(aSituation(), stamp)).toMatchObject({
      code: 'data-dir-unknown',
    });
  });
});

const facts = { server: 'zk2', leader: 'zk1', snapCount: 4, synced: 3, voters: 3 };
const phase = (name: Phase['name'], more: Phase['facts'] = {}): PhaseRecord => ({
  name,
  server: 'zk2',
  order: { kind: 'stop' },
  facts: { ...facts, dir: '/data', aside: 'version-2.bad.x', ...more },
  state: 'done',
});

function check(one: Phase, states: States, more: Partial<Situation> = {}): string | undefined {
  return resyncServer.phased?.check(one, aSituation({ view: viewOf(states), ...more }));
}

describe('the checks of a resync', () => {
  it.each<[string, string, States]>([
    ['yes', 'it is gone and a leader stands', { ...healthy, zk2: 'refused' }],
    ['yes', 'its machine is silent', { ...healthy, zk2: 'cut' }],
    ['not-yet', 'it hangs', { ...healthy, zk2: 'timeout' }],
    ['not-yet', 'it waits for a quorum', { ...healthy, zk2: 'not-serving' }],
    ['not-yet', 'it answers', healthy],
    ['not-yet', 'nobody leads any more', { zk1: 'not-serving', zk2: 'refused', zk3: 'follower' }],
  ])('stopped: %s, when %s', (wanted, _, states) => {
    expect(check(phase('stop'), states)).toBe(wanted);
  });

  it.each<[string, Phase['name'], string | undefined, States]>([
    ['yes', 'set-aside', 'myid\nversion-2.bad.x\n', healthy],
    ['not-yet', 'set-aside', 'myid\nversion-2\n', healthy],
    ['not-yet', 'set-aside', 'version-2\nversion-2.bad.x', healthy],
    ['not-yet', 'set-aside', undefined, healthy],
    ['not-yet', 'set-aside', 'version-2.bad.x', { ...healthy, zk1: 'refused' }],
    ['yes', 'put-back', 'version-2', healthy],
    ['not-yet', 'put-back', 'version-2.bad.x', healthy],
  ])('%s: %s, listing %j', (wanted, name, output, states) => {
    expect(check(phase(name), states, output === undefined ? {} : { output })).toBe(wanted);
  });

  const sent = { synced_followers: 2, snap_count: 5, znode_count: 100 };
  const start = phase('start', { empty: true });
  it.each<[string, string, EnsembleView]>([
    [
      'yes',
      'a snapshot was sent',
      viewOf(healthy, { zk1: { metrics: sent }, zk2: { metrics: { znode_count: 100 } } }),
    ],
    ['yes', 'a version that counts no snapshots', viewOf(healthy)],
    ['not-yet', 'none was sent', viewOf(healthy, { zk1: { metrics: { ...sent, snap_count: 4 } } })],
    [
      'not-yet',
      'it counts other nodes at the same transaction',
      viewOf(healthy, { zk1: { metrics: sent }, zk2: { metrics: { znode_count: 99 } } }),
    ],
    [
      'yes',
      'it counts almost the same a moment later',
      viewOf(healthy, {
        zk1: { metrics: sent },
        zk2: { metrics: { znode_count: 99 }, zxid: '0x100000006' },
      }),
    ],
    [
      'not-yet',
      'the leader counts fewer in sync',
      viewOf(healthy, { zk1: { metrics: { ...sent, synced_followers: 1 } } }),
    ],
    [
      'not-yet',
      'it synchronises',
      viewOf(healthy, { zk2: { peerState: 'following - synchronization' } }),
    ],
    ['not-yet', 'it does not answer', viewOf({ ...healthy, zk2: 'refused' })],
    ['not-yet', 'it serves reads alone', viewOf({ ...healthy, zk2: 'read-only' })],
    ['no', 'another one leads', viewOf({ zk1: 'follower', zk2: 'follower', zk3: 'leader' })],
    ['no', 'it leads itself', viewOf({ zk1: 'follower', zk2: 'leader', zk3: 'follower' })],
    ['no', 'it stands alone', viewOf({ ...healthy, zk2: 'standalone' })],
    [
      'no',
      'it counts mismatches',
      viewOf(healthy, { zk2: { metrics: { digest_mismatches_count: 40 } } }),
    ],
    ['not-yet', 'nobody leads', viewOf({ zk1: 'not-serving', zk2: 'follower', zk3: 'follower' })],
  ])('copied: %s, when %s', (wanted, _, view) => {
    expect(resyncServer.phased?.check(start, aSituation({ view }))).toBe(wanted);
  });

  it.each<[string, States]>([
    ['yes', healthy],
    ['not-yet', { ...healthy, zk2: 'refused' }],
  ])('started with its own data: %s', (wanted, states) => {
    expect(check(phase('start'), states)).toBe(wanted);
  });

  it('has no words for orders it does not give', () => {
    expect(check(phase('reconfigure'), healthy)).toBe('no');
  });

  it.each(['stop', 'set-aside', 'put-back', 'start', 'command'] as const)(
    'waits a bounded time for %s',
    (name) => {
      const ms = resyncServer.phased?.checkMs(phase(name), aSituation().settings) ?? 0;

      expect(ms).toBeGreaterThanOrEqual(10_000);
      expect(ms).toBeLessThanOrEqual(60_000);
    },
  );
});

describe('what a resync takes back', () => {
  const stop = phase('stop');
  const failed = (name: Phase['name'], more: Phase['facts'] = {}): PhaseRecord => ({
    ...phase(name, more),
    state: 'failed',
  });
  const probed = { ...phase('set-aside'), probe: { kind: 'exec' as const, argv: ['ls'] } };
  const gone = { ...healthy, zk2: 'refused' as const };

  it.each<[string, readonly PhaseRecord[], States, readonly string[]]>([
    ['nothing where it was never stopped', [failed('stop')], healthy, []],
    ['starts it where the stop took too long', [failed('stop')], gone, ['start']],
    ['starts it where nothing was moved', [stop, failed('set-aside')], gone, ['start']],
    [
      'puts back what was moved, and starts it',
      [stop, probed, failed('set-aside')],
      gone,
      ['put-back', 'start'],
    ],
    ['leaves the data aside once it was started', [stop, probed, failed('start')], gone, []],
    [
      'stops it where another one leads',
      [stop, probed, failed('start')],
      { zk1: 'refused', zk2: 'follower', zk3: 'leader' },
      ['stop'],
    ],
    [
      'stops it where nobody leads',
      [stop, probed, failed('start')],
      { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' },
      ['stop'],
    ],
    ['nothing before anything was done', [], healthy, []],
  ])('%s', (_, taken, states, wanted) => {
    const undo = resyncServer.phased?.undo(taken, aSituation({ view: viewOf(states) }));

    expect(undo?.map(({ name }) => name)).toEqual(wanted);
  });

  it('moves the folder back to where it was, and only if nothing is there', () => {
    const undo = resyncServer.phased?.undo(
      [stop, probed, failed('set-aside')],
      aSituation({ view: viewOf(gone) }),
    );

    expect(undo?.[0]?.order).toEqual({
      kind: 'exec',
      argv: ['mv', '-T', '/data/version-2.bad.x', '/data/version-2'],
    });
  });
});
