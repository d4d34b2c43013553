import { describe, expect, it } from 'vitest';
import { livesMax, livesOf } from '../../src/model/lives.ts';
import { aReading, aSample, aView, nightMs, type State, samplesOf } from '../support/builders.ts';

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

/** The lives of zk2 after a look at it, with the looks before. */
function after(state: State, ...looks: readonly State[]): ReturnType<typeof livesOf> {
  const history = { zk2: looks.map((was, at) => aSample('zk2', was, nightMs - 100 * (9 - at))) };
  return livesOf(aView({ states: { ...well, zk2: state }, history }));
}

describe('the lives of a process', () => {
  it('are none of a server that was there all the time', () => {
    expect(after('follower', 'follower', 'not-serving')).toEqual({});
    expect(after('follower')).toEqual({});
  });

  it('end for the first time without anybody having seen the beginning', () => {
    expect(after('refused', 'follower')).toEqual({ zk2: [{ fromMs: 0, toMs: nightMs }] });
  });

  it.each(['not-serving', 'reset', 'timeout'] as const)(
    'begin when a port that refused takes a connection: %s',
    (state) => {
      expect(after(state, 'follower', 'refused')).toEqual({
        zk2: [{ fromMs: 0, toMs: nightMs }, { fromMs: nightMs }],
      });
    },
  );

  it('do not begin behind a path that is cut', () => {
    expect(after('cut', 'refused')).toEqual({});
    expect(after('unreachable', 'refused')).toEqual({});
  });

  it('begin when another process answers', () => {
    const before = aReading({ server: 'zk2', metrics: { uptime: 9000, looking_count: 3 } });
    const now = aReading({ server: 'zk2', metrics: { uptime: 10, looking_count: 1 } });

    const lives = livesOf(
      aView({
        samples: { ...samplesOf(well), zk2: now },
        history: { zk2: [before, aSample('zk2', 'not-serving')] },
      }),
    );

    expect(lives).toEqual({
      zk2: [
        { fromMs: 0, toMs: nightMs },
        { fromMs: nightMs, servedMs: nightMs },
      ],
    });
  });

  it('know when they first served, and when they ended', () => {
    const lives = { zk2: [{ fromMs: 1 }] };
    const serving = livesOf(aView({ lives }));
    const later = livesOf(aView({ lives: serving, atMs: nightMs + 1 }));
    const gone = livesOf(
      aView({ lives: later, states: { ...well, zk2: 'refused' }, atMs: nightMs + 2 }),
    );
    const still = livesOf(
      aView({ lives: gone, states: { ...well, zk2: 'refused' }, atMs: nightMs + 3 }),
    );

    expect(later).toEqual({ zk2: [{ fromMs: 1, servedMs: nightMs }] });
    expect(still).toEqual({ zk2: [{ fromMs: 1, servedMs: nightMs, toMs: nightMs + 2 }] });
  });

  it('are remembered up to a limit, the newest, and end where the next begins', () => {
    const lives = { zk2: Array.from({ length: livesMax }, (_, index) => ({ fromMs: index })) };
    const history = { zk2: [aSample('zk2', 'refused')] };

    const zk2 = livesOf(aView({ lives, history }))['zk2'];

    expect(zk2).toHaveLength(livesMax);
    expect(zk2?.at(-2)).toEqual({ fromMs: livesMax - 1, toMs: nightMs });
    expect(zk2?.at(-1)).toEqual({ fromMs: nightMs, servedMs: nightMs });
  });

  it('outlast a look that says nothing, and end with a server that left', () => {
    const lives = { zk2: [{ fromMs: 1 }], zk9: [{ fromMs: 1 }] };

    expect(livesOf(aView({ samples: {}, lives }))).toEqual({ zk2: [{ fromMs: 1 }] });
  });
});
