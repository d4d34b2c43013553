import type { ServerId } from '../../model/ensemble.ts';
import { diskGauge, heapGauge } from '../../model/gauge-names.ts';
import type { Survey } from '../../model/survey.ts';

/** Figures older than this are not the newest of anything. */
const gaugeMsMax = 15 * 60_000;

/** The figures of surveys whose past is kept: free bytes of disks, and the least a heap was filled. */
export function gaugesOf(
  surveys: Readonly<Record<ServerId, Survey>>,
  nowMs: number,
): Readonly<Record<ServerId, Readonly<Record<string, number>>>> {
  return Object.fromEntries(
    Object.values(surveys).map(({ server, host, memory }) => [
      server,
      Object.fromEntries([
        ...(host === undefined || nowMs - host.atMs > gaugeMsMax
          ? []
          : host.disks.map(({ what, freeBytes }) => [diskGauge(what), freeBytes] as const)),
        ...(memory?.liveBytes === undefined || nowMs - memory.atMs > gaugeMsMax
          ? []
          : [[heapGauge, memory.liveBytes] as const]),
      ]),
    ]),
  );
}
