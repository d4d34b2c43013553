/**
 * A storm of findings through evaluate, correlate and apply on one real Redis (append-only): 100 ensembles with 100 observers each
 * that are all down, looked at ten times, so that nine findings in ten are about a fault that is open already.
 * `npm run bench:storm [-- --findings 100000] [--json FILE]`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { detectors } from '../src/app/catalog.ts';
import { openStores } from '../src/app/stores.ts';
import type { Ensemble } from '../src/model/ensemble.ts';
import { defaultTiming } from '../src/model/ensemble.ts';
import type { EnsembleView, Finding } from '../src/model/finding.ts';
import type { Sample } from '../src/model/sample.ts';
import { carryOut } from '../src/pipeline/carry-out.ts';
import { evaluate } from '../src/pipeline/evaluate.ts';
import { correlate } from '../src/rules/incident/correlate.ts';
import { statusOf } from '../src/rules/status/status.ts';
import { startRedis } from '../test/servers/redis.ts';
import { aSettings } from '../test/support/builders.ts';

const { values } = parseArgs({
  options: { findings: { type: 'string', default: '100000' }, json: { type: 'string' } },
});
const serversEach = 100;
const looksEach = 10;
const ensembles = Math.max(1, Math.round(Number(values.findings) / (serversEach * looksEach)));

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const redis = await startRedis({ appendonly: true });
const stores = openStores({
  redis: { url: redis.url, prefix: 'storm' },
  replica: 'storm',
  log,
});
const settings = aSettings();
const house = {
  ...stores,
  settings: () => settings,
  clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
  telemetry: { count: quiet, time: quiet, gauge: quiet },
  log,
};
await stores.link.ask((client) => client.ping());

const startRss = process.memoryUsage.rss();
let peakRss = startRss;
let firing = 0;
let judged = 0;
const startedMs = performance.now();
for (let look = 0; look < looksEach; look += 1) {
  for (let index = 0; index < ensembles; index += 1) await lookAt(`e${index}`);
  peakRss = Math.max(peakRss, process.memoryUsage.rss());
}
const seconds = (performance.now() - startedMs) / 1000;
const counts = await Promise.all(
  Array.from({ length: ensembles }, async (_, index) => await stores.incidents.open(`e${index}`)),
);
const cards = counts.reduce((sum, list) => sum + list.length, 0);
const result = {
  findings: firing,
  judged,
  seconds,
  perSecond: firing / seconds,
  cards,
  peakMiB: peakRss / 2 ** 20,
  grownMiB: (peakRss - startRss) / 2 ** 20,
};
console.log(
  `storm: ${firing} firing findings (${judged} judged in all) in ${seconds.toFixed(1)} s: ${Math.round(result.perSecond)} findings/s, cards ${cards} for ${ensembles * serversEach} faults, peak ${Math.round(result.peakMiB)} MiB`,
);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result, null, 2));
await stores.link.close();
await redis.close();

/** One look, as the pipeline does it, without the probe and without telling anybody. */
async function lookAt(id: string): Promise<void> {
  const nowMs = Date.now();
  const view = viewOf(id, nowMs);
  const { memory } = await stores.ensembles.recall(id, [], 0);
  const findings: readonly Finding[] = evaluate(detectors, view, nowMs, log);
  const status = statusOf(view);
  const open = await stores.incidents.open(id);
  const correlated = correlate(
    { findings, open, memory, view, detectors, grid: status.grid.slice(0, 5) },
    nowMs,
  );
  await stores.ensembles.remember({
    ensemble: id,
    samples: [],
    memory: { ...correlated.memory, atMs: nowMs, version: memory.version + 1 },
    expectedVersion: memory.version,
    status,
  });
  await carryOut(house, correlated.plan, id);
  judged += findings.length;
  firing += findings.filter(({ verdict }) => verdict === 'firing').length;
}

/** Three healthy voters and a hundred observers that refuse connections. */
function viewOf(id: string, atMs: number): EnsembleView {
  const voters = ['zk1', 'zk2', 'zk3'];
  const observers = Array.from({ length: serversEach }, (_, index) => `o${index}`);
  const ensemble: Ensemble = {
    id,
    timing: defaultTiming,
    servers: [
      ...voters.map((name) => server(name, 'voter' as const)),
      ...observers.map((name) => server(name, 'observer' as const)),
    ],
  };
  const samples: Sample[] = [
    ...voters.map(
      (name, index): Sample => ({
        kind: 'reading',
        server: name,
        atMs,
        tookMs: 2,
        mode: index === 0 ? 'leader' : 'follower',
        source: 'mntr',
        metrics: { synced_followers: 2 },
        zxid: '0x100000001',
        version: '3.8.0',
      }),
    ),
    ...observers.map(
      (name): Sample => ({
        kind: 'failure',
        server: name,
        atMs,
        tookMs: 1,
        reason: 'refused',
        connected: false,
        detail: `ECONNREFUSED ${name}:2181`,
      }),
    ),
  ];
  return {
    ensemble,
    atMs,
    samples: Object.fromEntries(samples.map((sample) => [sample.server, sample])),
    history: {},
    notices: [],
    thresholds: {},
  };
}

function server(id: string, role: 'voter' | 'observer') {
  return { id, role, client: { host: `${id}.example`, port: 2181 } };
}
