import type { Detector } from '../../model/finding.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { hintOf, surveyed } from './signs/surveyed.ts';

const thresholds = { holdMs: 0, lines: 1 };

/** What an HTTP request looks like as a length: "GET ". A monitor that asks the wrong port, and no node. */
const httpLengths = /\b(?:1195725856|1347375956|1212498244|1330664521)\b/u;

/**
 * Somebody sends or asks for more than `jute.maxbuffer` (1 MiB by default): the server closes the connection, and the client sees
 * nothing but ConnectionLoss, for ever. No counter moves; only the log tells it.
 */
export const nodeTooBig: Detector = ofServers({
  name: 'node-too-big',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const host = surveyed(view, id, 'host');
    if (host?.logFile === undefined) return unknown;
    const hint = hintOf(host, 'len-error');
    const isHttp = httpLengths.test(hint?.line ?? '');
    const count = isHttp ? 0 : (hint?.count ?? 0);
    const [address = ''] = hint?.addresses?.[0]?.split(' ') ?? [];
    return {
      verdict: count >= limit('lines') ? 'firing' : 'clear',
      facts: { count, address },
      evidence: hint?.line === undefined ? [] : [`${id} log (${hint.count}x): ${hint.line}`],
    };
  },
});
