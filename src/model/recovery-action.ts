import type { Ensemble, Server, ServerId } from './ensemble.ts';
import type { EnsembleView, Facts, Severity, Subject } from './finding.ts';
import type { ExecOrder, OrderKind } from './order.ts';
import type { Phase, PhaseRecord } from './phase.ts';
import type { GuardVerdict, Recovery } from './recovery.ts';
import type { Refusal } from './refusal.ts';
import type { SessionEnd } from './session.ts';
import type { EnsembleSettings } from './settings.ts';
import type { ConfFacts } from './survey.ts';

/** Every recovery, by the name people type. */
export const recoveryActionNames = [
  'restart-server',
  'rolling-restart',
  'move-leader',
  'resync-server',
  'purge-snapshots',
  'add-member',
  'remove-member',
  'run-command',
  'kill-session',
  'drop-connection',
] as const;

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
  /** What was asked for besides the server: a member, a number, the name of a command. */
  readonly argument?: string;
}

/** Stands for the server of a recovery that takes its servers one after the other. */
export const allServers = '*';

/** A recovery the bot can do: its guard is pure, its steps are driven by `pipeline/recover.ts`. */
export interface RecoveryAction {
  readonly name: RecoveryActionName;
  /** Orders that it gives; only `restart` where absent. A configuration that has no way to one of them is told so. */
  readonly needs?: readonly OrderKind[];
  /** Where it is about a session of a client, whose number stands for the server: what is done to it. */
  readonly session?: SessionEnd;
  /** Other people who must agree where the configuration does not say; nobody where absent. */
  readonly approvals?: number;
  /**
   * Where the action chooses its servers itself, one after the other: the next one, after those that are done; undefined when nothing
   * is left. Absent where a person names the one server.
   */
  next?(view: EnsembleView, done: readonly ServerId[]): ServerId | undefined;
  /** The server that the argument describes, where it need not be a member yet; undefined: look it up among the members. */
  target?(argument: string, ensemble: Ensemble): Server | undefined;
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
  /** Where it is more than one restart: a sequence of orders, each with a check of its own. */
  readonly phased?: Phased;
}

/** Everything a plan is made of, and a check decides on. */
export interface Situation extends GuardView {
  /** How the servers say right now that they are configured; those that do not answer are absent. */
  readonly confs: Readonly<Record<ServerId, ConfFacts>>;
  /** What the program printed that was run to look; absent where none was, or where it failed. */
  readonly output?: string;
}

/** What a check decides on: the servers as they are now, and nothing of what else is going on. */
export type Seen = Pick<Situation, 'ensemble' | 'view' | 'server' | 'confs' | 'output'>;

export type Check = 'yes' | 'not-yet' | 'no';

/** A recovery of several orders: planned from what is seen, run one by one, taken back where one fails. All of it is pure. */
export interface Phased {
  /** Whose configuration is asked for afresh. */
  readonly asks: 'nobody' | 'server' | 'members';
  /** What must be looked at on a machine before it can be planned; it changes nothing there. */
  look?(situation: Situation): ExecOrder | Refusal;
  /** The orders, in their sequence. `stamp` is a moment as part of a file name. */
  plan(situation: Situation, stamp: string): readonly Phase[] | Refusal;
  /** Whether an order has had its effect. */
  check(phase: Phase, now: Seen): Check;
  /** How long to wait for that. */
  checkMs(phase: Phase, settings: EnsembleSettings): number;
  /** What takes back what was done, after an order has failed; nothing where a person must look first. */
  undo(taken: readonly PhaseRecord[], now: Seen): readonly Phase[];
  /** Code of the outcome that the output of an order tells, where it tells one. */
  explain?(phase: Phase, output: string): string | undefined;
}
