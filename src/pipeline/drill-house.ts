import type { AuditEntry } from '../model/audit.ts';
import type { Drill } from '../model/drill.ts';
import type { Ensemble, EnsembleId } from '../model/ensemble.ts';
import type { Incident } from '../model/incident.ts';
import { blankMemory } from '../model/memory.ts';
import type { Recovery } from '../model/recovery.ts';
import type { EnsembleStore } from '../ports/ensemble-store.ts';
import type { Executor } from '../ports/executor.ts';
import type { IncidentChange, IncidentStore } from '../ports/incident-store.ts';
import type { RecoveryStore } from '../ports/recovery-store.ts';
import { type Played, replayed, replayedSurvey } from '../rules/drill/replay.ts';
import type { House } from './house.ts';

/** How long ago the earlier looks were that a drill remembers, ms. */
const pastMs = Array.from({ length: 15 }, (_, index) => (15 - index) * 2_000);

/** How long a drill's command seems to take. */
const commandMs = 400;

/**
 * The house as a drill sees it: servers answer from the recording, incidents and recoveries are those of the drill alone, and whatever
 * would be run on a machine is only noted. The same pipeline works in it, and nothing of it is counted.
 */
export function drillHouse({ sessions: _clients, ...house }: House, drill: Drill): House {
  // A session has no executor in between: in a drill nobody may look at clients, nor end what they have.
  return {
    ...house,
    incidents: ownIncidents(house.incidents, drill.id),
    recoveries: ownRecoveries(house.recoveries, drill.id),
    ensembles: replayedEnsembles(house, drill),
    prober: {
      probe: async (settings, server) => {
        const played = await playedOf(house, drill);
        const ensemble = (await ensembleOf(house, settings.id)) ?? settings;
        return replayed(played, ensemble, server, house.clock.now());
      },
      discover: () => Promise.resolve(undefined),
      evidence: (_settings, server) =>
        Promise.resolve({ drill: `DRILL ${drill.recording}: nothing was asked of ${server.id}` }),
    },
    executor: (kind) => rehearsal(house, drill, house.executor(kind)),
    telemetry: { count: () => undefined, time: () => undefined, gauge: () => undefined },
    canary: () => undefined,
  };
}

/** The drill that runs in an ensemble, if one does. */
export async function runningDrill(
  house: Pick<House, 'drills' | 'clock'>,
  ensemble: EnsembleId,
): Promise<Drill | undefined> {
  const state = await house.drills.get(ensemble);
  if (state === undefined || state.ended !== undefined) return undefined;
  return state.drill.untilMs > house.clock.now() ? state.drill : undefined;
}

/** The house in which a recovery belongs: that of its drill, for good, or the real one. */
export async function houseOf(
  house: House,
  recovery: Pick<Recovery, 'drill' | 'ensemble'> | undefined,
): Promise<House> {
  if (recovery?.drill === undefined) return house;
  const state = await house.drills.get(recovery.ensemble);
  const known = state?.drill.id === recovery.drill ? state.drill : undefined;
  return drillHouse(house, known ?? forgotten(recovery.drill, recovery.ensemble));
}

/** A drill of which nothing is left: what belonged to it still does, and is not done. */
function forgotten(id: string, ensemble: EnsembleId): Drill {
  const started = { by: '', name: '', via: 'drill', atMs: 0 };
  return { id, ensemble, recording: 'member-down', started, untilMs: 0, beside: [] };
}

export async function playedOf(
  house: Pick<House, 'drills'>,
  { id, ensemble, recording, started }: Drill,
): Promise<Played> {
  const state = await house.drills.get(ensemble);
  const restarts = state?.drill.id === id ? state.restarts : {};
  return { recording, startedMs: started.atMs, restarts };
}

/** Says what would run, and runs nothing, whatever it is asked for. */
function rehearsal(house: House, drill: Drill, real: Executor | undefined): Executor | undefined {
  if (real === undefined) return undefined;
  return {
    kind: real.kind,
    can: (settings, order) => real.can(settings, order),
    describe: (settings, ensemble, server, order) =>
      `DRILL ${real.describe(settings, ensemble, server, order)}`,
    run: async (_settings, _ensemble, server, order) => {
      await house.clock.sleep(commandMs);
      if (order.kind === 'restart' || order.kind === 'start')
        await house.drills.restarted(drill, server.id, house.clock.now());
      house.log.info({ drill: drill.id, server: server.id }, 'drill: nothing was run');
      return { kind: 'done', exitCode: 0, tookMs: commandMs, output: 'DRILL: nothing was run' };
    },
  };
}

