import type { Ensemble, ServerId } from '../model/ensemble.ts';
import { type EnsembleView, historyMax } from '../model/finding.ts';
import type { EnsembleMemory } from '../model/memory.ts';
import type { Notice, Sample } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { blankTree } from '../model/tree.ts';
import type { OpenTrend } from '../model/trend.ts';
import { gaugesOf } from '../rules/survey/gauges.ts';
import type { House } from './house.ts';

/**
 * How long a look waits for a server whose pings already go unanswered. The sensor has waited for two deadlines before; another
 * full timeout would only delay the card.
 */
export const silentProbeTimeoutMs = 300;

/** One consistent look at an ensemble: all servers at once, so that the detectors compare what was true together. */
export async function look(
  house: Pick<House, 'prober' | 'ensembles' | 'clock' | 'telemetry' | 'canary'>,
  settings: EnsembleSettings,
  ensemble: Ensemble,
  notices: readonly Notice[],
): Promise<{
  view: EnsembleView;
  memory: EnsembleMemory;
  samples: readonly Sample[];
  points: Readonly<Record<ServerId, OpenTrend>>;
}> {
  const atMs = house.clock.now();
  const silent = new Set(
    notices.filter((notice) => notice.kind === 'silent').map((notice) => notice.server),
  );
  const [samples, { memory, history, points, surveys, tree, canary: told, ownSessions }] =
    await Promise.all([
      Promise.all(
        ensemble.servers.map(async (server) => {
          const limitMs = silent.has(server.id)
            ? Math.min(silentProbeTimeoutMs, settings.probe.timeoutMs)
            : settings.probe.timeoutMs;
          const sample = await house.prober.probe(settings, server, limitMs);
          house.telemetry.time('probe_seconds', sample.tookMs / 1000, { ensemble: ensemble.id });
          house.telemetry.count('probes_total', {
            ensemble: ensemble.id,
            outcome: sample.kind === 'reading' ? 'reading' : sample.reason,
          });
          return sample;
        }),
      ),
      house.ensembles.recall(
        ensemble.id,
        ensemble.servers.map((server) => server.id),
        historyMax,
      ),
    ]);
  const canary = house.canary(ensemble.id) ?? told;
  const view: EnsembleView = {
    ensemble,
    atMs,
    samples: byServer(samples),
    history,
    notices,
    surveys,
    gauges: gaugesOf(surveys, atMs),
    thresholds: settings.thresholds,
    firingSince: memory.firingSince,
    ownSessions,
    ...(canary === undefined ? {} : { canary }),
    ...(settings.crawl === undefined ? {} : { tree: tree ?? blankTree }),
    ...(memory.lastLeader === undefined ? {} : { lastLeader: memory.lastLeader }),
    ...(memory.leaderChanges === undefined ? {} : { leaderChanges: memory.leaderChanges }),
    ...(memory.lives === undefined ? {} : { lives: memory.lives }),
  };
  return { view, memory, samples, points };
}

function byServer(samples: readonly Sample[]): Readonly<Record<ServerId, Sample>> {
  return Object.fromEntries(samples.map((sample) => [sample.server, sample]));
}
