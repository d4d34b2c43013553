import type { ServerId } from './ensemble.ts';

/**
 * What walking the tree of an ensemble brought: where it is large, wide and growing, and which ephemeral znodes come and go. Everything
 * in it is bounded, so that it stays below `treeBytesMax` as JSON.
 */
export interface TreeFacts {
  /** When anything of it was last learnt, ms since the epoch; 0 where nothing was yet. */
  readonly atMs: number;
  /** Why the last step brought nothing. */
  readonly failed?: string;
  /** The round that runs now. */
  readonly running?: { readonly startedMs: number; readonly znodes: number };
  /** The last round that ended. */
  readonly round?: RoundFacts;
  /** Znodes with the most data, largest first. */
  readonly largest: readonly LargeNode[];
  /** Znodes with the most children, widest first. */
  readonly widest: readonly WideNode[];
  /** Parts of the tree at the first and second level, those with the most znodes and data first. */
  readonly subtrees: readonly Subtree[];
  /** Ephemeral znodes that were created again and again; absent until they were looked at twice. */
  readonly recreated?: RecreatedFacts;
}

/** One walk over the tree. */
export interface RoundFacts {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly server: ServerId;
  readonly znodes: number;
  readonly ephemerals: number;
  readonly requests: number;
  /** Answers read, in bytes. */
  readonly readBytes: number;
  /** A limit that ended it before the end of the tree. */
  readonly cut?: 'nodes' | 'bytes' | 'time';
  /** Znodes whose children were only counted: too deep, or too many. */
  readonly unentered: number;
}

export interface LargeNode {
  readonly path: string;
  /** Data, without the name. */
  readonly bytes: number;
}

export interface WideNode {
  readonly path: string;
  readonly children: number;
  /** What the list of the children takes: each name and four bytes. Absent where it was too long to be asked for. */
  readonly listBytes?: number;
}

export interface Subtree {
  readonly path: string;
  readonly znodes: number;
  readonly bytes: number;
  /** `[endedMs, znodes]` of earlier rounds, oldest first. */
  readonly earlier: readonly (readonly [number, number])[];
}

export interface RecreatedFacts {
  readonly atMs: number;
  /** Parents of ephemeral znodes that are watched, and those beyond the bound. */
  readonly watched: number;
  readonly unwatched: number;
  readonly paths: readonly Recreated[];
}

/** An ephemeral znode that was created again, most often first. */
export interface Recreated {
  readonly path: string;
  /** Moments at which it was seen to be there anew, oldest first, of the last `recreatedMs`. */
  readonly createdMs: readonly number[];
  /** The session that has it now, `0x…`. */
  readonly owner: string;
  /** The last address known of whoever creates it, and the server it was connected to. */
  readonly address?: string;
  readonly server?: ServerId;
}

/** Where a walk stands: what the next step, on whichever replica, needs to go on. */
export interface CrawlState {
  readonly round?: RoundState;
  readonly nests: readonly Nest[];
  /** Nests that were beyond the bound when the last round ended. */
  readonly nestsLeft: number;
  /** From which nest the next step begins, so that all have their turn. */
  readonly turn: number;
  readonly creations: readonly Creation[];
}

/** A parent of ephemeral znodes. */
export interface Nest {
  readonly path: string;
  /** The last change of its children that is known, `0x…`. */
  readonly zxid: string;
}

/** What is remembered of an ephemeral znode that was created while it was watched. */
export interface Creation extends Recreated {
  /** The transaction that created it last, `0x…`. */
  readonly zxid: string;
  /** The session whose address is known: that of another one is asked for again. */
  readonly known?: string;
}

/** A walk in progress: pre-order, names in order, so that the last path visited says what is left. */
export interface RoundState {
  readonly startedMs: number;
  /** The znode visited last; absent before the root. */
  readonly cursor?: string;
  /** The list that is being asked for, and how often: a step may end there again and again. */
  readonly stuck?: { readonly path: string; readonly times: number };
  readonly znodes: number;
  readonly ephemerals: number;
  readonly requests: number;
  readonly readBytes: number;
  readonly unentered: number;
  readonly largest: readonly LargeNode[];
  readonly widest: readonly WideNode[];
  readonly subtrees: readonly { readonly path: string; znodes: number; bytes: number }[];
  readonly nests: readonly FoundNest[];
  readonly nestsLeft: number;
}

export interface FoundNest extends Nest {
  /** It had ephemeral children; otherwise it is empty, and its children come and go. */
  readonly sure: boolean;
}

/** A znode as the server describes it. */
export interface NodeStat {
  /** Transactions that created it, and that last changed its list of children, `0x…`. */
  readonly createdZxid: string;
  readonly childrenZxid: string;
  /** Changes of the list of children. */
  readonly childChanges: number;
  /** The session it hangs on, `0x…`. */
  readonly owner?: string;
  readonly bytes: number;
  readonly children: number;
}

/** Znodes kept in each list of the largest. */
export const treeTopMax = 10;
/** Parts of the tree kept, and earlier rounds of each. */
export const subtreesMax = 40;
export const earlierMax = 8;
/** Parents of ephemeral znodes that are watched. */
export const nestsMax = 200;
/** Ephemeral znodes remembered as created, and moments of each. */
export const creationsMax = 100;
export const createdMsMax = 16;
/** Of those, how many are told. */
export const recreatedMax = 20;
/** How long a creation is remembered. */
export const recreatedMs = 30 * 60_000;
/** Longer paths are walked, and never listed. */
export const pathCharsMax = 256;
/** The most that the facts, and what a walk needs to go on, take as JSON. */
export const treeBytesMax = 64 * 1024;
export const crawlBytesMax = 256 * 1024;

export const blankTree: TreeFacts = { atMs: 0, largest: [], widest: [], subtrees: [] };
export const blankCrawl: CrawlState = { nests: [], nestsLeft: 0, turn: 0, creations: [] };
