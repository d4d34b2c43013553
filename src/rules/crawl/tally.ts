import {
  type CrawlState,
  earlierMax,
  type FoundNest,
  type Nest,
  type NodeStat,
  nestsMax,
  pathCharsMax,
  type RoundFacts,
  type RoundState,
  type Subtree,
  subtreesMax,
  type TreeFacts,
  treeTopMax,
} from '../../model/tree.ts';

/** How many levels of the tree are counted by themselves: `/a` and `/a/b`. */
const levelsCounted = 2;

/** Subtrees counted while a round runs: the largest of them are kept when it ends. */
const countedMax = subtreesMax * 2;

/** A round before its first znode. */
export function beginRound(startedMs: number): RoundState {
  return {
    startedMs,
    znodes: 0,
    ephemerals: 0,
    requests: 0,
    readBytes: 0,
    unentered: 0,
    largest: [],
    widest: [],
    subtrees: [],
    nests: [],
    nestsLeft: 0,
  };
}

/** A visit of one znode: where it is, what it is, and what its parent is like. */
export interface Visited {
  readonly path: string;
  readonly stat: NodeStat;
  /** Of the znode above; absent for the root. */
  readonly parent?: { readonly path: string; readonly stat: NodeStat };
}

/** Counts a znode. */
export function tally(round: RoundState, { path, stat, parent }: Visited): RoundState {
  const listed = path.length <= pathCharsMax;
  const isEphemeral = stat.owner !== undefined;
  return {
    ...round,
    cursor: path,
    znodes: round.znodes + 1,
    ephemerals: round.ephemerals + (isEphemeral ? 1 : 0),
    largest: listed
      ? top(round.largest, { path, bytes: stat.bytes }, ({ bytes }) => bytes)
      : round.largest,
    widest: listed
      ? top(round.widest, { path, children: stat.children }, ({ children }) => children)
      : round.widest,
    subtrees: addTo(round.subtrees, path, 1, stat.bytes),
    ...withNest(round, nestOf({ path, stat, ...(parent === undefined ? {} : { parent }) })),
  };
}

/** Counts the children of a znode that is not entered. */
export function tallyUnentered(round: RoundState, path: string, stat: NodeStat): RoundState {
  return {
    ...round,
    znodes: round.znodes + stat.children,
    unentered: round.unentered + 1,
    subtrees: addTo(round.subtrees, path, stat.children, 0),
  };
}

/** Says what the list of the children of a znode takes. */
export function tallyList(round: RoundState, path: string, listBytes: number): RoundState {
  return {
    ...round,
    widest: round.widest.map((each) => (each.path === path ? { ...each, listBytes } : each)),
  };
}

/** The facts of a round that ended, over those of the round before, and what is watched from now on. */
export function endRound(
  before: TreeFacts,
  state: CrawlState,
  round: RoundState,
  end: Pick<RoundFacts, 'endedMs' | 'server' | 'cut'>,
): { readonly tree: TreeFacts; readonly state: CrawlState } {
  const { startedMs, znodes, ephemerals, requests, readBytes, unentered } = round;
  const { running: _running, ...rest } = before;
  const { round: _round, ...left } = state;
  return {
    tree: {
      ...rest,
      atMs: end.endedMs,
      round: { startedMs, znodes, ephemerals, requests, readBytes, unentered, ...end },
      largest: round.largest,
      widest: round.widest,
      subtrees: round.subtrees
        .toSorted((a, b) => weight(b) - weight(a))
        .slice(0, subtreesMax)
        .map((subtree) => ({ ...subtree, earlier: earlierOf(before, subtree.path) })),
    },
    state: { ...left, ...nestsAfter(state, round, end.cut !== undefined) },
  };
}

function earlierOf({ round, subtrees }: TreeFacts, path: string): Subtree['earlier'] {
  const old = subtrees.find((each) => each.path === path);
  // A round that was cut says nothing of what it did not reach.
  if (round === undefined || round.cut !== undefined) return old?.earlier ?? [];
  // What was not among the heaviest had at most as many as the lightest of them.
  const least = subtrees.length < subtreesMax ? 0 : Math.round(Math.min(...subtrees.map(weight)));
  return [...(old?.earlier ?? []), [round.endedMs, old?.znodes ?? least] as const].slice(
    -earlierMax,
  );
}

