import type { Ensemble, Server, ServerId } from './ensemble.ts';
import type { EnsembleView, Facts, Severity, Subject } from './finding.ts';
import type { OrderKind } from './order.ts';
import type { GuardVerdict, Recovery } from './recovery.ts';
import type { EnsembleSettings } from './settings.ts';

/** Every recovery, by the name people type. */
export const recoveryActionNames = ['restart-server', 'rolling-restart', 'move-leader'] as const;

export type RecoveryActionName = (typeof recoveryActionNames)[number];

/** A fault that is known right now. */
export interface Alarm {
  readonly detector: string;
  readonly server?: Subject['server'];
  readonly severity?: Severity;
  readonly facts?: Facts;
}

/** Somebody does not want anything recovered for a while: who, why, until when. */
export interface Freeze {
  /** Its number among the silences. */
  readonly silence: number;
  readonly name: string;
  readonly reason: string;
  readonly untilMs: number;
  /** The maintenance window it comes from; empty when a person set it. */
  readonly window: string;
}

/** What a guard may look at: fresh samples, and what else is going on. */
export interface GuardView {
  readonly ensemble: Ensemble;
  readonly view: EnsembleView;
  readonly server: Server;
  readonly settings: EnsembleSettings;
  /** The recovery that holds the ensemble's lock, other than the one asking. */
  readonly running: string | undefined;
  /** Earlier recoveries of the ensemble, newest first. */
  readonly recent: readonly Recovery[];
  /** What the open incidents of the ensemble are about, what they explain included. */
  readonly alarms?: readonly Alarm[];
  readonly freeze?: Freeze & Facts;
  /** Set when nobody asked for it: other ensembles in which something pages. */
  readonly alone?: { readonly elsewhere: readonly string[] };
}

/** Stands for the server of a recovery that takes its servers one after the other. */
export const allServers = '*';

/** A recovery the bot can do: its guard is pure, its steps are driven by `pipeline/recover.ts`. */
export interface RecoveryAction {
  readonly name: RecoveryActionName;
  /** Orders that it gives; only `restart` where absent. A configuration that has no way to one of them is told so. */
  readonly needs?: readonly OrderKind[];
  /**
   * Where the action chooses its servers itself, one after the other: the next one, after those that are done; undefined when nothing
   * is left. Absent where a person names the one server.
   */
  next?(view: EnsembleView, done: readonly ServerId[]): ServerId | undefined;
  guard(view: GuardView, nowMs: number): GuardVerdict;
  /** Whether fresh samples show that it worked; `untouched`: they show that nothing has happened to the server so far. */
  verified(
    before: EnsembleView,
    now: EnsembleView,
    server: Server,
  ): 'yes' | 'not-yet' | 'untouched' | 'no';
  /** Code of the outcome when they show that it did not; `not-verified` where absent. */
  readonly refuted?: string;
  /** How long to wait for that. */
  verifyMs(settings: EnsembleSettings): number;
}
