import type { DeliveryKey } from '../../model/notification.ts';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { trackIdCharsMax } from './limits.ts';

/** How long it is remembered that a card was made and not delivered: somebody invites the robot within that time, or not at all. */
const rememberedMs = 7 * 24 * 3_600_000;

/**
 * The `outTrackId` of each delivery: its key, so that the same delivery has the same card on every replica. A card that DingTalk made
 * and could not deliver (the robot was not in the group) keeps its id for ever, so the next try takes another one.
 */
export interface Tracks {
  idOf(key: DeliveryKey): Promise<string>;
  /** The card of that key was made and hangs nowhere. */
  spoil(key: DeliveryKey): Promise<void>;
}

export function createTracks(memory: ShortMemory): Tracks {
  const nameOf = (key: DeliveryKey): string => `dingtalk:spoilt:${key}`;
  const triesOf = async (key: DeliveryKey): Promise<number> =>
    // Without Redis the bot says little, and says it for the first time.
    Number((await memory.get(nameOf(key)).catch(() => undefined)) ?? 0);

  return {
    async idOf(key) {
      const tries = await triesOf(key);
      const suffix = tries === 0 ? '' : `~${tries}`;
      return `${key.slice(0, trackIdCharsMax - suffix.length)}${suffix}`;
    },
    async spoil(key) {
      const tries = await triesOf(key);
      await memory.put(nameOf(key), String(tries + 1), rememberedMs).catch(() => undefined);
    },
  };
}
