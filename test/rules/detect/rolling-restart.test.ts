import { describe, expect, it } from 'vitest';
import type { Life } from '../../../src/model/lives.ts';
import { rollingRestart } from '../../../src/rules/detect/rolling-restart.ts';
import { aView, nightMs, type State } from '../../support/builders.ts';
import { earlier, judge } from './judge.ts';

/** A process that began so long ago, and serves since shortly after. */
function begun(agoMs: number): Life {
  return { fromMs: nightMs - agoMs, servedMs: nightMs - agoMs + 500 };
}

function seen(
  states: Readonly<Record<string, State>>,
  lives: Readonly<Record<string, readonly Life[]>>,
  led = 'zk1',
): ReturnType<typeof judge> {
  return judge(
    rollingRestart,
    aView({ states, lives, lastLeader: { server: led, atMs: nightMs - 300 } }),
  );
}

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;
const second = { ...well, zk3: 'refused' } as const;

describe('rolling-restart', () => {
  it('fires quietly when a second server goes after the first came back', () => {
    expect(seen(second, { zk2: [begun(20_000)] })).toMatchObject({
      verdict: 'firing',
      severity: 'info',
      conclusive: true,
      facts: { servers: 3, done: ['zk2'], now: 'zk3' },
    });
  });

  it.each([
    ['nobody was restarted before', second, {}, 'clear'],
    ['the first was restarted long ago', second, { zk2: [begun(600_001)] }, 'clear'],
    ['the same server goes again', second, { zk2: [begun(90_000)], zk3: [begun(60_000)] }, 'clear'],
    ['one was restarted twice', second, { zk2: [begun(90_000), begun(60_000)] }, 'clear'],
    ['the first is out again', { ...second, zk2: 'refused' }, { zk2: [begun(60_000)] }, 'clear'],
    ['another one hangs', { ...second, zk2: 'timeout' }, { zk1: [begun(60_000)] }, 'unknown'],
    [
      'servers are out for a reason that may pass',
      { zk1: 'not-serving', zk2: 'not-serving', zk3: 'not-serving' },
      { zk2: [begun(60_000)] },
      'unknown',
    ],
    [
      'two are done and nobody is out',
      well,
      { zk2: [begun(90_000)], zk3: [begun(50_000)] },
      'firing',
    ],
    [
      'the last step is a minute old',
      well,
      { zk2: [begun(90_000)], zk3: [begun(60_600)] },
      'clear',
    ],
    ['one is done and nobody is out', well, { zk2: [begun(5000)] }, 'clear'],
  ] as const)('while %s', (_, states, lives, verdict) => {
    expect(seen(states, lives).verdict).toBe(verdict);
  });

  it('knows that the others elect while the leader is the one that is out', () => {
    const states = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;
    const lives = { zk2: [begun(60_000)], zk3: [begun(30_000)] };

    expect(seen(states, lives)).toMatchObject({ verdict: 'firing', facts: { now: 'zk1' } });
    expect(seen(states, lives, 'zk2').verdict).toBe('unknown');
  });

  it('is none of servers that were out together, one of which came back later', () => {
    const ended = { fromMs: 0, toMs: nightMs - 30_000 };

    const back = seen(well, { zk2: [ended, begun(20_000)], zk3: [ended, begun(10_000)] });
    const still = seen(second, { zk2: [ended, begun(20_000)], zk3: [ended] });

    expect([back.verdict, still.verdict]).toEqual(['clear', 'clear']);
  });

  it('keeps the server that is starting as the one that is out', () => {
    const view = aView({
      states: { ...well, zk3: 'not-serving' },
      history: earlier('zk3', [-500, 'refused']),
      lives: { zk2: [begun(30_000)] },
    });

    expect(judge(rollingRestart, view)).toMatchObject({ verdict: 'firing', facts: { now: 'zk3' } });
  });
});
