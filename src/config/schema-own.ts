import { z } from 'zod';
import { heartbeatUrlSchema } from '../edges/heartbeat/config.ts';
import { duration, timeOfDay, zone } from './schema-parts.ts';

/** How often a heartbeat may be sent: more says nothing new, and services that listen refuse it. */
export const heartbeatLeast = '5s';

/** The section `heartbeat`: who outside hears that the bot watches. */
export const heartbeatSchema = z.strictObject({
  url: heartbeatUrlSchema,
  method: z.enum(['GET', 'POST']).default('GET'),
  every: duration.default(60_000),
});

/** The section `selfTest`: a card a day that proves that cards come through. */
export const selfTestSchema = z.strictObject({
  at: timeOfDay,
  zone: zone.default('UTC'),
});
