import type { Facts } from '../../model/finding.ts';
import type { Phase } from '../../model/phase.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type {
  Check,
  GuardView,
  RecoveryAction,
  Seen,
  Situation,
} from '../../model/recovery-action.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import { dataAlarms } from './data-alarms.ts';
import { type DataDirs, dataDirsOf, versionDir } from './data-dirs.ts';
import { conditionOf, guardBeside } from './others.ts';
import { verified, verifyMs } from './restart-server.ts';
import { filesIn, listingOf, purgeOf } from './snapshot-files.ts';

/** The least that is kept, as ZooKeeper's own PurgeTxnLog and autopurge have it. */
export const keepMin = 3;

/** Snapshots there must be before any goes: with three there is nothing to purge. */
const snapshotsMin = 4;

/** Files of one order: their names must fit into one command line. */
const filesPerOrder = 100;

/** Names of files shown with a plan; more are counted. */
const namesShown = 6;

/** Time for files to be removed, and for the listing. */
const removeMs = 30_000;

/** Removes old snapshots and the logs before them, on a running server: it reads neither again. */
export const purgeSnapshots: RecoveryAction = {
  name: 'purge-snapshots',
  needs: ['exec'],
  guard,
  verified,
  verifyMs,
  phased: {
    asks: 'server',
    look: (situation) => {
      const dirs = dataDirsOf(situation);
      return 'code' in dirs ? dirs : listingOf(foldersOf(dirs));
    },
    plan,
    check,
    checkMs: () => removeMs,
    undo: () => [],
  },
};

function foldersOf({ data, log }: DataDirs): readonly string[] {
  return [`${data}/${versionDir}`, `${log}/${versionDir}`];
}

/** It takes no server down, so the quorum is no matter; but what may be needed to find out whose data is right stays. */
function guard(input: GuardView, nowMs: number): GuardVerdict {
  const verdict = guardBeside(input, nowMs);
  const alarms = dataAlarms(input);
  return verdict.kind === 'allow' && alarms.length > 0
    ? deny('data-alarm', { ...verdict.facts, alarms })
    : verdict;
}

/** How many snapshots stay; undefined for what is no number, or too small. */
function keepOf(argument: string | undefined): number | undefined {
  if (argument === undefined || argument === '') return keepMin;
  const keep = /^\d{1,4}$/u.test(argument) ? Number(argument) : 0;
  return keep < keepMin ? undefined : keep;
}

function plan(situation: Situation): readonly Phase[] | Refusal {
  const { server, settings, output, argument } = situation;
  const keep = keepOf(argument);
  if (keep === undefined) return refuse('keep-too-few', { keep: argument ?? '', min: keepMin });
  const dirs = dataDirsOf(situation);
  if ('code' in dirs) return dirs;
  const files = output === undefined ? undefined : filesIn(output);
  if (files === undefined) return refuse('files-unseen', { server: server.id, dir: dirs.data });
  const { remove, snapshots, newestWhole } = purgeOf(files, keep);
  const facts = { server: server.id, snapshots, keep };
  if (!newestWhole && files.some(({ kind }) => kind === 'snapshot'))
    return refuse('snapshot-broken', facts);
  if (snapshots < snapshotsMin || remove.length === 0)
    return refuse('nothing-to-purge', { ...facts, min: snapshotsMin });
  const probe = listingOf(foldersOf(dirs));
  const serves = conditionOf(situation.view.samples[server.id], server.role, 0) === 'serves';
  const common = { ...facts, serves };
  if (settings.tools?.purge !== undefined) {
    const argv = settings.tools.purge.map((word) =>
      word
        .replaceAll('{dataDir}', dirs.data)
        .replaceAll('{logDir}', dirs.log)
        .replaceAll('{keep}', String(keep)),
    );
    const gone = gonePaths(remove.filter(({ kind }) => kind === 'snapshot'));
    const own = { ...common, ...sumOf(remove), gone };
    return [{ name: 'purge', server: server.id, order: { kind: 'exec', argv }, facts: own, probe }];
  }
  return Array.from({ length: Math.ceil(remove.length / filesPerOrder) }, (_, index): Phase => {
    const part = remove.slice(index * filesPerOrder, (index + 1) * filesPerOrder);
    return {
      name: 'remove-files',
      server: server.id,
      order: { kind: 'exec', argv: ['rm', '-f', '--', ...part.map(({ path }) => path)] },
      facts: { ...common, ...sumOf(part), gone: gonePaths(part) },
      probe,
    };
  });
}

function sumOf(files: ReturnType<typeof purgeOf>['remove']): Facts {
  const shown = files
    .slice(0, namesShown)
    .map(({ path, bytes }) => `${path.slice(path.lastIndexOf('/') + 1)} ${bytes}`);
  return {
    count: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: shown,
  };
}

function gonePaths(files: ReturnType<typeof purgeOf>['remove']): readonly string[] {
  return files.map(({ path }) => path);
}

/** The files are gone, enough snapshots are there, and the server serves where it did. */
function check({ facts }: Phase, now: Seen): Check {
  const files = now.output === undefined ? undefined : filesIn(now.output);
  if (files === undefined) return 'not-yet';
  const gone = new Set(facts['gone'] as readonly string[]);
  const whole = files.filter(({ kind, whole: isWhole }) => kind === 'snapshot' && isWhole);
  if (whole.length < Number(facts['keep'])) return 'no';
  if (files.some(({ path }) => gone.has(path))) return 'not-yet';
  if (facts['serves'] !== true) return 'yes';
  const condition = conditionOf(now.view.samples[now.server.id], now.server.role, 0);
  return condition === 'serves' ? 'yes' : 'not-yet';
}
