import {
  type CrawlState,
  type Creation,
  createdMsMax,
  creationsMax,
  pathCharsMax,
  type RecreatedFacts,
  recreatedMax,
  recreatedMs,
} from '../../model/tree.ts';

/** An ephemeral znode that is younger than the last look at its parent. */
export interface SeenCreation {
  readonly path: string;
  /** The transaction that created it, `0x…`. */
  readonly zxid: string;
  readonly owner: string;
}

/** Names ZooKeeper numbers: none of them ever comes back, so none of them can come and go. */
const sequential = /\d{10}$/u;

/** Whether a child of this name may be created again. */
export function mayComeBack(name: string): boolean {
  return !sequential.test(name);
}

/** Whether a transaction is later than another; both `0x…`. */
export function isLater(zxid: string, than: string): boolean {
  return BigInt(zxid) > BigInt(than);
}

/** Adds what was created since the last look, and forgets what is long past; the newest are kept. */
export function rememberCreations(
  known: readonly Creation[],
  seen: readonly SeenCreation[],
  nowMs: number,
): readonly Creation[] {
  const all = new Map(known.map((creation) => [creation.path, creation]));
  for (const { path, zxid, owner } of seen) {
    if (path.length > pathCharsMax) continue;
    const old = all.get(path);
    // A look that was repeated sees the same creation twice.
    if (old !== undefined && !isLater(zxid, old.zxid)) continue;
    const createdMs = [...(old?.createdMs ?? []), nowMs].slice(-createdMsMax);
    all.set(path, { ...old, path, zxid, owner, createdMs });
  }
  return [...all.values()]
    .map((creation) => ({
      ...creation,
      createdMs: creation.createdMs.filter((atMs) => atMs > nowMs - recreatedMs),
    }))
    .filter(({ createdMs }) => createdMs.length > 0)
    .toSorted((a, b) => (b.createdMs.at(-1) ?? 0) - (a.createdMs.at(-1) ?? 0))
    .slice(0, creationsMax);
}

/** What is told of them: those that were created twice at the least, most often first. */
export function recreatedOf(state: CrawlState, atMs: number): RecreatedFacts {
  return {
    atMs,
    watched: state.nests.length,
    unwatched: state.nestsLeft,
    paths: state.creations
      .filter(({ createdMs }) => createdMs.length > 1)
      .toSorted((a, b) => b.createdMs.length - a.createdMs.length)
      .slice(0, recreatedMax)
      .map(({ path, createdMs, owner, address, server }) => ({
        path,
        createdMs,
        owner,
        ...(address === undefined ? {} : { address }),
        ...(server === undefined ? {} : { server }),
      })),
  };
}
