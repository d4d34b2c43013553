import { type AuditEntry, auditMax } from '../../../src/model/audit.ts';
import type { EnsembleId } from '../../../src/model/ensemble.ts';
import {
  type Fingerprint,
  type Incident,
  type IncidentId,
  isOpen,
} from '../../../src/model/incident.ts';
import type { IncidentEvent } from '../../../src/model/incident-event.ts';
import {
  type CommitOutcome,
  eventsMax,
  type IncidentChange,
  type IncidentStore,
  incidentsMax,
} from '../../../src/ports/incident-store.ts';

/**
 * Incidents kept in this process: what the Redis store does, for tests that own the time. `onEvicted` hears of each incident that
 * had to make room.
 */
export function createMemoryIncidentStore(
  onEvicted: (id: IncidentId) => void = () => undefined,
): IncidentStore {
  let lastId: IncidentId = 0;
  const incidents = new Map<IncidentId, Incident>();
  const timelines = new Map<IncidentId, readonly IncidentEvent[]>();
  const holders = new Map<Fingerprint, IncidentId>();
  const audits = new Map<EnsembleId, AuditEntry[]>();
  const restless = new Map<IncidentId, number>();
  const ensembles = new Set<EnsembleId>();

  function ofEnsemble(ensemble: EnsembleId): Incident[] {
    return [...incidents.values()]
      .filter((incident) => incident.ensemble === ensemble)
      .sort((a, b) => a.id - b.id);
  }

  function note(entries: readonly AuditEntry[]): void {
    for (const entry of entries) {
      const kept = audits.get(entry.ensemble) ?? [];
      kept.unshift(structuredClone(entry));
      audits.set(entry.ensemble, kept.slice(0, auditMax));
    }
  }

  function evict(ensemble: EnsembleId): void {
    const resolved = ofEnsemble(ensemble)
      .filter((incident) => !isOpen(incident))
      .sort((a, b) => (a.resolvedMs ?? 0) - (b.resolvedMs ?? 0) || a.id - b.id);
    for (const { id } of resolved.slice(0, Math.max(0, resolved.length - incidentsMax))) {
      incidents.delete(id);
      timelines.delete(id);
      restless.delete(id);
      onEvicted(id);
    }
  }

  function commit(change: IncidentChange): CommitOutcome {
    const incident = structuredClone(change.incident);
    const { id, fingerprint } = incident;
    if ((incidents.get(id)?.version ?? 0) !== change.expectedVersion) return 'conflict';
    const holder = holders.get(fingerprint);
    if (isOpen(incident) && holder !== undefined && holder !== id) return 'conflict';
    for (const gone of [change.previousFingerprint, fingerprint])
      if (gone !== undefined && holders.get(gone) === id) holders.delete(gone);
    if (isOpen(incident)) holders.set(fingerprint, id);
    incidents.set(id, incident);
    timelines.set(id, cut([...(timelines.get(id) ?? []), ...structuredClone(change.events)]));
    note(change.audit);
    restless.set(id, incident.version);
    evict(incident.ensemble);
    return 'written';
  }

  return {
    allocate(ensemble, count = 1) {
      ensembles.add(ensemble);
      lastId += count;
      return Promise.resolve(lastId - count + 1);
    },
    commit: (change) => Promise.resolve(commit(change)),
    commitAll: (_ensemble, changes) => Promise.resolve(changes.map(commit)),
    get: (id) => Promise.resolve(structuredClone(incidents.get(id))),
    open: (ensemble) => Promise.resolve(structuredClone(ofEnsemble(ensemble).filter(isOpen))),
    recent: (ensemble, limit) =>
      Promise.resolve(structuredClone(ofEnsemble(ensemble).reverse().slice(0, limit))),
    events: (id) => Promise.resolve(structuredClone(timelines.get(id) ?? [])),
    audit(entries) {
      note(entries);
      return Promise.resolve();
    },
    audited: (ensemble, limit) =>
      Promise.resolve(structuredClone((audits.get(ensemble) ?? []).slice(0, limit))),
    ensembles: () => Promise.resolve([...ensembles]),
    restless: (ensemble) =>
      Promise.resolve(
        ofEnsemble(ensemble).flatMap(({ id }) => {
          const version = restless.get(id);
          return version === undefined ? [] : [{ id, version }];
        }),
      ),
    settle(_ensemble, id, version) {
      if ((restless.get(id) ?? Number.POSITIVE_INFINITY) <= version) restless.delete(id);
      return Promise.resolve();
    },
  };
}

/** The first event says how it began; of the others the newest stay. */
function cut(events: readonly IncidentEvent[]): readonly IncidentEvent[] {
  const [first] = events;
  if (first === undefined || events.length <= eventsMax) return events;
  return [first, ...events.slice(events.length - eventsMax + 1)];
}
