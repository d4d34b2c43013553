import { BackupError } from '../model/backup.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Stamp } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import type { BackupHistory, BackupSettings, KeptBackup } from '../model/kept-backup.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { BackupRight } from '../ports/backup-log.ts';
import { dueMs, overdueSinceMs } from '../rules/backup/due.ts';
import { expiredBackups } from '../rules/backup/retention.ts';
import { words } from '../rules/card/words/words.ts';
import { askedKey, progressKey } from './ask-for-backup.ts';
import type { House } from './house.ts';
import { type BackupDone, makeBackup } from './make-backup.ts';
import { relieveOwn, reportOwn } from './own-trouble.ts';

/** Name of the own trouble: a backup that should be there and is not. */
export const backupOverdue = 'backup-overdue';

/** How often it is looked whether a backup is due. */
export const backupLookMs = 30_000;

/** The right to make one, renewed while it is made: a replica that died leaves it to another one after this. */
const claimMs = 60_000;
const renewMs = 15_000;

/** Znodes asked for at the same time: fewer than a person at a terminal takes, for nobody waits. */
const inFlight = 32;

/** How long a lost ZooKeeper is waited for within an attempt; the next one goes on where it stopped. */
const patienceMs = 5 * 60_000;

/** Makes the backups that are due, on one replica, and ends what runs when the bot ends. */
export interface BackupKeeper {
  run(job: Job): Promise<void>;
  stop(): void;
}

export function createBackupKeeper(house: House): BackupKeeper {
  const ending = new AbortController();
  return {
    async run(job) {
      if (job.kind !== 'backup') return;
      const settings = house.settings().ensembles.find(({ id }) => id === job.ensemble);
      if (settings?.backup === undefined || house.backups === undefined)
        return await relieveOwn(house, backupOverdue, job.ensemble);
      await look(house, settings, settings.backup, ending.signal);
    },
    stop: () => ending.abort(),
  };
}

async function look(
  house: House,
  settings: EnsembleSettings,
  backup: BackupSettings,
  signal: AbortSignal,
): Promise<void> {
  const { id } = settings;
  const history = await house.backupLog.history(id);
  const next = (pattern: string, afterMs: number): number | undefined =>
    house.timetable.next(pattern, house.settings().timeZone ?? 'UTC', afterMs);
  const due = dueMs(backup, history, next) ?? Number.POSITIVE_INFINITY;
  const asked = await house.shortMemory.get(askedKey(id));
  if ((due <= house.clock.now() || asked !== undefined) && !signal.aborted)
    await attempt(house, { settings, backup, history, asked }, signal);
  await tell(house, settings, backup, next);
}

interface Attempt {
  readonly settings: EnsembleSettings;
  readonly backup: BackupSettings;
  readonly history: BackupHistory;
  /** Who asked for it, as JSON. */
  readonly asked: string | undefined;
}

async function attempt(house: House, work: Attempt, outer: AbortSignal): Promise<void> {
  const { id } = work.settings;
  const right = await house.backupLog.claim(id, claimMs);
  if (right === undefined) return;
  const over = new AbortController();
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  outer.addEventListener('abort', stop, { once: true });
  void keep(house, right, over.signal).then((isOurs) => (isOurs ? undefined : stop()));
  try {
    await make(house, work, ending.signal);
  } finally {
    over.abort();
    outer.removeEventListener('abort', stop);
    await right.release().catch(() => undefined);
    await house.shortMemory.take(progressKey(id)).catch(() => undefined);
  }
}

/**
 * Lengthens the right until the work is over, and answers whether it was ours to the end. Without Redis nobody knows that we are at it,
 * and after a pause of ours another may be: better none than two into one file.
 */
async function keep({ clock }: House, right: BackupRight, over: AbortSignal): Promise<boolean> {
  for (;;) {
    try {
      await clock.sleep(renewMs, over);
    } catch {
      return true;
    }
    if (!(await right.renew(claimMs).catch(() => false))) return false;
  }
}

