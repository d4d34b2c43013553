import type { Facts } from '../../model/finding.ts';

/** How a figure is read: as it stands, by how fast it grows, as the mean of a summary, or as a share of time. */
export type ChartFigure =
  | { readonly kind: 'level'; readonly metric: string }
  | { readonly kind: 'rate'; readonly metric: string }
  | { readonly kind: 'mean'; readonly summary: string }
  | { readonly kind: 'share'; readonly metric: string };

export type ChartUnit = 'ms' | 'count' | 'bytes' | 'per-second' | 'percent';

/** Something that can be drawn over time, one line for each server. */
export interface ChartMetric {
  /** As it is typed, and as the words and the picture call it. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly unit: ChartUnit;
  readonly figure: ChartFigure;
}

function level(metric: string): ChartFigure {
  return { kind: 'level', metric };
}

/** What `/zk chart` draws, most wanted first. Gauges of servers (disks, heap) are drawn under their own names. */
export const chartMetrics: readonly ChartMetric[] = [
  {
    name: 'latency',
    aliases: ['write-latency', 'writelatency', 'updatelatency', 'avg_latency', '延迟', '写延迟'],
    title: 'write latency',
    unit: 'ms',
    figure: { kind: 'mean', summary: 'updatelatency' },
  },
  {
    name: 'read-latency',
    aliases: ['readlatency', 'reads', '读延迟'],
    title: 'read latency',
    unit: 'ms',
    figure: { kind: 'mean', summary: 'readlatency' },
  },
  {
    name: 'outstanding',
    aliases: ['outstanding_requests', 'requests', 'queue', '排队'],
    title: 'outstanding requests',
    unit: 'count',
    figure: level('outstanding_requests'),
  },
  {
    name: 'connections',
    aliases: ['num_alive_connections', 'clients', 'conns', '连接'],
    title: 'connections',
    unit: 'count',
    figure: level('num_alive_connections'),
  },
  {
    name: 'writes',
    aliases: ['zxid', 'transactions', 'write-rate', '写入'],
    title: 'writes per second',
    unit: 'per-second',
    figure: { kind: 'rate', metric: 'zxid' },
  },
  {
    name: 'packets',
    aliases: ['packets_received', 'received', '请求'],
    title: 'packets received per second',
    unit: 'per-second',
    figure: { kind: 'rate', metric: 'packets_received' },
  },
  {
    name: 'fsync',
    aliases: ['fsynctime', 'disk', '刷盘'],
    title: 'fsync time',
    unit: 'ms',
    figure: { kind: 'mean', summary: 'fsynctime' },
  },
  {
    name: 'pauses',
    aliases: ['jvm', 'gc', 'jvm_pause_time_ms', '停顿'],
    title: 'time in JVM pauses',
    unit: 'percent',
    figure: { kind: 'share', metric: 'sum_jvm_pause_time_ms' },
  },
  {
    name: 'sessions',
    aliases: ['global_sessions', '会话'],
    title: 'sessions',
    unit: 'count',
    figure: level('global_sessions'),
  },
  {
    name: 'expired',
    aliases: ['stale_sessions_expired', 'expiries', '过期'],
    title: 'sessions expired per second',
    unit: 'per-second',
    figure: { kind: 'rate', metric: 'stale_sessions_expired' },
  },
  {
    name: 'syncs',
    aliases: ['pending_syncs', 'sync'],
    title: 'pending syncs',
    unit: 'count',
    figure: level('pending_syncs'),
  },
  {
    name: 'watches',
    aliases: ['watch_count', 'watch'],
    title: 'watches',
    unit: 'count',
    figure: level('watch_count'),
  },
  {
    name: 'znodes',
    aliases: ['znode_count', 'znode', 'nodes'],
    title: 'znodes',
    unit: 'count',
    figure: level('znode_count'),
  },
  {
    name: 'ephemerals',
    aliases: ['ephemerals_count', '临时节点'],
    title: 'ephemeral znodes',
    unit: 'count',
    figure: level('ephemerals_count'),
  },
  {
    name: 'data',
    aliases: ['approximate_data_size', 'size', '数据'],
    title: 'data',
    unit: 'bytes',
    figure: level('approximate_data_size'),
  },
  {
    name: 'files',
    aliases: ['open_file_descriptor_count', 'fd', 'descriptors', '文件描述符'],
    title: 'open file descriptors',
    unit: 'count',
    figure: level('open_file_descriptor_count'),
  },
  {
    name: 'probe',
    aliases: ['took_ms', 'probe-time', '探测'],
    title: 'time of a probe',
    unit: 'ms',
    figure: level('took_ms'),
  },
];

/** A gauge that is kept under its own name. */
export function gaugeMetric(name: string): ChartMetric {
  const unit = name.endsWith('_bytes') ? 'bytes' : name.endsWith('_ms') ? 'ms' : 'count';
  return { name, aliases: [], title: name.replaceAll('_', ' '), unit, figure: level(name) };
}

/** What a fault shows in: drawn on its card, and by `/zk chart 12`. */
const metricOfFault: Readonly<Record<string, string>> = {
  'canary-failed': 'latency',
  'connection-imbalance': 'connections',
  'connection-limit-hit': 'connections',
  'data-size': 'data',
  'fd-exhaustion': 'files',
  'fsync-slow': 'fsync',
  'jvm-pause': 'pauses',
  'latency-degraded': 'latency',
  'latency-high': 'latency',
  overload: 'outstanding',
  'pending-syncs': 'syncs',
  'session-concentration': 'sessions',
  'session-expiry-storm': 'sessions',
  'watch-leak': 'watches',
  'write-rate-anomaly': 'writes',
  'znode-count-divergence': 'znodes',
  'znode-growth': 'znodes',
  'zxid-rollover-eta': 'writes',
};

/** The metric of a fault, where it has one. Reads that are slow are drawn as reads. */
export function metricOf(detector: string, facts: Facts): ChartMetric | undefined {
  const name = metricOfFault[detector];
  const isRead = name === 'latency' && facts['kind'] === 'read';
  return name === undefined ? undefined : metricNamed(isRead ? 'read-latency' : name);
}

/** The metric of a name or of one of its other names, in any case of letters. */
export function metricNamed(name: string): ChartMetric | undefined {
  const wanted = name.toLowerCase().replace(/^zk_/u, '').replaceAll(' ', '-');
  return chartMetrics.find((metric) => metric.name === wanted || metric.aliases.includes(wanted));
}
