import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/** A day: what is open was so for long, and nobody is woken for it. */
const thresholds = { holdMs: 86_400_000 };

/**
 * Anybody who reaches the server can do more than read: with 3.9 and an open root, any name and password passes for an administrator and
 * may take a snapshot or put one back; with all four-letter words allowed, anybody may reset what is counted, or slow the server down.
 */
export const adminSurfaceExposed: Detector = ofServers({
  name: 'admin-surface-exposed',
  severity: 'warn',
  thresholds,
  judge: (view, server) => {
    const admin = surveyed(view, server.id, 'admin');
    const written = surveyed(view, server.id, 'host')?.settings?.['4lw.commands.whitelist'];
    if (admin === undefined && written === undefined) return unknown;
    const isSnapshotOpen =
      admin?.open === true &&
      admin.rootOpen === true &&
      isAtLeast39(view, server) &&
      (admin.snapshot !== false || admin.restore !== false);
    const allWords = admin?.allWords === true || written?.split(',').includes('*') === true;
    const doors = [...(isSnapshotOpen ? ['snapshot'] : []), ...(allWords ? ['words'] : [])];
    return {
      verdict: doors.length === 0 ? 'clear' : 'firing',
      facts: { doors, port: server.admin?.port ?? 0 },
      evidence: [
        ...(isSnapshotOpen
          ? [
              `${server.id}: the AdminServer answers on port ${server.admin?.port ?? '?'}, and anybody may do anything to /`,
            ]
          : []),
        ...(allWords ? [`${server.id}: 4lw.commands.whitelist has *`] : []),
      ],
    };
  },
});

function isAtLeast39(view: EnsembleView, { id }: Server): boolean {
  const sample = view.samples[id];
  const [major = 0, minor = 0] =
    sample?.kind === 'reading' ? (sample.version ?? '').split('.').map(Number) : [];
  return major > 3 || (major === 3 && minor >= 9);
}
