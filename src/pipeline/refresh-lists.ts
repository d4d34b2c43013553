import type { TreeFacts } from '../model/tree.ts';
import type { TreeReader } from '../ports/trees.ts';
import type { Brake } from './brake.ts';

/** Looks again at the largest and the widest znodes of the last walk, so that what was mended since is seen before the next one. */
export async function refreshLists(
  reader: TreeReader,
  tree: TreeFacts,
  brake: Brake,
): Promise<TreeFacts> {
  const largest: TreeFacts['largest'][number][] = [];
  for (const { path } of tree.largest) {
    await brake();
    const now = await reader.stat(path);
    if (now !== undefined) largest.push({ path, bytes: now.bytes });
  }
  const widest: TreeFacts['widest'][number][] = [];
  for (const { path, children, listBytes } of tree.widest) {
    await brake();
    const now = await reader.stat(path);
    if (now === undefined) continue;
    const perChild = listBytes === undefined || children === 0 ? undefined : listBytes / children;
    widest.push({
      path,
      children: now.children,
      ...(perChild === undefined ? {} : { listBytes: Math.round(perChild * now.children) }),
    });
  }
  return {
    ...tree,
    largest: largest.toSorted((a, b) => b.bytes - a.bytes),
    widest: widest.toSorted((a, b) => b.children - a.children),
  };
}
