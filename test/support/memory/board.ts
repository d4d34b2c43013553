import type { IncidentId } from '../../../src/model/incident.ts';
import type { DeliveryKey } from '../../../src/model/notification.ts';
import { type Board, cardsMax, type PinnedCard, threadMax } from '../../../src/ports/board.ts';

/** The console's cards, kept in this process. */
export function createMemoryBoard(): Board {
  const pinned = new Map<IncidentId, PinnedCard>();
  const keys = new Set<DeliveryKey>();

  function makeRoom(): void {
    while (pinned.size > cardsMax) {
      const ids = [...pinned.keys()].sort((a, b) => a - b);
      const victim = ids.find((id) => pinned.get(id)?.card.tone === 'resolved') ?? ids[0];
      if (victim === undefined) return;
      pinned.delete(victim);
    }
  }

  return {
    pin(card, key, atMs) {
      keys.add(key);
      const thread = pinned.get(card.incident)?.thread ?? [];
      pinned.set(card.incident, structuredClone({ card, key, atMs, thread }));
      makeRoom();
      return Promise.resolve();
    },
    note(incident, line, key, atMs) {
      const known = pinned.get(incident);
      if (keys.has(key)) return Promise.resolve();
      keys.add(key);
      if (known === undefined) return Promise.resolve();
      const thread = [...known.thread, structuredClone({ ...line, key, atMs })].slice(-threadMax);
      pinned.set(incident, { ...known, thread });
      return Promise.resolve();
    },
    get: (incident) => Promise.resolve(structuredClone(pinned.get(incident))),
    list: (limit) =>
      Promise.resolve(
        structuredClone(
          [...pinned.values()]
            .sort((a, b) => b.card.incident - a.card.incident)
            .slice(0, Math.max(0, limit)),
        ),
      ),
    has: (key) => Promise.resolve(keys.has(key)),
  };
}