/** Nests of a round that saw only a part of the tree come beside the old ones; what is known of a nest stays known. */
function nestsAfter(
  state: CrawlState,
  round: RoundState,
  isCut: boolean,
): Pick<CrawlState, 'nests' | 'nestsLeft'> {
  const known = new Map(state.nests.map((nest) => [nest.path, nest]));
  const found = round.nests.map(({ path, zxid }): Nest => known.get(path) ?? { path, zxid });
  const names = new Set(found.map(({ path }) => path));
  const kept = isCut ? state.nests.filter(({ path }) => !names.has(path)) : [];
  const all = [...found, ...kept];
  return {
    nests: all.slice(0, nestsMax),
    nestsLeft: round.nestsLeft + Math.max(0, all.length - nestsMax),
  };
}

function nestOf({ path, stat, parent }: Visited): FoundNest | undefined {
  if (stat.owner !== undefined && parent !== undefined)
    return { path: parent.path, zxid: parent.stat.childrenZxid, sure: true };
  const isEmptied = stat.owner === undefined && stat.children === 0 && stat.childChanges > 0;
  return isEmptied ? { path, zxid: stat.childrenZxid, sure: false } : undefined;
}

function withNest(
  { nests, nestsLeft }: RoundState,
  nest: FoundNest | undefined,
): Pick<RoundState, 'nests' | 'nestsLeft'> {
  if (nest === undefined || nest.path.length > pathCharsMax) return { nests, nestsLeft };
  if (nests.some(({ path }) => path === nest.path)) return { nests, nestsLeft };
  if (nests.length < nestsMax) return { nests: [...nests, nest], nestsLeft };
  // What certainly has ephemeral children goes before what is only empty.
  const weakest = nest.sure ? nests.findLastIndex(({ sure }) => !sure) : -1;
  if (weakest < 0) return { nests, nestsLeft: nestsLeft + (nest.sure ? 1 : 0) };
  return { nests: nests.with(weakest, nest), nestsLeft };
}

function top<T>(list: readonly T[], one: T, size: (one: T) => number): readonly T[] {
  const least = list.at(-1);
  if (size(one) === 0) return list;
  if (list.length >= treeTopMax && least !== undefined && size(least) >= size(one)) return list;
  return [...list, one].toSorted((a, b) => size(b) - size(a)).slice(0, treeTopMax);
}

/** Adds to the parts of the tree a znode is in, itself included. */
function addTo(
  subtrees: RoundState['subtrees'],
  path: string,
  znodes: number,
  bytes: number,
): RoundState['subtrees'] {
  let all = subtrees;
  for (const part of partsOf(path)) {
    const at = all.findIndex((each) => each.path === part);
    const old = all[at];
    if (old !== undefined) {
      all = all.with(at, { path: part, znodes: old.znodes + znodes, bytes: old.bytes + bytes });
      continue;
    }
    all = [...all, { path: part, znodes, bytes }];
    // The walk is in order: a part that is not the newest at its level is complete, and the smallest of them may go.
    if (all.length > countedMax) all = withoutSmallest(all, path);
  }
  return all;
}

function withoutSmallest(all: RoundState['subtrees'], path: string): RoundState['subtrees'] {
  const open = new Set(partsOf(path));
  const [smallest] = all
    .filter((each) => !open.has(each.path))
    .toSorted((a, b) => weight(a) - weight(b));
  return smallest === undefined ? all : all.filter((each) => each !== smallest);
}

/** What a part of the tree weighs: a kilobyte of data as much as a znode. */
function weight({ znodes, bytes }: { readonly znodes: number; readonly bytes: number }): number {
  return znodes + bytes / 1024;
}

function partsOf(path: string): readonly string[] {
  const names = path.split('/').slice(1, 1 + levelsCounted);
  if (names[0] === '' || path.length > pathCharsMax * 16) return [];
  return names
    .map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
    .filter((part) => part.length <= pathCharsMax);
}
