import { growthOver, readingsWithin } from '../../model/delta.ts';
import type { Server } from '../../model/ensemble.ts';
import type { EnsembleView } from '../../model/finding.ts';
import type { GridCell } from '../../model/incident.ts';
import { type Reading, type Sample, zxidOf } from '../../model/sample.ts';
import { type Standing, standingOf } from '../../model/standing.ts';
import type { EnsembleStatus } from '../../model/status.ts';

/** How an ensemble stands after a look at it. */
export function statusOf(view: EnsembleView): EnsembleStatus {
  const standing = standingOf(view.ensemble, view.samples);
  const { voters, serving, quorum, leader } = standing;
  return {
    ensemble: view.ensemble.id,
    atMs: view.atMs,
    health: healthOf(view, standing),
    grid: gridOf(view),
    voters: voters.length,
    serving: serving.length,
    quorum,
    ...(leader === undefined ? {} : { leader }),
    ...(view.canary === undefined ? {} : { canary: view.canary }),
    servers: Object.fromEntries(
      view.ensemble.servers.flatMap((server) => {
        const sample = view.samples[server.id];
        return sample === undefined ? [] : [[server.id, numbersOf(sample, view)]];
      }),
    ),
  };
}

/** One cell a server, in the order of the ensemble. */
export function gridOf(view: EnsembleView): readonly GridCell[] {
  const newest = newestZxids(Object.values(view.samples));
  return view.ensemble.servers.map(({ id, role }) => {
    const sample = view.samples[id];
    const lag = lagOf(sample, newest);
    return { server: id, role, state: stateOf(sample), ...(lag === undefined ? {} : { lag }) };
  });
}

function stateOf(sample: Sample | undefined): GridCell['state'] {
  if (sample === undefined) return 'unknown';
  return sample.kind === 'reading' ? sample.mode : sample.reason;
}

/** Answers that say nothing of the server itself: the fault may be on the bot's own path. */
const blindReasons: readonly string[] = ['unreachable', 'unresolved', 'tls', 'not-allowed'];

function saysNothing(sample: Sample | undefined): boolean {
  if (sample === undefined) return true;
  if (sample.kind === 'reading') return false;
  return blindReasons.includes(sample.reason) || (sample.reason === 'timeout' && !sample.connected);
}

function healthOf(view: EnsembleView, standing: Standing): EnsembleStatus['health'] {
  const { voters, serving, quorum, leader, synced } = standing;
  if (voters.every((id) => saysNothing(view.samples[id]))) return 'unknown';
  if (leader === undefined && serving.length < quorum) return 'down';
  const whole =
    view.ensemble.servers.every((server) => isServing(server, view, standing)) &&
    (synced === undefined || synced >= voters.length) &&
    view.canary?.kind !== 'failed';
  return whole ? 'healthy' : 'degraded';
}

function isServing(server: Server, view: EnsembleView, standing: Standing): boolean {
  if (server.role === 'voter') return standing.serving.includes(server.id);
  const sample = view.samples[server.id];
  return sample?.kind === 'reading' && sample.mode === 'observer';
}

/** The highest counter of each epoch: zxids of different epochs cannot be subtracted. */
function newestZxids(samples: readonly Sample[]): ReadonlyMap<bigint, bigint> {
  const newest = new Map<bigint, bigint>();
  for (const sample of samples) {
    const zxid = zxidOf(sample);
    if (zxid === undefined) continue;
    const known = newest.get(epochOf(zxid));
    if (known === undefined || zxid > known) newest.set(epochOf(zxid), zxid);
  }
  return newest;
}

function lagOf(
  sample: Sample | undefined,
  newest: ReadonlyMap<bigint, bigint>,
): number | undefined {
  const zxid = zxidOf(sample);
  const head = zxid === undefined ? undefined : newest.get(epochOf(zxid));
  return zxid === undefined || head === undefined ? undefined : Number(head - zxid);
}

function epochOf(zxid: bigint): bigint {
  return zxid >> 32n;
}

/** How far back the latency of the status reaches. */
const latencyWindowMs = 30_000;

function numbersOf(sample: Sample, view: EnsembleView): EnsembleStatus['servers'][string] {
  const { tookMs } = sample;
  if (sample.kind === 'failure') return { tookMs };
  const { version, zxid, metrics } = sample;
  const connections = metrics['num_alive_connections'];
  const outstanding = metrics['outstanding_requests'];
  const latencyMs = latencyOf(sample, view);
  return {
    ...(version === undefined ? {} : { version }),
    ...(zxid === undefined ? {} : { zxid }),
    ...(connections === undefined ? {} : { connections }),
    ...(outstanding === undefined ? {} : { outstanding }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    tookMs,
  };
}

/** What a request took lately, reads and writes together. */
function latencyOf(now: Reading, view: EnsembleView): number | undefined {
  const readings = readingsWithin(view.history[now.server] ?? [], now, latencyWindowMs);
  const growths = ['updatelatency', 'readlatency'].flatMap(
    (name) => growthOver(name, readings) ?? [],
  );
  const count = growths.reduce((total, growth) => total + growth.count, 0);
  if (count === 0) return undefined;
  return growths.reduce((total, growth) => total + growth.mean * growth.count, 0) / count;
}