async function make(house: House, work: Attempt, signal: AbortSignal): Promise<void> {
  const { settings, backup, history } = work;
  const { backups } = house;
  if (backups === undefined) return;
  const startedMs = house.clock.now();
  let file = '';
  try {
    file = await backups.files.nameIn(backup.dir, settings.id, startedMs);
    const done = await makeBackup(
      {
        settings,
        root: backup.root,
        file,
        fresh: false,
        perSecondMax: backup.perSecondMax,
        tree: {
          logins: settings.login === undefined ? [] : [settings.login],
          patienceMs,
          inFlight,
          signal,
        },
      },
      { ...backups, clock: house.clock },
      createTeller(house, settings.id, startedMs),
    );
    const kept = keptOf(done, { file, startedMs, root: backup.root });
    await settle(house, work, kept);
  } catch (error) {
    // The bot was told to end: whoever is next goes on with what is there.
    if (signal.aborted) return;
    const why = reasonOf(error, house);
    house.log.warn({ ensemble: settings.id, file, err: error }, 'backup failed');
    const atMs = house.clock.now();
    const sinceMs = history.failed?.sinceMs ?? atMs;
    await house.backupLog.save({ ...history, failed: { sinceMs, atMs, why } });
    await note(house, work, 'failed', { why });
  }
  // Also where it failed: who asked is told by the card, and asks again.
  await house.shortMemory.take(askedKey(settings.id));
}

/** Remembers it, and throws away what has become too old. */
async function settle(house: House, work: Attempt, made: KeptBackup): Promise<void> {
  const { settings, backup, history } = work;
  const all = [made, ...history.kept];
  const zone = house.settings().timeZone ?? 'UTC';
  const expired = expiredBackups(all, backup.keep, zone);
  await house.backupLog.save({
    ensemble: settings.id,
    kept: all.filter((each) => !expired.includes(each)),
  });
  const { file, znodes, bytes } = made;
  house.log.info({ ensemble: settings.id, file, znodes, bytes }, 'backup made');
  await note(house, work, 'done', { file, znodes, bytes, removed: expired.length });
  for (const each of expired)
    await house.backups?.files
      .remove(each.file)
      .catch((error: unknown) =>
        house.log.warn({ file: each.file, err: error }, 'an old backup could not be removed'),
      );
}

function keptOf(
  { summary, bytes, sha256 }: BackupDone,
  where: Pick<KeptBackup, 'file' | 'startedMs' | 'root'>,
): KeptBackup {
  const { counts, endedMs, zxid, moved, denied } = summary;
  return {
    ...where,
    ...counts,
    endedMs,
    bytes,
    sha256,
    zxid,
    moved: moved.count,
    denied: denied.count,
  };
}

/** Lets people see how far it is, not more often than they can look. */
function createTeller(house: House, ensemble: string, sinceMs: number) {
  let toldMs = 0;
  return ({ phase, znodes }: { phase: 'look' | 'check'; znodes: number }): void => {
    const nowMs = house.clock.now();
    if (nowMs - toldMs < 1000) return;
    toldMs = nowMs;
    const text = JSON.stringify({ sinceMs, phase, znodes });
    house.shortMemory.put(progressKey(ensemble), text, claimMs).catch(() => undefined);
  };
}

function reasonOf(error: unknown, house: House): string {
  if (error instanceof BackupError)
    return words(house.settings().language).backup.trouble(error.trouble);
  if (error instanceof NightkeeperError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** One card for each ensemble whose backup is missing. */
async function tell(
  house: House,
  { id }: EnsembleSettings,
  backup: BackupSettings,
  next: Parameters<typeof overdueSinceMs>[2],
): Promise<void> {
  const history = await house.backupLog.history(id);
  const sinceMs = overdueSinceMs(backup, history, next, house.clock.now());
  if (sinceMs === undefined) return await relieveOwn(house, backupOverdue, id);
  const [last] = history.kept;
  const why = history.failed?.why;
  await reportOwn(house, {
    detector: backupOverdue,
    about: id,
    severity: 'warn',
    sinceMs,
    facts: {
      ensemble: id,
      ...(last === undefined ? {} : { lastMs: last.endedMs }),
      ...(why === undefined ? {} : { why }),
    },
    evidence: why === undefined ? [] : [why],
  });
}

async function note(
  house: House,
  { settings, asked }: Attempt,
  outcome: 'done' | 'failed',
  facts: Readonly<Record<string, string | number>>,
): Promise<void> {
  const by = asked === undefined ? undefined : (JSON.parse(asked) as Stamp);
  await house.incidents.audit([
    {
      atMs: house.clock.now(),
      ensemble: settings.id,
      who: by?.by ?? 'nightkeeper',
      name: by?.name ?? 'Nightkeeper',
      via: by?.via ?? 'timer',
      what: 'backup',
      outcome,
      facts,
    },
  ]);
}
