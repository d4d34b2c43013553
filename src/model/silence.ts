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
  /** Whether nothing is recovered meanwhile: beside the silence, or with nothing silenced at all. */
  readonly freezes?: 'too' | 'only';
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

/** Whether some fault may be under both. */
export function scopesMeet(one: Scope, other: Scope): boolean {
  const keys = ['ensemble', 'server', 'detector'] as const;
  const { severity = other.severity } = one;
  return (
    keys.every((key) => namesMeet(one[key] ?? '*', other[key] ?? '*')) &&
    severity === (other.severity ?? severity)
  );
}

/** Whether some name fits both patterns, in which `*` stands for any letters. */
function namesMeet(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  // Whether what is left of one from a letter on may meet what is left of the other.
  let below = Array.from({ length: b.length + 1 }, (_, j) => /^\**$/u.test(b.slice(j)));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j -= 1)
      row[j] =
        a[i] === '*' || b[j] === '*'
          ? below[j] === true || row[j + 1] === true
          : a[i] === b[j] && below[j + 1] === true;
    below = row;
  }
  return below[0] === true;
}

/** Whether nothing changed for what is under it: the end counts too, somebody may have moved it. */
export function isSameMute(one: Mute | undefined, other: Mute | undefined): boolean {
  return one?.silence === other?.silence && one?.untilMs === other?.untilMs;
}

/** The longest silence: what must be quiet for longer belongs into the configuration. */
export const silenceMsMax = 30 * 24 * 3_600_000;

/** The name of the card that says that a silence began, and that it is over. */
export const silenceCard = 'silence';
