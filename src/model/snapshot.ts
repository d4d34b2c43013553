import type { ServerId } from './ensemble.ts';

/** What a snapshot of ZooKeeper holds, after the whole of it was read and its sums were found right. */
export interface SnapshotFacts {
  readonly bytes: number;
  readonly sha256: string;
  /** The last transaction in it. */
  readonly zxid: bigint;
  /** As a server counts them: `/` is counted twice. */
  readonly znodes: number;
  readonly ephemerals: number;
  readonly sessions: number;
}

/** A server as its AdminServer tells of it, before and after a snapshot is restored into it. */
export interface ServerStand {
  readonly id: ServerId;
  /** `3.9.3`; empty where it does not say. */
  readonly version: string;
  readonly mode: string;
  readonly znodes: number;
  readonly zxid: bigint;
  /** Where clients with a session come from, `10.0.0.7:40376`. */
  readonly clients: readonly string[];
  /** Voters of the ensemble, itself included. */
  readonly quorumSize?: number;
  /** Of the leader: voters in sync, itself not included. */
  readonly syncedFollowers?: number;
  /** Of the leader: connected servers of every kind, itself not included. */
  readonly learners?: number;
}

/** A server whose AdminServer told nothing that can be used. */
export interface ServerAway {
  readonly id: ServerId;
  readonly why: string;
}

/** Why a snapshot is not restored. All of them are told at once. */
export type SnapshotRestoreRefusal =
  | { readonly kind: 'no-admin'; readonly servers: readonly ServerId[] }
  | { readonly kind: 'away'; readonly servers: readonly ServerAway[] }
  | { readonly kind: 'too-old'; readonly servers: readonly ServerStand[] }
  | { readonly kind: 'not-serving'; readonly servers: readonly ServerStand[] }
  /** Not one ensemble: several standalone servers, two leaders, or none. */
  | { readonly kind: 'not-one'; readonly servers: readonly ServerStand[] }
  /** The ensemble has members that the configuration does not name. */
  | { readonly kind: 'unknown-members'; readonly configured: number; readonly members: number }
  | { readonly kind: 'not-in-sync'; readonly missing: number }
  | { readonly kind: 'clients'; readonly servers: readonly ServerStand[] }
  /** Its transactions go on after the snapshot: what is on its disk brings them back at the next start. */
  | { readonly kind: 'old-files'; readonly servers: readonly ServerStand[] };
