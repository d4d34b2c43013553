import type { ServerId } from './ensemble.ts';

/** What a server says it is. */
export type Mode = 'leader' | 'follower' | 'observer' | 'standalone' | 'read-only';

/**
 * Why a probe saw nothing. `refused`: no process on the port; `unreachable`: no route to the host; `timeout`: no answer in time
 * (see `connected`); `reset`: closed without an answer; `unresolved`: the name does not resolve; `not-allowed`: no word is
 * whitelisted and no AdminServer answers; `not-serving`: the process runs without a quorum; `garbled`: an answer nobody can read;
 * `tls`: the handshake failed.
 */
export type FailureReason =
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'reset'
  | 'unresolved'
  | 'not-allowed'
  | 'not-serving'
  | 'garbled'
  | 'tls';

/** Where a reading came from; anything but `mntr` means that less is known. */
export type Source = 'mntr' | 'admin' | 'srvr';

/**
 * Numbers a server reports, by `mntr` key without the `zk_` prefix (`avg_latency`, `synced_followers`). A key that a version
 * does not report is absent: unknown, never zero.
 */
export type Metrics = Readonly<Record<string, number>>;

/** What a server answered. */
export interface Reading {
  readonly kind: 'reading';
  readonly server: ServerId;
  /** When the answer was complete, ms since the epoch. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly mode: Mode;
  readonly source: Source;
  readonly metrics: Metrics;
  /** Last transaction id seen by the server, as `0x` and hex digits. */
  readonly zxid?: string;
  /** `3.8.0`: the numbers alone. */
  readonly version?: string;
  /** `zk_peer_state` (3.6+): `leading - broadcast`, `following - synchronization`, … */
  readonly peerState?: string;
  /** Words the server refused because they are not in its whitelist. */
  readonly refusedWords?: readonly string[];
}

/** A probe that saw nothing, and why. */
export interface Failure {
  readonly kind: 'failure';
  readonly server: ServerId;
  readonly atMs: number;
  readonly tookMs: number;
  readonly reason: FailureReason;
  /** Whether the TCP connection stood: tells a hung process (`timeout`, connected) from a silent network (`timeout`, not connected). */
  readonly connected: boolean;
  /** One line for the evidence, without secrets: `ECONNREFUSED 10.0.0.2:2181`. */
  readonly detail: string;
  /** Words the server refused because they are not in its whitelist. */
  readonly refusedWords?: readonly string[];
}

/** What one probe saw of one server at a time. */
export type Sample = Reading | Failure;

/** What the canary write saw: the one truth about "clients can write". */
export type CanaryResult = {
  readonly atMs: number;
  readonly tookMs: number;
  /** The newest runs, this one included, and how many of them failed. */
  readonly recent?: { readonly runs: number; readonly failed: number };
} & ({ readonly kind: 'written' } | { readonly kind: 'failed'; readonly detail: string });

/** Runs that `CanaryResult.recent` looks back at. */
export const canaryRunsMax = 3;

/**
 * What a sensor noticed between two ticks. `broken`: the held connection closed; `silent`: two pings in a row went unanswered;
 * `serving`: the session stands again; `canary`: the canary write failed or works again.
 */
export interface Notice {
  readonly kind: 'broken' | 'silent' | 'serving' | 'canary';
  /** The server it concerns; absent for the canary. */
  readonly server?: ServerId;
  readonly atMs: number;
  readonly detail: string;
}

/** The transaction id as a number: epoch in the high, counter in the low 32 bits. Undefined where the server did not say. */
export function zxidOf(sample: Sample | undefined): bigint | undefined {
  if (sample?.kind !== 'reading' || sample.zxid === undefined) return undefined;
  return BigInt(sample.zxid);
}
