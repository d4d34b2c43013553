import type { BackupRecord } from '../model/backup.ts';
import { comparePaths, type Znode } from '../model/znode.ts';
import type { RecordCursor } from '../ports/backup-file.ts';
import type { TreeWalk } from '../ports/znode-tree.ts';

/** The same path in a file and in a living tree, or what only one of them has. */
export interface Pair {
  readonly path: string;
  readonly kept: BackupRecord | undefined;
  readonly live: Znode | undefined;
}

/** Both in order, side by side, in batches. No more than a batch of each is in memory. */
export async function* joinTrees(
  kept: RecordCursor,
  live: TreeWalk,
): AsyncGenerator<readonly Pair[]> {
  const left = createPeeker(() => kept.next());
  const right = createPeeker(() => live.next());
  for (;;) {
    if (left.isDry()) await left.fill();
    if (right.isDry()) await right.fill();
    const pairs: Pair[] = [];
    // As far as both are known.
    while (!left.isDry() && !right.isDry()) {
      const [a, b] = [left.peek(), right.peek()];
      if (a === undefined && b === undefined) break;
      const order = a === undefined ? 1 : b === undefined ? -1 : comparePaths(a.znode.path, b.path);
      if (order <= 0) left.take();
      if (order >= 0) right.take();
      const path = order <= 0 ? a?.znode.path : b?.path;
      pairs.push({
        path: path ?? '/',
        kept: order <= 0 ? a : undefined,
        live: order >= 0 ? b : undefined,
      });
    }
    if (pairs.length === 0) return;
    yield pairs;
  }
}

function createPeeker<T>(next: () => Promise<readonly T[]>) {
  let batch: readonly T[] = [];
  let at = 0;
  let isOver = false;
  return {
    /** Nothing known of what comes next; at the end it is known that nothing comes. */
    isDry: (): boolean => !isOver && at >= batch.length,
    peek: (): T | undefined => batch[at],
    async fill(): Promise<void> {
      batch = await next();
      at = 0;
      isOver = batch.length === 0;
    },
    take(): void {
      at += 1;
    },
  };
}
