/** Counts and times for `/metrics`. Names are the Prometheus names without the `nightkeeper_` prefix. */
export interface Telemetry {
  count(name: CounterName, labels?: Readonly<Record<string, string>>): void;
  time(name: TimerName, seconds: number, labels?: Readonly<Record<string, string>>): void;
  gauge(name: GaugeName, value: number, labels?: Readonly<Record<string, string>>): void;
}

export type CounterName =
  | 'probes_total'
  | 'notices_total'
  | 'incident_events_total'
  | 'deliveries_total'
  | 'invocations_total'
  | 'recoveries_total'
  | 'automatic_recoveries_total'
  | 'heartbeats_total'
  | 'jobs_failed_total';

export type TimerName =
  | 'probe_seconds'
  | 'observe_seconds'
  | 'survey_seconds'
  | 'crawl_seconds'
  | 'delivery_seconds';

export type GaugeName =
  | 'ensemble_health'
  | 'incidents_open'
  | 'sensors'
  | 'replicas'
  | 'quota_used'
  | 'quota_max'
  | 'last_observe_timestamp_seconds';
