import type { AuditEntry } from '../model/audit.ts';
import type { SwitchedOff } from '../model/automation.ts';
import type { CompletedKind } from '../model/completed-kind.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Drill, DrillState, EndedDrill, RecordingName } from '../model/drill.ts';
import type { EnsembleId, ServerId } from '../model/ensemble.ts';
import type { Facts } from '../model/finding.ts';
import type { Incident, IncidentId } from '../model/incident.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import type { Invocation, Origin } from '../model/invocation.ts';
import type { BackupHistory, RunningBackup } from '../model/kept-backup.ts';
import type { OnCallNow } from '../model/on-call.ts';
import type { Language, Person, Role } from '../model/person.ts';
import type { PhaseName } from '../model/phase.ts';
import type { EvidencePack, GuardVerdict, Recovery } from '../model/recovery.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Picture, Reply } from '../model/reply.ts';
import type { Sample } from '../model/sample.ts';
import type { EnsembleSettings, Settings } from '../model/settings.ts';
import type { Scope, Silence, SilenceId } from '../model/silence.ts';
import type { EnsembleStatus } from '../model/status.ts';
import type { Trends } from '../model/trend.ts';
import type { AccountLink } from './account-links.ts';

/** A command of the chat line: one file in `commands/`. */
export interface Command {
  readonly name: string;
  /** Other words for it: `['?']`. */
  readonly aliases: readonly string[];
  /** `ack <incident>`: angle brackets are needed, square ones are not. */
  readonly usage: string;
  /** What a person must be in the ensemble concerned; `everyone` needs no configured person. */
  readonly role: Role | 'everyone';
  /** What each argument completes to, in order. */
  readonly completes: readonly CompletedKind[];
  /** Does it, and answers. Expected troubles are a reply or a refusal, never an exception. */
  run(invocation: Invocation, desk: Desk): Promise<Reply | Refusal>;
}

