import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** Where a calendar comes from: an address (`webcal://` is `https://`), or a file beside the bot. */
export const calendarUrlSchema = z.custom<string>(
  (value) =>
    typeof value === 'string' && /^(?:https?|webcal):\/\//u.test(value) && URL.canParse(value),
  { params: { want: 'calendar-url' satisfies Want } },
);
