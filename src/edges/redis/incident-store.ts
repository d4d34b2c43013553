import { randomUUID } from 'node:crypto';
import { type AuditEntry, auditMax } from '../../model/audit.ts';
import type { EnsembleId } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import { type Incident, type IncidentId, isOpen } from '../../model/incident.ts';
import type { IncidentEvent } from '../../model/incident-event.ts';
import {
  type CommitOutcome,
  eventsMax,
  type IncidentChange,
  type IncidentStore,
  incidentsMax,
} from '../../ports/incident-store.ts';
import type { RedisLink } from './connect.ts';
import { readAll, readJson } from './json.ts';
import { createOpenIncidents, type OpenIncidents } from './open-incidents.ts';

/**
 * Incident numbers whose ensemble is remembered, about 70 bytes each. More than all ensembles of a big installation keep together
 * (200 times `incidentsMax`).
 */
export const incidentNumbersMax = 200_000;

/** Keeps incidents in Redis. */
export function createIncidentStore(redis: RedisLink): IncidentStore {
  const opened = createOpenIncidents(redis);
  const whose = createWhose(redis);
  return { ...writing(redis, opened), ...reading(redis, opened, whose), ...trail(redis, whose) };
}

function writing(
  redis: RedisLink,
  opened: OpenIncidents,
): Pick<IncidentStore, 'allocate' | 'commit' | 'commitAll' | 'settle'> {
  const { keys } = redis;
  return {
    async allocate(ensemble, count = 1) {
      const number = await redis.step(
        'allocate-incidents',
        [keys.shared.incidentNumber, keys.shared.incidentEnsembles, keys.shared.ensembles],
        [ensemble, incidentNumbersMax, count],
      );
      return Number(number);
    },
    async commit(change) {
      const [outcome] = await commit(redis, opened, change.incident.ensemble, [change]);
      return outcome ?? 'conflict';
    },
    commitAll: (ensemble, changes) => commit(redis, opened, ensemble, changes),
    async settle(ensemble, id, version) {
      await redis.step('settle-incident', [keys.ensemble(ensemble).restless], [id, version]);
    },
  };
}

function reading(
  redis: RedisLink,
  opened: OpenIncidents,
  whose: Whose,
): Pick<IncidentStore, 'get' | 'open' | 'recent' | 'ensembles' | 'restless'> {
  const { keys } = redis;

  /** Incidents by number, in the order given. */
  async function read(ensemble: EnsembleId, ids: readonly string[]): Promise<readonly Incident[]> {
    if (ids.length === 0) return [];
    const key = keys.ensemble(ensemble).incidents;
    return readAll(await redis.ask((client) => client.hmget(key, ...ids)), key);
  }

  async function get(id: IncidentId, known?: EnsembleId): Promise<Incident | undefined> {
    const ensemble = known ?? (await whose.of(id));
    if (ensemble === undefined) return undefined;
    const key = keys.ensemble(ensemble).incidents;
    const text = await redis.ask((client) => client.hget(key, String(id)));
    if (text !== null) return readJson<Incident>(text, `${key} ${id}`);
    // Numbers begin anew in a Redis that was emptied: then it is somebody else's.
    const now = known === undefined ? await whose.again(id) : undefined;
    return now === undefined || now === ensemble ? undefined : await get(id, now);
  }

  return {
    get,
    open: (ensemble) => opened.of(ensemble),
    async recent(ensemble, limit) {
      if (limit <= 0) return [];
      const { order } = keys.ensemble(ensemble);
      return read(ensemble, await redis.ask((client) => client.zrevrange(order, 0, limit - 1)));
    },
    ensembles: () => redis.ask((client) => client.smembers(keys.shared.ensembles)),
    async restless(ensemble) {
      const versions = await redis.ask((client) =>
        client.hgetall(keys.ensemble(ensemble).restless),
      );
      return Object.entries(versions)
        .map(([id, version]) => ({ id: Number(id), version: Number(version) }))
        .sort((a, b) => a.id - b.id);
    },
  };
}

