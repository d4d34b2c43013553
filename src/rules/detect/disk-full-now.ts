import type { Detector } from '../../model/finding.ts';
import type { DiskFacts, HostFacts } from '../../model/survey.ts';
import { type Judgement, type Limit, ofServers, unknown } from './signs/judged.ts';
import { hintOf, surveyed } from './signs/surveyed.ts';

const mebibyte = 1024 * 1024;

/** ZooKeeper makes every new transaction log this big at once, in KiB (`preAllocSize`, its default). */
const preAllocKib = 65_536;

/**
 * Below 5 % or room for two snapshots and two new logs nothing more fits soon. Others alert at 10 % (awesome-prometheus-alerts), at
 * 5 GiB (Strimzi, Cloudera): too much for a disk that is small on purpose.
 */
const thresholds = { holdMs: 0, freePercent: 5, rooms: 2, inodesFreeMin: 100 };

/**
 * The disk of the data or of the transaction log has no room. A follower ends with exit code 10 and begins anew for ever; a leader
 * loops, and writes log until nothing is left.
 */
export const diskFullNow: Detector = ofServers({
  name: 'disk-full-now',
  severity: 'page',
  thresholds,
  judge: (view, { id }, limit) => {
    const host = surveyed(view, id, 'host');
    if (host === undefined) return unknown;
    const judged = host.disks.map((disk) => judgeDisk(id, disk, host, limit));
    return judged.find(({ verdict }) => verdict === 'firing') ?? judged[0] ?? byLog(id, host);
  },
});

function judgeDisk(
  server: string,
  disk: DiskFacts,
  host: HostFacts,
  limit: Limit<keyof typeof thresholds>,
): Judgement {
  const { freeBytes, totalBytes, inodesFree, inodesTotal } = disk;
  const snapshot = host.snapshots?.newestBytes ?? 0;
  const room = limit('rooms') * (snapshot + newLogBytes(host));
  // A disk that was never big enough for that is judged by its part alone.
  const limitBytes = Math.max(
    (totalBytes * limit('freePercent')) / 100,
    room > totalBytes / 2 ? 0 : room,
  );
  const noInodes =
    inodesFree !== undefined && (inodesTotal ?? 0) > 0 && inodesFree < limit('inodesFreeMin');
  const isFull = freeBytes < limitBytes || noInodes;
  return {
    verdict: isFull ? 'firing' : 'clear',
    conclusive: isFull,
    facts: {
      disk: disk.what,
      path: disk.path,
      mount: disk.mount ?? disk.path,
      freeBytes,
      totalBytes,
      limitBytes: Math.round(limitBytes),
      snapshotBytes: host.snapshots?.totalBytes ?? -1,
      logBytes: host.logs?.totalBytes ?? -1,
      cause: noInodes && freeBytes >= limitBytes ? 'inodes' : 'bytes',
      server,
    },
    evidence: [
      `${server}: ${disk.what} ${disk.path} on ${disk.mount ?? '?'}: ${mib(freeBytes)} of ${mib(totalBytes)} free${inodesFree === undefined ? '' : `, ${inodesFree} inodes free`}`,
      `${server}: needs ${mib(limitBytes)} (newest snapshot ${mib(snapshot)}, a new log ${mib(newLogBytes(host))})`,
      ...lineOf(server, host),
    ],
  };
}

/** Where df could not see the disk, the log still may. */
function byLog(server: string, host: HostFacts): Judgement {
  if (hintOf(host, 'no-space-left') === undefined) return unknown;
  return {
    verdict: 'firing',
    conclusive: true,
    facts: { disk: 'dataDir', path: '', mount: '', freeBytes: 0, cause: 'log', server },
    evidence: lineOf(server, host),
  };
}

function newLogBytes(host: HostFacts): number {
  const written = host.settings?.['preAllocSize'] ?? '';
  return (/^\d{1,9}$/u.test(written) ? Number(written) : preAllocKib) * 1024;
}

function lineOf(server: string, host: HostFacts): readonly string[] {
  const hint = hintOf(host, 'no-space-left');
  return hint?.line === undefined ? [] : [`${server} log (${hint.count}x): ${hint.line}`];
}

function mib(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}
