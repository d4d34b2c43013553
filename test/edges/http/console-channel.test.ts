import { createConsoleChannel } from '../../../src/edges/http/console-channel.ts';
import type { PinnedCard } from '../../../src/ports/board.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import { createFakeClock } from '../../support/clock.ts';
import { createMemoryBoard } from '../../support/memory/board.ts';
import { createMemoryBulletins } from '../../support/memory/bulletins.ts';

channelContract('the console', async () => {
  const board = createMemoryBoard();
  const clock = createFakeClock();
  return {
    channel: createConsoleChannel({ board, bulletins: createMemoryBulletins(), clock }),
    destination: { id: 'console', channel: 'console', address: 'console', language: 'en' },
    cards: async () => {
      const pinned = await board.list(100);
      return pinned.toReversed().map(seen);
    },
    secrets: [],
    close: () => Promise.resolve(),
  };
});

function seen({ card, thread }: PinnedCard) {
  return {
    text: [card.title, card.meaning, card.stateLine].join('\n'),
    thread: thread.map(({ text, mention }) => [text, ...mention].join(' ')),
  };
}
