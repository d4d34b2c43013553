import type { types, webApi } from '@slack/bolt';
import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import type { Caller } from '../../ports/act.ts';
import type { Bulletins } from '../../ports/bulletin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { slackErrorOf } from './failure.ts';
import { homeView } from './render-reply.ts';

/** Changes within this time are drawn once: a fault seldom comes alone, and a look at an ensemble seldom says anything new. */
export const homePace = { cardMs: 1_500, statusMs: 15_000 } as const;

/** How long a page that was opened is kept true; whoever looks again later opens it again. */
const openMs = 8 * 3_600_000;

/** Pages kept true by one replica; those opened first are left as they are. Slack allows a hundred calls a minute. */
export const viewersMax = 25;

/** The bot's own page in Slack, one for each person, kept true while somebody may look at it. */
export interface Home {
  /** Somebody opened it. */
  open(caller: Caller): Promise<void>;
  close(): void;
}

export function createHome(parts: {
  readonly client: webApi.WebClient;
  /** What the page of a person says. */
  readonly page: (caller: Caller) => Promise<Reply>;
  readonly languageOf: (caller: Caller) => Language;
  readonly bulletins: Bulletins;
  readonly pace: { readonly cardMs: number; readonly statusMs: number };
  readonly clock: Clock;
  readonly log: Log;
}): Home {
  const { client, page, languageOf, bulletins, pace, clock, log } = parts;
  const viewers = new Map<string, { readonly caller: Caller; readonly atMs: number }>();
  const shown = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let isDrawing = false;

  async function publish(caller: Caller): Promise<void> {
    const view: types.HomeView = homeView(await page(caller), languageOf(caller));
    const looks = JSON.stringify(view);
    if (shown.get(caller.handle) === looks) return;
    await client.views.publish({ user_id: caller.handle, view });
    shown.set(caller.handle, looks);
  }

  async function draw(caller: Caller): Promise<void> {
    try {
      await publish(caller);
    } catch (error) {
      const reason = slackErrorOf(error) ?? (error instanceof Error ? error.message : 'unknown');
      log.warn({ reason }, 'a page in slack could not be drawn');
    }
  }

  async function drawAll(): Promise<void> {
    for (const [handle, { caller, atMs }] of viewers) {
      if (clock.now() - atMs > openMs) forget(handle);
      else await draw(caller);
    }
  }

  function forget(handle: string): void {
    viewers.delete(handle);
    shown.delete(handle);
  }

  /** Within that time, and never two at once: what comes meanwhile is drawn after that. */
  function drawWithin(ms: number): void {
    if (viewers.size === 0 || performance.now() + ms >= dueMs) return;
    clearTimeout(timer);
    dueMs = performance.now() + ms;
    timer = setTimeout(() => {
      dueMs = Number.POSITIVE_INFINITY;
      if (isDrawing) return drawWithin(ms);
      isDrawing = true;
      void drawAll().finally(() => {
        isDrawing = false;
      });
    }, ms);
  }

  const unsubscribe = bulletins.subscribe(({ kind }) => {
    if (kind !== 'replicas') drawWithin(kind === 'card' ? pace.cardMs : pace.statusMs);
  });

  return {
    async open(caller) {
      forget(caller.handle);
      viewers.set(caller.handle, { caller, atMs: clock.now() });
      const [first] = viewers.keys();
      if (viewers.size > viewersMax && first !== undefined) forget(first);
      await draw(caller);
    },
    close() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
