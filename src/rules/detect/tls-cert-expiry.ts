import type { Detector } from '../../model/finding.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

const dayMs = 86_400_000;

/** 20 and 3 days are what awesome-prometheus-alerts takes for certificates. */
const thresholds = { holdMs: 0, warnDays: 20, pageDays: 3 };

/** A certificate of a server ends soon: then no TLS client gets through, or no other server, all at the same moment. */
export const tlsCertExpiry: Detector = ofServers({
  name: 'tls-cert-expiry',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const certificates = surveyed(view, id, 'certificates') ?? [];
    const first = certificates.toSorted((a, b) => a.notAfterMs - b.notAfterMs)[0];
    if (first === undefined) return unknown;
    const leftMs = first.notAfterMs - view.atMs;
    return {
      verdict: leftMs < limit('warnDays') * dayMs ? 'firing' : 'clear',
      severity: leftMs < limit('pageDays') * dayMs ? 'page' : 'warn',
      conclusive: leftMs < limit('warnDays') * dayMs,
      facts: {
        port: first.port,
        use: first.use ?? 'clients',
        leftMs,
        notAfterMs: first.notAfterMs,
        subject: first.subject,
      },
      evidence: certificates.map(
        ({ port, notAfterMs, subject, fingerprint }) =>
          `${id}: port ${port}, valid for ${Math.floor((notAfterMs - view.atMs) / dayMs)} days, ${subject}, ${fingerprint.slice(0, 23)}…`,
      ),
    };
  },
});
