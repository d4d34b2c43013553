import type { BackupTrouble } from '../../../../model/backup.ts';
import { commonEn } from '../common/en.ts';
import { bytes, thousands } from '../figures.ts';
import { byCount, counted, thousandsOf } from '../plural.ts';
import { restoreSnapshotEn } from './restore-snapshot-en.ts';

/** What is wrong with a backup file, and what to do. */
function trouble(what: BackupTrouble): string {
  switch (what.kind) {
    case 'not-a-backup':
      return 'this is no backup of Nightkeeper';
    case 'other-version':
      return 'this backup is of another version of Nightkeeper, which has to read it';
    case 'unfinished':
      return 'this backup was never finished: its end is missing. Repeat the backup; it goes on where it stopped';
    case 'cut':
      return `this backup is cut off at byte ${what.at}. Nothing of it is used`;
    case 'checksum':
      return `the checksum at byte ${what.at} does not match: the file was damaged or changed. Nothing of it is used`;
    case 'bad-content':
      return `this backup holds what no backup holds: ${what.what}. Nothing of it is used`;
    case 'disk-full':
      return `no space left for ${what.file}. What is there stays; make room and repeat, and it goes on`;
    case 'io':
      return `${what.file}: ${what.reason}`;
  }
}

function znodes(count: number): string {
  return thousandsOf(count, 'znode');
}

const snapshotWhy: Readonly<Record<string, string>> = {
  'too-old':
    'its version has no such command; ZooKeeper 3.9 has. A backup without --snapshot needs nothing of it',
  off: 'snapshots are switched off: set admin.snapshot.enabled=true and serializeLastProcessedZxid.enabled=true',
  login: 'it wants another login: set "login" of the ensemble to one that may do everything at /',
  'too-often': 'it gave one just now; by default one in five minutes',
  cut: 'the snapshot did not come whole',
  strange: 'what came is no snapshot',
  away: 'its AdminServer does not answer',
  disk: 'the file cannot be written',
};

