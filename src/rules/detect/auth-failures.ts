import type { Detector } from '../../model/finding.ts';
import { grownLately } from './signs/grown-lately.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { hintLately, surveyed } from './signs/surveyed.ts';

const minuteMs = 60_000;

/** Guesses: ten a minute is more than one client that was started with an old password. */
const thresholds = { holdMs: 300_000, perMinute: 10, windowMs: 120_000 };

/** The log is read for the last minute and a half. */
const logMinutes = 1.5;

/**
 * Clients are turned away because they cannot prove who they are. The counters know only of TLS and of `enforce.auth`; a wrong digest or
 * Kerberos ticket is in the log alone, and seen where the machine is looked at.
 */
export const authFailures: Detector = ofServers({
  name: 'auth-failures',
  severity: 'warn',
  thresholds,
  clearMs: 60_000,
  judge: (view, { id }, limit) => {
    const names = ['auth_failed_count', 'ensemble_auth_fail'];
    const grown = grownLately(view, id, names, limit('windowMs'));
    const hint = hintLately(view, id, 'auth-failed', limit('windowMs'));
    if (grown === undefined && surveyed(view, id, 'host') === undefined) return unknown;
    // Over the whole window: a burst right after the start of the bot is no rate yet.
    const counted = ((grown?.by ?? 0) * minuteMs) / Math.max(grown?.overMs ?? 0, minuteMs);
    const perMinute = Math.max(counted, (hint?.count ?? 0) / logMinutes);
    const [address = ''] = hint?.addresses?.[0]?.split(' ') ?? [];
    return {
      verdict: perMinute > limit('perMinute') ? 'firing' : 'clear',
      facts: { perMinute: Math.round(perMinute), address },
      evidence: [
        ...(grown === undefined
          ? []
          : [
              `${id}: ${grown.by} failed in ${Math.round(grown.overMs / 1000)} s (auth_failed_count)`,
            ]),
        ...(hint?.line === undefined ? [] : [`${id} log (${hint.count}x): ${hint.line}`]),
        ...(hint?.addresses ?? []).map((one) => `${id} log: from ${one}x`),
      ],
    };
  },
});
