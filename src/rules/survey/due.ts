import { type Survey, type SurveyPart, surveyParts } from '../../model/survey.ts';

const minuteMs = 60_000;

/**
 * How often each part is asked for, as multiples of the ensemble's own pace (a minute by default). What costs the server more, or
 * changes by a restart only, is asked more rarely.
 */
const every: Readonly<Record<Exclude<SurveyPart, 'host'>, { times: number; atLeastMs?: number }>> =
  {
    conf: { times: 5 },
    clients: { times: 1 },
    digests: { times: 1 },
    memory: { times: 1 },
    watches: { times: 1 },
    sizes: { times: 5 },
    clock: { times: 1 },
    canary: { times: 1 },
    admin: { times: 60, atLeastMs: 60 * minuteMs },
    // A certificate that is renewed is seen the same day; one that expires was seen weeks before.
    certificates: { times: 360, atLeastMs: 360 * minuteMs },
  };

/** Parts that say what is wrong with a server in trouble, and how old they may be then. */
const urgent: readonly SurveyPart[] = ['host', 'clients', 'memory'];
export const urgentAfterMs = 10_000;

/** How often the parts of a server are due. */
export interface SurveyPace {
  readonly everyMs: number;
  readonly hostEveryMs: number;
  /** How often anybody looks what is due: a part may come half of it early, never a whole one late. */
  readonly tickMs: number;
}

/** The parts of a server that are due now; those of a server in trouble sooner. */
export function dueParts(
  before: Survey | undefined,
  pace: SurveyPace,
  nowMs: number,
  isUrgent: boolean,
): readonly SurveyPart[] {
  return surveyParts.filter((part) => {
    const asked = before?.asked[part];
    if (asked === undefined) return true;
    const ageMs = nowMs - asked.atMs;
    // A clock that was set back must not keep a part from being asked for ever.
    if (ageMs < 0) return true;
    if (isUrgent && urgent.includes(part) && ageMs >= urgentAfterMs) return true;
    // What only a running quorum tells is asked for again soon after it gave nothing.
    const own = asked.failed === 'not-serving' ? pace.everyMs : cadence(part, pace);
    return ageMs >= own - pace.tickMs / 2;
  });
}

function cadence(part: SurveyPart, { everyMs, hostEveryMs }: SurveyPace): number {
  if (part === 'host') return hostEveryMs;
  const { times, atLeastMs = 0 } = every[part];
  return Math.max(everyMs * times, atLeastMs);
}
