import { votersOf } from '../../model/ensemble.ts';
import type { Facts } from '../../model/finding.ts';
import type { Phase } from '../../model/phase.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type { GuardView, Phased, RecoveryAction } from '../../model/recovery-action.ts';
import { zxidOf } from '../../model/sample.ts';
import { standingOf, syncedBy } from '../../model/standing.ts';
import { alarmsBeside } from './data-alarms.ts';
import { dataDirsOf, versionDir } from './data-dirs.ts';
import { servesInSync } from './others.ts';
import { verified, verifyMs } from './restart-server.ts';
import { checkPhase, phaseMs, undoResync } from './resync-checks.ts';
import { guardAmongHealthy } from './rolling-restart.ts';

/**
 * How far a follower in sync may seem ahead of its leader: both are asked at almost the same moment, while clients write. [guess] The
 * same as what a server may lag before it counts as behind.
 */
const aheadMax = 1000n;

/** Snapshots that must fit on the disk: the one that is set aside stays, and the new one is written beside it. */
const snapshotsFree = 2;

/**
 * Makes a server fetch all data anew from the leader: stops it, sets its data aside under a dated name, starts it empty. Two servers
 * wiped and started first were seen to destroy the data of the third, so the guard is stricter than that of any other recovery.
 */
export const resyncServer: RecoveryAction = {
  name: 'resync-server',
  needs: ['stop', 'exec', 'start'],
  approvals: 1,
  guard,
  verified,
  verifyMs,
  phased: { asks: 'server', plan, check: checkPhase, checkMs: phaseMs, undo: undoResync },
};

function guard(input: GuardView, nowMs: number): GuardVerdict {
  const { view, server } = input;
  const verdict = guardAmongHealthy(input, nowMs);
  const { facts } = verdict;
  const standing = standingOf(view.ensemble, view.samples);
  if (standing.leader === server.id && verdict.kind !== 'wait')
    return deny('leads', { ...facts, standalone: standing.voters.length === 1 });
  // Where nobody leads, a restart may bring the quorum back; emptying a server may destroy what is left.
  if (standing.leader === undefined && (verdict.kind === 'allow' || verdict.code === 'others-out'))
    return deny('would-not-help', { ...facts, why: 'no-leader-to-copy' });
  if (verdict.kind !== 'allow' || standing.leader === undefined) return verdict;
  // For an observer too: whoever copies from the leader must not be what the leader leans on.
  if (Number(facts['after']) < standing.quorum) return deny('would-break-quorum', facts);
  const ahead = isAhead(input, standing.leader);
  if (ahead !== undefined) return deny('highest-zxid', { ...facts, ...ahead });
  const alarmed = alarmsBeside(input);
  if (alarmed.length > 0) return deny('data-alarm', { ...facts, alarms: alarmed });
  const differing = differingOthers(input);
  if (differing !== undefined) return deny('digests-differ', { ...facts, ...differing });
  const disk = shortDisk(input);
  if (disk !== undefined) return deny('disk-too-small', { ...facts, ...disk });
  return { kind: 'allow', facts: { ...facts, leader: standing.leader } };
}

/** Whether the server knows, or ever knew, transactions that its leader does not: then it may hold the only copy of them. */
function isAhead({ view, server }: GuardView, leader: string): Facts | undefined {
  const sample = view.samples[server.id];
  const leading = zxidOf(view.samples[leader]);
  const now = zxidOf(sample);
  const peak = view.surveys?.[server.id]?.peak?.zxid;
  const own = [now, peak === undefined ? undefined : BigInt(peak)].reduce((most, each) =>
    each !== undefined && (most === undefined || each > most) ? each : most,
  );
  if (own === undefined || leading === undefined) return undefined;
  const epoch = (zxid: bigint): bigint => zxid >> 32n;
  const allowed =
    servesInSync(sample) && epoch(own) === epoch(leading) ? leading + aheadMax : leading;
  return own > allowed ? { zxid: `0x${own.toString(16)}`, leader } : undefined;
}

/** A transaction after which two of the others do not hold the same data. */
function differingOthers({ ensemble, view, server }: GuardView): Facts | undefined {
  const seen = new Map<string, { readonly id: string; readonly digest: string }>();
  for (const { id } of ensemble.servers.filter((each) => each.id !== server.id))
    for (const [zxid, digest] of Object.entries(view.surveys?.[id]?.digests?.byZxid ?? {})) {
      const other = seen.get(zxid);
      if (other !== undefined && other.digest !== digest)
        return { zxid, differing: [other.id, id] };
      seen.set(zxid, { id, digest });
    }
  return undefined;
}

/** Whether the machine is known to have too little room for a second copy. Where nobody looks at the machine, nobody knows. */
function shortDisk({ ensemble, view, server }: GuardView): Facts | undefined {
  const disk = view.surveys?.[server.id]?.host?.disks.find(({ what }) => what === 'dataDir');
  const newest = Math.max(
    0,
    ...ensemble.servers.map(({ id }) => view.surveys?.[id]?.host?.snapshots?.newestBytes ?? 0),
  );
  const needBytes = snapshotsFree * newest;
  return disk !== undefined && newest > 0 && disk.freeBytes < needBytes
    ? { freeBytes: disk.freeBytes, needBytes }
    : undefined;
}

/** Stop, set aside, start: what the checks compare with is written down now, for a crash forgets what was seen before. */
function plan(situation: Parameters<Phased['plan']>[0], stamp: string): ReturnType<Phased['plan']> {
  const { server, view } = situation;
  const dirs = dataDirsOf(situation);
  if ('code' in dirs) return dirs;
  const { leader = '' } = standingOf(view.ensemble, view.samples);
  const sample = view.samples[leader];
  const snapCount = sample?.kind === 'reading' ? (sample.metrics['snap_count'] ?? -1) : -1;
  const stood = { leader, snapCount, voters: votersOf(view.ensemble).length };
  const facts = { server: server.id, ...stood, synced: syncedBy(sample) ?? -1 };
  const aside = `${versionDir}.bad.${stamp}`;
  const folders = [...new Set([dirs.data, dirs.log])];
  return [
    { name: 'stop', server: server.id, order: { kind: 'stop' }, facts },
    ...folders.map(
      (dir): Phase => ({
        name: 'set-aside',
        server: server.id,
        order: { kind: 'exec', argv: ['mv', '-T', `${dir}/${versionDir}`, `${dir}/${aside}`] },
        facts: { ...facts, dir, aside },
        probe: { kind: 'exec', argv: ['ls', '-1', `${dir}/`] },
      }),
    ),
    {
      name: 'start',
      server: server.id,
      order: { kind: 'start' },
      facts: { ...facts, aside, empty: true },
    },
  ];
}
