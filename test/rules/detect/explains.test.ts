import { describe, expect, it } from 'vitest';
import { explainsOf } from '../../../src/rules/detect/signs/explains.ts';

/** Where one explains the other. */
function scopes(cause: string, effect: string): readonly string[] {
  return explainsOf(cause)
    .filter(({ detector }) => detector === effect)
    .map(({ scope }) => scope);
}

/** The graph of causes as the catalogue of faults has it. */
describe('who explains whom', () => {
  it.each([
    ['bot-partitioned', 'canary-failed', 'ensemble'],
    ['quorum-lost', 'electing', 'ensemble'],
    ['quorum-lost', 'member-crash-loop', 'ensemble'],
    ['quorum-lost', 'unsynced-follower', 'ensemble'],
    ['quorum-lost', 'stale-leader', 'ensemble'],
    ['quorum-lost', 'slow-election', 'ensemble'],
    ['quorum-lost', 'peer-mesh-broken', 'ensemble'],
    ['quorum-lost', 'read-only-mode', 'ensemble'],
    ['quorum-lost', 'observer-down', 'ensemble'],
    ['quorum-lost', 'canary-failed', 'ensemble'],
    ['quorum-lost', 'overload', 'ensemble'],
    ['quorum-lost', 'session-expiry-storm', 'ensemble'],
    ['leader-unresponsive', 'member-hung', 'same-server'],
    ['leader-unresponsive', 'canary-failed', 'ensemble'],
    ['leader-unresponsive', 'overload', 'ensemble'],
    ['member-accept-starved', 'member-hung', 'same-server'],
    ['connection-limit-hit', 'member-hung', 'same-server'],
    ['connection-limit-hit', 'probe-degraded', 'ensemble'],
    ['member-down', 'version-skew', 'same-server'],
    ['member-unreachable', 'config-param-drift', 'same-server'],
    ['member-hung', 'fsync-slow', 'same-server'],
    ['member-hung', 'electing', 'ensemble-if-led'],
    ['disk-full-now', 'member-rejoin-loop', 'same-server'],
    ['disk-full-now', 'member-crash-loop', 'same-server'],
    ['disk-full-now', 'fsync-slow', 'same-server'],
    ['disk-full-now', 'disk-full-eta', 'same-server'],
    ['heap-pressure', 'jvm-pause', 'same-server'],
    ['jvm-pause', 'follower-link-slow', 'same-server'],
    ['jvm-pause', 'session-expiry-storm', 'ensemble-if-led'],
    ['fsync-slow', 'latency-high', 'ensemble'],
    ['overload', 'write-rate-anomaly', 'ensemble'],
    ['digest-mismatch', 'znode-count-divergence', 'ensemble'],
    ['tls-cert-expiry', 'tls-handshake-failures', 'ensemble'],
    ['session-expiry-storm', 'ephemeral-flapping', 'ensemble'],
    ['member-rejoin-loop', 'member-not-serving', 'same-server'],
    ['rolling-restart', 'peer-mesh-broken', 'ensemble'],
    ['member-unreachable', 'member-unreachable', 'ensemble'],
    ['member-not-serving', 'member-not-serving', 'ensemble'],
    ['member-not-serving', 'quorum-at-risk', 'ensemble-if-voter'],
    ['member-down', 'canary-failed', 'ensemble-if-voter'],
  ])('%s explains %s: %s', (cause, effect, expected) => {
    expect(scopes(cause, effect)).toContain(expected);
  });

  it.each([
    ['quorum-lost', 'disk-full-now'],
    ['quorum-lost', 'membership-drift'],
    ['quorum-lost', 'myid-mismatch'],
    ['quorum-lost', 'digest-mismatch'],
    ['quorum-lost', 'zxid-regression'],
    ['member-down', 'quorum-lost'],
    ['bot-partitioned', 'member-down'],
    ['quorum-at-risk', 'member-down'],
  ])('%s does not explain %s: it may be its cause, or is a fault of its own', (cause, effect) => {
    expect(scopes(cause, effect)).toEqual([]);
  });

  it('says nothing of a name it does not know', () => {
    expect(explainsOf('nobody')).toEqual([]);
  });
});
