import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/app/catalog.ts';
import { parseMntr } from '../../../src/edges/zookeeper/parse-mntr.ts';
import { parseSrvr } from '../../../src/edges/zookeeper/parse-srvr.ts';
import type { Detector, EnsembleView, Finding } from '../../../src/model/finding.ts';
import type {
  Failure,
  FailureReason,
  Metrics,
  Mode,
  Reading,
  Sample,
} from '../../../src/model/sample.ts';
import { keptMetrics } from '../../../src/ports/ensemble-store.ts';
import {
  aFailure,
  anEnsemble,
  aReading,
  aView,
  nightMs,
  samplesOf,
} from '../../support/builders.ts';
import { aNight } from '../../support/night.ts';
import { seeded } from '../../support/seeded.ts';

// What holds for every detector of the catalogue, whoever wrote it: bad input never makes one throw, nor resolves a fault.

const named = detectors.map((detector) => [detector.name, detector] as const);
const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

function findingsOf(view: EnsembleView): readonly Finding[] {
  return detectors.flatMap((detector) => detector.detect(view, view.atMs));
}

describe('every detector', () => {
  it.each(named)('%s knows nothing without a look, whatever was seen before', (_, detector) => {
    const past = (ms: number): Sample => aReading({ atMs: nightMs + ms });
    const view = aView({ samples: {}, history: { zk1: [past(-5000), past(-1000)] } });

    const verdicts = detector.detect(view, nightMs).map(({ verdict }) => verdict);

    expect(verdicts).toEqual(verdicts.map(() => 'unknown'));
  });

  it.each(named)(
    '%s can be told to wait longer, and names itself and its counts',
    (name, detector) => {
      const view = aView({ thresholds: { [name]: { holdMs: 123_456 } } });

      expect(detector.holdMs(view)).toBe(123_456);
      for (const finding of detector.detect(view, nightMs)) {
        expect(finding.detector).toBe(name);
        expect(finding.subject.ensemble).toBe('orders');
        expect(finding.facts).toMatchObject({ voters: 3, serving: 3, quorum: 2, missing: [] });
      }
    },
  );

  it.each(named)('%s says nothing of a healthy ensemble, twice the same', (_, detector) => {
    const view = aView();

    const findings = detector.detect(view, nightMs);

    expect(findings.filter(({ verdict }) => verdict === 'firing')).toEqual([]);
    expect(detector.detect(view, nightMs)).toEqual(findings);
  });

  it.each(named)(
    '%s has thresholds that are numbers, and one of them is its hold',
    (_, detector) => {
      for (const value of Object.values(detector.thresholds))
        expect(Number.isFinite(value)).toBe(true);
      expect(detector.thresholds).toHaveProperty('holdMs');
    },
  );
});

const oddNumbers: readonly number[] = [
  0,
  -1,
  1,
  -0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
  1e300,
  2 ** 31,
];
const oddZxids = ['0x0', '0x100000005', '0xffffffffffffffff', '0xfffffff0', '0x7fffffff00000001'];
const modes: readonly Mode[] = ['leader', 'follower', 'observer', 'standalone', 'read-only'];
const reasons: readonly FailureReason[] = [
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'unresolved',
  'not-allowed',
  'not-serving',
  'garbled',
  'tls',
];
const learnerKeys = [1, 2, 3, 4].flatMap((sid) =>
  ['cnt', 'sum', 'max'].flatMap((figure) =>
    ['learner_handler_qp_size', 'learner_handler_qp_time_ms', 'ack_latency'].map(
      (what) => `${figure}_${sid}_${what}`,
    ),
  ),
);

/** What is no number never comes through a parser; half of the views have it all the same, and must only make nobody throw. */
function isReadable(index: number): boolean {
  return index % 2 === 1;
}

