import { commonEn } from '../common/en.ts';
import { bytes, thousands } from '../figures.ts';

/** What the metrics of `/zk chart` are, by their names. */
const metrics: Readonly<Record<string, string>> = {
  latency: 'mean time of a write',
  'read-latency': 'mean time of a read',
  outstanding: 'requests taken and not answered',
  connections: 'client connections',
  writes: 'transactions a second',
  packets: 'packets received a second',
  fsync: 'mean time of a forced write to disk',
  pauses: 'share of time in JVM pauses',
  sessions: 'sessions',
  expired: 'sessions expired a second',
  syncs: 'calls of sync() that wait',
  watches: 'watches',
  znodes: 'znodes',
  ephemerals: 'ephemeral znodes',
  data: 'size of the data',
  files: 'open file descriptors',
  probe: 'time of a probe',
};

function number(value: number): string {
  return value >= 1000 ? thousands(value) : String(Math.round(value * 100) / 100);
}

export const chartEn = {
  /** What a metric shows; a gauge that has no words is told by its name. */
  metric: (name: string) => metrics[name] ?? name.replaceAll('_', ' '),
  /** `orders: mean time of a write, last 1 h` */
  title: (ensemble: string, metric: string, lengthMs: number) =>
    `${ensemble}: ${chartEn.metric(metric)}, last ${commonEn.duration(lengthMs)}`,
  head: ['server', 'over time', 'least', 'most', 'now'],
  metricsOf: (ensemble: string) => `What can be drawn of ${ensemble}:`,
  metricsHead: ['metric', 'what it shows'],
  nothing: (ensemble: string, metric: string) =>
    `${ensemble}: nothing was seen of "${chartEn.metric(metric)}" in that time. The version may not report it, or the bot has not watched for so long.`,
  unpainted: 'The picture could not be drawn; the log has the reason.',
  written: (file: string) => `written: ${file}`,
  value: (value: number, unit: string) => {
    switch (unit) {
      case 'ms':
        return commonEn.latency(value);
      case 'bytes':
        return bytes(value);
      case 'percent':
        return `${number(value)} %`;
      case 'per-second':
        return `${number(value)}/s`;
      default:
        return number(value);
    }
  },
};

export type ChartWords = typeof chartEn;
