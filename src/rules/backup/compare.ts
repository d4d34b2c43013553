import type { BackupRecord } from '../../model/backup.ts';
import { aclVersionOf, isEphemeral, mtimeMsOf, mzxidOf, type Znode } from '../../model/znode.ts';

/** What a restore would do about a path, or why it leaves it alone. */
export type Difference =
  | { readonly kind: 'add'; readonly znode: Znode }
  | {
      readonly kind: 'change';
      readonly znode: Znode;
      readonly live: Znode;
      readonly data: boolean;
      readonly acl: boolean;
      /** Somebody changed it after it was kept. */
      readonly newer: boolean;
    }
  | { readonly kind: 'extra'; readonly live: Znode }
  /** `ephemeral`: it lives and dies with a session. `unknown`: ZooKeeper did not let us read it, then or now. */
  | { readonly kind: 'leave'; readonly why: 'ephemeral' | 'unknown' };

/**
 * Compares what was kept of a path with what is there now. Undefined where both are the same. `partial`: the file does not hold a
 * whole tree, so what it does not name is no extra.
 */
export function compare(
  kept: BackupRecord | undefined,
  live: Znode | undefined,
  partial: boolean,
): Difference | undefined {
  if (kept === undefined || kept.mark === 'absent') {
    if (live === undefined || (kept === undefined && partial)) return undefined;
    return isEphemeral(live.stat) ? { kind: 'leave', why: 'ephemeral' } : { kind: 'extra', live };
  }
  const { znode } = kept;
  if (isEphemeral(znode.stat) || (live !== undefined && isEphemeral(live.stat)))
    return { kind: 'leave', why: 'ephemeral' };
  if (znode.data === undefined || znode.acl === undefined) return { kind: 'leave', why: 'unknown' };
  if (live === undefined) return { kind: 'add', znode };
  if (live.data === undefined || live.acl === undefined) return { kind: 'leave', why: 'unknown' };
  const data = !isSameData(znode.data, live.data);
  const acl = !znode.acl.equals(live.acl);
  if (!data && !acl) return undefined;
  return { kind: 'change', znode, live, data, acl, newer: isNewer(live.stat, znode.stat, acl) };
}

function isSameData(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

/**
 * By transaction and by clock: in an ensemble that was built anew transactions begin at zero again, and clocks may be wrong. Either is
 * enough, for what is newer is not overwritten without a word.
 */
function isNewer(live: Buffer, kept: Buffer, acl: boolean): boolean {
  if (mzxidOf(live) > mzxidOf(kept) || mtimeMsOf(live) > mtimeMsOf(kept)) return true;
  return acl && aclVersionOf(live) > aclVersionOf(kept);
}
