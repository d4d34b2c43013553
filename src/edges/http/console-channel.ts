import type { Board } from '../../ports/board.ts';
import type { Bulletins } from '../../ports/bulletin.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';

/** A card is found again by its incident, so there is nothing to remember. */
const receipt = { board: 'console' };

/** The web console as a channel: a card hangs on the board, and every open page is told to look. */
export function createConsoleChannel(parts: {
  readonly board: Board;
  readonly bulletins: Bulletins;
  readonly clock: Clock;
}): Channel {
  const { board, bulletins, clock } = parts;
  return {
    name: 'console',
    async deliver(delivery, _to, key) {
      const { incident } = delivery.card;
      switch (delivery.kind) {
        case 'show':
          await board.pin(delivery.card, key, clock.now());
          break;
        case 'speak':
          await board.note(incident, delivery.line, key, clock.now());
          break;
      }
      bulletins.publish({ kind: 'card', incident });
      return receipt;
    },
    async reconcile(key) {
      return (await board.has(key)) ? receipt : undefined;
    },
  };
}
