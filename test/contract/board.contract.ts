import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Board, cardsMax, threadMax } from '../../src/ports/board.ts';
import { nightMs } from '../support/builders.ts';
import { aCard } from '../support/cards.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** What every board promises. */
export function boardContract(name: string, make: MakeStores): void {
  describe(`${name} as board`, () => {
    let stores: StoresUnderTest;
    let board: Board;

    beforeEach(async () => {
      stores = await make();
      board = stores.board;
    });

    afterEach(() => stores.close());

    it('shows a card as it was pinned, with its thread', async () => {
      const line = { text: 'Ann was called 叫', mention: ['ann'] };
      await board.pin(aCard(), 'k-1', nightMs);

      await board.note(12, line, 'k-2', nightMs + 1);

      expect(await board.get(12)).toEqual({
        card: aCard(),
        key: 'k-1',
        atMs: nightMs,
        thread: [{ ...line, key: 'k-2', atMs: nightMs + 1 }],
      });
      expect(await board.get(13)).toBeUndefined();
    });

    it('replaces a card and keeps its thread', async () => {
      await board.pin(aCard(), 'k-1', nightMs);
      await board.note(12, { text: 'paged', mention: [] }, 'k-2', nightMs);

      await board.pin(aCard({ version: 2, tone: 'resolved' }), 'k-3', nightMs + 5);

      expect(await board.get(12)).toMatchObject({
        card: { version: 2, tone: 'resolved' },
        key: 'k-3',
        thread: [{ text: 'paged' }],
      });
      expect(await board.list(10)).toHaveLength(1);
    });

    it('notes a line once, however often its key comes', async () => {
      await board.pin(aCard(), 'k-1', nightMs);
      const line = { text: 'paged', mention: [] };

      await Promise.all(Array.from({ length: 10 }, () => board.note(12, line, 'k-2', nightMs)));

      expect((await board.get(12))?.thread).toHaveLength(1);
    });

    it('knows which keys were pinned or noted', async () => {
      await board.pin(aCard(), 'k-1', nightMs);
      await board.note(12, { text: 'paged', mention: [] }, 'k-2', nightMs);

      expect(await Promise.all(['k-1', 'k-2', 'k-3'].map((key) => board.has(key)))).toEqual([
        true,
        true,
        false,
      ]);
    });

    it('keeps the newest lines of a thread', async () => {
      await board.pin(aCard(), 'k', nightMs);
      for (let line = 0; line < threadMax + 5; line += 1)
        await board.note(12, { text: String(line), mention: [] }, `k-${line}`, nightMs);

      const thread = (await board.get(12))?.thread ?? [];

      expect(thread).toHaveLength(threadMax);
      expect(thread[0]?.text).toBe('5');
      expect(thread.at(-1)?.text).toBe(String(threadMax + 4));
    });

    it('lists the newest incidents first, and takes down resolved cards before open ones', async () => {
      for (let incident = 1; incident <= cardsMax + 2; incident += 1) {
        const tone = incident === 3 || incident === 4 ? 'resolved' : 'critical';
        await board.pin(aCard({ incident, tone }), `k-${incident}`, nightMs + incident);
        await board.note(incident, { text: 'line', mention: [] }, `n-${incident}`, nightMs);
      }
      await board.pin(aCard({ incident: cardsMax + 3 }), 'last', nightMs);

      const incidents = (await board.list(cardsMax * 2)).map(({ card }) => card.incident);

      expect(incidents).toHaveLength(cardsMax);
      expect(incidents.slice(0, 2)).toEqual([cardsMax + 3, cardsMax + 2]);
      expect(incidents.slice(-2)).toEqual([5, 2]);
      expect(await board.get(3)).toBeUndefined();
      expect((await board.list(1)).map(({ thread }) => thread)).toEqual([[]]);
      expect(await board.list(0)).toEqual([]);
    });
  });
}
