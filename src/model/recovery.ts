import type { EnsembleId, ServerId } from './ensemble.ts';
import type { Facts } from './finding.ts';
import type { IncidentId, Stamp } from './incident.ts';
import type { PhaseRecord } from './phase.ts';
import type { RefusalCode } from './refusal.ts';

/** May this recovery run now? */
export type GuardVerdict =
  | { readonly kind: 'allow'; readonly facts: Facts }
  | {
      readonly kind: 'wait';
      readonly untilMs: number;
      readonly code: RefusalCode;
      readonly facts: Facts;
    }
  | { readonly kind: 'deny'; readonly code: RefusalCode; readonly facts: Facts };

/** No, with the code of its words and what they are filled with. */
export function deny(code: RefusalCode, facts: Facts): GuardVerdict {
  return { kind: 'deny', code, facts };
}

/** A verdict with the moment and the occasion: kept, because a guard is asked three times. */
export interface GuardRecord {
  readonly atMs: number;
  readonly at: 'click' | 'approval' | 'run';
  readonly verdict: GuardVerdict;
}

/**
 * `scheduled`: the bot will begin it by itself unless somebody stops it; `awaiting`: somebody else must agree first; `rejected` and
 * `expired` end that without anything done; `aborted`: somebody stopped it, before it began or between two servers.
 */
export type RecoveryState =
  | 'scheduled'
  | 'awaiting'
  | 'requested'
  | 'running'
  | 'verifying'
  | 'succeeded'
  | 'failed'
  | 'refused'
  | 'rejected'
  | 'expired'
  | 'aborted';

/** Somebody who agreed to a recovery, and what they said. */
export type Agreement = Stamp & { readonly reason: string };

/** Who must agree to a recovery before it runs: other people than the one who asked, all different. */
export interface Approval {
  readonly needed: number;
  /** When the request expires. */
  readonly untilMs: number;
  readonly given: readonly Agreement[];
}

/** How an answer begins that never came: it says why. */
export const noAnswer = 'no answer: ';

/** What a server said right before a recovery acted on it: afterwards the cause is gone. */
export interface EvidencePack {
  readonly server: ServerId;
  readonly atMs: number;
  /** Raw answers by four-letter word. */
  readonly answers: Readonly<Record<string, string>>;
}

/** One server of a recovery that takes several. */
export interface RecoveryStep {
  readonly server: ServerId;
  readonly state: 'running' | 'done' | 'failed';
  readonly startedMs: number;
  readonly finishedMs?: number;
  /** The other servers that served in sync when it was taken. */
  readonly beside?: readonly ServerId[];
}

/** An action on the world: guarded, locked, run, verified. */
export interface Recovery {
  readonly id: string;
  readonly action: string;
  readonly ensemble: EnsembleId;
  readonly server: ServerId;
  readonly incident?: IncidentId;
  readonly requested: Stamp;
  readonly reason: string;
  readonly state: RecoveryState;
  readonly version: number;
  /** The fence: larger than that of every earlier recovery of the ensemble. A stale holder of the lock cannot run. */
  readonly fence: number;
  /** Set when what the server said before the command is kept. */
  readonly evidence?: true;
  /** Set where nothing is run: the drill it belongs to. */
  readonly drill?: string;
  /** The servers taken so far, one after the other, where the action chooses them itself. */
  readonly steps?: readonly RecoveryStep[];
  /** Set where nobody asked for it: when it begins, and after how long without anybody on it. */
  readonly automatic?: { readonly startsMs: number; readonly afterMs: number };
  /** What was asked for besides the server: a member, a number, the name of a command. */
  readonly argument?: string;
  /** The orders it takes, where it takes several: as planned when it was asked for, and planned anew when it began. */
  readonly phases?: readonly PhaseRecord[];
  /** Absent where nobody else must agree. */
  readonly approval?: Approval;
  readonly guards: readonly GuardRecord[];
  readonly startedMs?: number;
  readonly finishedMs?: number;
  /** Words of the outcome, as a key of the language catalogue. */
  readonly outcome?: { readonly code: string; readonly facts: Facts };
  /** Tail of what the executor printed, at most `outputCharsMax`. */
  readonly output?: string;
}

/** Actions that take a server away for a while, and bring it back. */
export const takesDown: ReadonlySet<string> = new Set([
  'restart-server',
  'rolling-restart',
  'move-leader',
  'resync-server',
]);

/** Whether a recovery has a server in hand, or may have. */
export function isRunning({ state }: Pick<Recovery, 'state'>): boolean {
  return state === 'running' || state === 'verifying';
}

/** Output of an executor kept with a recovery. */
export const outputCharsMax = 8000;

const neverBegun: ReadonlySet<string> = new Set([
  'executor-unavailable',
  'executor-host-key-unknown',
  'executor-host-key-changed',
  'executor-login-refused',
  'executor-no-container',
  'executor-container-stopped',
  'executor-no-engine',
  'executor-engine-forbidden',
  'executor-engine-tls',
  'executor-no-pod',
  'executor-no-api',
  'executor-api-login',
  'executor-api-forbidden',
  'executor-api-tls',
]);

/** Whether a recovery that failed did so before anything was done to the server. */
export function isNeverBegun(recovery: Recovery): boolean {
  const { outcome, phases = [] } = recovery;
  return (
    outcome !== undefined &&
    neverBegun.has(outcome.code) &&
    phases.every(({ state }) => state !== 'done')
  );
}

/** Recoveries that take one server down and bring it back. */
const restarting: ReadonlySet<string> = new Set(['restart-server', 'resync-server']);

/** When a recovery restarted a server, ms since the epoch; undefined when it did not. */
export function restartedMs(recovery: Recovery, server: ServerId): number | undefined {
  const step = recovery.steps?.findLast((each) => each.server === server);
  if (step !== undefined) return step.finishedMs ?? step.startedMs;
  const ran = recovery.state === 'succeeded' || recovery.state === 'failed';
  if (!restarting.has(recovery.action) || recovery.server !== server) return undefined;
  if (!ran || isNeverBegun(recovery)) return undefined;
  return recovery.finishedMs ?? recovery.startedMs ?? recovery.requested.atMs;
}
