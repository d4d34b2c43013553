import type { Explains } from '../../../model/finding.ts';

/*
 * Who explains whom: the one place to read it. While a fault stands, what it explains is a line on its card and no card of its own;
 * how bad a line is and that it calls people counts for the card, so that nothing is lost by being explained. Names of all detectors
 * are here, whichever family they are of.
 *
 *   the bot's own path   bot-partitioned
 *   the ensemble         quorum-lost > electing, slow-election, every fault of a member
 *   a cause on a server  disk-full-now, fd-exhaustion, heap-pressure, myid-mismatch, … > the ways to be out
 *   a way to be out      member-down, member-hung, … (each explains the others: the card keeps its first name) > quorum-at-risk, figures
 *   figures              fsync-slow, jvm-pause, overload > latency-high > latency-degraded
 */

/** Findings about the same server. */
function same(...detectors: readonly string[]): readonly Explains[] {
  return detectors.map((detector) => ({ detector, scope: 'same-server' }));
}

/** Findings anywhere in the ensemble. */
function all(...detectors: readonly string[]): readonly Explains[] {
  return detectors.map((detector) => ({ detector, scope: 'ensemble' }));
}

/** Findings anywhere in the ensemble, where the server votes. */
function ifVoter(...detectors: readonly string[]): readonly Explains[] {
  return detectors.map((detector) => ({ detector, scope: 'ensemble-if-voter' }));
}

/** Findings anywhere in the ensemble, where the server led. */
function ifLed(...detectors: readonly string[]): readonly Explains[] {
  return detectors.map((detector) => ({ detector, scope: 'ensemble-if-led' }));
}

/** The ways of a server to be out. A hung server that is killed and started again stays one card, under the name it got first. */
const waysToBeOut = [
  'leader-unresponsive',
  'member-down',
  'member-hung',
  'member-not-serving',
  'member-unreachable',
  'read-only-mode',
  'stale-leader',
] as const;

/** Being out again and again: they name it better than any single time. */
const loops = ['member-rejoin-loop', 'member-crash-loop'] as const;

/** Figures of one server: while it is out, or sick for a reason that has a name, they say nothing new. */
const figures = [
  'fsync-slow',
  'jvm-pause',
  'latency-high',
  'latency-degraded',
  'overload',
  'pending-syncs',
  'write-rate-anomaly',
  'follower-lag',
  'follower-link-slow',
  'unsynced-follower',
] as const;

/** What clients feel while no leader takes their writes. */
const writesStop = [
  'canary-failed',
  'latency-high',
  'latency-degraded',
  'overload',
  'pending-syncs',
  'write-rate-anomaly',
  'session-expiry-storm',
] as const;

/** What follows when a server is out, whatever the way. */
const afterAServerIsOut: readonly Explains[] = [
  ...same(
    ...figures,
    'member-restarted',
    'observer-down',
    'version-skew',
    'config-param-drift',
    'clock-skew',
    'connection-limit-hit',
    'session-concentration',
    'znode-count-divergence',
    'epoch-mismatch',
  ),
  ...ifVoter('quorum-at-risk', 'canary-failed'),
  ...all(
    'peer-mesh-broken',
    'connection-imbalance',
    'snapshot-sync-storm',
    'ephemeral-flapping',
    'session-expiry-storm',
  ),
  ...ifLed('electing', 'slow-election', ...writesStop),
];

/** Of a way to be out: the others, and what follows. */
function aWayToBeOut(name: (typeof waysToBeOut)[number]): readonly Explains[] {
  return [...same(...waysToBeOut.filter((other) => other !== name)), ...afterAServerIsOut];
}

/** Of a fault that puts a server out: every way to be out, and what follows. */
const putsAServerOut: readonly Explains[] = [
  ...same(...waysToBeOut, ...loops, 'member-accept-starved'),
  ...afterAServerIsOut,
];

