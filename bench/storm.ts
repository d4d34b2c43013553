/**
 * A storm of findings through evaluate, correlate and apply on one real Redis (append-only): 100 ensembles with three voters and 100
 * observers each that are all down, looked at ten times, so that nine findings in ten are about a fault that is open already.
 *
 * A batch is one look at one ensemble, 100 firing findings and the thousands that fire nothing: `judge` of the pipeline, as an observe job
 * calls it, with all detectors, the silences, the memory, the status and the rings of samples. Ten looks are under way at once; the
 * workers of a replica run up to 50. Left out are the probes, reading the rings back, and telling people.
 */
import { writeFileSync } from 'node:fs';
import { detectors } from '../src/app/catalog.ts';
import { openStores } from '../src/app/stores.ts';
import type { Ensemble } from '../src/model/ensemble.ts';
import { defaultTiming } from '../src/model/ensemble.ts';
import type { EnsembleView } from '../src/model/finding.ts';
import type { Sample } from '../src/model/sample.ts';
import { judge } from '../src/pipeline/judge.ts';
import { startRedis } from '../test/servers/redis.ts';
import { aSettings } from '../test/support/builders.ts';
import { optionsOf, wholeNumber } from './options.ts';

const help = `npm run bench:storm [-- OPTIONS]

A storm of findings through the rules and one real Redis: how many a second, and how much memory.

  --findings N  so many firing findings (100000)
  --json FILE   writes what was found
  --help        this`;

const values = optionsOf(help, {
  findings: { type: 'string', default: '100000' },
  json: { type: 'string' },
});
const serversEach = 100;
const looksEach = 10;
const atOnce = 10;
const ensembles = Math.max(
  1,
  Math.round(wholeNumber('findings', values.findings, 1) / (serversEach * looksEach)),
);

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const redis = await startRedis({ appendonly: true });
const stores = openStores({ redis: { url: redis.url, prefix: 'storm' }, replica: 'storm', log });
const settings = aSettings();
const house = {
  ...stores,
  settings: () => settings,
  clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
  telemetry: { count: quiet, time: quiet, gauge: quiet },
  log,
  detectors,
  recoveryActions: [],
  schedule: { now: () => Promise.reject(new Error('nothing is silenced here')) },
};
await stores.link.ask((client) => client.ping());

const startRss = process.memoryUsage.rss();
let peakRss = startRss;
let firing = 0;
let seen = 0;
const startedMs = performance.now();
const startedCpu = process.cpuUsage();
for (let look = 0; look < looksEach; look += 1) {
  const left = Array.from({ length: ensembles }, (_, index) => `e${index}`);
  await Promise.all(Array.from({ length: atOnce }, () => work(left)));
  peakRss = Math.max(peakRss, process.memoryUsage.rss());
}
const seconds = (performance.now() - startedMs) / 1000;
const cpu = process.cpuUsage(startedCpu);
const cpuSeconds = (cpu.user + cpu.system) / 1e6;
const counts = await Promise.all(
  Array.from({ length: ensembles }, async (_, index) => await stores.incidents.open(`e${index}`)),
);
const cards = counts.reduce((sum, list) => sum + list.length, 0);
const result = {
  findings: firing,
  judged: seen,
  seconds,
  perSecond: firing / seconds,
  judgedPerSecond: seen / seconds,
  cpuSecondsPer100k: (cpuSeconds / firing) * 100_000,
  cards,
  peakMiB: peakRss / 2 ** 20,
  grownMiB: (peakRss - startRss) / 2 ** 20,
};
console.log(
  `storm: ${firing} firing findings (${seen} judged in all) in ${seconds.toFixed(1)} s: ${Math.round(result.perSecond)} firing and ${Math.round(result.judgedPerSecond)} judged findings/s, ${result.cpuSecondsPer100k.toFixed(1)} s of CPU for 100,000, cards ${cards} for ${ensembles * serversEach} faults, peak ${Math.round(result.peakMiB)} MiB`,
);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result, null, 2));
await stores.link.close();
await redis.close();

/** One worker of a replica: takes one ensemble after the other. */
async function work(left: string[]): Promise<void> {
  for (let id = left.pop(); id !== undefined; id = left.pop()) await lookAt(id);
}

/** One look, as an observe job does it, but for the probe and for telling anybody. */
async function lookAt(id: string): Promise<void> {
  const view = viewOf(id, Date.now());
  const { memory, points } = await stores.ensembles.recall(id, [], 0);
  const samples = Object.values(view.samples);
  const judged = await judge(house, { view, memory, samples, points });
  if (judged === 'conflict') throw new Error(`${id} was looked at by somebody else`);
  seen += judged.judged;
  firing += judged.firing;
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
