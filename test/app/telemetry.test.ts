import { describe, expect, it } from 'vitest';
import { createTelemetry } from '../../src/app/telemetry.ts';

describe('metrics', () => {
  it('count with the labels they have', async () => {
    const telemetry = createTelemetry();

    telemetry.count('probes_total', { ensemble: 'orders', outcome: 'reading' });
    telemetry.count('probes_total', { ensemble: 'orders', outcome: 'reading' });

    expect(await telemetry.metrics()).toContain(
      'nightkeeper_probes_total{ensemble="orders",outcome="reading"} 2',
    );
  });

  it('time in buckets and measure', async () => {
    const telemetry = createTelemetry();

    telemetry.time('probe_seconds', 0.02, { ensemble: 'orders' });
    telemetry.gauge('ensemble_health', 1, { ensemble: 'orders' });

    const page = await telemetry.metrics();
    expect(page).toContain('nightkeeper_probe_seconds_bucket{le="0.025",ensemble="orders"} 1');
    expect(page).toContain('nightkeeper_probe_seconds_bucket{le="0.01",ensemble="orders"} 0');
    expect(page).toContain('nightkeeper_ensemble_health{ensemble="orders"} 1');
  });

  it('leave out a label they do not know instead of failing the work', async () => {
    const telemetry = createTelemetry();

    telemetry.count('jobs_failed_total', { kind: 'observe', surprise: 'x' });

    expect(await telemetry.metrics()).toContain('nightkeeper_jobs_failed_total{kind="observe"} 1');
  });

  it('of two bots in one process do not meet', async () => {
    const one = createTelemetry();
    const other = createTelemetry();

    one.count('jobs_failed_total', { kind: 'observe' });

    expect(await other.metrics()).not.toContain('kind="observe"');
  });
});