/** A view of strange samples: what servers of many versions say, half of it out of all bounds. */
function strangeView(seed: number, index: number): EnsembleView {
  const numbers = oddNumbers.filter((each) => !isReadable(index) || Number.isFinite(each));
  const random = seeded(seed * 1000 + index);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const metrics = (): Metrics =>
    Object.fromEntries(
      [...keptMetrics, ...learnerKeys]
        .filter(() => random() < 0.5)
        .map((key) => [key, random() < 0.5 ? one(numbers) : Math.floor(random() * 5000)]),
    );
  const sample = (server: string, atMs: number): Sample => {
    if (random() < 0.35)
      return aFailure({ server, atMs, reason: one(reasons), connected: random() < 0.5 });
    const { zxid: _, ...reading } = aReading({
      server,
      atMs,
      mode: one(modes),
      source: one(['mntr', 'admin', 'srvr']),
      metrics: metrics(),
      tookMs: one(numbers),
    });
    return random() < 0.5
      ? reading
      : { ...reading, zxid: one(oddZxids), peerState: one(['', 'x']) };
  };
  const ensemble = anEnsemble({ voters: one([0, 1, 2, 3, 5]), observers: one([0, 2]) });
  const ids = ensemble.servers.map(({ id }) => id);
  const times = (count: number): readonly number[] =>
    Array.from({ length: count }, () => nightMs - Math.floor(random() * 600_000));
  return aView({
    ensemble,
    samples: Object.fromEntries(
      ids.filter(() => random() < 0.9).map((id) => [id, sample(id, nightMs)]),
    ),
    history: Object.fromEntries(
      ids.map((id) => [id, times(Math.floor(random() * 6)).map((atMs) => sample(id, atMs))]),
    ),
    notices:
      random() < 0.5
        ? []
        : [
            {
              kind: one(['broken', 'silent', 'serving']),
              server: one(['zk1', 'zk9']),
              atMs: nightMs,
              detail: '',
            },
          ],
    ...(random() < 0.5 ? {} : { lastLeader: { server: one(['zk1', 'zk9']), atMs: one(numbers) } }),
    ...(random() < 0.5
      ? {}
      : {
          canary: {
            kind: 'failed',
            atMs: nightMs,
            tookMs: one(numbers),
            detail: '',
            recent: { runs: 3, failed: one([0, 2, ...numbers]) },
          },
        }),
    ...(random() < 0.5
      ? {}
      : {
          leaderChanges: times(3).map((atMs) => ({
            atMs,
            from: 'zk1',
            to: 'zk9',
            fate: 'alive' as const,
            backMs: atMs,
          })),
        }),
    ...(random() < 0.5
      ? {}
      : { lives: { zk1: times(4).map((fromMs) => ({ fromMs, toMs: fromMs - 1 })) } }),
  });
}

/** Every number and text of a value. */
function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leavesOf)
    : [value];
}

/** What is wrong with what a detector says of a view. */
function faultsOf(detector: Detector, view: EnsembleView, isWhole: boolean): readonly string[] {
  const findings = detector.detect(view, view.atMs);
  return [
    ...(Number.isFinite(detector.holdMs(view)) ? [] : ['no hold']),
    ...findings.flatMap(({ facts, evidence, severity, verdict }) => [
      ...(['firing', 'clear', 'unknown'].includes(verdict) ? [] : [`verdict ${verdict}`]),
      ...(['info', 'warn', 'page'].includes(severity) ? [] : [`severity ${severity}`]),
      ...(isWhole && leavesOf(facts).some(isNothing) ? [JSON.stringify(facts)] : []),
      ...(evidence.every((line) => typeof line === 'string') ? [] : ['evidence']),
    ]),
  ];
}

function isNothing(value: unknown): boolean {
  return value === undefined || Number.isNaN(value);
}

describe('strange input', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'makes no detector throw, nor say what is no number (seed %i)',
    (seed) => {
      const faults: string[] = [];

      for (let index = 0; index < 150; index += 1) {
        const view = strangeView(seed, index);
        for (const detector of detectors)
          for (const fault of faultsOf(detector, view, isReadable(index)))
            faults.push(`${detector.name} ${seed}/${index}: ${fault}`);
      }

      expect(faults).toEqual([]);
    },
  );

  it.each(reasons.filter((reason) => reason !== 'refused' && reason !== 'not-serving'))(
    'resolves no fault about a server that is %s',
    (reason) => {
      const bad: Failure = aFailure({ server: 'zk2', reason, connected: false });
      const history = { zk2: [aFailure({ server: 'zk2', atMs: nightMs - 1000 })] };

      const findings = findingsOf(aView({ samples: { ...samplesOf(well), zk2: bad }, history }));

      const about = findings.filter(({ subject }) => subject.server === 'zk2');
      expect(about.length).toBeGreaterThan(10);
      expect(
        about.filter(({ verdict }) => verdict === 'clear').map(({ detector }) => detector),
      ).toEqual([]);
    },
  );

  it('ends no card while a dying server answers nonsense', () => {
    const night = aNight();
    night.look(0, well);
    night.look(500, { ...well, zk3: 'refused' });
    const odd = ['garbled', 'reset', 'tls', 'not-allowed', 'timeout', 'unresolved'] as const;

    for (let step = 0; step < 60; step += 1)
      night.look(1000 + step * 1000, { ...well, zk3: odd[step % odd.length] ?? 'garbled' });

    expect(night.open().map(({ detector, subject }) => `${detector} ${subject.server}`)).toEqual([
      'member-down zk3',
    ]);
  });
});

