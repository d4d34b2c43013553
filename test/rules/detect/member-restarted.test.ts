import { describe, expect, it } from 'vitest';
import type { Metrics, Sample } from '../../../src/model/sample.ts';
import { memberRestarted } from '../../../src/rules/detect/member-restarted.ts';
import { aFailure, aNotice, aReading, aView, nightMs, samplesOf } from '../../support/builders.ts';
import { judge } from './judge.ts';

const before = { uptime: 3_600_000, looking_count: 1, cnt_fsynctime: 900 };
const restarted = { uptime: 700, looking_count: 1, cnt_fsynctime: 3 };
const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

function reading(ms: number, metrics: Metrics): Sample {
  return aReading({ server: 'zk2', atMs: nightMs + ms, metrics });
}

function seen(newest: Sample, ...earlier: readonly Sample[]): ReturnType<typeof judge> {
  const view = aView({
    samples: { ...samplesOf(well), zk2: newest },
    history: { zk2: earlier },
    notices: [
      aNotice({ server: 'zk3', atMs: nightMs - 1500 }),
      aNotice({ kind: 'serving', server: 'zk2', atMs: nightMs - 100 }),
      aNotice({ server: 'zk2', atMs: nightMs - 9000 }),
      aNotice({ server: 'zk2', atMs: nightMs - 1200 }),
      aNotice({ server: 'zk2', atMs: nightMs + 100 }),
    ],
  });
  return judge(memberRestarted, view, 'zk2');
}

describe('member-restarted', () => {
  it('fires quietly when the process began anew between two answers', () => {
    const finding = seen(reading(0, restarted), reading(-5000, before));

    expect(finding).toMatchObject({
      verdict: 'firing',
      severity: 'info',
      conclusive: true,
      facts: { role: 'voter', uptimeMs: 700, blinkMs: 500 },
    });
    expect(finding.evidence.slice(0, 2)).toEqual([
      `zk2: uptime 3600000 ms at ${nightMs - 5000}`,
      `zk2: uptime 700 ms at ${nightMs}`,
    ]);
  });

  it('does not know how long it was away when no sensor noticed', () => {
    const view = aView({
      samples: { ...samplesOf(well), zk2: reading(0, restarted) },
      history: { zk2: [reading(-5000, before)] },
    });

    expect(judge(memberRestarted, view, 'zk2').facts['blinkMs']).toBe(-1);
  });

  it('knows a new process by its count of elections where nothing else was counted', () => {
    const finding = seen(
      reading(0, { uptime: 700, looking_count: 1 }),
      reading(-5000, { uptime: 9000, looking_count: 1 }),
    );

    expect(finding.verdict).toBe('firing');
  });

  it('does not take an election for a restart: the role is new, the process is not', () => {
    const finding = seen(
      reading(0, { uptime: 700, looking_count: 2, cnt_fsynctime: 901 }),
      reading(-5000, before),
    );

    expect(finding).toMatchObject({ verdict: 'clear', facts: { uptimeMs: -1, blinkMs: -1 } });
    expect(finding.evidence).toEqual([]);
  });

  it('does not take a reset of the counters for a restart', () => {
    const finding = seen(
      reading(0, { uptime: 3_605_000, looking_count: 0, cnt_fsynctime: 0 }),
      reading(-5000, before),
    );

    expect(finding.verdict).toBe('clear');
  });

  it('says nothing where only the age of the role is known', () => {
    const finding = seen(reading(0, { uptime: 700 }), reading(-5000, { uptime: 9000 }));

    expect(finding.verdict).toBe('clear');
  });

  it.each(['refused', 'timeout'] as const)(
    'leaves a restart that a look saw as %s to the card of that fault',
    (reason) => {
      const finding = seen(
        reading(0, restarted),
        reading(-5000, before),
        aFailure({ server: 'zk2', reason }),
      );

      expect(finding.verdict).toBe('clear');
    },
  );

  it('sees a restart of which a look only saw the start', () => {
    const finding = seen(
      reading(0, restarted),
      reading(-5000, before),
      aFailure({ server: 'zk2', reason: 'not-serving' }),
    );

    expect(finding.verdict).toBe('firing');
  });

  it('does not take the end of read-only mode for a restart', () => {
    const readOnly = aReading({
      server: 'zk2',
      mode: 'read-only',
      metrics: { uptime: 9000, looking_count: 2 },
    });

    const finding = seen(reading(0, { uptime: 700, looking_count: 2 }), readOnly);

    expect(finding.verdict).toBe('clear');
  });

  it('is over after a minute', () => {
    const finding = seen(
      reading(0, { ...restarted, uptime: 60_700 }),
      reading(-65_000, before),
      reading(-60_000, restarted),
    );

    expect(finding.verdict).toBe('clear');
  });

  it('stays up for its minute though the server is down by now', () => {
    const finding = seen(
      aFailure({ server: 'zk2' }),
      reading(-65_000, before),
      reading(-59_000, restarted),
    );

    expect(finding.verdict).toBe('firing');
  });

  it.each(['refused', 'timeout'] as const)(
    'is not told again once the server was %s after it and came back',
    (reason) => {
      const finding = seen(
        reading(0, { ...restarted, cnt_fsynctime: 9 }),
        reading(-30_000, before),
        reading(-25_000, restarted),
        aFailure({ server: 'zk2', reason }),
        aFailure({ server: 'zk2', reason: 'not-serving' }),
      );

      expect(finding.verdict).toBe('clear');
    },
  );

  it('is unknown where the version does not tell its uptime, and where nothing answers', () => {
    expect(seen(reading(0, {})).verdict).toBe('unknown');
    expect(seen(aFailure({ server: 'zk2' })).verdict).toBe('unknown');
  });

  it('shows at once', () => {
    expect(memberRestarted.holdMs(aView())).toBe(0);
  });
});
