import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { startStopwatch } from './stopwatch.ts';

describe('a stopwatch', () => {
  it('counts time that passes by itself', async () => {
    const watch = startStopwatch();

    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(watch.ms()).toBeGreaterThan(200);
  });

  // On a machine with many processors it takes too many others to fill it.
  it.runIf(existsSync('/proc/thread-self/schedstat') && cpus().length <= 4)(
    'does not count what the machine gave to others',
    () => {
      const others = cpus().flatMap(() =>
        [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })),
      );
      const startMs = performance.now();
      const watch = startStopwatch();

      while (performance.now() - startMs < 800);
      const counted = watch.ms();
      for (const other of others) other.kill('SIGKILL');

      expect(counted).toBeGreaterThan(0);
      expect(counted).toBeLessThan(750);
    },
  );
});
