import { describe, expect, it } from 'vitest';
import { createBrake } from '../../src/pipeline/brake.ts';
import { createFakeClock } from '../support/clock.ts';

/** How long so many requests take, one batch after the other, on a clock that goes on by itself. */
async function took(
  clock: ReturnType<typeof createFakeClock>,
  brake: ReturnType<typeof createBrake>,
  batches: readonly number[],
): Promise<number> {
  const startedMs = clock.now();
  let isDone = false;
  const running = (async () => {
    for (const requests of batches) await brake(requests);
    isDone = true;
  })();
  while (!isDone) await clock.advance(10);
  await running;
  return clock.now() - startedMs;
}

describe('a brake', () => {
  it('lets so many requests a second pass, whether one by one or in batches', async () => {
    const clock = createFakeClock();

    const single = await took(
      clock,
      createBrake(clock, 100),
      Array.from({ length: 200 }, () => 1),
    );
    const batched = await took(clock, createBrake(clock, 100), [50, 50, 50, 50]);

    expect(single / 1000).toBeCloseTo(2, 1);
    expect(batched / 1000).toBeCloseTo(2, 1);
  });

  it('does not make up for a server that was away', async () => {
    const clock = createFakeClock();
    const brake = createBrake(clock, 1000, { creditMs: 1000 });
    await clock.advance(60_000);

    const tookMs = await took(clock, brake, [1000, 1000, 1000]);

    expect(tookMs).toBeGreaterThanOrEqual(2000);
  });

  it('holds nobody who is to end', async () => {
    const clock = createFakeClock();
    const ending = new AbortController();
    const brake = createBrake(clock, 1, { signal: ending.signal });
    const held = brake(60);
    await clock.advance(0);
    expect(clock.sleepers()).toBe(1);

    ending.abort();
    await held;

    expect(clock.sleepers()).toBe(0);
  });
});
