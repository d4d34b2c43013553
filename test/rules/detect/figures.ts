import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnsembleView } from '../../../src/model/finding.ts';
import type { Metrics, Reading, Sample } from '../../../src/model/sample.ts';
import {
  coarseMs,
  growTrend,
  type OpenTrend,
  type Trends,
  withOpen,
} from '../../../src/model/trend.ts';
import { aReading, aView, nightMs } from '../../support/builders.ts';

/** A reading at a time before the night's moment: `[-5000, { znode_count: 7 }]`. */
export type Reported = readonly [ms: number, metrics: Metrics, zxid?: string];

/** Three servers, zk1 leads; each with its readings, oldest first, the last of them now. */
export function seeing(
  servers: Readonly<Record<string, readonly Reported[]>>,
  rest: Partial<EnsembleView> = {},
): EnsembleView {
  const past = Object.fromEntries(
    ['zk1', 'zk2', 'zk3'].map((server) => [
      server,
      readingsOf(server, servers[server] ?? [[0, {}]]),
    ]),
  );
  return aView({
    samples: Object.fromEntries(
      Object.entries(past).flatMap(([server, readings]) => {
        const now = readings.at(-1);
        return now === undefined ? [] : [[server, now] as const];
      }),
    ),
    history: Object.fromEntries(
      Object.entries(past).map(([server, readings]) => [server, readings.slice(0, -1)]),
    ) as Record<string, readonly Sample[]>,
    ...rest,
  });
}

function readingsOf(server: string, reported: readonly Reported[]): readonly Reading[] {
  return reported.map(([ms, metrics, zxid]) =>
    aReading({
      server,
      mode: server === 'zk1' ? 'leader' : 'follower',
      atMs: nightMs + ms,
      metrics: {
        uptime: 100 * 24 * 3_600_000 + ms,
        ...(server === 'zk1' && { synced_followers: 2 }),
        ...metrics,
      },
      ...(zxid !== undefined && { zxid }),
    }),
  );
}

/** A past made of readings, a quarter of an hour or less apart, hours before the night's moment. */
export function pastOf(server: string, reported: readonly Reported[]): Trends {
  let open: OpenTrend = {};
  let trend = { fine: [], coarse: [] } as Trends[string];
  let before: Reading | undefined;
  for (const reading of readingsOf(server, reported)) {
    open = growTrend(open, reading, before);
    trend = withOpen(trend, open);
    before = reading;
  }
  return { [server]: trend };
}

/** A level or a counter for each quarter of an hour of the days before. */
export function quarters(
  days: number,
  metricsAt: (quarter: number, hourOfDay: number) => Metrics,
  zxidAt?: (quarter: number) => number,
): readonly Reported[] {
  const count = days * 96;
  return Array.from({ length: count }, (_, index) => {
    const ms = (index - count) * (coarseMs / 4);
    const hourOfDay = Math.floor((((nightMs + ms) % 86_400_000) + 86_400_000) / coarseMs) % 24;
    const zxid = zxidAt?.(index);
    return zxid === undefined
      ? [ms, metricsAt(index, hourOfDay)]
      : [ms, metricsAt(index, hourOfDay), `0x${zxid.toString(16)}`];
  });
}

const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper/3.8.0');

/** The figures of a recording in which every line names its server: `s1 zk_cnt_fsynctime 862`, or `held s1 zk_…`. */
export function recorded(file: string, server: string): Metrics {
  const pattern = new RegExp(String.raw`^(?:\w+ )?${server} zk_(\w+)[ \t]([\d.]+)$`, 'gmu');
  const text = readFileSync(join(fixtures, file), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(pattern)].map(([, key = '', value]) => [key, Number(value)]),
  );
}

/** A whole answer of `mntr`. */
export function recordedAnswer(file: string): Metrics {
  const text = readFileSync(join(fixtures, file), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^zk_(\w+)\t([\d.E-]+)$/gmu)].map(([, key = '', value]) => [
      key,
      Number(value),
    ]),
  );
}
