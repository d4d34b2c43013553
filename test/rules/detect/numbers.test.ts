import { describe, expect, it } from 'vitest';
import type { Metrics, Sample } from '../../../src/model/sample.ts';
import { latencyHigh } from '../../../src/rules/detect/latency-high.ts';
import { probeDegraded } from '../../../src/rules/detect/probe-degraded.ts';
import { aFailure, aReading, aView, nightMs, samplesOf } from '../../support/builders.ts';
import { judge } from './judge.ts';

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

function reading(ms: number, metrics: Metrics): Sample {
  return aReading({
    server: 'zk2',
    atMs: nightMs + ms,
    metrics: { uptime: 100_000 + ms, ...metrics },
  });
}

function writes(count: number, sum: number): Metrics {
  return {
    cnt_updatelatency: count,
    sum_updatelatency: sum,
    cnt_readlatency: 0,
    sum_readlatency: 0,
  };
}

function reads(count: number, sum: number): Metrics {
  return {
    cnt_updatelatency: 0,
    sum_updatelatency: 0,
    cnt_readlatency: count,
    sum_readlatency: sum,
  };
}

function slow(
  thresholds: Readonly<Record<string, number>>,
  now: Sample,
  ...earlier: readonly Sample[]
): ReturnType<typeof judge> {
  const view = aView({
    samples: { ...samplesOf(well), zk2: now },
    history: { zk2: earlier },
    thresholds: { 'latency-high': thresholds },
  });
  return judge(latencyHigh, view, 'zk2');
}

describe('latency-high', () => {
  it.each([
    [100, 'clear', 'warn', 100],
    [101, 'firing', 'warn', 100],
    [1000, 'firing', 'warn', 100],
    [1001, 'firing', 'page', 1000],
  ] as const)('of %i ms a write is %s, %s', (mean, verdict, severity, limitMs) => {
    const finding = slow(
      {},
      reading(0, writes(1010, 5000 + 10 * mean)),
      reading(-5000, writes(1000, 5000)),
    );

    expect(finding).toMatchObject({
      verdict,
      severity,
      conclusive: false,
      facts: { kind: 'write', latencyMs: mean, limitMs, led: false },
      evidence: [`zk2: 10 writes in the last 30 s, mean ${mean} ms`],
    });
  });

  it('does not believe the average since the start', () => {
    const long = writes(1_000_000, 900_000_000);

    const finding = slow({}, reading(0, writes(1_000_100, 900_000_200)), reading(-5000, long));

    expect(finding).toMatchObject({ verdict: 'clear', facts: { latencyMs: 2 } });
  });

  it('speaks of the slower of reads and writes', () => {
    const now = { ...writes(100, 5000), cnt_readlatency: 100, sum_readlatency: 30_000 };

    expect(slow({}, reading(0, now), reading(-5000, writes(0, 0))).facts).toMatchObject({
      kind: 'read',
      latencyMs: 300,
    });
  });

  it('looks back half a minute, and no further', () => {
    const finding = slow(
      {},
      reading(0, writes(40, 40)),
      reading(-30_001, writes(0, 0)),
      reading(-30_000, writes(20, 20)),
    );

    expect(finding.evidence).toEqual(['zk2: 20 writes in the last 30 s, mean 1 ms']);
  });

  it('counts on across an election and a reset of the counters', () => {
    const finding = slow(
      {},
      reading(0, { ...reads(40, 4000), uptime: 20 }),
      reading(-15_000, reads(1000, 0)),
      reading(-10_000, { ...reads(10, 1000), uptime: 95_000 }),
      reading(-5000, { ...reads(30, 3000), uptime: 10 }),
    );

    expect(finding.evidence).toEqual(['zk2: 10 reads in the last 30 s, mean 100 ms']);
  });

  it('is unknown where the version does not tell, and where nothing answers', () => {
    expect(slow({}, reading(0, {}), reading(-5000, {})).verdict).toBe('unknown');
    expect(slow({}, reading(0, writes(10, 10))).verdict).toBe('unknown');
    expect(slow({}, reading(0, writes(10, 10)), reading(-5000, {})).verdict).toBe('unknown');
    expect(slow({}, aFailure({ server: 'zk2' }), reading(-5000, writes(0, 0)))).toMatchObject({
      verdict: 'unknown',
      facts: { kind: 'request', latencyMs: 0 },
    });
  });

  it('does not judge by a handful of requests, unless nobody waits', () => {
    const few = { ...writes(9, 9000) };

    expect(slow({}, reading(0, few), reading(-5000, writes(0, 0))).verdict).toBe('unknown');
    expect(
      slow({}, reading(0, { ...few, outstanding_requests: 3 }), reading(-5000, writes(0, 0)))
        .verdict,
    ).toBe('unknown');
    expect(
      slow({}, reading(0, { ...few, outstanding_requests: 0 }), reading(-5000, writes(0, 0)))
        .verdict,
    ).toBe('clear');
    expect(slow({ requestsMin: 9 }, reading(0, few), reading(-5000, writes(0, 0))).verdict).toBe(
      'firing',
    );
  });

  it('says when it is the leader that is slow to write', () => {
    const now = aReading({
      server: 'zk1',
      mode: 'leader',
      metrics: { ...writes(10, 5000), synced_followers: 2 },
    });
    const before = aReading({
      server: 'zk1',
      mode: 'leader',
      atMs: nightMs - 5000,
      metrics: writes(0, 0),
    });
    const view = aView({ samples: { ...samplesOf(well), zk1: now }, history: { zk1: [before] } });

    expect(judge(latencyHigh, view, 'zk1').facts['led']).toBe(true);
  });

  it('waits a minute', () => {
    expect(latencyHigh.holdMs(aView())).toBe(60_000);
  });
});

