import type { Detector } from '../../model/finding.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/** Guesses: ten more than are wanted. A day, because purging may be a nightly job. */
const thresholds = { holdMs: 86_400_000, extra: 10 };

/** ZooKeeper keeps three, once it is told to purge at all. */
const retainDefault = 3;

/** Old snapshots and logs are not removed: `autopurge.purgeInterval` is 0 by default, and nothing is ever removed then. */
export const unpurgedSnapshots: Detector = ofServers({
  name: 'unpurged-snapshots',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const host = surveyed(view, id, 'host');
    if (host?.snapshots === undefined) return unknown;
    const { count, totalBytes = 0 } = host.snapshots;
    const purgeHours = wholeIn(host.settings?.['autopurge.purgeInterval']);
    const retain = wholeIn(host.settings?.['autopurge.snapRetainCount']) ?? retainDefault;
    const isOff = (purgeHours ?? 0) === 0;
    const allowed = limit('extra') + (isOff ? 0 : retain);
    const bytes = totalBytes + (host.logs?.totalBytes ?? 0);
    return {
      verdict: count > allowed ? 'firing' : 'clear',
      facts: { count, logs: host.logs?.count ?? -1, bytes, isOff, retain },
      evidence: [
        `${id}: ${count} snapshots, ${host.logs?.count ?? '?'} logs, ${Math.round(bytes / 1_048_576)} MiB`,
        `${id}: autopurge.purgeInterval ${purgeHours ?? 'not set, so 0'}, snapRetainCount ${retain}`,
      ],
    };
  },
});

function wholeIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/u.test(text) ? Number(text) : undefined;
}
