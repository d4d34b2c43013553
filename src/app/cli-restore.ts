import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { backupFiles } from '../edges/backup/files.ts';
import { stampOf } from '../edges/backup/folder.ts';
import { znodeTrees } from '../edges/zookeeper/tree.ts';
import { isWithin } from '../model/znode.ts';
import { applyRestore, type RestoreDone } from '../pipeline/apply-restore.ts';
import { planRestore, type RestorePlan, type RestoreScope } from '../pipeline/plan-restore.ts';
import type { BackupReader } from '../ports/backup-file.ts';
import { ask, type CliIo, type ExitCode, exitCodes, isInteractive } from './cli-io.ts';
import {
  ensembleFor,
  numberOf,
  type Progress,
  pathLines,
  pathOf,
  runTree,
  type TreeCliOptions,
  treeOptions,
  Unusable,
  wordsFor,
} from './cli-tree.ts';
import { systemClock } from './clock.ts';

export interface RestoreCliOptions extends TreeCliOptions {
  readonly ensemble: string;
  readonly dryRun?: boolean;
  readonly diffOnly?: boolean;
  readonly overwriteNewer?: boolean;
  readonly deleteExtra?: boolean;
  readonly fromOtherEnsemble?: boolean;
  readonly undo?: string;
  readonly yes?: boolean;
  readonly show?: string;
}

const pathsShown = 10;

/** `nightkeeper restore FILE --ensemble NAME`: shows what differs, asks, and makes the tree as the file has it. */
export async function restoreFromFile(
  file: string,
  options: RestoreCliOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  return await runTree(
    io,
    async ({ signal, progress }) => {
      const settings = await ensembleFor(options.ensemble, options, io, detectorThresholds);
      const most = numberOf('show', options.show, io) ?? pathsShown;
      const path = pathOf(options.path, io);
      const tree = treeOptions(settings, options, io, { signal, say: (it) => progress.say(it) });
      const reader = await backupFiles.read(file);
      try {
        const root = rootOf(reader, path, options, io);
        const session = await znodeTrees.open(settings, tree);
        try {
          const scope = { reader, tree: session, root };
          return await restore(scope, file, { ...options, most }, io, progress);
        } finally {
          await session.close();
        }
      } finally {
        await reader.close();
      }
    },
    () => undefined,
  );
}

/** What is restored; a file that is not meant for it is refused. */
function rootOf(
  { header }: BackupReader,
  path: string | undefined,
  options: RestoreCliOptions,
  io: CliIo,
): string {
  const { backup } = wordsFor(io);
  if (header.ensemble !== options.ensemble && options.fromOtherEnsemble !== true)
    throw new Unusable(backup.otherEnsemble(header.ensemble, options.ensemble));
  if (path !== undefined && !isWithin(path, header.root))
    throw new Unusable(backup.notIn(path, header.root));
  return path ?? header.root;
}

type Chosen = RestoreCliOptions & { readonly most: number };

async function restore(
  scope: RestoreScope,
  file: string,
  options: Chosen,
  io: CliIo,
  progress: Progress,
): Promise<ExitCode> {
  const { backup, common } = wordsFor(io);
  const { header, summary } = scope.reader;
  const plan = await planRestore(scope, (znodes) => progress.show(backup.comparing(znodes)));
  progress.end();
  const choice = {
    overwriteNewer: options.overwriteNewer === true,
    deleteExtra: options.deleteExtra === true,
  };
  const writes = writesOf(plan, choice);
  const isDry = options.diffOnly === true || options.dryRun === true;
  if (options.json === true && isDry) return printJson({ file, header, plan, writes }, io, plan);
  const when = common.time(header.kind === 'undo' ? header.startedMs : summary.endedMs);
  const { ensemble } = header;
  const title =
    header.kind === 'undo'
      ? backup.ofUndo(ensemble, scope.root, when)
      : backup.ofFile(ensemble, scope.root, when, summary.counts.znodes);
  if (options.json !== true)
    io.stdout.write(`${[title, ...planLines(plan, choice, options.most, io)].join('\n')}\n`);
  if (plan.orphaned.length > 0) throw new Unusable(backup.orphaned(plan.orphaned));
  if (writes === 0) {
    if (options.json === true) return printJson({ file, header, plan, writes }, io, plan);
    io.stdout.write(`${backup.nothing}\n`);
    return leftOver(plan) > 0 ? exitCodes.incomplete : exitCodes.done;
  }
  if (isDry) return exitCodes.done;
  if (options.yes !== true) {
    const refusal = await confirm(writes, options.ensemble, io);
    if (refusal !== undefined) return refusal;
  }
  return await carryOut(scope, { file, plan, choice, writes }, options, io, progress);
}