/** The members as last discovered, or as configured. */
async function ensembleOf(house: House, id: EnsembleId): Promise<Ensemble | undefined> {
  return (
    (await house.ensembles.ensemble(id)) ??
    house.settings().ensembles.find((each) => each.id === id)
  );
}

/** Marks a fingerprint, so that no real fault ever meets it. */
const marked = (fingerprint: string): string => `drill:${fingerprint}`;
const unmarked = (fingerprint: string): string => fingerprint.replace(/^drill:/u, '');

function ownIncidents(store: IncidentStore, drill: string): IncidentStore {
  const out = (incident: Incident): Incident => {
    const { drill: _drill, ...rest } = incident;
    return { ...rest, fingerprint: unmarked(incident.fingerprint) };
  };
  const into = ({
    incident,
    previousFingerprint,
    audit,
    ...rest
  }: IncidentChange): IncidentChange => ({
    ...rest,
    incident: { ...incident, drill, fingerprint: marked(incident.fingerprint) },
    audit: audit.map(audited),
    ...(previousFingerprint === undefined
      ? {}
      : { previousFingerprint: marked(previousFingerprint) }),
  });
  const audited = (entry: AuditEntry): AuditEntry => ({
    ...entry,
    facts: { ...entry.facts, drill },
  });
  const own = (all: readonly Incident[]): readonly Incident[] =>
    all.filter((incident) => incident.drill === drill).map(out);
  return {
    ...store,
    commit: (change) => store.commit(into(change)),
    commitAll: (ensemble, changes) => store.commitAll(ensemble, changes.map(into)),
    get: async (id, ensemble) => {
      const found = await store.get(id, ensemble);
      return found?.drill === drill ? out(found) : undefined;
    },
    open: async (ensemble) => own(await store.open(ensemble)),
    recent: async (ensemble, limit) => own(await store.recent(ensemble, limit)),
    audit: (entries) => store.audit(entries.map(audited)),
  };
}

/** Its lock is another one: a drill never keeps a real recovery waiting. */
function ownRecoveries(store: RecoveryStore, drill: string): RecoveryStore {
  const apart = (ensemble: EnsembleId): EnsembleId => `${ensemble}.drill`;
  const out = ({ drill: _drill, ...rest }: Recovery): Recovery => rest;
  return {
    ...store,
    lock: (ensemble, recovery, leaseMs) => store.lock(apart(ensemble), recovery, leaseMs),
    renew: (ensemble, recovery, fence, leaseMs) =>
      store.renew(apart(ensemble), recovery, fence, leaseMs),
    unlock: (ensemble, recovery, fence) => store.unlock(apart(ensemble), recovery, fence),
    running: (ensemble) => store.running(apart(ensemble)),
    save: (recovery, expectedVersion) => store.save({ ...recovery, drill }, expectedVersion),
    get: async (ensemble, id) => {
      const found = await store.get(ensemble, id);
      return found?.drill === drill ? out(found) : undefined;
    },
    recent: async (ensemble, limit) =>
      (await store.recent(ensemble, limit)).filter((each) => each.drill === drill).map(out),
  };
}

function replayedEnsembles(house: House, drill: Drill): EnsembleStore {
  return {
    ...house.ensembles,
    recall: async (id, servers) => {
      const state = await house.drills.get(id);
      const played = await playedOf(house, drill);
      const ensemble = await ensembleOf(house, id);
      const nowMs = house.clock.now();
      const known = (ensemble?.servers ?? []).filter((server) => servers.includes(server.id));
      const surveys = known.flatMap((server) => {
        const survey = ensemble && replayedSurvey(played, ensemble, server.id, nowMs);
        return survey === undefined ? [] : [[server.id, survey] as const];
      });
      const history = known.map((server) => [
        server.id,
        pastMs.flatMap((agoMs) =>
          ensemble === undefined ? [] : [replayed(played, ensemble, server, nowMs - agoMs)],
        ),
      ]);
      return {
        memory: (state?.drill.id === drill.id ? state.memory : undefined) ?? blankMemory,
        history: Object.fromEntries(history),
        points: {},
        surveys: Object.fromEntries(surveys),
        ownSessions: [],
      };
    },
    remember: async ({ memory }) => {
      await house.drills.remember(drill, memory);
      return 'written';
    },
    saveEnsemble: () => Promise.resolve(),
    status: () => Promise.resolve(undefined),
    trends: () => Promise.resolve({}),
  };
}
