/** Where numbers come from: ZooKeeper's own documents and sources, what others watch it with, what was measured, and judgement. */
export type ThresholdSource =
  | 'awesome-alerts'
  | 'cloudera'
  | 'huawei'
  | 'judgement'
  | 'measured'
  | 'nagios'
  | 'schema.ai'
  | 'strimzi'
  | 'zabbix'
  | 'zookeeper';

/** Where the default thresholds of each detector of the catalogue come from, the weightiest first. */
const sources: Readonly<Record<string, readonly ThresholdSource[]>> = {
  'admin-surface-exposed': ['measured', 'zookeeper'],
  'auth-failures': ['judgement'],
  'bot-partitioned': ['measured'],
  'canary-failed': ['cloudera', 'judgement'],
  'clock-skew': ['judgement', 'awesome-alerts', 'measured'],
  'config-param-drift': ['judgement'],
  'connection-imbalance': ['judgement'],
  'connection-limit-hit': ['huawei', 'zookeeper', 'measured'],
  'data-size': ['zookeeper'],
  'digest-mismatch': ['measured'],
  'disk-full-eta': ['awesome-alerts'],
  'disk-full-now': ['judgement', 'strimzi', 'cloudera', 'awesome-alerts'],
  electing: ['measured', 'judgement'],
  'election-churn': ['zookeeper', 'judgement'],
  'ephemeral-flapping': ['judgement'],
  'epoch-mismatch': ['measured'],
  'fd-exhaustion': ['zabbix', 'zookeeper', 'nagios'],
  'follower-lag': ['judgement'],
  'follower-link-slow': ['measured', 'judgement'],
  'fsync-slow': ['schema.ai', 'zookeeper', 'measured'],
  'heap-pressure': ['zookeeper', 'huawei', 'measured'],
  'jvm-pause': ['schema.ai', 'huawei', 'measured'],
  'latency-degraded': ['judgement'],
  'latency-high': ['zookeeper', 'strimzi', 'nagios'],
  'leader-unresponsive': ['measured'],
  'member-accept-starved': ['measured'],
  'member-crash-loop': ['judgement', 'strimzi'],
  'member-down': ['zookeeper', 'awesome-alerts'],
  'member-hung': ['measured'],
  'member-not-serving': ['judgement'],
  'member-rejoin-loop': ['measured', 'judgement'],
  'member-restarted': ['zabbix'],
  'member-unreachable': ['zookeeper'],
  'membership-drift': ['zookeeper', 'measured'],
  'myid-mismatch': ['measured'],
  'node-too-big': ['measured', 'judgement'],
  'observer-down': ['measured'],
  overload: ['zabbix', 'strimzi', 'nagios', 'zookeeper', 'measured'],
  'peer-mesh-broken': ['measured'],
  'pending-syncs': ['zabbix'],
  'probe-degraded': ['judgement'],
  'quorum-at-risk': ['schema.ai'],
  'quorum-lost': ['awesome-alerts', 'measured'],
  'quota-exceeded': ['judgement'],
  'read-only-mode': ['measured'],
  'session-concentration': ['judgement'],
  'session-expiry-storm': ['judgement', 'measured'],
  'slow-election': ['judgement'],
  'snapshot-sync-storm': ['judgement', 'zookeeper'],
  'snapshot-too-big-to-sync': ['judgement'],
  'stale-leader': ['measured'],
  'standalone-in-ensemble': ['judgement'],
  'tls-cert-expiry': ['awesome-alerts'],
  'tls-handshake-failures': ['judgement'],
  'two-leaders': ['awesome-alerts', 'measured'],
  'unpurged-snapshots': ['judgement', 'measured'],
  'unsynced-follower': ['zabbix'],
  'version-skew': ['judgement', 'measured', 'zookeeper'],
  'watch-leak': ['zookeeper', 'nagios'],
  'write-rate-anomaly': ['judgement'],
  'znode-count-divergence': ['judgement'],
  'znode-growth': ['zookeeper'],
  'zxid-regression': ['measured'],
  'zxid-rollover-eta': ['judgement', 'measured'],
};

/** The sources of a detector; judgement where the catalogue names none. */
export function sourcesOf(detector: string): readonly ThresholdSource[] {
  return sources[detector] ?? ['judgement'];
}
