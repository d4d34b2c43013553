import type { Ensemble, EnsembleId } from '../model/ensemble.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { House } from './house.ts';

/** How long a discovered list of members is used before the ensemble is asked again. */
export const membersFreshMs = 60_000;

/**
 * Knows the members of each ensemble: the configured servers, and (with `discover`) those the ensemble itself names. Without it only
 * their numbers and the ensemble's timing are read.
 */
export interface Members {
  /** What is known now, without waiting for the ensemble (but for the very first time). */
  of(settings: EnsembleSettings): Promise<Ensemble>;
  /** Forgets what was cached; after a reload of the configuration. */
  forget(): void;
}

export function createMembers(
  house: Pick<House, 'prober' | 'ensembles' | 'clock' | 'log'>,
  onChange: (ensemble: EnsembleId) => void,
): Members {
  const known = new Map<EnsembleId, { ensemble: Ensemble; atMs: number }>();
  const asking = new Map<EnsembleId, Promise<void>>();

  async function ask(settings: EnsembleSettings): Promise<void> {
    const before = known.get(settings.id)?.ensemble;
    const found = await house.prober.discover(settings);
    const ensemble = found ?? before ?? configured(settings);
    known.set(settings.id, { ensemble, atMs: house.clock.now() });
    if (found === undefined || JSON.stringify(found) === JSON.stringify(before)) return;
    await house.ensembles.saveEnsemble(found);
    if (before !== undefined) {
      house.log.info(
        { ensemble: settings.id, servers: found.servers.map((server) => server.id) },
        'members of the ensemble changed',
      );
      onChange(settings.id);
    }
  }

  function refresh(settings: EnsembleSettings): Promise<void> {
    const running = asking.get(settings.id);
    if (running !== undefined) return running;
    const started = ask(settings)
      .catch((error: unknown) =>
        house.log.warn({ ensemble: settings.id, err: error }, 'members could not be read'),
      )
      .finally(() => asking.delete(settings.id));
    asking.set(settings.id, started);
    return started;
  }

  async function first(settings: EnsembleSettings): Promise<Ensemble> {
    const stored = await house.ensembles.ensemble(settings.id);
    const names = new Set(stored?.servers.map((server) => server.id));
    if (stored !== undefined && settings.servers.every((server) => names.has(server.id))) {
      known.set(settings.id, { ensemble: stored, atMs: 0 });
      return stored;
    }
    await refresh(settings);
    return known.get(settings.id)?.ensemble ?? configured(settings);
  }

  return {
    async of(settings) {
      const entry = known.get(settings.id);
      if (entry === undefined) return await first(settings);
      if (house.clock.now() - entry.atMs > membersFreshMs) void refresh(settings);
      return entry.ensemble;
    },
    forget() {
      known.clear();
    },
  };
}

function configured(settings: EnsembleSettings): Ensemble {
  return { id: settings.id, servers: settings.servers, timing: settings.timing };
}
