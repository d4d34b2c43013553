import type { Detector, EnsembleView } from '../../model/finding.ts';
import type { ClockFacts } from '../../model/survey.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/** Guesses: ZooKeeper itself runs well with an hour; certificates, logs and the times of nodes do not. */
const thresholds = { holdMs: 300_000, warnMs: 1000, pageMs: 30_000 };

/**
 * The clock of a server differs from the bot's by more than the measurement can be wrong. Where all servers agree against the bot,
 * it is the bot's that is wrong, and nothing is said of theirs.
 */
export const clockSkew: Detector = ofServers({
  name: 'clock-skew',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const clock = surveyed(view, id, 'clock');
    if (clock === undefined || isTheBots(view, limit('warnMs'))) return unknown;
    const surelyMs = surely(clock);
    return {
      verdict: surelyMs > limit('warnMs') ? 'firing' : 'clear',
      severity: surelyMs > limit('pageMs') ? 'page' : 'warn',
      facts: {
        skewMs: clock.skewMs,
        errorMs: clock.errorMs,
        limitMs: limit(surelyMs > limit('pageMs') ? 'pageMs' : 'warnMs'),
      },
      evidence: [
        `${id}: clock ${clock.skewMs >= 0 ? 'ahead' : 'behind'} by ${Math.abs(clock.skewMs)} ms, give or take ${clock.errorMs} ms (${clock.source === 'cons' ? 'beginning of the own session in cons' : 'date of the AdminServer'})`,
      ],
    };
  },
});

/** What is left of the difference when all doubt counts for the server. */
function surely({ skewMs, errorMs }: ClockFacts): number {
  return Math.abs(skewMs) - errorMs;
}

function isTheBots(view: EnsembleView, warnMs: number): boolean {
  const clocks = view.ensemble.servers.flatMap(({ id }) => surveyed(view, id, 'clock') ?? []);
  if (clocks.length < 2 || !clocks.every((clock) => surely(clock) > warnMs)) return false;
  const skews = clocks.map(({ skewMs }) => skewMs);
  const errors = clocks.map(({ errorMs }) => errorMs);
  return Math.max(...skews) - Math.min(...skews) <= warnMs + 2 * Math.max(...errors);
}
