import { z } from 'zod';
import type { Want } from '../model/config-fault.ts';
import { isZone } from '../model/zone.ts';
import { durationMs } from './duration.ts';
import { minuteOf } from './week.ts';

/** A value of which `is` says that it is what is wanted. */
export function wanted<T>(want: Want, is: (value: unknown) => boolean): z.ZodCustom<T, T> {
  return z.custom<T>(is, { params: { want } });
}

/** A value that `read` understands, as what it means. */
export function readAs<T>(want: Want, read: (value: unknown) => T | undefined): z.ZodType<T> {
  // What it does not understand has become a fault before.
  return wanted<string>(want, (value) => read(value) !== undefined).transform(
    (value) => read(value) as T,
  );
}

/** `30s` */
export const duration: z.ZodType<number> = readAs('duration', durationMs);

export const zone: z.ZodType<string> = wanted<string>(
  'zone',
  (value) => typeof value === 'string' && isZone(value),
);

export const timeOfDay: z.ZodType<number> = readAs('time-of-day', minuteOf);
