import type { IncidentId } from '../../model/incident.ts';
import { type Board, cardsMax, type PinnedCard, threadMax } from '../../ports/board.ts';
import type { RedisLink } from './connect.ts';
import { readAll, readJson } from './json.ts';

/**
 * Delivery keys remembered, so that a lost answer can be reconciled: a key is asked for seconds after it was used, and a busy day
 * makes a few thousand.
 */
export const deliveryKeysMax = 20_000;

type BareCard = Omit<PinnedCard, 'thread'>;
type Line = PinnedCard['thread'][number];

/** The console's cards, in Redis. */
export function createBoard(redis: RedisLink): Board {
  const { shared } = redis.keys;

  async function withThreads(cards: readonly BareCard[]): Promise<readonly PinnedCard[]> {
    if (cards.length === 0) return [];
    const threads = await redis.ask((client) =>
      Promise.all(cards.map((pinned) => client.lrange(threadOf(pinned.card.incident), 0, -1))),
    );
    return cards.map((pinned, index) => ({
      ...pinned,
      thread: readAll<Line>(threads[index] ?? [], threadOf(pinned.card.incident)),
    }));
  }

  function threadOf(incident: IncidentId): string {
    return `${shared.boardThreads}${incident}`;
  }

  return {
    async pin(card, key, atMs) {
      await redis.step(
        'pin-card',
        [shared.boardCards, shared.boardOrder, shared.boardResolved, shared.boardKeys],
        [
          card.incident,
          JSON.stringify({ card, key, atMs } satisfies BareCard),
          card.tone === 'resolved' ? '1' : '0',
          key,
          atMs,
          cardsMax,
          deliveryKeysMax,
          shared.boardThreads,
        ],
      );
    },
    async note(incident, line, key, atMs) {
      await redis.step(
        'note-line',
        [shared.boardCards, shared.boardKeys, threadOf(incident)],
        [
          incident,
          JSON.stringify({ ...line, key, atMs } satisfies Line),
          key,
          atMs,
          threadMax,
          deliveryKeysMax,
        ],
      );
    },
    async get(incident) {
      const text = await redis.ask((client) => client.hget(shared.boardCards, String(incident)));
      if (text === null) return undefined;
      const card = readJson<BareCard>(text, `${shared.boardCards} ${incident}`);
      return (await withThreads([card]))[0];
    },
    async list(limit) {
      if (limit <= 0) return [];
      const ids = await redis.ask((client) => client.zrevrange(shared.boardOrder, 0, limit - 1));
      if (ids.length === 0) return [];
      const texts = await redis.ask((client) => client.hmget(shared.boardCards, ...ids));
      return withThreads(readAll<BareCard>(texts, shared.boardCards));
    },
    async has(key) {
      return (await redis.ask((client) => client.zscore(shared.boardKeys, key))) !== null;
    },
  };
}
