import type { ServerId } from '../../model/ensemble.ts';
import type {
  ServerAway,
  ServerStand,
  SnapshotFacts,
  SnapshotRestoreRefusal,
} from '../../model/snapshot.ts';

/** What is known before a snapshot goes into an ensemble. */
export interface SnapshotRestoreCase {
  readonly snapshot: Pick<SnapshotFacts, 'zxid'>;
  readonly stands: readonly ServerStand[];
  readonly away: readonly ServerAway[];
  readonly withoutAdmin: readonly ServerId[];
  readonly allowed: { readonly clients: boolean; readonly oldFiles: boolean };
}

/** ZooKeeper has `restore` since this version. @see apache/zookeeper ZOOKEEPER-4571 */
const restoreSince = [3, 9] as const;

const servingModes = new Set(['leader', 'follower', 'observer', 'standalone']);

/** Why a snapshot must not be restored now; nothing when it may. */
export function snapshotRestoreRefusals(
  its: SnapshotRestoreCase,
): readonly SnapshotRestoreRefusal[] {
  const { stands, away, withoutAdmin, allowed, snapshot } = its;
  const tooOld = stands.filter(({ version }) => !hasRestore(version));
  const idle = stands.filter(({ mode }) => !servingModes.has(mode));
  const withClients = stands.filter(({ clients }) => clients.length > 0);
  const further = stands.filter(({ zxid }) => zxid > snapshot.zxid);
  const isWhole = away.length === 0 && withoutAdmin.length === 0 && idle.length === 0;
  return [
    ...(withoutAdmin.length > 0 ? [{ kind: 'no-admin' as const, servers: withoutAdmin }] : []),
    ...(away.length > 0 ? [{ kind: 'away' as const, servers: away }] : []),
    ...(tooOld.length > 0 ? [{ kind: 'too-old' as const, servers: tooOld }] : []),
    ...(idle.length > 0 ? [{ kind: 'not-serving' as const, servers: idle }] : []),
    // What belongs together can be told only when all have answered.
    ...(isWhole ? ensembleRefusals(stands) : []),
    ...(withClients.length > 0 && !allowed.clients
      ? [{ kind: 'clients' as const, servers: withClients }]
      : []),
    ...(further.length > 0 && !allowed.oldFiles
      ? [{ kind: 'old-files' as const, servers: further }]
      : []),
  ];
}

/** The order in which servers get it: the leader last, for it tells the others what to do. */
export function restoreOrder(stands: readonly ServerStand[]): readonly ServerStand[] {
  return stands.toSorted((one, other) => Number(isLeader(one)) - Number(isLeader(other)));
}

/** Whether all have the same tree now, and it is that of the snapshot. Ephemerals go when their sessions expire. */
export function isRestored(
  stands: readonly ServerStand[],
  { znodes, ephemerals }: Pick<SnapshotFacts, 'znodes' | 'ephemerals'>,
): boolean {
  const counts = stands.map((stand) => stand.znodes);
  const isSame = new Set(counts).size === 1;
  return isSame && counts.every((count) => count <= znodes && count >= znodes - ephemerals);
}

function ensembleRefusals(stands: readonly ServerStand[]): readonly SnapshotRestoreRefusal[] {
  if (stands.length === 1 && stands[0]?.mode === 'standalone') return [];
  const leaders = stands.filter(isLeader);
  const [leader] = leaders;
  // One follower alone is a member whose others the configuration does not name.
  const voters = stands.filter(({ mode }) => mode === 'leader' || mode === 'follower').length;
  const quorumSize = Math.max(0, ...stands.map((stand) => stand.quorumSize ?? 0));
  const members = Math.max(quorumSize + stands.length - voters, (leader?.learners ?? 0) + 1);
  if (voters < quorumSize || members > stands.length)
    return [{ kind: 'unknown-members', configured: stands.length, members }];
  if (leaders.length !== 1 || stands.some(({ mode }) => mode === 'standalone'))
    return [{ kind: 'not-one', servers: stands }];
  const missing = quorumSize - 1 - (leader?.syncedFollowers ?? 0);
  return missing > 0 ? [{ kind: 'not-in-sync', missing }] : [];
}

function isLeader({ mode }: ServerStand): boolean {
  return mode === 'leader';
}

function hasRestore(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/u.exec(version) ?? [];
  const [needMajor, needMinor] = restoreSince;
  const isNewer = Number(major) > needMajor;
  return isNewer || (Number(major) === needMajor && Number(minor) >= needMinor);
}
