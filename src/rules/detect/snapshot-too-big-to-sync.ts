import type { Detector } from '../../model/finding.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/** Guesses: half of the time a follower has, over a link of 1 Gbit/s. */
const thresholds = { holdMs: 86_400_000, percent: 50, linkMegabytesPerSecond: 100 };

/**
 * A server that begins anew fetches or reads all data, and has initLimit for it. One that needs most of it already, will not come back
 * one day.
 */
export const snapshotTooBigToSync: Detector = ofServers({
  name: 'snapshot-too-big-to-sync',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const { tickTimeMs, initLimit } = view.ensemble.timing;
    const initMs = tickTimeMs * initLimit;
    const sample = view.samples[id];
    const metrics = sample?.kind === 'reading' ? sample.metrics : {};
    const bytes =
      surveyed(view, id, 'host')?.snapshots?.newestBytes ?? metrics['approximate_data_size'];
    const loadMs = metrics['max_dbinittime'];
    if (bytes === undefined && loadMs === undefined) return unknown;
    const sendMs = ((bytes ?? 0) / (limit('linkMegabytesPerSecond') * 1_000_000)) * 1000;
    const needMs = Math.max(sendMs, loadMs ?? 0);
    return {
      verdict: needMs > (initMs * limit('percent')) / 100 ? 'firing' : 'clear',
      facts: { bytes: bytes ?? -1, needMs: Math.round(needMs), initMs, initLimit },
      evidence: [
        ...(bytes === undefined
          ? []
          : [`${id}: ${Math.round(bytes / 1_048_576)} MiB to send, ${Math.round(sendMs)} ms`]),
        ...(loadMs === undefined ? [] : [`${id}: max_dbinittime ${Math.round(loadMs)} ms`]),
        `${id}: initLimit ${initLimit} ticks of ${tickTimeMs} ms`,
      ],
    };
  },
});
