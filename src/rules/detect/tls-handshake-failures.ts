import type { Detector } from '../../model/finding.ts';
import { grownLately } from './signs/grown-lately.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { hintLately, surveyed } from './signs/surveyed.ts';

/** Guesses: more than ten in five minutes is no single client that tries. */
const thresholds = { holdMs: 300_000, failures: 10, windowMs: 300_000 };

/** Clients fail to shake hands with TLS: a truststore that lacks the authority, an old protocol, a plain client on the wrong port. */
export const tlsHandshakeFailures: Detector = ofServers({
  name: 'tls-handshake-failures',
  severity: 'warn',
  thresholds,
  clearMs: 60_000,
  judge: (view, { id }, limit) => {
    const names = ['unsuccessful_handshake', 'tls_handshake_exceeded'];
    const grown = grownLately(view, id, names, limit('windowMs'));
    const hint = hintLately(view, id, 'tls-handshake-failed', limit('windowMs'));
    if (grown === undefined && surveyed(view, id, 'host') === undefined) return unknown;
    const failures = Math.max(grown?.by ?? 0, hint?.count ?? 0);
    const [address = ''] = hint?.addresses?.[0]?.split(' ') ?? [];
    return {
      verdict: failures > limit('failures') ? 'firing' : 'clear',
      facts: { failures, address },
      evidence: [
        ...(grown === undefined
          ? []
          : [`${id}: ${grown.by} handshakes failed in ${Math.round(grown.overMs / 1000)} s`]),
        ...(hint?.line === undefined ? [] : [`${id} log (${hint.count}x): ${hint.line}`]),
      ],
    };
  },
});
