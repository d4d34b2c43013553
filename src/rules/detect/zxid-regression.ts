import type { ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { zxidOf } from '../../model/sample.ts';
import { standingOf } from '../../model/standing.ts';
import { ofEnsemble, unknown } from './signs/judged.ts';
import { isReading } from './signs/looks.ts';

/** Any step back is a loss. What is older than an hour is forgotten: a restored backup must not alarm for ever. */
const thresholds = { holdMs: 0, rememberMs: 3_600_000 };

/**
 * The leader stands at an earlier transaction than a server was seen with: history is lost. Every election raises the epoch, so
 * this does not happen by itself; it follows when most data directories are wiped and start first.
 */
export const zxidRegression: Detector = ofEnsemble({
  name: 'zxid-regression',
  severity: 'page',
  thresholds,
  judge: (view, limit) => {
    const { leader } = standingOf(view.ensemble, view.samples);
    const now = leader === undefined ? undefined : zxidOf(view.samples[leader]);
    // A leader that has just been elected may not have said its own transaction yet.
    if (leader === undefined || now === undefined || now === 0n) return unknown;
    const peak = peakOf(view, view.atMs - limit('rememberMs'));
    if (peak === undefined) return { verdict: 'clear' };
    const isLost = now < peak.zxid;
    return {
      verdict: isLost ? 'firing' : 'clear',
      conclusive: isLost,
      facts: {
        leader,
        zxid: hex(now),
        before: hex(peak.zxid),
        seenOn: peak.server,
        restarted: restartedSince(view, peak.atMs),
      },
      evidence: [
        `${leader} (leader): zxid ${hex(now)}`,
        `${peak.server}: had zxid ${hex(peak.zxid)}`,
      ],
    };
  },
});

function hex(zxid: bigint): string {
  return `0x${zxid.toString(16)}`;
}

interface Peak {
  readonly server: ServerId;
  readonly zxid: bigint;
  readonly atMs: number;
}

/** The highest transaction any server was seen with since then, by the looks before this one and by the surveys. */
function peakOf(view: EnsembleView, sinceMs: number): Peak | undefined {
  const seen = view.ensemble.servers.flatMap(({ id }) => {
    const kept = view.surveys?.[id]?.peak;
    const looked = (view.history[id] ?? []).filter(isReading).flatMap((reading): Peak[] => {
      const zxid = zxidOf(reading);
      return zxid === undefined ? [] : [{ server: id, zxid, atMs: reading.atMs }];
    });
    return [
      ...looked,
      ...(kept === undefined ? [] : [{ server: id, zxid: BigInt(kept.zxid), atMs: kept.atMs }]),
    ];
  });
  return seen
    .filter(({ atMs }) => atMs >= sinceMs)
    .reduce<Peak | undefined>(
      (highest, one) => (highest === undefined || one.zxid > highest.zxid ? one : highest),
      undefined,
    );
}

/** Servers whose role began after that: the ones whose history to look at. */
function restartedSince(view: EnsembleView, atMs: number): readonly ServerId[] {
  return Object.values(view.samples).flatMap((sample) => {
    const uptime = sample.kind === 'reading' ? sample.metrics['uptime'] : undefined;
    return uptime !== undefined && sample.atMs - uptime > atMs ? [sample.server] : [];
  });
}