/** Texts about backups and restores of the tree. */
export const backupEn = {
  trouble,
  znodes,
  cli: {
    backup: 'keep the tree of an ensemble in a file',
    ensemble: 'an ensemble of the configuration',
    out: 'the file to write; without it the running bot is asked for a backup',
    path: 'only this znode and what is below it',
    fresh: 'begin anew, also where an earlier attempt can be continued',
    rate: 'read at most so many znodes a second',
    inFlight: 'ask for so many znodes at the same time',
    patience: 'how many seconds to wait for ZooKeeper when it is lost',
    restore: 'make the tree of an ensemble as a backup has it; shows first what would change',
    file: 'a backup, or the undo file of a restore',
    restoreEnsemble: 'the ensemble to restore into',
    dryRun: 'say what would be done, and do nothing',
    diffOnly: 'show what differs, and ask nothing',
    overwriteNewer: 'also overwrite what was changed since the backup',
    deleteExtra: 'remove what the backup does not have',
    otherEnsemble: 'the backup may be of another ensemble',
    undo: 'where to keep what is replaced',
    yes: 'do not ask',
    show: 'how many paths of each kind to name',
    badNumber: (option: string, value: string) =>
      `--${option} needs a whole number above 0, not "${value}".`,
    badPath: (path: string) =>
      `"${path}" is no path of ZooKeeper: it begins with / and has no //, . or ..`,
    unknown: (ensemble: string, known: readonly string[]) =>
      `There is no ensemble "${ensemble}" in the configuration. There are: ${known.join(', ')}`,
    noConfig: (file: string) => `${file} is not there: name the configuration with --config.`,
  },
  begins: (ensemble: string, root: string, dir: string) =>
    `A backup of ${ensemble}${root === '/' ? '' : ` (${root})`} begins and goes into ${dir}. How far it is, and when it is done: backups ${ensemble}`,
  nowhere: 'No ensemble has a section backup in the configuration.',
  off: (ensemble: string) => `Backups of ${ensemble} are not set up.`,
  none: (ensemble: string) => `There is no backup of ${ensemble} yet.`,
  there: (ensemble: string, count: number) =>
    `${counted(count, 'backup')} of ${ensemble}, the newest first:`,
  running: (phase: 'look' | 'check', count: number, before: number | undefined, sinceMs: number) =>
    `One is being made for ${commonEn.duration(sinceMs)}: ${phase === 'look' ? 'read' : 'looked at again'} ${before === undefined ? znodes(count) : `${thousands(count)} of about ${znodes(before)}`}.`,
  failed: (ago: string, why: string) => `The last attempt failed ${ago}: ${why}`,
  head: ['age', 'size', 'znodes', 'state', 'file'],
  whole: 'whole',
  lacks: (count: number) => `${thousands(count)} could not be read`,
  shifts: (count: number) => `${thousands(count)} moved`,
  snapshot: {
    option: 'instead: the snapshot that a server streams through its AdminServer (3.9 and newer)',
    server: 'with --snapshot: from this server only',
    noAdmin: (ensemble: string) =>
      `No server of ${ensemble} has an AdminServer in the configuration: set "admin" of a server.`,
    coming: (server: string, size: number) => `snapshot of ${server}: ${bytes(size)}`,
    kept: (server: string, zxid: string, file: string, size: number) =>
      `The snapshot of ${server} up to zxid ${zxid} is in ${file} (${bytes(size)}). How it goes back: docs/backup.md; never into one server of a running ensemble.`,
    refused: (server: string, why: string, detail: string) =>
      `${server}: ${snapshotWhy[why] ?? why} (${detail})`,
  },
  restoreSnapshot: restoreSnapshotEn,
  resuming: (count: number) =>
    `Going on with what an earlier attempt kept: ${znodes(count)}. (--fresh begins anew.)`,
  lost: (why: string) => `ZooKeeper is lost (${why}); waiting for another server …`,
  gone: (why: string) => `ZooKeeper did not come back: ${why}`,
  partKept: (file: string) => `What is there stays in ${file}. Repeat the command, and it goes on.`,
  stopped: 'Stopped.',
  progress: (phase: 'look' | 'check', count: number, size: number, file: number, each: number) =>
    `${phase === 'look' ? 'reading' : 'looking again'}: ${znodes(count)}, ${bytes(size)} of data, file ${bytes(file)}, ${thousandsOf(each, 'znode')}/s`,
  done: (count: number, size: number, file: string, fileBytes: number) =>
    `${znodes(count)} with ${bytes(size)} of data are in ${file} (${bytes(fileBytes)}).`,
  speed: (seconds: string, each: number, peak: number) =>
    `${seconds}, ${thousandsOf(each, 'znode')}/s, ${bytes(peak)} of memory at most.`,
  checksum: (sha256: string) => `sha256 ${sha256}`,
  exact: (zxid: string) => `It is the tree as it was at zxid ${zxid}.`,
  but: (zxid: string, count: number) =>
    `It is the tree as it was at zxid ${zxid}, but for ${znodes(count)} that changed while it was read and ${byCount(count, 'is', 'are')} kept as of a moment later:`,
  denied: (count: number) =>
    `ZooKeeper did not let us read ${znodes(count)}; only ${byCount(count, 'its name is', 'their names are')} in the file. Set "login" of the ensemble to a user who may:`,
  ephemerals: (count: number) =>
    `${thousands(count)} of them ${byCount(count, 'is', 'are')} ephemeral: marked as such, and never restored.`,
  morePaths: (count: number) => `… ${thousands(count)} more`,
  ofFile: (ensemble: string, root: string, when: string, count: number) =>
    `Backup of ${ensemble}, ${root}, ${when}: ${znodes(count)}.`,
  ofUndo: (ensemble: string, root: string, when: string) =>
    `What a restore into ${ensemble}, ${root}, replaced: ${when}.`,
  otherEnsemble: (of: string, into: string) =>
    `This is a backup of ${of}, not of ${into}. With --from-other-ensemble it is taken all the same.`,
  notIn: (path: string, root: string) => `The backup holds ${root}; ${path} is not in it.`,
  comparing: (count: number) => `comparing: ${znodes(count)}`,
  writing: (count: number, all: number) => `writing: ${thousands(count)} of ${thousands(all)}`,
  same: (count: number) => `${znodes(count)} are the same.`,
  add: (count: number) => `to add: ${thousands(count)}`,
  change: (count: number) => `to change: ${thousands(count)}`,
  newer: (count: number, taken: boolean) =>
    taken
      ? `to overwrite although changed since the backup: ${thousands(count)}`
      : `changed since the backup, left alone without --overwrite-newer: ${thousands(count)}`,
  extra: (count: number, taken: boolean) =>
    taken
      ? `to remove: ${thousands(count)}`
      : `not in the backup, left alone without --delete-extra: ${thousands(count)}`,
  unknown: (count: number) =>
    `cannot be compared, ZooKeeper does not let us read: ${thousands(count)}`,
  ephemeral: (count: number) => `ephemeral, never touched: ${thousands(count)}`,
  orphaned: (paths: readonly string[]) =>
    `The parents ${paths.join(', ')} are missing, and the backup knows nothing of them: make them first.`,
  nothing: 'There is nothing to do.',
  ask: (count: number, ensemble: string) => `Write ${thousandsOf(count, 'znode')} into ${ensemble}`,
  needYes: 'Nobody is there to be asked: repeat it with --yes to do it.',
  undoFile: (file: string) =>
    `What was there before is in ${file}; "nightkeeper restore" takes it, too.`,
  restored: (added: number, changed: number, removed: number) =>
    `added ${thousands(added)}, changed ${thousands(changed)}, removed ${thousands(removed)}`,
  refused: (count: number) => `ZooKeeper refused ${thousands(count)}:`,
  conflict: (path: string, reply: string) =>
    `Stopped at ${path}: somebody else changed it meanwhile (${reply}). The rest is as it was. Compare again and repeat.`,
  equal: 'Compared once more: the tree is as the backup has it.',
  differs: (count: number) => `Compared once more: ${znodes(count)} still differ, see above.`,
};

export type BackupWords = typeof backupEn;
