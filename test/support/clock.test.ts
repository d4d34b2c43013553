import { describe, expect, it } from 'vitest';
import { createFakeClock } from './clock.ts';

describe('the fake clock', () => {
  it('wakes sleepers in the order of their times, each at its own time', async () => {
    const clock = createFakeClock(1000);
    const woke: string[] = [];
    const sleepers = [
      clock.sleep(300).then(() => woke.push(`late at ${clock.now()}`)),
      clock.sleep(100).then(() => woke.push(`early at ${clock.now()}`)),
    ];

    await clock.advance(500);

    await Promise.all(sleepers);
    expect(woke).toEqual(['early at 1100', 'late at 1300']);
    expect(clock.now()).toBe(1500);
  });

  it('wakes who goes to sleep again while time passes', async () => {
    const clock = createFakeClock(0);
    const ticks: number[] = [];
    const ticking = (async () => {
      for (let tick = 0; tick < 3; tick += 1) {
        await clock.sleep(10);
        ticks.push(clock.now());
      }
    })();

    await clock.advance(30);

    await ticking;
    expect(ticks).toEqual([10, 20, 30]);
  });

  it('lets nobody wake before the time', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const sleeping = clock.sleep(100, controller.signal);

    await clock.advance(99);

    expect(clock.sleepers()).toBe(1);
    controller.abort();
    await expect(sleeping).rejects.toThrow(/abort/u);
    expect(clock.sleepers()).toBe(0);
  });
});
