import type { AuditEntry } from '../model/audit.ts';
import type { EnsembleId, ServerId } from '../model/ensemble.ts';
import { assert, NightkeeperError } from '../model/errors.ts';
import type { Facts } from '../model/finding.ts';
import type { Fingerprint, Incident, IncidentId } from '../model/incident.ts';
import type { IncidentEvent, Intent } from '../model/incident-event.ts';
import { keeper } from '../model/person.ts';
import type { Refusal } from '../model/refusal.ts';
import { defaultIncidentSettings } from '../model/settings.ts';
import type { IncidentChange } from '../ports/incident-store.ts';
import { decide, endedQuietly } from '../rules/incident/decide.ts';
import { reduce } from '../rules/incident/reduce.ts';
import type { House } from './house.ts';

/**
 * How often a change is decided afresh because somebody else was faster. Each round loses to exactly one other writer, so more
 * than this many in a row is no race but a bug.
 */
export const commitAttemptsMax = 20;

export type Applied =
  | {
      readonly kind: 'applied';
      readonly incident: Incident;
      readonly events: readonly IncidentEvent[];
    }
  | { readonly kind: 'nothing'; readonly incident: Incident | undefined }
  | Refusal;

type Needs = Pick<House, 'incidents' | 'settings' | 'clock' | 'telemetry' | 'log'>;

/** Opens an incident, unless one with this fingerprint is open already: then that one observes what was seen. */
export async function applyOpen(
  house: Needs,
  ensemble: EnsembleId,
  intent: Extract<Intent, { kind: 'trigger' }>,
): Promise<Applied> {
  for (let attempt = 0; attempt < commitAttemptsMax; attempt += 1) {
    // Whether it is open already is asked only after the store has said so: a storm opens thousands.
    const existing =
      attempt === 0 ? undefined : await findOpen(house, ensemble, intent.fingerprint);
    if (existing !== undefined) {
      return await applyChange(house, existing.id, { ...intent, kind: 'observe' });
    }
    const taken = (await reopen(house, ensemble, intent)) ?? (await goOn(house, ensemble, intent));
    if (taken?.kind === 'applied') return taken;
    const id = await house.incidents.allocate(ensemble);
    const change = beginningOf(id, ensemble, intent, house.clock.now());
    if ((await house.incidents.commit(change)) === 'written') return applied(house, change);
  }
  throw new NightkeeperError('redis-conflict', `no turn to open ${intent.fingerprint}`);
}

async function findOpen(
  house: Needs,
  ensemble: EnsembleId,
  fingerprint: string,
): Promise<Incident | undefined> {
  const open = await house.incidents.open(ensemble);
  return open.find((incident) => incident.fingerprint === fingerprint);
}

/** Incidents looked through for the one that has just ended; a fault that flaps is among the newest. */
const recentMax = 50;

/** The newest incident of each fault that may be taken up again, because it ended a moment ago. */
export async function endedLately(
  house: Pick<House, 'incidents' | 'settings' | 'clock'>,
  ensemble: EnsembleId,
  sinceMs = Number.POSITIVE_INFINITY,
): Promise<{
  readonly incidents: ReadonlyMap<Fingerprint, Incident>;
  readonly afterMs: number;
}> {
  const { reopenMs } = house.settings().incidents ?? defaultIncidentSettings;
  const nowMs = house.clock.now();
  const afterMs = Math.min(nowMs - reopenMs, sinceMs);
  if (afterMs >= nowMs) return { incidents: new Map(), afterMs };
  const recent = await house.incidents.recent(ensemble, recentMax);
  const newest = new Map(recent.toReversed().map((each) => [each.fingerprint, each]));
  const lately = [...newest].filter(([, { resolvedMs }]) => (resolvedMs ?? 0) >= afterMs);
  return { incidents: new Map(lately), afterMs };
}

/** Takes up the incident of the same fault that ended a moment ago, where the configuration wants that. */
async function reopen(
  house: Needs,
  ensemble: EnsembleId,
  intent: Extract<Intent, { kind: 'trigger' }>,
): Promise<Applied | undefined> {
  const { reopensAfterMs } = intent;
  const { incidents: ended, afterMs } = await endedLately(house, ensemble, reopensAfterMs);
  const found = ended.get(intent.fingerprint);
  if (found === undefined) return undefined;
  const {
    fingerprint: _f,
    detector: _d,
    subject: _s,
    continues: _c,
    reopensAfterMs: _r,
    ...look
  } = intent;
  return await applyChange(house, found.id, { ...look, kind: 'reopen', afterMs });
}

/** Takes up the quiet card of what turns out to have been the beginning of this. */
async function goOn(
  house: Needs,
  ensemble: EnsembleId,
  { continues, reopensAfterMs: _r, ...intent }: Extract<Intent, { kind: 'trigger' }>,
): Promise<Applied | undefined> {
  if (continues === undefined) return undefined;
  const { detectors, afterMs } = continues;
  const { server } = intent.subject;
  const recent = await house.incidents.recent(ensemble, recentMax);
  const found = recent.find(
    (incident) =>
      incident.drill === undefined &&
      detectors.includes(incident.detector) &&
      isOfSame(server, incident.subject.server) &&
      endedQuietly(incident, afterMs),
  );
  if (found === undefined) return undefined;
  return await applyChange(house, found.id, { ...intent, kind: 'continue', afterMs });
}

