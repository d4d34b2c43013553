import { createHash } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { answerMs } from './limits.ts';
import type { CardParams } from './template.ts';

/** How long it is remembered what an answer showed: delivery comes right after it, or within its retries. */
const rememberedMs = 60_000;

/** How often it is looked whether an answer under way is given by now. */
const lookEveryMs = 40;

const underWay = 'under way';

/**
 * What cards show that were redrawn as the answer to a click. Such an answer costs nothing of the quota, and a change by the API
 * does: delivery, on whichever replica, waits for the answer under way and changes nothing that it has shown.
 */
export interface Shown {
  /** An answer to a click on this card is under way. */
  begin(outTrackId: string): Promise<void>;
  /** The answer was given and shows this; without it, nothing was shown. */
  end(outTrackId: string, params?: CardParams): Promise<void>;
  /** Whether an answer has shown exactly this. Waits for one under way, at most as long as DingTalk does. */
  isShown(outTrackId: string, params: CardParams): Promise<boolean>;
}

export function createShown(memory: ShortMemory, clock: Clock): Shown {
  const keyOf = (outTrackId: string): string => `dingtalk:shown:${outTrackId}`;

  async function settled(outTrackId: string): Promise<string | undefined> {
    const untilMs = clock.now() + answerMs;
    for (;;) {
      const found = await memory.get(keyOf(outTrackId));
      if (found !== underWay || clock.now() > untilMs) return found;
      await clock.sleep(lookEveryMs);
    }
  }

  return {
    async begin(outTrackId) {
      await memory.put(keyOf(outTrackId), underWay, answerMs).catch(() => undefined);
    },
    async end(outTrackId, params) {
      const done =
        params === undefined
          ? memory.take(keyOf(outTrackId))
          : memory.put(keyOf(outTrackId), hashOf(params), rememberedMs);
      await done.catch(() => undefined);
    },
    async isShown(outTrackId, params) {
      try {
        const found = await settled(outTrackId);
        if (found === undefined) return false;
        // Forgotten either way: a later change back to the same looks is a change again.
        await memory.take(keyOf(outTrackId));
        return found === hashOf(params);
      } catch {
        // Without Redis the card is changed once too often rather than once too seldom.
        return false;
      }
    },
  };
}

function hashOf(params: CardParams): string {
  return createHash('sha256').update(JSON.stringify(params)).digest('hex');
}