const graph: Readonly<Record<string, readonly Explains[]>> = {
  'bot-partitioned': all('canary-failed', 'observer-down', 'probe-degraded'),

  'quorum-lost': all(
    ...waysToBeOut,
    ...loops,
    ...figures,
    ...writesStop,
    'member-accept-starved',
    'member-restarted',
    'observer-down',
    'electing',
    'slow-election',
    'election-churn',
    'quorum-at-risk',
    'peer-mesh-broken',
    'probe-degraded',
    'connection-imbalance',
    'connection-limit-hit',
    'snapshot-sync-storm',
    'ephemeral-flapping',
    'epoch-mismatch',
  ),
  // What stays away for too long calls people on its card.
  'rolling-restart': all(
    'member-down',
    'member-not-serving',
    'member-restarted',
    'observer-down',
    'electing',
    'slow-election',
    'election-churn',
    'quorum-at-risk',
    'canary-failed',
    'follower-lag',
    'unsynced-follower',
    'connection-imbalance',
    'peer-mesh-broken',
    'snapshot-sync-storm',
  ),
  electing: all('slow-election', 'follower-lag', 'unsynced-follower', ...writesStop),
  'election-churn': all('electing', 'slow-election', 'ephemeral-flapping', ...writesStop),
  'two-leaders': all('stale-leader', 'epoch-mismatch'),

  'member-down': aWayToBeOut('member-down'),
  'member-hung': aWayToBeOut('member-hung'),
  // What one cut does to several servers is one fault.
  'member-not-serving': [...aWayToBeOut('member-not-serving'), ...all('member-not-serving')],
  'member-unreachable': [...aWayToBeOut('member-unreachable'), ...all('member-unreachable')],
  'read-only-mode': aWayToBeOut('read-only-mode'),
  'stale-leader': aWayToBeOut('stale-leader'),
  // Its writes stand still though it leads on: what clients feel of that is anywhere in the ensemble.
  'leader-unresponsive': [
    ...aWayToBeOut('leader-unresponsive'),
    ...same('member-accept-starved'),
    ...all('electing', 'slow-election', ...writesStop),
  ],
  // The card of a leader that does not answer is out, and has called people, before it is known to be starved.
  'member-accept-starved': [
    ...same(...waysToBeOut),
    ...afterAServerIsOut,
    ...all('canary-failed', 'latency-high', 'latency-degraded'),
  ],
  'member-rejoin-loop': [...same(...waysToBeOut), ...afterAServerIsOut, ...ifLed('election-churn')],
  'member-crash-loop': [
    ...same(...waysToBeOut, 'member-rejoin-loop'),
    ...afterAServerIsOut,
    ...ifLed('election-churn'),
  ],
  'standalone-in-ensemble': [
    ...putsAServerOut,
    // It has a configuration and a history of its own.
    ...all(
      'membership-drift',
      'config-param-drift',
      'digest-mismatch',
      'epoch-mismatch',
      'zxid-regression',
      'znode-count-divergence',
    ),
  ],
  'unsynced-follower': same('follower-lag', 'follower-link-slow', 'znode-count-divergence'),
  'follower-link-slow': [
    ...same(...figures.filter((name) => name !== 'follower-link-slow')),
    // Where it is the link of the leader, everybody waits for it.
    ...ifLed('latency-high', 'latency-degraded', 'canary-failed', 'pending-syncs'),
  ],
  'observer-down': [],
  'peer-mesh-broken': all('electing', 'slow-election'),

  'disk-full-now': [
    ...putsAServerOut,
    ...same('disk-full-eta', 'unpurged-snapshots'),
    ...all('canary-failed'),
  ],
  'disk-full-eta': same('unpurged-snapshots'),
  'fd-exhaustion': [...putsAServerOut, ...all('session-concentration', 'probe-degraded')],
  'heap-pressure': putsAServerOut,
  'myid-mismatch': [...putsAServerOut, ...all('membership-drift')],
  'membership-drift': [...putsAServerOut, ...all('peer-mesh-broken')],
  'snapshot-too-big-to-sync': same('member-not-serving', 'member-rejoin-loop', 'unsynced-follower'),
  'connection-limit-hit': [
    ...putsAServerOut,
    ...all('probe-degraded', 'session-concentration', 'connection-imbalance'),
  ],
  'digest-mismatch': all('znode-count-divergence', 'epoch-mismatch'),
  'tls-cert-expiry': all('tls-handshake-failures'),
  // Who is turned away leaves a session behind, which expires.
  'auth-failures': all('session-expiry-storm'),
  'zxid-rollover-eta': all('electing', 'election-churn', 'epoch-mismatch'),

  'fsync-slow': [
    ...same('follower-lag', 'follower-link-slow'),
    ...all(...writesStop, 'follower-link-slow'),
  ],
  'jvm-pause': [
    ...same(...figures.filter((name) => name !== 'jvm-pause')),
    ...ifLed(...writesStop),
  ],
  overload: all('latency-high', 'latency-degraded', 'pending-syncs', 'write-rate-anomaly'),
  // A slow leader makes writes slow on every server.
  'latency-high': [
    // What is slower than usual is told of the ensemble.
    ...all('latency-degraded', 'pending-syncs'),
    ...ifLed('latency-high', 'canary-failed'),
  ],
  'session-expiry-storm': all('ephemeral-flapping', 'connection-imbalance'),
  'znode-growth': all('data-size'),
};

/** What the detector of this name explains. */
export function explainsOf(name: string): readonly Explains[] {
  return (graph[name] ?? []).filter(
    ({ detector, scope }) => !(detector === name && scope === 'same-server'),
  );
}