describe('probe-degraded', () => {
  const kept = aReading({ server: 'zk2', refusedWords: ['mntr'], source: 'srvr' });
  const fine = aReading({ server: 'zk2', refusedWords: [] });

  function seen(now: Sample, ...earlier: readonly Sample[]): ReturnType<typeof judge> {
    const view = aView({ samples: { ...samplesOf(well), zk2: now }, history: { zk2: earlier } });
    return judge(probeDegraded, view);
  }

  it('fires when three looks in a row brought less', () => {
    expect(seen(kept, kept, kept)).toMatchObject({
      verdict: 'firing',
      severity: 'info',
      conclusive: false,
      subject: { ensemble: 'orders' },
      facts: {
        servers: ['zk2'],
        words: ['mntr'],
        source: 'srvr',
        line: '4lw.commands.whitelist=srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash,envi',
      },
    });
  });

  it.each([
    ['words are kept back', aReading({ server: 'zk2', refusedWords: ['conf'] }), 'mntr'],
    ['the AdminServer answers instead', aReading({ server: 'zk2', source: 'admin' }), 'admin'],
    ['nothing is allowed', aFailure({ server: 'zk2', reason: 'not-allowed' }), 'none'],
    ['nobody can read the answer', aFailure({ server: 'zk2', reason: 'garbled' }), 'none'],
  ])('fires when %s', (_, sample, source) => {
    expect(seen(sample, sample, sample)).toMatchObject({ verdict: 'firing', facts: { source } });
  });

  it('waits for the third look', () => {
    expect(seen(kept, kept).verdict).toBe('unknown');
    expect(seen(kept, kept, fine).verdict).toBe('unknown');
    expect(seen(kept, kept, aFailure({ server: 'zk2' })).verdict).toBe('unknown');
  });

  it('is clear when everything is answered', () => {
    expect(seen(fine, kept, kept, kept).verdict).toBe('clear');
    expect(seen(aReading({ server: 'zk2' })).verdict).toBe('clear');
  });

  it('is unknown while the server does not answer', () => {
    expect(seen(aFailure({ server: 'zk2' }), kept, kept)).toMatchObject({
      verdict: 'unknown',
      facts: { servers: [] },
    });
  });

  it('is one finding for all servers that bring less, read by the least of their ways', () => {
    const looks = {
      zk1: aReading({ server: 'zk1', refusedWords: ['mntr'], source: 'admin' }),
      zk2: kept,
      zk3: aReading({ server: 'zk3', refusedWords: ['conf'] }),
    };
    const history = { zk1: [looks.zk1, looks.zk1], zk2: [kept, kept], zk3: [looks.zk3, looks.zk3] };

    const findings = probeDegraded.detect(aView({ samples: looks, history }), nightMs);

    expect(findings).toMatchObject([
      {
        verdict: 'firing',
        facts: { servers: ['zk1', 'zk2', 'zk3'], words: ['mntr', 'conf'], source: 'srvr' },
      },
    ]);
  });

  it('is clear while a server is away that brought everything before', () => {
    expect(seen(aFailure({ server: 'zk2' }), fine).verdict).toBe('clear');
    expect(seen(aFailure({ server: 'zk2' })).verdict).toBe('clear');
  });

  it('shows as soon as it is sure', () => {
    expect(probeDegraded.holdMs(aView())).toBe(0);
  });
});
