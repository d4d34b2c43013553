import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CounterName, GaugeName, Telemetry, TimerName } from '../ports/telemetry.ts';

interface Described {
  readonly help: string;
  readonly labels: readonly string[];
}

const counters: Readonly<Record<CounterName, Described>> = {
  probes_total: { help: 'Probes of servers, by outcome.', labels: ['ensemble', 'outcome'] },
  notices_total: { help: 'What sensors noticed, by kind.', labels: ['ensemble', 'kind'] },
  incident_events_total: {
    help: 'Events of incidents, by detector and kind.',
    labels: ['ensemble', 'detector', 'kind'],
  },
  deliveries_total: {
    help: 'Deliveries to channels, by outcome.',
    labels: ['channel', 'outcome', 'reason'],
  },
  invocations_total: {
    help: 'Commands that people gave, by outcome.',
    labels: ['command', 'via', 'outcome'],
  },
  automatic_recoveries_total: {
    help: 'Recoveries the bot began by itself, or why it did not.',
    labels: ['ensemble', 'outcome'],
  },
  recoveries_total: { help: 'Recoveries, by outcome.', labels: ['action', 'outcome'] },
  heartbeats_total: {
    help: 'Heartbeats to the outside, by outcome.',
    labels: ['outcome'],
  },
  jobs_failed_total: { help: 'Jobs of the queue that failed, by kind.', labels: ['kind'] },
};

const timers: Readonly<Record<TimerName, Described>> = {
  probe_seconds: { help: 'Time of one probe of one server.', labels: ['ensemble'] },
  observe_seconds: { help: 'Time of one look at an ensemble.', labels: ['ensemble'] },
  crawl_seconds: { help: 'Time of one step of a crawl.', labels: ['ensemble'] },
  survey_seconds: { help: 'Time of one survey of an ensemble.', labels: ['ensemble'] },
  delivery_seconds: { help: 'Time of one delivery.', labels: ['channel'] },
};

const gauges: Readonly<Record<GaugeName, Described>> = {
  ensemble_health: {
    help: 'How an ensemble stands: 0 healthy, 1 degraded, 2 no quorum, 3 unknown.',
    labels: ['ensemble'],
  },
  incidents_open: { help: 'Open incidents.', labels: ['ensemble'] },
  sensors: { help: 'Servers held by a session or connection.', labels: ['ensemble'] },
  replicas: { help: 'Replicas of the bot that live, as this one last heard.', labels: [] },
  quota_used: {
    help: 'What the bot used of a monthly quota of a chat platform.',
    labels: ['quota'],
  },
  quota_max: { help: 'What that quota allows in a month.', labels: ['quota'] },
  last_observe_timestamp_seconds: {
    help: 'When an ensemble was last looked at.',
    labels: ['ensemble'],
  },
};

/** From a millisecond on loopback to the longest timeout. */
const secondsBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsPage extends Telemetry {
  /** The Prometheus text format, with the process's own figures. */
  metrics(): Promise<string>;
}

/** Counts for `/metrics`. A label that a metric does not have is left out rather than failing the work that is counted. */
export function createTelemetry(): MetricsPage {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counted = mapOf(
    counters,
    (name, { help, labels }) => new Counter({ name, help, labelNames: labels, registers }),
  );
  const timed = mapOf(
    timers,
    (name, { help, labels }) =>
      new Histogram({ name, help, labelNames: labels, buckets: secondsBuckets, registers }),
  );
  const measured = mapOf(
    gauges,
    (name, { help, labels }) => new Gauge({ name, help, labelNames: labels, registers }),
  );
  return {
    count(name, labels = {}) {
      counted[name].inc(known(labels, counters[name]));
    },
    time(name, seconds, labels = {}) {
      timed[name].observe(known(labels, timers[name]), seconds);
    },
    gauge(name, value, labels = {}) {
      measured[name].set(known(labels, gauges[name]), value);
    },
    metrics: () => registry.metrics(),
  };
}

function mapOf<Name extends string, Metric>(
  described: Readonly<Record<Name, Described>>,
  make: (name: string, each: Described) => Metric,
): Readonly<Record<Name, Metric>> {
  const entries = (Object.entries(described) as [Name, Described][]).map(([name, each]) => [
    name,
    make(`nightkeeper_${name}`, each),
  ]);
  return Object.fromEntries(entries) as Record<Name, Metric>;
}

function known(
  labels: Readonly<Record<string, string>>,
  { labels: names }: Described,
): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}
