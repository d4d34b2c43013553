import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { backupFiles } from '../edges/backup/files.ts';
import { znodeTrees } from '../edges/zookeeper/tree.ts';
import { type BackupDone, makeBackup } from '../pipeline/make-backup.ts';
import { type CliIo, type ExitCode, exitCodes } from './cli-io.ts';
import {
  ensembleFor,
  numberOf,
  pathLines,
  pathOf,
  perSecond,
  runTree,
  type TreeCliOptions,
  treeOptions,
  wordsFor,
} from './cli-tree.ts';
import { systemClock } from './clock.ts';

export interface BackupCliOptions extends TreeCliOptions {
  readonly out: string;
  readonly fresh?: boolean;
  readonly rate?: string;
}

/** Paths that are named where the summary tells of some. */
const pathsShown = 20;

/** `nightkeeper backup ENSEMBLE --out FILE`: reads the tree itself, without a bot that runs. */
export async function backupToFile(
  ensemble: string,
  options: BackupCliOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  const { backup } = wordsFor(io);
  let isBegun = false;
  return await runTree(
    io,
    async ({ signal, progress }) => {
      const settings = await ensembleFor(ensemble, options, io, detectorThresholds);
      const perSecondMax = numberOf('rate', options.rate, io);
      const request = {
        settings,
        root: pathOf(options.path, io) ?? '/',
        file: options.out,
        fresh: options.fresh === true,
        tree: treeOptions(settings, options, io, { signal, say: (line) => progress.say(line) }),
        ...(perSecondMax === undefined ? {} : { perSecondMax }),
      };
      const sinceMs = performance.now();
      const parts = { trees: znodeTrees, files: backupFiles, clock: systemClock };
      const done = await makeBackup(
        request,
        parts,
        ({ phase, znodes, dataBytes, fileBytes, read }) => {
          isBegun = true;
          const each = perSecond(read, sinceMs);
          progress.show(backup.progress(phase, znodes, dataBytes, fileBytes, each));
        },
        (znodes) => progress.say(backup.resuming(znodes)),
      );
      progress.end();
      return tell(done, options, io, performance.now() - sinceMs);
    },
    () => (isBegun ? backup.partKept(`${options.out}.part`) : undefined),
  );
}

function tell(done: BackupDone, options: BackupCliOptions, io: CliIo, tookMs: number): ExitCode {
  const { backup, common } = wordsFor(io);
  const { counts, zxid, moved, denied } = done.summary;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const each = Math.round((counts.znodes * 1000) / Math.max(1, tookMs));
  const code = denied.count > 0 ? exitCodes.incomplete : exitCodes.done;
  if (options.json === true) {
    const { summary, bytes, sha256, resumedAt } = done;
    const figures = { tookMs: Math.round(tookMs), znodesPerSecond: each, peakBytes };
    const all = { file: options.out, bytes, sha256, resumedAt, ...summary, ...figures };
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return code;
  }
  const lines = [
    backup.done(counts.znodes, counts.dataBytes, options.out, done.bytes),
    ...(counts.ephemerals > 0 ? [backup.ephemerals(counts.ephemerals)] : []),
    ...(moved.count === 0 ? [backup.exact(zxid)] : [backup.but(zxid, moved.count)]),
    ...pathLines(moved, pathsShown, io),
    ...(denied.count === 0 ? [] : [backup.denied(denied.count)]),
    ...pathLines(denied, pathsShown, io),
    backup.speed(common.duration(tookMs), each, peakBytes),
    backup.checksum(done.sha256),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return code;
}
