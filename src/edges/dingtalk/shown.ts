import { createHash } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { answerMs, callMs } from './limits.ts';
import type { CardParams } from './template.ts';

/** How long it is remembered what an answer showed: delivery comes right after it, or within its retries. */
const rememberedMs = 60_000;

/** How often it is looked whether an answer under way is given by now. */
const lookEveryMs = 40;

const underWay = 'under way';

/** A change is at most two calls and a token. */
const changingMs = 3 * callMs;

/** A change by the API arrived while the answer was under way: which of the two came last is not known. */
const crossed = 'crossed';

/**
 * What cards show that were redrawn as the answer to a click. Such an answer costs nothing of the quota, and a change by the API
 * does: delivery, on whichever replica, waits for the answer under way and changes nothing that it has shown.
 */
export interface Shown {
  /** An answer to a click on this card is under way. */
  begin(outTrackId: string): Promise<void>;
  /** The answer was given and shows this; without it, nothing was shown. True when that is counted on. */
  end(outTrackId: string, params?: CardParams): Promise<boolean>;
  /** Changes the card by the API; an answer that crosses it on its way is not counted on. */
  around<T>(outTrackId: string, change: () => Promise<T>): Promise<T>;
  /**
   * Whether an answer has shown exactly this, and nothing has changed it since. Waits for one under way, at most as long as DingTalk
   * does.
   */
  isShown(outTrackId: string, params: CardParams): Promise<boolean>;
}

export function createShown(memory: ShortMemory, clock: Clock): Shown {
  const keyOf = (outTrackId: string): string => `dingtalk:shown:${outTrackId}`;
  const changingOf = (outTrackId: string): string => `dingtalk:changing:${outTrackId}`;

  async function settled(outTrackId: string): Promise<string | undefined> {
    const untilMs = clock.now() + answerMs;
    for (;;) {
      const found = await memory.get(keyOf(outTrackId));
      const isUnderWay = found === underWay || found === crossed;
      if (!isUnderWay || clock.now() > untilMs) return found;
      await clock.sleep(lookEveryMs);
    }
  }

  return {
    async begin(outTrackId) {
      await memory.put(keyOf(outTrackId), underWay, answerMs).catch(() => undefined);
    },
    async end(outTrackId, params) {
      const key = keyOf(outTrackId);
      const [found, changing] = await Promise.all([
        memory.take(key),
        memory.get(changingOf(outTrackId)),
      ]).catch(() => [undefined, undefined]);
      if (params === undefined || found === crossed || changing !== undefined) return false;
      return await memory.put(key, hashOf(params), rememberedMs).then(
        () => true,
        () => false,
      );
    },
    async around(outTrackId, change) {
      const key = keyOf(outTrackId);
      const changing = changingOf(outTrackId);
      await memory.put(changing, '1', changingMs).catch(() => undefined);
      try {
        return await change();
      } finally {
        const found = await memory.get(key).catch(() => undefined);
        // An answer that was counted on is under this change by now.
        if (found === underWay) await memory.put(key, crossed, answerMs).catch(() => undefined);
        else if (found !== undefined) await memory.take(key).catch(() => undefined);
        await memory.take(changing).catch(() => undefined);
      }
    },
    async isShown(outTrackId, params) {
      try {
        return (await settled(outTrackId)) === hashOf(params);
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
