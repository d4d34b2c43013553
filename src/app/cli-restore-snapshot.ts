import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { standOf } from '../edges/zookeeper/admin-restore.ts';
import { readSnapshotFile } from '../edges/zookeeper/snapshot-file.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type {
  ServerAway,
  ServerStand,
  SnapshotFacts,
  SnapshotRestoreRefusal,
} from '../model/snapshot.ts';
import { restoreOrder, snapshotRestoreRefusals } from '../rules/backup/restore-snapshot.ts';
import { ask, type CliIo, type ExitCode, exitCodes, isInteractive } from './cli-io.ts';
import type { RestoreCliOptions } from './cli-restore.ts';
import { ensembleFor, type Progress, runTree, Unusable, wordsFor } from './cli-tree.ts';
import { carryOutSnapshot, hex } from './snapshot-run.ts';

export interface SnapshotRestoreOptions extends RestoreCliOptions {
  readonly sha256?: string;
  readonly despiteClients?: boolean;
  readonly despiteFiles?: boolean;
}

/** What of `restore` is about parts of a tree. */
const partOptions = [
  ['path', '--path'],
  ['overwriteNewer', '--overwrite-newer'],
  ['deleteExtra', '--delete-extra'],
  ['undo', '--undo'],
] as const;

/** `nightkeeper restore FILE --ensemble NAME --snapshot`: the same snapshot into every server, or into none. */
export async function restoreSnapshot(
  file: string,
  options: SnapshotRestoreOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  const text = wordsFor(io).backup.restoreSnapshot;
  return await runTree(
    io,
    async ({ signal, progress }) => {
      const unfit = partOptions.find(([name]) => options[name] !== undefined);
      if (unfit !== undefined) throw new Unusable(text.notWith(unfit[1]));
      const settings = await ensembleFor(options.ensemble, options, io, detectorThresholds);
      const snapshot = await readSnapshotFile(file);
      if (snapshot.kind === 'bad') {
        io.stderr.write(`${text.bad(file, snapshot.why, snapshot.detail)}\n`);
        return exitCodes.refused;
      }
      if (options.sha256 !== undefined && options.sha256.toLowerCase() !== snapshot.sha256) {
        io.stderr.write(`${text.bad(file, 'sha256', snapshot.sha256)}\n`);
        return exitCodes.refused;
      }
      return await restore({ file, snapshot, settings, options, signal }, io, progress);
    },
    () => undefined,
  );
}

interface Wanted {
  readonly file: string;
  readonly snapshot: SnapshotFacts;
  readonly settings: EnsembleSettings;
  readonly options: SnapshotRestoreOptions;
  readonly signal: AbortSignal;
}