/** What a command may see and do. Permission is asked here, in one place, for every way in. */
export interface Desk {
  readonly origin: Origin;
  readonly language: Language;
  readonly nowMs: number;
  readonly settings: Settings;
  /** All commands, for `help`. */
  readonly commands: readonly Command[];
  ensemble(id: EnsembleId): EnsembleSettings | undefined;
  status(id: EnsembleId): Promise<EnsembleStatus | undefined>;
  person(id: string): Person | undefined;
  /** A refusal in words when the actor may not do this in the ensemble. */
  permit(role: Role, ensemble: EnsembleId): Refusal | undefined;
  incident(id: IncidentId): Promise<Incident | undefined>;
  openIncidents(ensemble?: EnsembleId): Promise<readonly Incident[]>;
  recentIncidents(ensemble: EnsembleId | undefined, limit: number): Promise<readonly Incident[]>;
  events(id: IncidentId): Promise<readonly IncidentEvent[]>;
  /** The newest audit entries of an ensemble, newest first. */
  audit(ensemble: EnsembleId, limit: number): Promise<readonly AuditEntry[]>;
  /** What was done about an incident, oldest first, with what the guard said each time. */
  recoveries(incident: Incident): Promise<readonly Recovery[]>;
  /** What a server showed lately, oldest first. */
  history(ensemble: EnsembleId, server: ServerId, limit: number): Promise<readonly Sample[]>;
  /** The past of two weeks of these servers. */
  trends(ensemble: EnsembleId, servers: readonly ServerId[]): Promise<Trends>;
  /** A drawing as a picture; undefined when it could not be made, which the log tells. */
  paint(name: string, svg: string, alt: string): Promise<Picture | undefined>;
  acknowledge(id: IncidentId): Promise<Incident | Refusal>;
  unacknowledge(id: IncidentId): Promise<Incident | Refusal>;
  /** Writes a note into the timeline, and into every thread. */
  note(id: IncidentId, text: string): Promise<Incident | Refusal>;
  /** Ends an incident by hand; refused while its fault is seen. */
  resolve(id: IncidentId, reason: string): Promise<Incident | Refusal>;
  /** Keeps what the scope covers from calling anybody until then. */
  silence(request: SilenceRequest): Promise<Silence | Refusal>;
  unsilence(id: SilenceId): Promise<Silence | Refusal>;
  /** Those that are in force now, oldest first. */
  silences(): Promise<readonly Silence[]>;
  /** The first moment after `afterMs` that a cron pattern or a local time names, in the time zone of the configuration. */
  nextTime(pattern: string, afterMs: number): number | undefined;
  /** Calls the people of the next step. With `fromStep`, only if that is still the step it stands at: a second click calls nobody. */
  escalate(id: IncidentId, fromStep?: number): Promise<Incident | Refusal>;
  /** What backups there are of an ensemble, and how far one is that is being made. */
  backups(ensemble: EnsembleId): Promise<BackupsNow>;
  /** Has one made as soon as a replica looks. */
  askForBackup(ensemble: EnsembleId): Promise<void>;
  /** Accounts of chats that people have linked to themselves. */
  linkedAccounts(): Promise<readonly AccountLink[]>;
  /** Takes an account from whoever linked it; false when nobody had. */
  unlinkAccount(via: string, handle: string): Promise<boolean>;
  /** Who is on call, schedule by schedule. */
  onCall(): Promise<readonly OnCallNow[]>;
  /** Probes afresh and asks the guard, without doing anything: what the form shows. */
  previewRecovery(
    action: string,
    ensemble: EnsembleId,
    server: ServerId,
    argument?: string,
  ): Promise<RecoveryPreview | Refusal>;
  /** Whether everything stands that the bot needs; or one ensemble, looked at afresh. */
  examine(ensemble?: EnsembleId): Promise<readonly Diagnosis[]>;
  testMail(to: string): Promise<Diagnosis>;
  /** Posts a card with one button into each chat, or into one destination; undefined where there is nothing to post to. */
  postTest(destination?: string): Promise<TestRound | undefined>;
  /** How the cards of a test stand; undefined where it is long over. */
  testRound(id: string): Promise<readonly Diagnosis[] | undefined>;
  /** The button of a test card was pressed; undefined where its test is long over. */
  pressTest(id: string): Promise<Diagnosis | undefined>;
  /** A recovery by its id, `r-12`. */
  recovery(id: string): Promise<Recovery | undefined>;
  /** What servers said right before a recovery acted on them. */
  evidence(recovery: Recovery): Promise<readonly EvidencePack[]>;
  /** What the guard says now of a recovery that awaits others. */
  previewApproval(id: string): Promise<RecoveryPreview | Refusal>;
  approve(id: string, reason: string): Promise<Recovery | Refusal>;
  reject(id: string, reason: string): Promise<Recovery | Refusal>;
  /** Stops a recovery to come, withdraws one that waits, or has one that runs begin nothing more. */
  abort(
    id: string,
    reason: string,
  ): Promise<
    { readonly recovery: Recovery; readonly how: 'withdrawn' | 'before' | 'asked' } | Refusal
  >;
  /** The last drill of each ensemble that has had one. */
  drills(): Promise<readonly DrillState[]>;
  startDrill(asked: {
    readonly recording: RecordingName;
    readonly ensemble: EnsembleId;
    /** Although something real is open there. */
    readonly anyway: boolean;
  }): Promise<Drill | Refusal>;
  stopDrill(ensemble: EnsembleId): Promise<EndedDrill | Refusal>;
  /** What the bot does by itself: where it is switched off, what is to come, what was done. */
  automation(): Promise<Automation>;
  /** `*` for all ensembles; a refusal when it is so already. */
  switchAutomation(scope: string, to: 'on' | 'off', reason: string): Promise<Refusal | undefined>;
  requestRecovery(request: {
    readonly action: string;
    readonly ensemble: EnsembleId;
    readonly server: ServerId;
    readonly reason: string;
    readonly incident?: IncidentId;
    /** What is asked for besides the server: a member, a number, the name of a command. */
    readonly argument?: string;
    /** An earlier recovery of the same kind, whose servers are not taken again. */
    readonly resume?: string;
  }): Promise<Recovery | Refusal>;
}

export interface Automation {
  readonly off: readonly SwitchedOff[];
  /** Incidents on whose cards a recovery is to come. */
  readonly coming: readonly Incident[];
  /** What the bot began by itself, newest first. */
  readonly done: readonly Recovery[];
}

/** A test of clicks: what was posted, and where it could not be. */
export interface TestRound {
  readonly id: string;
  readonly diagnoses: readonly Diagnosis[];
}

export interface SilenceRequest {
  readonly scope: Scope;
  readonly untilMs: number;
  readonly reason: string;
  /** Set where nothing is silenced, and nothing recovered. */
  readonly freezes?: 'only';
}

export interface RecoveryPreview {
  readonly verdict: GuardVerdict;
  /** What will run first, in words. */
  readonly command: string;
  /** The servers it takes, in order as it looks now. */
  readonly order?: readonly ServerId[];
  /** Everything that will run, in order as it looks now; empty where the guard refuses before anything can be planned. */
  readonly steps?: readonly PlannedStep[];
  /** How many other people must agree before it runs. */
  readonly approvals?: number;
}

/** One order of a plan: what it does, where, and the exact command. */
export interface PlannedStep {
  readonly name: PhaseName;
  readonly server: ServerId;
  readonly facts: Facts;
  readonly command: string;
}

/** How the backups of an ensemble stand. */
export interface BackupsNow {
  readonly history: BackupHistory;
  readonly running?: RunningBackup;
}
