import type { Clock } from '../../../src/ports/clock.ts';
import type { ShortMemory } from '../../../src/ports/short-memory.ts';

/** What is known for a while, in this process, by the clock given. */
export function createMemoryShortMemory(clock: Clock): ShortMemory {
  const kept = new Map<string, { readonly text: string; readonly untilMs: number }>();
  const read = (key: string): string | undefined => {
    const found = kept.get(key);
    return found === undefined || found.untilMs <= clock.now() ? undefined : found.text;
  };
  const write = (key: string, text: string, forMs: number): void => {
    kept.set(key, { text, untilMs: clock.now() + forMs });
  };
  return {
    claim(key, forMs) {
      const isFirst = read(key) === undefined;
      if (isFirst) write(key, '1', forMs);
      return Promise.resolve(isFirst);
    },
    put(key, text, forMs) {
      write(key, text, forMs);
      return Promise.resolve();
    },
    get: (key) => Promise.resolve(read(key)),
    take(key) {
      const found = read(key);
      kept.delete(key);
      return Promise.resolve(found);
    },
  };
}
