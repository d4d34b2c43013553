import { z } from 'zod';
import { type AutoRule, defaultLimit, limitOf } from '../model/automation.ts';
import { durationMs } from './duration.ts';
import { duration, readAs } from './schema-parts.ts';

const limit = readAs('limit', (value) => limitOf(value, durationMs));

/** One rule of the section `auto` of an ensemble. */
export const autoSchema = z.strictObject({
  detector: z.string().min(1),
  action: z.string().min(1),
  after: duration,
  /** One limit for both, or one for each server and one for the ensemble. */
  atMost: z
    .union([limit, z.strictObject({ server: limit, ensemble: limit })])
    .default(defaultLimit),
});

/** The rule as the bot follows it. */
export function autoRuleOf({
  detector,
  action,
  after,
  atMost,
}: z.output<typeof autoSchema>): AutoRule {
  const both = 'times' in atMost ? { server: atMost, ensemble: atMost } : atMost;
  return {
    detector,
    action,
    afterMs: after,
    perServer: both.server,
    perEnsemble: both.ensemble,
  };
}
