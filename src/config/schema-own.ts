import { z } from 'zod';
import { heartbeatUrlSchema } from '../edges/heartbeat/config.ts';
import type { Want } from '../model/config-fault.ts';
import { isZone } from '../model/zone.ts';
import { durationMs } from './duration.ts';
import { minuteOf } from './week.ts';

/** How often a heartbeat may be sent: more says nothing new, and services that listen refuse it. */
export const heartbeatMsMin = 5_000;

function wanted<T>(want: Want, is: (value: unknown) => boolean): z.ZodCustom<T, T> {
  return z.custom<T>(is, { params: { want } });
}

/** The section `heartbeat`: who outside hears that the bot watches. */
export const heartbeatSchema = z.strictObject({
  url: heartbeatUrlSchema,
  method: z.enum(['GET', 'POST']).default('GET'),
  every: wanted<string>('duration', (value) => durationMs(value) !== undefined)
    .transform((value) => durationMs(value) ?? 0)
    .default(60_000),
});

/** The section `selfTest`: a card a day that proves that cards come through. */
export const selfTestSchema = z.strictObject({
  at: wanted<string>('time-of-day', (value) => minuteOf(value) !== undefined).transform(
    (value) => minuteOf(value) ?? 0,
  ),
  zone: wanted<string>('zone', (value) => typeof value === 'string' && isZone(value)).default(
    'UTC',
  ),
});
