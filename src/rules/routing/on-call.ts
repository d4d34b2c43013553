import type {
  CalendarCopy,
  Callee,
  OnCallNow,
  OnCallSettings,
  Rotation,
  Shift,
} from '../../model/on-call.ts';
import type { Person } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import { isWithin, nextEdge } from '../../model/week-window.ts';
import { momentOf, wallOf } from '../../model/zone.ts';

/** Changes looked at to find out until when somebody is on call: a year of daily turns of the same person. */
export const changesMax = 400;

/** Who is on call in a schedule at a moment, until when, and who comes then. */
export function onCallAt(
  schedule: OnCallSettings,
  copy: CalendarCopy | undefined,
  people: readonly Person[],
  nowMs: number,
): OnCallNow {
  const shifts = schedule.calendar === undefined ? [] : (copy?.shifts ?? []);
  const now = watchAt(schedule, shifts, people, nowMs);
  const change = nextChange(schedule, shifts, people, nowMs);
  return {
    schedule: schedule.id,
    zone: schedule.zone,
    people: now.people,
    source: now.source,
    ...(change === undefined ? {} : { untilMs: change.atMs, next: change.people }),
    strangers: shifts
      .filter((shift) => covers(shift, nowMs) && peopleOf(shift, people).length === 0)
      .map(({ summary }) => summary),
    ...(schedule.calendar === undefined
      ? {}
      : {
          calendar: {
            ...(copy?.readMs === undefined ? {} : { readMs: copy.readMs }),
            ...(copy === undefined || copy.failures === 0 ? {} : { failing: copy.lastError ?? '' }),
          },
        }),
  };
}

interface Watch {
  readonly people: readonly string[];
  readonly source: OnCallNow['source'];
}

/** Overrides, the calendar, the rotations from the last to the first, the fallback: the first that names somebody. */
function watchAt(
  schedule: OnCallSettings,
  shifts: readonly Shift[],
  people: readonly Person[],
  atMs: number,
): Watch {
  // Of two that overlap the later one in the file holds, as with rotations.
  const override = schedule.overrides.findLast((each) => covers(each, atMs));
  if (override !== undefined) return { people: [override.person], source: 'override' };
  const named = unique(
    shifts.filter((shift) => covers(shift, atMs)).flatMap((shift) => peopleOf(shift, people)),
  );
  if (named.length > 0) return { people: named, source: 'calendar' };
  for (const rotation of schedule.rotations.toReversed()) {
    const person = isWithin(rotation.when, atMs)
      ? turnAt(rotation, schedule.zone, atMs)?.person
      : undefined;
    if (person !== undefined) return { people: [person], source: 'rotation' };
  }
  return schedule.fallback === undefined
    ? { people: [], source: 'nobody' }
    : { people: [schedule.fallback], source: 'fallback' };
}

/** When other people are on call than at the moment given, and who. */
function nextChange(
  schedule: OnCallSettings,
  shifts: readonly Shift[],
  people: readonly Person[],
  nowMs: number,
): { readonly atMs: number; readonly people: readonly string[] } | undefined {
  const before = watchAt(schedule, shifts, people, nowMs);
  let atMs: number | undefined = nowMs;
  for (let change = 0; change < changesMax; change += 1) {
    atMs = nextBoundary(schedule, shifts, atMs);
    if (atMs === undefined) return undefined;
    const after = watchAt(schedule, shifts, people, atMs);
    if (after.people.toSorted().join(' ') !== before.people.toSorted().join(' '))
      return { atMs, people: after.people };
  }
  return undefined;
}

