import type { EnsembleSettings } from '../model/settings.ts';
import type { Znode } from '../model/znode.ts';

/** Opens sessions to read and write whole trees. */
export interface ZnodeTrees {
  /** Rejects when no server gave a session within the time to wait. */
  open(settings: EnsembleSettings, options: TreeOptions): Promise<ZnodeTree>;
}

export interface TreeOptions {
  /** Who we are to ZooKeeper: `digest` with `user:password`. */
  readonly logins: readonly TreeLogin[];
  /** How long to wait for ZooKeeper when it is lost in the middle. */
  readonly patienceMs: number;
  /** Znodes asked for at the same time. */
  readonly inFlight: number;
  /** The session was lost; another one is sought. */
  readonly onLost?: (detail: string) => void;
  readonly signal?: AbortSignal;
}

export interface TreeLogin {
  readonly scheme: string;
  readonly credential: string;
}

/**
 * A session on one ensemble that outlives the loss of a server: what was asked is asked again, what was to be written is not.
 * Every method rejects with `zookeeper-disconnected` when no server is found in time, and `zookeeper-refused` when a server says no.
 */
export interface ZnodeTree {
  /** Brings the server up to date with the leader; answers the transaction it is at, at least. */
  sync(): Promise<bigint>;
  /** The highest transaction any answer carried. */
  zxid(): bigint;
  walk(options: WalkOptions): TreeWalk;
  /** Undefined where there is none. */
  read(path: string): Promise<Znode | undefined>;
  write(change: ZnodeChange): Promise<WriteOutcome>;
  close(): Promise<void>;
}

export interface WalkOptions {
  readonly root: string;
  /** The stat alone is read, without data and permissions. */
  readonly statOnly?: boolean;
  /** Begins behind this path. */
  readonly after?: string;
  /** A child that was listed and is gone: told before what comes behind it. */
  readonly onGone?: (path: string) => void;
}

/** Walks a tree in the order of `comparePaths`. What is created or removed meanwhile may or may not be seen. */
export interface TreeWalk {
  /** The next znodes; none at the end. */
  next(): Promise<readonly Znode[]>;
}

export type ZnodeChange =
  | { readonly kind: 'create'; readonly znode: Znode }
  | {
      readonly kind: 'set-data';
      readonly path: string;
      readonly data: Buffer | null;
      readonly version: number;
    }
  | {
      readonly kind: 'set-acl';
      readonly path: string;
      readonly acl: Buffer;
      readonly version: number;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number };

/** `lost`: the connection ended before the answer, so nobody knows. Else ZooKeeper's own word for why not, such as `BADVERSION`. */
export type WriteOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly reply: string };
