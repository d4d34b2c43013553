/**
 * One znode with all that a backup keeps of it. Its list of permissions and its stat stay as ZooKeeper writes them: they are compared
 * and sent back byte for byte.
 */
export interface Znode {
  readonly path: string;
  readonly stat: Buffer;
  /** Undefined where we may not read it, or were not asked to. */
  readonly acl: Buffer | undefined;
  /** `null` is ZooKeeper's "no data", which is not the same as no bytes. Undefined where we may not read it, or were not asked to. */
  readonly data: Buffer | null | undefined;
  /** Its children could not be listed: what is below it is unknown. */
  readonly hidden: boolean;
}

/** Bytes of a stat. @see Stat in zookeeper.jute */
export const statBytes = 68;

/** What of a tree is no data of its users: ZooKeeper's own, and what the bot writes every second. */
export const neverKept: readonly string[] = ['/zookeeper', '/nightkeeper-canary'];

/** Longest path that is taken: a request of ZooKeeper has at most 1 MiB by default. */
export const pathCharsMax = 1024 * 1024;

export function czxidOf(stat: Buffer): bigint {
  return stat.readBigInt64BE(0);
}

/** The transaction that last changed its data. */
export function mzxidOf(stat: Buffer): bigint {
  return stat.readBigInt64BE(8);
}

export function mtimeMsOf(stat: Buffer): number {
  return Number(stat.readBigInt64BE(24));
}

/** How often its data was changed. */
export function versionOf(stat: Buffer): number {
  return stat.readInt32BE(32);
}

/** How often its permissions were changed. */
export function aclVersionOf(stat: Buffer): number {
  return stat.readInt32BE(40);
}

export function childrenOf(stat: Buffer): number {
  return stat.readInt32BE(56);
}

/** The transaction that last added or removed a child. */
export function pzxidOf(stat: Buffer): bigint {
  return stat.readBigInt64BE(60);
}

/** What a znode lives as. `ttl`: it goes when it has had no children and no change for so long. */
export type ZnodeKind =
  | { readonly kind: 'persistent' | 'ephemeral' | 'container' }
  | { readonly kind: 'ttl'; readonly ttlMs: number };

export function kindOf(stat: Buffer): ZnodeKind {
  return kindByOwner(stat.subarray(44, 52));
}

/** By the field that holds the session of an ephemeral znode. @see EphemeralType in apache/zookeeper: containers and TTLs are marked in it. */
export function kindByOwner(owner: Buffer): ZnodeKind {
  const high = owner.readUInt32BE(0);
  const low = owner.readUInt32BE(4);
  if (high === 0 && low === 0) return { kind: 'persistent' };
  if (high === 0x80000000 && low === 0) return { kind: 'container' };
  // The first byte says "extended", the next two which extension: 0 is a TTL, in the 40 bits that are left.
  if (high >>> 8 === 0xff0000) return { kind: 'ttl', ttlMs: (high & 0xff) * 2 ** 32 + low };
  return { kind: 'ephemeral' };
}

export function isEphemeral(stat: Buffer): boolean {
  return kindOf(stat).kind === 'ephemeral';
}

const slash = 0x2f;

/**
 * The order in which trees are walked and kept: a znode, then everything below it, then its next sibling; siblings by code unit.
 * Negative where `a` comes first.
 */
export function comparePaths(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    if (left === slash) return -1;
    if (right === slash) return 1;
    return left - right;
  }
  return a.length - b.length;
}

/** `/a` and `b`: `/a/b`. */
export function childPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** Whether a path is that znode or lies below it. */
export function isWithin(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`);
}

/** Whether a path belongs to ZooKeeper or to the bot. */
export function isNeverKept(path: string): boolean {
  return neverKept.some((root) => isWithin(path, root));
}

/** The parents of a path, outermost first: `/` and `/a` of `/a/b`. */
export function ancestorsOf(path: string): readonly string[] {
  if (path === '/') return [];
  const ends = [...path.matchAll(/\//gu)].map(({ index }) => index);
  return ends.map((end) => path.slice(0, Math.max(1, end)));
}

/** Whether ZooKeeper would take it as a path. @see PathUtils.validatePath in apache/zookeeper */
export function isPath(path: string): boolean {
  if (path === '/') return true;
  if (path.length > pathCharsMax || !path.startsWith('/') || path.endsWith('/')) return false;
  if (/[\p{Cc}\ud800-\uf8ff\ufff0-\uffff\u{10000}-\u{10ffff}]/u.test(path)) return false;
  return !/\/(?:\.{0,2})(?=\/|$)/u.test(path);
}
