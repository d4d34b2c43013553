import { detectorThresholds } from '../../src/app/catalog.ts';

/**
 * How long a server is out before it pages: longer than a restart on a busy machine, and than the probe of its machine takes to name a
 * cause, as the minute of the catalogue is. The daily set has neither restarts nor causes to name, and is short.
 */
const outMs = process.argv.includes('--quick') ? 5000 : 10_000;

/**
 * Holds and limits of the bench where the catalogue counts in minutes or in millions: a fault must be told apart from the next within
 * seconds. Everything else stands at its default.
 */
const wanted: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'member-down': { holdMs: outMs },
  'quorum-at-risk': { holdMs: outMs },
  'member-unreachable': { holdMs: outMs },
  'member-accept-starved': { holdMs: 5000 },
  'member-crash-loop': { windowMs: 45_000, steadyMs: 8000 },
  'observer-down': { holdMs: 10_000 },
  'peer-mesh-broken': { holdMs: 20_000 },
  'follower-link-slow': { holdMs: 5000, windowMs: 15_000 },
  // One fault follows the other as the steps of a rolling restart do: only where one is meant are they looked at together.
  'rolling-restart': { settleMs: 8000, windowMs: 1000 },
  'fsync-slow': { holdMs: 5000, windowMs: 10_000 },
  'latency-high': { holdMs: 5000, windowMs: 10_000 },
  'jvm-pause': { holdMs: 5000, windowMs: 15_000, warnPauseMs: 100 },
  'snapshot-sync-storm': { windowMs: 60_000 },
  'session-expiry-storm': { holdMs: 1000, windowMs: 15_000 },
  'fd-exhaustion': { holdMs: 5000, fullHoldMs: 5000 },
  'heap-pressure': { holdMs: 5000 },
  'connection-limit-hit': { holdMs: 5000, windowMs: 15_000 },
  'auth-failures': { holdMs: 5000, windowMs: 15_000 },
  'membership-drift': { holdMs: 5000 },
  'watch-leak': { holdMs: 5000, warn: 2000 },
  // Above what the storm of garbage fills a heap with.
  'znode-growth': { holdMs: 5000, warn: 4500 },
};

/** Values by detector and name. */
export type Thresholds = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Those of them that the bot knows, and what one fault wants otherwise. */
export function benchThresholds(others: Thresholds = {}): Thresholds {
  return Object.fromEntries(
    Object.entries({ ...wanted, ...others }).filter(([detector, values]) =>
      Object.keys(values).every((name) => detectorThresholds[detector]?.[name] !== undefined),
    ),
  );
}

/** `member-down.holdMs 5000` for each. */
export function thresholdLines(): readonly string[] {
  return Object.entries(benchThresholds()).flatMap(([detector, values]) =>
    Object.entries(values).map(
      ([name, value]) =>
        `${detector}.${name} ${value} (default ${detectorThresholds[detector]?.[name]})`,
    ),
  );
}
