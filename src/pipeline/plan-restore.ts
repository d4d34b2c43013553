import { type PathList, pathCollector } from '../model/backup.ts';
import { ancestorsOf, comparePaths, isNeverKept, isWithin, type Znode } from '../model/znode.ts';
import type { BackupReader, RecordCursor } from '../ports/backup-file.ts';
import type { ZnodeTree } from '../ports/znode-tree.ts';
import { compare, type Difference } from '../rules/backup/compare.ts';
import { filterRecords } from './filter-records.ts';
import { joinTrees } from './join-trees.ts';

/** What is restored: a part of a file, into a part of a living tree. */
export interface RestoreScope {
  readonly reader: BackupReader;
  readonly tree: ZnodeTree;
  readonly root: string;
}

/** What differs between a file and a living tree, by what a restore would do about it. */
export interface RestorePlan {
  readonly same: number;
  readonly add: PathList;
  /** Changed, and not since it was kept. */
  readonly change: PathList;
  /** Changed since it was kept. */
  readonly newer: PathList;
  readonly extra: PathList;
  readonly ephemeral: number;
  readonly unknown: PathList;
  /** Parents of the root that are missing and that the file knows. */
  readonly parents: readonly Znode[];
  /** Parents that are missing, and the file knows nothing of them. */
  readonly orphaned: readonly string[];
}

/** Compares the whole, and changes nothing. */
export async function planRestore(
  scope: RestoreScope,
  onProgress: (znodes: number) => void,
): Promise<RestorePlan> {
  const lists = {
    add: pathCollector(),
    change: pathCollector(),
    newer: pathCollector(),
    extra: pathCollector(),
    unknown: pathCollector(),
  };
  let [same, ephemeral, looked] = [0, 0, 0];
  await scope.tree.sync();
  const { parents, orphaned } = await missingParents(scope);
  for await (const batch of differences(scope, undefined)) {
    looked += batch.length;
    for (const { path, difference } of batch) {
      if (difference === undefined) same += 1;
      else if (difference.kind === 'leave' && difference.why === 'ephemeral') ephemeral += 1;
      else if (difference.kind === 'leave') lists.unknown.add(path);
      else if (difference.kind === 'change') lists[difference.newer ? 'newer' : 'change'].add(path);
      else lists[difference.kind].add(path);
    }
    onProgress(looked);
  }
  return {
    same,
    add: lists.add.list(),
    change: lists.change.list(),
    newer: lists.newer.list(),
    extra: lists.extra.list(),
    unknown: lists.unknown.list(),
    ephemeral,
    parents,
    orphaned,
  };
}

/** One path that was compared. */
export interface Compared {
  readonly path: string;
  readonly difference: Difference | undefined;
}

/** Everything of the scope in order, compared. Where the file could not see below a znode, nothing below it is extra. */
export async function* differences(
  { reader, tree, root }: RestoreScope,
  after: string | undefined,
): AsyncGenerator<readonly Compared[]> {
  const isThere = (await tree.read(root)) !== undefined;
  const isBehind = after !== undefined && isWithin(after, root);
  const live = isThere
    ? tree.walk({ root, ...(isBehind ? { after } : {}) })
    : { next: () => Promise.resolve([]) };
  const cursor = await reader.records();
  const partial = reader.header.kind === 'undo';
  let hidden: string | undefined;
  try {
    for await (const pairs of joinTrees(within(cursor, root, after), live)) {
      const batch: Compared[] = [];
      for (const { path, kept, live: now } of pairs) {
        if (hidden !== undefined && !isWithin(path, hidden)) hidden = undefined;
        if (kept?.znode.hidden === true) hidden ??= path;
        if (kept === undefined && hidden !== undefined) continue;
        batch.push({ path, difference: compare(kept, now, partial) });
      }
      yield batch;
    }
  } finally {
    await cursor.close();
  }
}

/** The records below a root and behind a path; nothing of ZooKeeper's own or the bot's, whatever a file says. */
function within(cursor: RecordCursor, root: string, after: string | undefined): RecordCursor {
  return filterRecords(
    cursor,
    ({ mark, znode: { path } }) =>
      mark !== 'ancestor' &&
      isWithin(path, root) &&
      !isNeverKept(path) &&
      (after === undefined || comparePaths(path, after) > 0),
  );
}

async function missingParents({ reader, tree, root }: RestoreScope): Promise<{
  readonly parents: readonly Znode[];
  readonly orphaned: readonly string[];
}> {
  const missing: string[] = [];
  for (const path of ancestorsOf(root))
    if ((await tree.read(path)) === undefined) missing.push(path);
  if (missing.length === 0) return { parents: [], orphaned: [] };
  const known = new Map<string, Znode>();
  const cursor = await reader.records();
  try {
    // Parents come before their children, so that only the beginning is read.
    for (let batch = await cursor.next(); batch.length > 0; batch = await cursor.next()) {
      for (const { znode } of batch)
        if (missing.includes(znode.path) && znode.acl !== undefined) known.set(znode.path, znode);
      const last = batch.at(-1)?.znode.path ?? root;
      if (comparePaths(last, root) >= 0) break;
    }
  } finally {
    await cursor.close();
  }
  const orphaned = missing.filter((path) => !known.has(path));
  return { parents: [...known.values()], orphaned };
}