/** What happened, for people who look back. */
function trail(
  redis: RedisLink,
  whose: Whose,
): Pick<IncidentStore, 'events' | 'audit' | 'audited'> {
  const { keys } = redis;
  return {
    async events(id) {
      const ensemble = await whose.again(id);
      if (ensemble === undefined) return [];
      const key = `${keys.ensemble(ensemble).events}${id}`;
      return readAll<IncidentEvent>(await redis.ask((client) => client.lrange(key, 0, -1)), key);
    },
    async audit(entries) {
      const lists = new Map<EnsembleId, AuditEntry[]>();
      for (const entry of entries)
        lists.set(entry.ensemble, [...(lists.get(entry.ensemble) ?? []), entry]);
      await Promise.all(
        [...lists].map(([ensemble, list]) =>
          redis.step(
            'append-audit',
            [keys.ensemble(ensemble).audit],
            [auditMax, ...list.map((entry) => JSON.stringify(entry))],
          ),
        ),
      );
    },
    async audited(ensemble, limit) {
      if (limit <= 0) return [];
      const key = keys.ensemble(ensemble).audit;
      return readAll(await redis.ask((client) => client.lrange(key, 0, limit - 1)), key);
    },
  };
}

/** Whose an incident is: asked of Redis once, since that never changes. */
interface Whose {
  of(id: IncidentId): Promise<EnsembleId | undefined>;
  /** Asks Redis, whatever is remembered. */
  again(id: IncidentId): Promise<EnsembleId | undefined>;
}

/** Numbers whose ensemble a process remembers: all that people press and type about in a day. */
const rememberedMax = 2_000;

function createWhose(redis: RedisLink): Whose {
  const known = new Map<IncidentId, EnsembleId>();

  async function again(id: IncidentId): Promise<EnsembleId | undefined> {
    const key = redis.keys.shared.incidentEnsembles;
    const ensemble = (await redis.ask((client) => client.hget(key, String(id)))) ?? undefined;
    known.delete(id);
    if (ensemble === undefined) return undefined;
    known.set(id, ensemble);
    const [oldest] = known.keys();
    if (known.size > rememberedMax && oldest !== undefined) known.delete(oldest);
    return ensemble;
  }

  return {
    of: async (id) => known.get(id) ?? (await again(id)),
    again,
  };
}

/** Lists of one change in the arguments of the step. */
function argsOf(change: IncidentChange): readonly (string | number)[] {
  const { incident, events, audit } = change;
  return [
    incident.id,
    change.expectedVersion,
    incident.version,
    JSON.stringify(incident),
    incident.fingerprint,
    change.previousFingerprint ?? '',
    isOpen(incident) ? '1' : '0',
    incident.resolvedMs ?? 0,
    events.length,
    audit.length,
    ...events.map((event) => JSON.stringify(event)),
    ...audit.map((entry) => JSON.stringify(entry)),
  ];
}

async function commit(
  redis: RedisLink,
  opened: OpenIncidents,
  ensemble: EnsembleId,
  changes: readonly IncidentChange[],
): Promise<readonly CommitOutcome[]> {
  if (changes.length === 0) return [];
  const at = redis.keys.ensemble(ensemble);
  const token = randomUUID();
  const answer = await redis.step(
    'commit-incidents',
    [
      at.incidents,
      at.versions,
      at.order,
      at.open,
      at.resolved,
      at.fingerprints,
      at.restless,
      at.audit,
      ...changes.map(({ incident }) => `${at.events}${incident.id}`),
    ],
    [
      token,
      eventsMax,
      incidentsMax,
      auditMax,
      at.events,
      at.deliveries,
      ...changes.flatMap(argsOf),
    ],
  );
  const [markBefore, list, gone]: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (!Array.isArray(list) || list.length !== changes.length || !Array.isArray(gone))
    throw new NightkeeperError('redis-corrupt', 'commit-incidents answered no list');
  const outcomes = list.map((one): CommitOutcome => (one === 'written' ? 'written' : 'conflict'));
  opened.written(ensemble, {
    token,
    markBefore: String(markBefore),
    incidents: changes
      .filter((_, index) => outcomes[index] === 'written')
      .map(({ incident }) => incident),
  });
  if (gone.length > 0) {
    // Another node of a cluster may hold these: an own step, and harmless when it does not come to it.
    const evicted = gone.map(String);
    await redis.ask((client) => client.hdel(redis.keys.shared.incidentEnsembles, ...evicted));
  }
  return outcomes;
}
