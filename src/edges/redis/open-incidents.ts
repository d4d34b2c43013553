import type { EnsembleId } from '../../model/ensemble.ts';
import { type Incident, type IncidentId, isOpen } from '../../model/incident.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/**
 * Open incidents that a process keeps as it last read them, about 2 KB each. What does not fit is read from Redis again: the ensemble
 * that was not asked for the longest time goes first.
 */
export const openKeptMax = 20_000;

/** An incident as it was under a stamp: Redis gives every written state a stamp of its own. */
interface Kept {
  readonly stamp: string;
  readonly incident: Incident;
}

interface Shelf {
  /** The token of the write after which this was everything that was open; '' when somebody else may have written since. */
  readonly mark: string;
  readonly kept: ReadonlyMap<IncidentId, Kept>;
  readonly open: readonly Incident[];
}

/**
 * The open incidents of each ensemble, read only where something changed: most looks find what the look before found. Redis says
 * each time whether that still holds, so another replica's write is seen at once.
 */
export interface OpenIncidents {
  /** Oldest first. */
  of(ensemble: EnsembleId): Promise<readonly Incident[]>;
  /** Takes what this process has just written under a token; `markBefore` is the token of the write before. */
  written(
    ensemble: EnsembleId,
    write: {
      readonly token: string;
      readonly markBefore: string;
      readonly incidents: readonly Incident[];
    },
  ): void;
}

export function createOpenIncidents(redis: RedisLink, keptMax = openKeptMax): OpenIncidents {
  /** The one asked for last is the last one. */
  const shelves = new Map<EnsembleId, Shelf>();
  let count = 0;

  function put(ensemble: EnsembleId, shelf: Shelf): void {
    drop(ensemble);
    shelves.set(ensemble, shelf);
    count += shelf.kept.size;
    for (const oldest of shelves.keys()) {
      if (count <= keptMax) return;
      drop(oldest);
    }
  }

  function drop(ensemble: EnsembleId): void {
    count -= shelves.get(ensemble)?.kept.size ?? 0;
    shelves.delete(ensemble);
  }

  return {
    async of(ensemble) {
      const at = redis.keys.ensemble(ensemble);
      const known = shelves.get(ensemble);
      const answer = await redis.step('list-open', [at.open, at.versions], [known?.mark ?? '']);
      const [mark = '', ...list] = (Array.isArray(answer) ? answer : []).map(String);
      if (known !== undefined && mark !== '' && mark === known.mark) {
        put(ensemble, known);
        return known.open;
      }
      const stamps = stampsOf(list);
      const stale = [...stamps].filter(([id, stamp]) => known?.kept.get(id)?.stamp !== stamp);
      const read = await readStale(redis, at.incidents, stale);
      const kept = new Map<IncidentId, Kept>();
      const open: Incident[] = [];
      for (const [id, stamp] of stamps) {
        const incident = read.get(id) ?? known?.kept.get(id)?.incident;
        // One that was resolved between the two reads is not open any more.
        if (incident === undefined || !isOpen(incident)) continue;
        open.push(incident);
        // One that was changed between the two reads has another stamp by now.
        if (stamp.startsWith(`${incident.version}:`)) kept.set(id, { stamp, incident });
      }
      put(ensemble, { mark: kept.size === stamps.size ? mark : '', kept, open });
      return open;
    },
    written(ensemble, { token, markBefore, incidents }) {
      const known = shelves.get(ensemble);
      if (known === undefined || incidents.length === 0) return;
      const kept = new Map(known.kept);
      for (const incident of incidents) {
        if (isOpen(incident))
          kept.set(incident.id, { stamp: `${incident.version}:${token}`, incident });
        else kept.delete(incident.id);
      }
      const isWhole = known.mark === markBefore && known.mark !== '';
      const open = [...kept.values()].map(({ incident }) => incident).sort((a, b) => a.id - b.id);
      put(ensemble, { mark: isWhole ? token : '', kept, open });
    },
  };
}

function stampsOf(list: readonly string[]): ReadonlyMap<IncidentId, string> {
  const stamps = new Map<IncidentId, string>();
  for (let index = 0; index + 1 < list.length; index += 2)
    stamps.set(Number(list[index]), list[index + 1] ?? '');
  return stamps;
}

async function readStale(
  redis: RedisLink,
  key: string,
  stale: readonly (readonly [IncidentId, string])[],
): Promise<ReadonlyMap<IncidentId, Incident>> {
  if (stale.length === 0) return new Map();
  const ids = stale.map(([id]) => String(id));
  const texts = await redis.ask((client) => client.hmget(key, ...ids));
  return new Map(
    texts.flatMap((text, index) =>
      text === null ? [] : [[Number(ids[index]), readJson<Incident>(text, `${key} ${ids[index]}`)]],
    ),
  );
}