/** What concerns the whole ensemble may be the beginning of any fault in it, and the other way round. */
function isOfSame(server: ServerId | undefined, other: ServerId | undefined): boolean {
  return server === undefined || other === undefined || server === other;
}

/** Changes an incident, or says why not. */
export async function applyChange(house: Needs, id: IncidentId, intent: Intent): Promise<Applied> {
  for (let attempt = 0; attempt < commitAttemptsMax; attempt += 1) {
    const before = await house.incidents.get(id);
    if (before === undefined) {
      return { kind: 'refusal', code: 'unknown-incident', facts: { incident: id } };
    }
    const nowMs = house.clock.now();
    const decision = decide(before, intent, nowMs);
    if (decision.kind === 'refusal') return decision;
    if (decision.events.length === 0) return { kind: 'nothing', incident: before };
    const change = stepOf(before, intent, decision.events, nowMs);
    if ((await house.incidents.commit(change)) === 'written') return applied(house, change);
  }
  throw new NightkeeperError('redis-conflict', `no turn to change incident ${id}`);
}

/** A new incident, as it will be written under a number. */
export function beginningOf(
  id: IncidentId,
  ensemble: EnsembleId,
  intent: Extract<Intent, { kind: 'trigger' }>,
  nowMs: number,
): IncidentChange {
  const decision = decide(undefined, intent, nowMs);
  const [first, ...rest] = decision.kind === 'events' ? decision.events : [];
  assert(first !== undefined, 'a trigger without an incident begins one');
  const incident = rest.reduce(reduce, reduce({ kind: 'new', id, ensemble, version: 0 }, first));
  const events = [first, ...rest];
  return { incident, expectedVersion: 0, events, audit: [auditOf(incident, intent, nowMs)] };
}

/** What several intents in a row make of an incident; undefined when that is nothing. */
export function changeOf(
  before: Incident,
  intents: readonly Intent[],
  nowMs: number,
): IncidentChange | undefined {
  let change: IncidentChange | undefined;
  for (const intent of intents) {
    const now = change?.incident ?? before;
    const decision = decide(now, intent, nowMs);
    if (decision.kind === 'refusal' || decision.events.length === 0) continue;
    const step = stepOf(now, intent, decision.events, nowMs);
    change = {
      ...stepBetween(before, step.incident),
      events: [...(change?.events ?? []), ...step.events],
      audit: [...(change?.audit ?? []), ...step.audit],
    };
  }
  return change;
}

function stepOf(
  before: Incident,
  intent: Intent,
  events: readonly IncidentEvent[],
  nowMs: number,
): IncidentChange {
  const incident = events.reduce<Incident>(reduce, before);
  return { ...stepBetween(before, incident), events, audit: [auditOf(incident, intent, nowMs)] };
}

function stepBetween(
  before: Incident,
  incident: Incident,
): Pick<IncidentChange, 'incident' | 'expectedVersion' | 'previousFingerprint'> {
  const { version, fingerprint } = before;
  return {
    incident,
    expectedVersion: version,
    ...(incident.fingerprint === fingerprint ? {} : { previousFingerprint: fingerprint }),
  };
}

/** Tells the log and the metrics of a change that was written. */
export function applied(
  house: Pick<House, 'telemetry' | 'log'>,
  { incident, events }: IncidentChange,
): Extract<Applied, { kind: 'applied' }> {
  for (const event of events) {
    if (incident.drill === undefined)
      house.telemetry.count('incident_events_total', {
        ensemble: incident.ensemble,
        detector: incident.detector,
        kind: event.kind,
      });
    house.log.info(
      {
        incident: incident.id,
        ensemble: incident.ensemble,
        fingerprint: incident.fingerprint,
        event: event.kind,
      },
      'incident changed',
    );
  }
  return { kind: 'applied', incident, events };
}

function auditOf(incident: Incident, intent: Intent, atMs: number): AuditEntry {
  const stamp =
    intent.kind === 'stop-recovery' ? intent.stop : 'stamp' in intent ? intent.stamp : undefined;
  return {
    atMs,
    ensemble: incident.ensemble,
    who: stamp?.by ?? keeper.id,
    name: stamp?.name ?? keeper.name,
    via: stamp?.via ?? 'pipeline',
    what: intent.kind,
    incident: incident.id,
    outcome: 'done',
    facts: {
      fingerprint: incident.fingerprint,
      state: incident.state,
      version: incident.version,
      severity: incident.severity,
      ...(incident.drill === undefined ? {} : { drill: incident.drill }),
      ...saidWith(intent),
    },
  };
}

/** What a person said with it, and whom it called. */
function saidWith(intent: Intent): Facts {
  if (intent.kind === 'escalate') return { to: intent.to };
  if (intent.kind === 'note') return { reason: intent.text };
  if (intent.kind === 'stop-recovery')
    return { recovery: intent.recovery, reason: intent.stop.reason };
  if (intent.kind === 'resolve' && intent.reason !== undefined) return { reason: intent.reason };
  return {};
}
