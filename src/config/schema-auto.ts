import { z } from 'zod';
import { type AutoRule, defaultLimit, type Limit, limitOf } from '../model/automation.ts';
import { durationMs } from './duration.ts';

const limit = z
  .custom<string>((value) => limitOf(value, durationMs) !== undefined, {
    params: { want: 'limit' },
  })
  .transform((value): Limit => limitOf(value, durationMs) ?? defaultLimit);

/** One rule of the section `auto` of an ensemble, given the reader of durations. */
export function autoSchemaOf(duration: z.ZodType<number>) {
  return z.strictObject({
    detector: z.string().min(1),
    action: z.string().min(1),
    after: duration,
    /** One limit for both, or one for each server and one for the ensemble. */
    atMost: z
      .union([limit, z.strictObject({ server: limit, ensemble: limit })])
      .default(defaultLimit),
  });
}

/** The rule as the bot follows it. */
export function autoRuleOf({
  detector,
  action,
  after,
  atMost,
}: z.output<ReturnType<typeof autoSchemaOf>>): AutoRule {
  const both = 'times' in atMost ? { server: atMost, ensemble: atMost } : atMost;
  return {
    detector,
    action,
    afterMs: after,
    perServer: both.server,
    perEnsemble: both.ensemble,
  };
}
