import type { Ensemble, EnsembleId, Server, ServerId } from './ensemble.ts';
import type { LastLeader, LeaderChange } from './leadership.ts';
import type { Life } from './lives.ts';
import type { ToldSessions } from './own-sessions.ts';
import type { CanaryResult, Notice, Sample } from './sample.ts';
import type { SessionSight } from './session.ts';
import type { Survey } from './survey.ts';
import type { TreeFacts } from './tree.ts';
import type { Trends } from './trend.ts';

/** `page` wakes a person, `warn` waits for the morning, `info` is for the record. */
export type Severity = 'info' | 'warn' | 'page';

/** `unknown` never pages and never resolves. */
export type Verdict = 'firing' | 'clear' | 'unknown';

/** What a finding is about: a server, or the ensemble as a whole (no server). */
export interface Subject {
  readonly ensemble: EnsembleId;
  readonly server?: ServerId;
}

export type FactValue = string | number | boolean | readonly string[];

/** What the words of a finding are filled with: `{ voters: 3, serving: 1, missing: ['zk2', 'zk3'] }`. Only plain values. */
export type Facts = Readonly<Record<string, FactValue>>;

/** A detector's verdict about a subject. */
export interface Finding {
  readonly detector: string;
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly severity: Severity;
  /**
   * True when what was seen cannot be a passing hiccup (refused, reset, a sensor that broke): the card shows at once and only the
   * page waits for the hold. False: nothing shows before the hold has passed.
   */
  readonly conclusive: boolean;
  readonly facts: Facts;
  /** Raw lines a person can check, at most `evidenceMax`. */
  readonly evidence: readonly string[];
}

/** Lines of evidence kept with a finding: a card shows them all. */
export const evidenceMax = 12;

/** One detector explains another: while it fires, the other's findings are symptoms on its card. */
export interface Explains {
  readonly detector: string;
  /**
   * `same-server`: only findings about the same server; `ensemble`: all of the ensemble; `ensemble-if-led`: all of the ensemble, if
   * the finding says that its server led (the fact `led`); `ensemble-if-voter`: all of the ensemble, unless the finding says that its
   * server is an observer (the fact `role`).
   */
  readonly scope: 'same-server' | 'ensemble' | 'ensemble-if-led' | 'ensemble-if-voter';
}

/** Recognises one fault. Pure: no clock, no I/O, no memory but the view. */
export interface Detector {
  readonly name: string;
  /** The severity of the catalogue; a finding may be worse. */
  readonly severity: Severity;
  readonly explains: readonly Explains[];
  /**
   * Detectors whose fault may be the beginning of this one: a card of theirs (about the same server, where this one has one) that ended
   * a moment ago and called nobody is taken up again, under this name. One course of events is one card.
   */
  readonly continues?: readonly string[];
  /** How long ago that card may have ended; ten minutes when absent. */
  readonly continuesMs?: number;
  /**
   * How old the signs may be that it fires by. What was a line on a card that ends now is no fault of its own before it has fired for as
   * long as that again: until then it may tell of the time of the other.
   */
  looksBackMs?(view: EnsembleView): number;
  /** How long it must fire before it pages (or, if doubtful, before it shows). */
  holdMs(view: EnsembleView): number;
  /** How long it must be clear before the incident resolves. */
  readonly clearMs: number;
  /** Thresholds a person may override, with their defaults: `{ warnMs: 100 }`. */
  readonly thresholds: Readonly<Record<string, number>>;
  /**
   * One finding for each subject it can judge (`clear` included); none about what it knows nothing of is `unknown`. Of `servers` alone,
   * where they are given.
   */
  detect(view: EnsembleView, nowMs: number, servers?: readonly Server[]): readonly Finding[];
  /**
   * The servers of which it could say now that something fires; all where absent. While no card and no line of a card is its own, the
   * others need not be judged: in a storm of a hundred dead servers, sixty detectors have nothing to say of ninety.
   */
  readonly candidates?: (view: EnsembleView) => readonly Server[];
}

/** Everything the detectors may look at: one consistent look at an ensemble and its recent past. */
export interface EnsembleView {
  readonly ensemble: Ensemble;
  /** When the samples were taken. */
  readonly atMs: number;
  /** The newest sample of each server; a server without one was not probed yet. */
  readonly samples: Readonly<Record<ServerId, Sample>>;
  /** Earlier samples of each server, oldest first, the newest of `samples` not included. At most `historyMax` each. */
  readonly history: Readonly<Record<ServerId, readonly Sample[]>>;
  /** What the sensors noticed and led to this look, oldest first. */
  readonly notices: readonly Notice[];
  readonly canary?: CanaryResult;
  /** Sessions the bot itself opened, as its replicas say: they expire like those of clients. */
  readonly ownSessions?: readonly ToldSessions[];
  /** The slow facts of each server, as last surveyed; a server without them was not surveyed yet. */
  readonly surveys?: Readonly<Record<ServerId, Survey>>;
  /** What a crawl brought of the tree; absent where none is configured. */
  readonly tree?: TreeFacts;
  /** The session a recovery is about. */
  readonly session?: SessionSight;
  /** The past of two weeks, up to the look before this one; read with the functions of `trend.ts`. */
  readonly trends?: Trends;
  /** Newest figures that no probe brings (free bytes of a disk, live set of a heap): kept as trends under their names. */
  readonly gauges?: Readonly<Record<ServerId, Readonly<Record<string, number>>>>;
  /** Since when each fault fires without a break, by fingerprint, as of the look before this one. */
  readonly firingSince?: Readonly<Record<string, number>>;
  /** The last server that led with a quorum, and when it was last seen leading. */
  readonly lastLeader?: LastLeader;
  /** The changes of the leader before this look, oldest first. */
  readonly leaderChanges?: readonly LeaderChange[];
  /** The lives of processes that were seen to begin before this look, by server, oldest first. */
  readonly lives?: Readonly<Record<ServerId, readonly Life[]>>;
  /** Thresholds in force, by detector and name, where a person overrode the default. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Samples of a server that a view carries: ten minutes at the default tick of 5 s. */
export const historyMax = 120;
