import type { EnsembleView } from '../../../model/finding.ts';
import type { RoundFacts, Subtree, TreeFacts } from '../../../model/tree.ts';

const dayMs = 24 * 3_600_000;

/** A tree that was walked longer ago says nothing of now. */
const roundKeptMs = dayMs;

/** What the last walk over the tree brought; undefined where there was none lately. */
export function walked(
  view: EnsembleView,
): (TreeFacts & { readonly round: RoundFacts }) | undefined {
  const { tree } = view;
  if (tree?.round === undefined || tree.round.endedMs < view.atMs - roundKeptMs) return undefined;
  return { ...tree, round: tree.round };
}

/** A part of the tree that grew between two walks. */
export interface Growing {
  readonly path: string;
  readonly znodes: number;
  readonly perDay: number;
}

/** The part of the tree that grows fastest, as deep as it can be named; undefined where none does, or where it was walked once only. */
export function growingMost(view: EnsembleView): Growing | undefined {
  const tree = walked(view);
  if (tree === undefined) return undefined;
  const growing = tree.subtrees
    .flatMap((subtree) => growthOf(subtree, tree.round) ?? [])
    .toSorted((a, b) => b.perDay - a.perDay);
  return deepest(growing, ({ perDay }) => perDay);
}

/** The part of the tree with the most znodes, as deep as one part has most of them. */
export function largestPart(view: EnsembleView): Subtree | undefined {
  return deepest(walked(view)?.subtrees ?? [], ({ znodes }) => znodes);
}

/** The part of the tree with the most data. */
export function heaviestPart(view: EnsembleView): Subtree | undefined {
  return deepest(walked(view)?.subtrees ?? [], ({ bytes }) => bytes);
}

/** Lines a person can check: the parts with the most znodes, and by how much they grow. */
export function partLines(view: EnsembleView, max: number): readonly string[] {
  const tree = walked(view);
  if (tree === undefined) return [];
  return tree.subtrees.slice(0, max).map((subtree) => {
    const growth = growthOf(subtree, tree.round);
    const rate = growth === undefined ? '' : `, +${growth.perDay} a day`;
    return `${subtree.path}: ${subtree.znodes} znodes, ${subtree.bytes} bytes${rate}`;
  });
}

function growthOf(
  { path, znodes, earlier }: Subtree,
  { endedMs }: RoundFacts,
): Growing | undefined {
  const [first] = earlier;
  if (first === undefined || endedMs <= first[0]) return undefined;
  const perDay = Math.round(((znodes - first[1]) * dayMs) / (endedMs - first[0]));
  return perDay > 0 ? { path, znodes, perDay } : undefined;
}

/** The most of a list; of its own children the one that has more than half of it. */
function deepest<T extends { readonly path: string }>(
  parts: readonly T[],
  size: (part: T) => number,
): T | undefined {
  const [most] = parts.toSorted((a, b) => size(b) - size(a) || a.path.length - b.path.length);
  if (most === undefined || size(most) <= 0) return undefined;
  const below = parts
    .filter(({ path }) => path.startsWith(`${most.path}/`))
    .toSorted((a, b) => size(b) - size(a))[0];
  return below !== undefined && size(below) * 2 > size(most) ? below : most;
}
