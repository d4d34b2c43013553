/** A calendar of the entries given, as servers write it. */
export function aCalendar(...entries: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', ...entries, 'END:VCALENDAR', '']
    .join('\n')
    .replaceAll('\n', '\r\n');
}

/** An entry with the lines given. */
export function anEntry(...lines: readonly string[]): string {
  return ['BEGIN:VEVENT', 'UID:shift@example.com', ...lines, 'END:VEVENT'].join('\n');
}

/** Berlin as calendars describe it. */
export const berlin = `BEGIN:VTIMEZONE
TZID:Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE`;