describe('a server of an old version', () => {
  const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper');

  function readingOf(version: string, id: number, source: 'mntr' | 'srvr'): Reading {
    const text = (word: string) =>
      readFileSync(join(fixtures, version, 'ensemble3-healthy', `s${id}.${word}.txt`), 'utf8');
    const srvr = parseSrvr(text('srvr'));
    const answer = source === 'mntr' ? parseMntr(text('mntr')) : srvr;
    if (answer === undefined || srvr === undefined) throw new Error('not readable');
    const zxid = srvr.zxid === undefined ? {} : { zxid: srvr.zxid };
    return {
      kind: 'reading',
      server: `zk${id}`,
      atMs: nightMs,
      tookMs: 2,
      source,
      ...answer,
      ...zxid,
    };
  }

  it.each([
    ['3.4.13', 'mntr'],
    ['3.4.13', 'srvr'],
    ['3.8.0', 'mntr'],
    ['3.8.0', 'srvr'],
    ['3.9.3', 'mntr'],
    ['3.9.3', 'srvr'],
  ] as const)('as recorded of %s, read by %s: nothing fires', (version, source) => {
    const samples = Object.fromEntries(
      [1, 2, 3].map((id) => [`zk${id}`, readingOf(version, id, source)] as const),
    );
    const history = Object.fromEntries(
      Object.entries(samples).map(([id, reading]) => [
        id,
        [-60_000, -30_000, -5000].map((ms) => ({ ...reading, atMs: nightMs + ms })),
      ]),
    );

    const firing = findingsOf(aView({ samples, history })).filter(
      ({ verdict, detector }) => verdict === 'firing' && detector !== 'probe-degraded',
    );

    expect(firing.map(({ detector, subject }) => `${detector} ${subject.server ?? ''}`)).toEqual(
      [],
    );
  });

  it('does not tell what newer ones do: that is unknown, and no judgement', () => {
    const samples = Object.fromEntries(
      [1, 2, 3].map((id) => [`zk${id}`, readingOf('3.4.13', id, 'mntr')] as const),
    );
    const ensemble = anEnsemble({ voters: 3, observers: 1 });
    const all = { ...samples, zk4: aReading({ server: 'zk4', mode: 'observer', metrics: {} }) };

    const findings = findingsOf(aView({ ensemble, samples: all }));

    const verdictsOf = (name: string) => [
      ...new Set(
        findings.filter(({ detector }) => detector === name).map(({ verdict }) => verdict),
      ),
    ];
    expect(verdictsOf('follower-link-slow')).toEqual(['unknown']);
    expect(verdictsOf('observer-down')).toEqual(['unknown']);
    expect(verdictsOf('peer-mesh-broken')).toEqual(['unknown']);
    expect(verdictsOf('canary-failed')).toEqual(['unknown']);
  });
});

describe('the candidates of a detector', () => {
  const choosy = named.filter(([, { candidates }]) => candidates !== undefined);
  const firing = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter(({ verdict }) => verdict === 'firing');

  it('spare most detectors most servers of a storm', () => {
    const states = { ...well, zk4: 'refused', zk5: 'refused' } as const;
    const view = aView({ ensemble: anEnsemble({ voters: 3, observers: 2 }), states });

    const spared = choosy.filter(([, { candidates }]) => (candidates?.(view) ?? []).length <= 3);

    expect(spared.length).toBeGreaterThan(choosy.length / 2);
  });

  it.each(choosy)('%s lose nothing that fires', (_, detector) => {
    for (let index = 0; index < 300; index += 1) {
      const view = strangeView(77, index);

      const all = firing(detector.detect(view, view.atMs));

      expect(firing(detector.detect(view, view.atMs, detector.candidates?.(view)))).toEqual(all);
    }
  });
});
