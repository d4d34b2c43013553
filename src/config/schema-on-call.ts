import { z } from 'zod';
import { calendarUrlSchema } from '../edges/ical/config.ts';
import { parseWall } from '../model/zone.ts';
import { duration, readAs, timeOfDay, wanted, zone } from './schema-parts.ts';
import { turnMs, weekdaysOf } from './week.ts';

/** Times that a step is called again at most: with its steps, what one incident says stays well below what delivery remembers. */
export const repeatsMax = 24;

/** How often a calendar is read at most. */
export const refreshLeast = '60s';

const wall = readAs('wall-time', (value) =>
  typeof value === 'string' ? parseWall(value) : undefined,
);

const weekdays = readAs('weekdays', weekdaysOf);

const hours = {
  days: weekdays.default([0, 1, 2, 3, 4, 5, 6]),
  from: timeOfDay.default(0),
  to: timeOfDay.default(1440),
};

const zonedWindow = z.strictObject({ ...hours, zone });
const window = z.strictObject(hours);

/** Hours of a route: one part of the week, or several. */
export const whenSchema = z
  .union([zonedWindow, z.array(zonedWindow).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** A person by name, `{ group: platform }` or `{ oncall: orders }`. */
const callee = z.union([
  wanted<string>('callee', (value) => typeof value === 'string'),
  z.strictObject({ group: z.string() }),
  z.strictObject({ oncall: z.string() }),
]);

export const stepSchema = z.strictObject({
  after: duration,
  people: z.array(z.string()).min(1).default([]),
  to: z.array(callee).min(1).default([]),
});

export const repeatSchema = z.strictObject({
  every: duration,
  times: z.int().min(1).max(repeatsMax).default(5),
});

export const groupSchema = z.array(callee).min(1);

const rotation = z.strictObject({
  people: z.array(z.string()).min(1),
  start: wall,
  every: readAs('turn-length', turnMs),
  when: z.exactOptional(
    z
      .union([window, z.array(window).min(1)])
      .transform((value) => (Array.isArray(value) ? value : [value])),
  ),
});

export const scheduleSchema = z.strictObject({
  zone,
  rotation: z.exactOptional(rotation),
  layers: z.array(rotation).min(1).default([]),
  overrides: z.array(z.strictObject({ from: wall, to: wall, person: z.string() })).default([]),
  ical: z.exactOptional(
    z.strictObject({
      url: z.exactOptional(calendarUrlSchema),
      file: z.exactOptional(z.string().min(1)),
      refresh: duration.default(900_000),
      timeout: duration.default(10_000),
    }),
  ),
  fallback: z.exactOptional(z.string()),
});

export type ParsedCallee = z.output<typeof callee>;
export type ParsedStep = z.output<typeof stepSchema>;
export type ParsedSchedule = z.output<typeof scheduleSchema>;
export type ParsedWindow = z.output<typeof window>;