interface Decided {
  readonly file: string;
  readonly plan: RestorePlan;
  readonly choice: { readonly overwriteNewer: boolean; readonly deleteExtra: boolean };
  readonly writes: number;
}

async function carryOut(
  scope: RestoreScope,
  { file, plan, choice, writes }: Decided,
  options: Chosen,
  io: CliIo,
  progress: Progress,
): Promise<ExitCode> {
  const { backup } = wordsFor(io);
  const startedMs = systemClock.now();
  const undoFile = options.undo ?? `${file}.undo-${stampOf(startedMs)}`;
  const header = { kind: 'undo', ensemble: options.ensemble, root: scope.root, startedMs } as const;
  const undo = await backupFiles.write(undoFile, header, { fresh: true });
  let done: RestoreDone;
  try {
    done = await applyRestore(scope, plan, choice, undo, (count) =>
      progress.show(backup.writing(count, writes)),
    );
  } finally {
    // Also of half a restore: that is when it is needed.
    await undo.finish({
      counts: { znodes: 0, dataBytes: 0, ephemerals: 0 },
      endedMs: systemClock.now(),
      zxid: `0x${scope.tree.zxid().toString(16)}`,
      moved: { count: 0, first: [] },
      denied: { count: 0, first: [] },
    });
  }
  const after = await planRestore(scope, (znodes) => progress.show(backup.comparing(znodes)));
  progress.end();
  const left = writesOf(after, choice);
  if (options.json === true) {
    const all = { file, undoFile, plan, ...done, stillDiffering: left };
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  } else {
    const lines = [
      backup.restored(done.added, done.changed, done.removed),
      ...(done.refused.count > 0 ? [backup.refused(done.refused.count)] : []),
      ...pathLines(done.refused, options.most, io),
      ...(done.stoppedAt === undefined
        ? []
        : [backup.conflict(done.stoppedAt.path, done.stoppedAt.reply)]),
      backup.undoFile(undoFile),
      left === 0 ? backup.equal : backup.differs(left),
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  if (done.stoppedAt !== undefined) return exitCodes.refused;
  return left + leftOver(after) > 0 ? exitCodes.incomplete : exitCodes.done;
}

/** Nobody there to be asked, or no: how it ends then. */
async function confirm(writes: number, ensemble: string, io: CliIo): Promise<ExitCode | undefined> {
  const { backup, setup } = wordsFor(io);
  if (!isInteractive(io)) {
    io.stdout.write(`${backup.needYes}\n`);
    return exitCodes.refused;
  }
  const said = await ask(io, `${setup.cli.confirm(backup.ask(writes, ensemble))} `);
  if (said.toLowerCase() === setup.cli.yes || said.toLowerCase() === 'yes') return undefined;
  io.stdout.write(`${setup.cli.notDone}\n`);
  return exitCodes.refused;
}

function writesOf(plan: RestorePlan, choice: Decided['choice']): number {
  const { add, change, newer, extra, parents } = plan;
  return (
    parents.length +
    add.count +
    change.count +
    (choice.overwriteNewer ? newer.count : 0) +
    (choice.deleteExtra ? extra.count : 0)
  );
}

/** What differs and is left alone, or cannot be compared. */
function leftOver({ newer, unknown }: RestorePlan): number {
  return newer.count + unknown.count;
}

function planLines(
  plan: RestorePlan,
  choice: Decided['choice'],
  most: number,
  io: CliIo,
): readonly string[] {
  const { backup } = wordsFor(io);
  const { add, change, newer, extra, unknown } = plan;
  const part = (list: RestorePlan['add'], title: string) =>
    list.count === 0 ? [] : [title, ...pathLines(list, most, io)];
  const parents = { count: plan.parents.length, first: plan.parents.map(({ path }) => path) };
  const all = {
    count: add.count + parents.count,
    first: [...parents.first, ...add.first],
  };
  return [
    backup.same(plan.same),
    ...part(all, backup.add(all.count)),
    ...part(change, backup.change(change.count)),
    ...part(newer, backup.newer(newer.count, choice.overwriteNewer)),
    ...part(extra, backup.extra(extra.count, choice.deleteExtra)),
    ...part(unknown, backup.unknown(unknown.count)),
    ...(plan.ephemeral > 0 ? [backup.ephemeral(plan.ephemeral)] : []),
  ];
}

function printJson(
  { plan, ...all }: { readonly plan: RestorePlan } & Readonly<Record<string, unknown>>,
  io: CliIo,
  { parents }: RestorePlan,
): ExitCode {
  const shown = { ...plan, parents: parents.map(({ path }) => path) };
  io.stdout.write(`${JSON.stringify({ ...all, ...shown }, null, 2)}\n`);
  return exitCodes.done;
}
