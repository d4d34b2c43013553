import type { Severity } from './finding.ts';
import type { Stamp } from './incident.ts';

/** Counted from 1: the 3 of `/zk unsilence 3`. */
export type SilenceId = number;

/**
 * What a silence covers: all that is named must fit. Names may hold `*` for any letters; what is left out fits everything. A named
 * server fits no fault of an ensemble as a whole.
 */
export interface Scope {
  readonly ensemble?: string;
  readonly server?: string;
  readonly detector?: string;
  readonly severity?: Severity;
}

/** Peace for a while, from somebody and for a reason: nobody is told of what it covers. */
export interface Silence {
  readonly id: SilenceId;
  readonly scope: Scope;
  readonly reason: string;
  readonly set: Stamp;
  readonly startMs: number;
  readonly endMs: number;
  /** The maintenance window of the configuration it comes from. */
  readonly window?: string;
  /** Who ended it before its time. */
  readonly ended?: Stamp;
}

/** A silence as an incident under it remembers it. */
export interface Mute {
  readonly silence: SilenceId;
  readonly untilMs: number;
  readonly by: string;
  readonly name: string;
  readonly reason: string;
}

/** Whether nothing changed for what is under it: the end counts too, somebody may have moved it. */
export function isSameMute(one: Mute | undefined, other: Mute | undefined): boolean {
  return one?.silence === other?.silence && one?.untilMs === other?.untilMs;
}

/** The longest silence: what must be quiet for longer belongs into the configuration. */
export const silenceMsMax = 30 * 24 * 3_600_000;

/** The name of the card that says that a silence began, and that it is over. */
export const silenceCard = 'silence';
