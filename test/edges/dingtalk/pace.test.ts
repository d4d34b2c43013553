import { describe, expect, it } from 'vitest';
import { callPace } from '../../../src/edges/dingtalk/limits.ts';
import { createPace } from '../../../src/edges/dingtalk/pace.ts';

describe('the pace of calls', () => {
  it('stays below 20 a second of one API, whenever the second begins', () => {
    expect(callPace.burst + 1000 / callPace.everyMs).toBeLessThan(20);
  });

  it('lets a burst through at once, and then one after the other', async () => {
    const pace = createPace({ burst: 3, everyMs: 50, waitMsMax: 1000 });
    const startedMs = performance.now();
    const wentMs: number[] = [];

    await Promise.all(
      Array.from({ length: 6 }, async () => {
        await pace('PUT card');
        wentMs.push(performance.now() - startedMs);
      }),
    );

    // Timers of Node may ring a millisecond early.
    const late = wentMs.map((wentAtMs, index) => wentAtMs - Math.max(0, index - 2) * 50 + 2);
    expect(late.filter((ms) => ms < 0)).toEqual([]);
  });

  it('gives each API its own', async () => {
    const pace = createPace({ burst: 1, everyMs: 60_000, waitMsMax: 0 });

    await pace('PUT card');
    await pace('POST card');

    await expect(pace('PUT card')).rejects.toMatchObject({ code: 'QpsLimit' });
  });

  it('puts off at once what would wait too long, and takes calls again later', async () => {
    const pace = createPace({ burst: 1, everyMs: 40, waitMsMax: 50 });
    const calls = Array.from({ length: 10 }, () => pace('PUT card'));

    const outcomes = await Promise.allSettled(calls);
    await pace('PUT card');

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});
