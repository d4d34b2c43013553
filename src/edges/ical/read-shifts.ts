import ICAL from 'ical.js';
import { NightkeeperError } from '../../model/errors.ts';
import { type Shift, shiftsMax } from '../../model/on-call.ts';
import { isZone, minuteMs, momentOf, wallAt } from '../../model/zone.ts';

/** Entries looked at in one calendar, recurring ones counted each time: enough for twelve daily hand-overs since 2010. */
export const occurrencesMax = 70_000;

/** Characters of a title that are kept. */
export const summaryCharsMax = 200;

/** Addresses kept of one entry. */
export const emailsMax = 20;

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The zone of entries that name none. */
  readonly zone: string;
}

/**
 * Reads the entries of an iCalendar text that touch a span of time, recurring ones filled in, in order. Throws `calendar-unreadable`
 * when it is no calendar, or when it unfolds without end.
 */
export function readShifts(text: string, span: Span): readonly Shift[] {
  const calendar = parse(text);
  const budget = { left: occurrencesMax };
  const shifts = eventsOf(calendar).flatMap((event) => occurrences(event, span, budget));
  return shifts.toSorted((a, b) => a.fromMs - b.fromMs).slice(0, shiftsMax);
}

function parse(text: string): ICAL.Component {
  // A text without this is not worth the parser's time; it may also be the page of a login.
  if (!/^\s*\uFEFF?BEGIN:VCALENDAR/iu.test(text.slice(0, 1000)))
    throw new NightkeeperError('calendar-unreadable', 'this is not an iCalendar text');
  try {
    const parsed: unknown = ICAL.parse(text.trim());
    return new ICAL.Component(parsed as string);
  } catch (error) {
    throw unreadable(error);
  }
}

/** Single entries, and recurring ones with those of their times that were changed by hand. */
function eventsOf(calendar: ICAL.Component): readonly ICAL.Event[] {
  const components = calendar.getAllSubcomponents('vevent').filter(isMeant);
  const changed = components.filter((each) => each.hasProperty('recurrence-id'));
  return components
    .filter((each) => !each.hasProperty('recurrence-id'))
    .map((component) => {
      const event = new ICAL.Event(component);
      for (const exception of changed)
        if (exception.getFirstPropertyValue('uid') === event.uid) event.relateException(exception);
      return event;
    });
}

/** Neither called off nor without a beginning. */
function isMeant(component: ICAL.Component): boolean {
  const status = String(component.getFirstPropertyValue('status') ?? '');
  return status.toUpperCase() !== 'CANCELLED' && component.hasProperty('dtstart');
}

function occurrences(event: ICAL.Event, span: Span, budget: { left: number }): readonly Shift[] {
  try {
    if (!event.isRecurring()) return shiftOf(event, event.startDate, event.endDate, span);
    const shifts: Shift[] = [];
    const times = event.iterator();
    for (let time = times.next(); time !== null && time !== undefined; time = times.next()) {
      budget.left -= 1;
      if (budget.left < 0)
        throw new NightkeeperError(
          'calendar-unreadable',
          `it has more than ${occurrencesMax} entries`,
        );
      if (momentOfTime(time, zoneOf(event, span)) >= span.untilMs || shifts.length >= shiftsMax)
        break;
      const { item, startDate, endDate } = event.getOccurrenceDetails(time);
      shifts.push(...shiftOf(item, startDate, endDate, span));
    }
    return shifts;
  } catch (error) {
    throw unreadable(error);
  }
}

function shiftOf(
  event: ICAL.Event,
  start: ICAL.Time,
  end: ICAL.Time,
  span: Span,
): readonly Shift[] {
  const zone = zoneOf(event, span);
  const fromMs = momentOfTime(start, zone);
  const untilMs = momentOfTime(end, zone);
  if (untilMs <= span.fromMs || fromMs >= span.untilMs || untilMs <= fromMs) return [];
  return [
    {
      fromMs,
      untilMs,
      emails: event.attendees
        .map((attendee) => String(attendee.getFirstValue() ?? ''))
        .map((address) => address.replace(/^mailto:/iu, '').toLowerCase())
        .slice(0, emailsMax),
      summary: String(event.summary ?? '').slice(0, summaryCharsMax),
    },
  ];
}

/** A moment: by the zone that the calendar describes, or UTC; without either by the clocks of the zone given. */
function momentOfTime(time: ICAL.Time, zone: string): number {
  if (time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
  const wall =
    wallAt(time.year, time.month, time.day) +
    (time.hour * 60 + time.minute) * minuteMs +
    time.second * 1000;
  return momentOf(wall, zone);
}

/** The zone an entry names without describing it, where that is one we know, else that of the schedule. */
function zoneOf(event: ICAL.Event, span: Span): string {
  const named = event.component.getFirstProperty('dtstart')?.getFirstParameter('tzid');
  return named !== undefined && isZone(named) ? named : span.zone;
}

function unreadable(error: unknown): NightkeeperError {
  if (error instanceof NightkeeperError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new NightkeeperError(
    'calendar-unreadable',
    `the calendar cannot be read: ${reason.slice(0, 120)}`,
    { cause: error },
  );
}
