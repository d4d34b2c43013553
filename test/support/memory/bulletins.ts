import type { Bulletin, Bulletins } from '../../../src/ports/bulletin.ts';

/** Hints told inside this process; a listener hears them after the publisher has gone on, as over a network. */
export function createMemoryBulletins(): Bulletins {
  const listeners = new Set<(bulletin: Bulletin) => void>();
  return {
    publish(bulletin) {
      queueMicrotask(() => {
        for (const listener of listeners) listener(bulletin);
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