/** The next moment at which anything begins or ends. */
function nextBoundary(
  schedule: OnCallSettings,
  shifts: readonly Shift[],
  afterMs: number,
): number | undefined {
  const fixed = [...schedule.overrides, ...shifts]
    .flatMap(({ fromMs, untilMs }) => [fromMs, untilMs])
    .filter((edge) => edge > afterMs);
  const turning = schedule.rotations.flatMap((rotation) => [
    turnEnd(rotation, schedule.zone, afterMs),
    nextEdge(rotation.when, afterMs) ?? Number.POSITIVE_INFINITY,
  ]);
  const next = Math.min(...fixed, ...turning);
  return Number.isFinite(next) ? next : undefined;
}

/** Whose turn it is; undefined before the first one. */
function turnAt(
  rotation: Rotation,
  zone: string,
  atMs: number,
): { readonly index: number; readonly person: string | undefined } | undefined {
  const begins = (index: number): number =>
    momentOf(rotation.startWallMs + index * rotation.everyMs, zone);
  if (atMs < begins(0)) return undefined;
  // A night of summer time moves what the clocks show against the turns by one at most.
  let index = Math.floor((wallOf(atMs, zone) - rotation.startWallMs) / rotation.everyMs);
  while (begins(index) > atMs) index -= 1;
  while (begins(index + 1) <= atMs) index += 1;
  return { index, person: rotation.people[index % rotation.people.length] };
}

/** When the turn of a moment ends, or the first one begins. */
function turnEnd(rotation: Rotation, zone: string, atMs: number): number {
  const turn = turnAt(rotation, zone, atMs);
  // One person alone hands over to nobody.
  if (turn !== undefined && rotation.people.length === 1) return Number.POSITIVE_INFINITY;
  const next = turn === undefined ? 0 : turn.index + 1;
  return momentOf(rotation.startWallMs + next * rotation.everyMs, zone);
}

function covers(
  span: { readonly fromMs: number; readonly untilMs: number },
  atMs: number,
): boolean {
  return span.fromMs <= atMs && atMs < span.untilMs;
}

/** The configured people an entry means: by mail address, else those whose whole name or id is in its title. */
export function peopleOf(shift: Shift, people: readonly Person[]): readonly string[] {
  const byMail = people.filter(({ handles }) => {
    const email = handles['email']?.toLowerCase();
    return email !== undefined && shift.emails.includes(email);
  });
  if (byMail.length > 0) return byMail.map(({ id }) => id);
  const title = wordsIn(shift.summary);
  return people
    .filter(({ id, name }) => title.includes(wordsIn(name)) || title.includes(wordsIn(id)))
    .map(({ id }) => id);
}

/** Letters and digits in lower case, each word between spaces, so that whole words are compared. */
function wordsIn(text: string): string {
  return ` ${
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}._@-]+/gu)
      ?.join(' ') ?? ''
  } `;
}

/** Whom a list of people, groups and schedules comes to, each once, and the schedules in which nobody is on call. */
export function calledBy(
  to: readonly Callee[],
  settings: Pick<Settings, 'groups' | 'onCall' | 'people'>,
  copies: Readonly<Record<string, CalendarCopy>>,
  nowMs: number,
): { readonly people: readonly string[]; readonly gaps: readonly string[] } {
  const gaps: string[] = [];
  const visited = new Set<string>();
  const visit = (callee: Callee): readonly string[] => {
    const key = `${callee.kind} ${callee.id}`;
    if (visited.has(key)) return [];
    visited.add(key);
    switch (callee.kind) {
      case 'person':
        return [callee.id];
      case 'group':
        return settings.groups.find(({ id }) => id === callee.id)?.members.flatMap(visit) ?? [];
      case 'oncall': {
        const schedule = settings.onCall.find(({ id }) => id === callee.id);
        if (schedule === undefined) return [];
        const now = watchAt(
          schedule,
          schedule.calendar === undefined ? [] : (copies[schedule.id]?.shifts ?? []),
          settings.people,
          nowMs,
        );
        if (now.source === 'fallback' || now.source === 'nobody') gaps.push(schedule.id);
        return now.people;
      }
    }
  };
  return { people: unique(to.flatMap(visit)), gaps };
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
