import type { Stamp } from './incident.ts';

/** So often within a time, at most. */
export interface Limit {
  readonly times: number;
  readonly withinMs: number;
}

/** What the bot does by itself about a fault that nobody has taken on. */
export interface AutoRule {
  readonly detector: string;
  readonly action: string;
  /** How long after people were called. */
  readonly afterMs: number;
  readonly perServer: Limit;
  readonly perEnsemble: Limit;
}

/**
 * What may happen without a person, and about which faults: start what refuses, restart one that hangs or does not serve, restart an
 * observer. What takes the leader away, deletes data or changes membership never does, and a restart does not end a full disk, an
 * overload or a lost quorum.
 */
export const automatic: Readonly<Record<string, readonly string[]>> = {
  'restart-server': ['member-down', 'member-hung', 'member-not-serving', 'observer-down'],
};

/** Faults of an ensemble as a whole: there is no server to act on. */
export const ofTheEnsemble: readonly string[] = [
  'bot-partitioned',
  'canary-failed',
  'electing',
  'election-churn',
  'peer-mesh-broken',
  'probe-degraded',
  'quorum-at-risk',
  'quorum-lost',
  'rolling-restart',
  'slow-election',
  'two-leaders',
];

/** Shortest patience taken: what is over within seconds needs no restart. */
export const afterMsMin = 10_000;

/** Once in six hours: what comes back sooner was not ended by it. */
export const defaultLimit: Limit = { times: 1, withinMs: 6 * 3_600_000 };

/** The longest time a limit may look back: recoveries of an ensemble are kept for 200 of them. */
export const limitMsMax = 7 * 24 * 3_600_000;

/** Reads `1 per 6h`; the time is read by the function given. Undefined for anything else. */
export function limitOf(
  value: unknown,
  durationMs: (text: string) => number | undefined,
): Limit | undefined {
  const match = typeof value === 'string' ? /^(\d{1,2}) per (\S+)$/u.exec(value.trim()) : null;
  const times = Number(match?.[1]);
  const withinMs = durationMs(match?.[2] ?? '');
  if (withinMs === undefined || times < 1 || withinMs <= 0 || withinMs > limitMsMax)
    return undefined;
  return { times, withinMs };
}

/** Stands for all ensembles in a switch. */
export const everywhere = '*';

/** Somebody has switched off what the bot does by itself. */
export interface SwitchedOff {
  /** An ensemble, or `*`. */
  readonly scope: string;
  readonly set: Stamp;
  readonly reason: string;
}
