import { ownEnsemble } from '../model/ensemble.ts';
import type { Job } from '../model/job.ts';
import { midnightOf, minuteMs, wallOf } from '../model/zone.ts';
import type { House } from './house.ts';
import { relieveOwn, reportOwn } from './own-trouble.ts';

/** The name of the card in the catalogue of words. */
export const selfTestName = 'self-test';

/** How often it is looked whether the time has come. */
export const selfTestLookMs = 20_000;

/** A bot that was away at the time makes up for it within this; later, the card of tomorrow will do. */
export const selfTestLateMsMax = 60 * minuteMs;

/** How long the card stays open: long enough to be posted, then it is drawn as done. */
export const selfTestOpenMs = 30_000;

/** Incidents of the bot itself among which today's card is looked for. */
const recentMax = 100;

/**
 * Once a day a card that says nothing but that cards come through: whoever misses it knows that the way is broken. Level-triggered
 * like everything else: it is asked every few seconds on one replica, and makes what today does not have yet.
 */
export async function selfTest(house: House, job: Job): Promise<void> {
  if (job.kind !== 'self-test') return;
  const settings = house.settings().selfTest;
  const nowMs = house.clock.now();
  const recent = await house.incidents.recent(ownEnsemble, recentMax);
  const cards = recent.filter(({ detector }) => detector === selfTestName);
  const open = cards.find(({ state }) => state !== 'resolved');
  if (open !== undefined) {
    if (nowMs - open.openedMs >= selfTestOpenMs) await relieveOwn(house, selfTestName);
    return;
  }
  if (settings === undefined) return;
  const wallMs = wallOf(nowMs, settings.zone);
  const lateMs = wallMs - midnightOf(wallMs) - settings.minute * minuteMs;
  if (lateMs < 0 || lateMs > selfTestLateMsMax) return;
  const day = new Date(midnightOf(wallMs)).toISOString().slice(0, 10);
  if (cards.some(({ facts }) => facts['day'] === day)) return;
  const { ensembles } = house.settings();
  await reportOwn(house, {
    detector: selfTestName,
    severity: 'info',
    facts: {
      day,
      ensembles: ensembles.length,
      servers: ensembles.reduce((sum, { servers }) => sum + servers.length, 0),
    },
    evidence: [],
  });
}
