import type { WeekWindow } from './week-window.ts';
import type { WallMs } from './zone.ts';

/** Whom a step of an escalation, or a group, names. Groups may hold groups and schedules. */
export type Callee =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'oncall'; readonly id: string };

export interface GroupSettings {
  readonly id: string;
  readonly members: readonly Callee[];
}

/** People who take turns. Turns change by the clocks of the schedule's zone: at nine in the morning on either side of summer time. */
export interface Rotation {
  /** Person ids, in the order of their turns; at least one. */
  readonly people: readonly string[];
  /** When the first turn of the first person begins; before that nobody is on call here. */
  readonly startWallMs: WallMs;
  readonly everyMs: number;
  /** The parts of the week in which it holds; empty: always. Turns go on counting outside of them. */
  readonly when: readonly WeekWindow[];
}

/** Somebody stands in for whoever would be on call. */
export interface OnCallOverride {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly person: string;
}

/** Where a calendar comes from. The address may be a key by itself: it is never logged or shown. */
export type CalendarSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

export interface CalendarSettings {
  readonly source: CalendarSource;
  /** Time from one reading to the next. */
  readonly refreshMs: number;
  readonly timeoutMs: number;
}

/** Who is on call: overrides first, then the calendar, then the rotations, the last of them first, then the fallback. */
export interface OnCallSettings {
  readonly id: string;
  readonly zone: string;
  readonly rotations: readonly Rotation[];
  readonly overrides: readonly OnCallOverride[];
  readonly calendar?: CalendarSettings;
  /** Whom to call when nobody is on call. */
  readonly fallback?: string;
}

/** One entry of a calendar, times of recurring ones filled in. */
export interface Shift {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Mail addresses of those who take part, in lower case. */
  readonly emails: readonly string[];
  /** The title: `On call: Ann Chen`. */
  readonly summary: string;
}

/** The last good reading of a schedule's calendar, and how reading it went since. */
export interface CalendarCopy {
  readonly schedule: string;
  /** When it was last read well, or found unchanged; absent when it never was. */
  readonly readMs?: number;
  /** When its recurring entries were last filled in: they reach `calendarAheadMs` from there. */
  readonly filledMs?: number;
  readonly etag?: string;
  /** In order of their beginning. */
  readonly shifts: readonly Shift[];
  /** Readings in a row that failed. */
  readonly failures: number;
  /** Why the last one did, without the address. */
  readonly lastError?: string;
}

/** How far ahead recurring entries are filled in: a bot that cannot reach the calendar for a month still knows whose turn it is. */
export const calendarAheadMs = 60 * 86_400_000;

/** Entries kept of a calendar: a hand-over every hour for 60 days, and then some. */
export const shiftsMax = 2_000;

/** Who is on call in a schedule at a moment. */
export interface OnCallNow {
  readonly schedule: string;
  readonly zone: string;
  /** Person ids; empty when nobody is. */
  readonly people: readonly string[];
  /** Where that comes from; `nobody` when nobody is. */
  readonly source: 'override' | 'calendar' | 'rotation' | 'fallback' | 'nobody';
  /** When that changes; absent when it does not within sight. */
  readonly untilMs?: number;
  /** Who comes then; empty when nobody does. */
  readonly next?: readonly string[];
  /** Titles of entries of the calendar, of now, that name nobody of the configuration. */
  readonly strangers: readonly string[];
  /** Of the calendar: how old the copy is, and why it could not be read since. Absent where there is none. */
  readonly calendar?: { readonly readMs?: number; readonly failing?: string };
}