async function restore(wanted: Wanted, io: CliIo, progress: Progress): Promise<ExitCode> {
  const { file, snapshot, settings, options, signal } = wanted;
  const text = wordsFor(io).backup.restoreSnapshot;
  const seen = await look(wanted);
  const isDry = options.dryRun === true || options.diffOnly === true;
  const isTold = options.json === true && (isDry || seen.refusals.length > 0);
  if (isTold) io.stdout.write(`${JSON.stringify(planJson(wanted, seen), null, 2)}\n`);
  if (options.json !== true) io.stdout.write(`${planLines(wanted, seen, io).join('\n')}\n`);
  if (seen.refusals.length > 0) return tellRefusals(seen.refusals, io);
  if (isDry) return exitCodes.done;
  if (options.yes !== true) {
    const refusal = await confirm(options.ensemble, io);
    if (refusal !== undefined) return refusal;
  }
  // Somebody thought about it meanwhile: a client may have come, a server gone.
  const again = await look(wanted);
  if (again.refusals.length > 0) return tellRefusals(again.refusals, io);
  const servers = restoreOrder(again.stands).flatMap(({ id }) =>
    settings.servers.filter((server) => server.id === id),
  );
  const done = await carryOutSnapshot(
    { file, snapshot, servers, login: settings.login, signal },
    {
      onBytes: (id, sent) => progress.show(text.sending(id, sent, snapshot.bytes)),
      onRestored: (id) => progress.say(text.restored(id)),
    },
  );
  progress.end();
  const { failure, has, hasNot, unknown, stands, isVerified } = done;
  if (options.json === true) {
    const told = { ...planJson(wanted, again), has, hasNot, unknown, isVerified };
    io.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else {
    const counts = stands.map((it) => ('why' in it ? `${it.id} ?` : `${it.id} ${it.znodes}`));
    const [first] = stands;
    const lines =
      failure === undefined
        ? isVerified && first !== undefined && 'znodes' in first
          ? [text.verified(first.znodes), text.next(options.ensemble, has)]
          : [text.has(has), text.differ(counts, snapshot.znodes)]
        : [
            text.failed(failure.id, failure.why, failure.detail),
            text.stopped,
            text.has(has),
            text.hasNot(hasNot),
            ...(unknown.length > 0 ? [text.unknown(unknown)] : []),
            has.length + unknown.length > 0 ? text.half : text.none,
          ];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  if (failure !== undefined) return exitCodes.refused;
  return isVerified ? exitCodes.done : exitCodes.incomplete;
}

interface Seen {
  readonly stands: readonly ServerStand[];
  readonly away: readonly ServerAway[];
  readonly refusals: readonly SnapshotRestoreRefusal[];
}

async function look({ snapshot, settings, options }: Wanted): Promise<Seen> {
  const withAdmin = settings.servers.filter(({ admin }) => admin !== undefined);
  const all = await Promise.all(withAdmin.map(standOf));
  const stands = all.filter((it): it is ServerStand => 'znodes' in it);
  const away = all.filter((it): it is ServerAway => 'why' in it);
  const withoutAdmin = settings.servers.flatMap(({ id, admin }) => (admin ? [] : [id]));
  const allowed = {
    clients: options.despiteClients === true,
    oldFiles: options.despiteFiles === true,
  };
  const refusals = snapshotRestoreRefusals({ snapshot, stands, away, withoutAdmin, allowed });
  return { stands, away, refusals };
}

function planLines(
  { file, snapshot, options }: Wanted,
  { stands }: Seen,
  io: CliIo,
): readonly string[] {
  const text = wordsFor(io).backup.restoreSnapshot;
  const { zxid, bytes, znodes, sessions } = snapshot;
  const order = restoreOrder(stands).map((it) =>
    text.server(it.id, it.mode, it.version, it.znodes, hex(it.zxid)),
  );
  const newest = stands.reduce((most, it) => (it.zxid > most ? it.zxid : most), 0n);
  const elections = Number((newest >> 32n) - (zxid >> 32n));
  const lost = elections === 0 ? text.lost(Number(newest - zxid)) : text.lostEpochs(elections);
  return [
    text.title(file, hex(zxid), bytes, znodes, sessions),
    ...(order.length > 0 ? [text.into(options.ensemble), ...order] : []),
    ...(newest > zxid ? [lost] : []),
    ...(order.length > 0 && newest < zxid ? [text.ahead] : []),
  ];
}

function tellRefusals(refusals: Seen['refusals'], io: CliIo): ExitCode {
  const text = wordsFor(io).backup.restoreSnapshot;
  const lines = refusals.map((why) => `- ${text.refusal(why)}`);
  io.stderr.write(`${[text.refused, ...lines].join('\n')}\n`);
  return exitCodes.refused;
}

/** Nobody there to be asked, or another name: how it ends then. */
async function confirm(ensemble: string, io: CliIo): Promise<ExitCode | undefined> {
  const { backup, setup } = wordsFor(io);
  if (isInteractive(io)) {
    if ((await ask(io, backup.restoreSnapshot.confirm(ensemble))) === ensemble) return undefined;
    io.stdout.write(`${setup.cli.notDone}\n`);
  } else io.stdout.write(`${backup.needYes}\n`);
  return exitCodes.refused;
}

function planJson({ file, snapshot, options }: Wanted, { stands, away, refusals }: Seen) {
  const { bytes, sha256, zxid, znodes, ephemerals, sessions } = snapshot;
  return {
    file,
    ensemble: options.ensemble,
    snapshot: { bytes, sha256, zxid: hex(zxid), znodes, ephemerals, sessions },
    servers: restoreOrder(stands).map((it) => ({ ...it, zxid: hex(it.zxid) })),
    away,
    refusals: refusals.map(({ kind }) => kind),
  };
}
