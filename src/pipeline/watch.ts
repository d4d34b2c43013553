import type { EnsembleId } from '../model/ensemble.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { CanaryResult, Notice } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { ReplicaId } from '../ports/ownership.ts';
import type { SensorWatch } from '../ports/zookeeper.ts';
import { ownerOf } from '../rules/ownership/rendezvous.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { createSessionTeller, type SessionTeller } from './own-sessions.ts';

/**
 * How long after a first notice the look waits for others: two servers killed together close their connections up to 20 ms apart
 * (6 to 28 ms after the kill, measured), and one fault must not become two cards.
 */
export const settleMs = 30;

/**
 * How long a replica counts as alive after a heartbeat, and how often it gives one. A killed one's ensembles are watched again
 * after the sum of both at the latest (3.75 s); four heartbeats may get lost before a living one is taken for dead.
 */
export const replicaLeaseMs = 3_000;
export const beatEveryMs = 750;

/**
 * How long the sensors go on without Redis. Nobody else can take over while it is away for all; where it is away for this replica
 * alone, another one watches by then, and two should not write canaries for long.
 */
export const aloneMsMax = 30_000;

/** Notices one look carries; more of them say nothing new. */
export const noticesMax = 50;

/** Runs the sensors of the ensembles this replica owns, and turns what they notice into looks. */
export interface Watch {
  start(): Promise<void>;
  /** Takes up a changed configuration, membership or list of replicas. */
  refresh(): void;
  canary(ensemble: EnsembleId): CanaryResult | undefined;
  /** Servers held per ensemble owned by this replica. */
  held(): Readonly<Record<EnsembleId, readonly string[]>>;
  /** The replicas that lived when this one last heard of it, in order. */
  replicas(): readonly ReplicaId[];
  /** Since when no heartbeat could be given; undefined while they are. */
  blindSinceMs(): number | undefined;
  /** Closes the sensors and hands the ensembles over. */
  stop(): Promise<void>;
}

interface Owned {
  readonly watch: SensorWatch;
  readonly fingerprint: string;
  readonly notices: Notice[];
  timer?: NodeJS.Timeout;
}

/** What this replica runs, and what it should run. */
interface State {
  /** Ensembles whose sensors belong here, by the last round. */
  readonly ours: Map<EnsembleId, EnsembleSettings>;
  readonly owned: Map<EnsembleId, Owned>;
  /** Ensembles whose sensors are being opened or closed right now. */
  readonly tending: Map<EnsembleId, Promise<void>>;
  readonly canaries: Canaries;
  readonly sessions: SessionTeller;
  replicas: readonly ReplicaId[];
  /** When a heartbeat was last taken; undefined before the first. */
  beatMs?: number;
  /** When the first heartbeat failed that has had no success after it. */
  failingMs?: number;
}

export function createWatch(house: House, members: Members): Watch {
  const state: State = {
    ours: new Map(),
    owned: new Map(),
    tending: new Map(),
    canaries: createCanaries(house),
    sessions: createSessionTeller(house),
    replicas: [],
  };
  const { canaries } = state;
  let rounds: NodeJS.Timeout | undefined;
  let busy: Promise<void> = Promise.resolve();
  let isQueued = false;
  let stopped = false;

  function round(): Promise<void> {
    if (isQueued) return busy;
    isQueued = true;
    busy = busy.then(async () => {
      isQueued = false;
      if (stopped) return;
      await takeTurn(house, state);
      for (const [id, { watch }] of state.owned) void canaries.tell(id, watch.canary());
      for (const id of new Set([...state.ours.keys(), ...state.owned.keys()])) tend(id);
    });
    return busy;
  }

  /** Opens or closes the sensors of one ensemble, one at a time; what changes meanwhile is seen by the next round. */
  function tend(id: EnsembleId): void {
    if (state.tending.has(id)) return;
    const work = bring(house, members, state, id)
      .catch((error: unknown) => {
        house.log.warn({ ensemble: id, err: error }, 'sensors could not be set up');
      })
      .finally(() => state.tending.delete(id));
    state.tending.set(id, work);
  }

  const unsubscribe = house.bulletins.subscribe((bulletin) => {
    if (bulletin.kind === 'replicas') void round();
  });

  return {
    async start() {
      await round();
      await Promise.all(state.tending.values());
      rounds = setInterval(() => void round(), beatEveryMs);
    },
    refresh() {
      void round();
    },
    canary: (ensemble) => state.owned.get(ensemble)?.watch.canary(),
    held() {
      return Object.fromEntries([...state.owned].map(([id, entry]) => [id, entry.watch.held()]));
    },
    replicas: () => state.replicas,
    blindSinceMs: () => state.failingMs,
    async stop() {
      stopped = true;
      unsubscribe();
      clearInterval(rounds);
      await busy;
      await Promise.all(state.tending.values());
      await Promise.all([...state.owned.keys()].map((id) => drop(state.owned, id)));
      await state.sessions.tellAll();
      try {
        await house.ownership.leave();
        house.bulletins.publish({ kind: 'replicas' });
      } catch {
        // Without Redis the others notice by the missing heartbeat.
      }
    },
  };
}

/** One heartbeat, and what follows from who lives: which ensembles are ours from now on. Never throws. */
async function takeTurn(house: House, state: State): Promise<void> {
  const nowMs = house.clock.now();
  const wanted = house.settings().ensembles;
  try {
    const { replica } = house.ownership;
    state.replicas = await house.ownership.beat(replicaLeaseMs);
    const due = wanted.filter(({ id }) => ownerOf(id, state.replicas) === replica);
    const held = new Set(await house.ownership.hold(due.map(({ id }) => id)));
    // The others need not wait for their next heartbeat to hear of a new one.
    if (state.beatMs === undefined) house.bulletins.publish({ kind: 'replicas' });
    state.beatMs = nowMs;
    delete state.failingMs;
    state.ours.clear();
    for (const settings of due) if (held.has(settings.id)) state.ours.set(settings.id, settings);
    for (const [id, { notices }] of state.owned) if (notices.length > 0) ringSoon(house, state, id);
  } catch (error) {
    if (state.failingMs === undefined) {
      house.log.warn({ code: codeOf(error) }, 'heartbeat could not be given');
      state.failingMs = nowMs;
    }
    if (nowMs - (state.beatMs ?? nowMs) > aloneMsMax) state.ours.clear();
  }
  // Who surveys has sessions, too, whoever has the sensors.
  void state.sessions.tellAll();
  house.telemetry.gauge('replicas', state.replicas.length);
  house.telemetry.gauge(
    'sensors',
    [...state.owned.values()].reduce((sum, entry) => sum + entry.watch.held().length, 0),
  );
}

function codeOf(error: unknown): string {
  return error instanceof NightkeeperError ? error.code : String(error);
}

/** Makes the sensors of one ensemble what they should be: open and up to date, or closed and let go. */
async function bring(house: House, members: Members, state: State, id: EnsembleId): Promise<void> {
  const settings = state.ours.get(id);
  if (settings !== undefined) return await open(house, members, state, settings);
  if (!state.owned.has(id)) return;
  await drop(state.owned, id);
  await house.ownership.release(id);
  house.bulletins.publish({ kind: 'replicas' });
}

async function open(
  house: House,
  members: Members,
  state: State,
  settings: EnsembleSettings,
): Promise<void> {
  const { id } = settings;
  const ensemble = await members.of(settings);
  const fingerprint = JSON.stringify([settings, ensemble]);
  const before = state.owned.get(id);
  if (before?.fingerprint === fingerprint) return;
  if (before === undefined) house.log.info({ ensemble: id }, 'this replica watches the ensemble');
  else await drop(state.owned, id);
  const notices: Notice[] = [];
  const watch = house.sensors.watch(settings, ensemble, (notice) => {
    house.telemetry.count('notices_total', { ensemble: id, kind: notice.kind });
    if (notices.length < noticesMax) notices.push(notice);
    ringSoon(house, state, id);
  });
  state.owned.set(id, { watch, fingerprint, notices });
}

/** Waits for notices that belong together, then asks for one look. */
function ringSoon(house: House, state: State, id: EnsembleId): void {
  const entry = state.owned.get(id);
  if (entry === undefined || entry.timer !== undefined) return;
  entry.timer = setTimeout(() => {
    delete entry.timer;
    void ring(house, state, id, entry);
  }, settleMs);
}

/** Turns the notices gathered so far into one look. Without Redis they are kept for the next round. */
async function ring(
  house: House,
  { canaries }: State,
  ensemble: EnsembleId,
  { notices, watch }: Owned,
): Promise<void> {
  const gathered = notices.splice(0);
  if (gathered.length === 0) return;
  // The look may be made elsewhere, and must not miss what led to it.
  await canaries.tell(ensemble, watch.canary());
  try {
    await house.schedule.now({ kind: 'observe', ensemble, notices: gathered });
  } catch (error) {
    notices.unshift(...gathered.slice(-noticesMax));
    house.log.warn({ ensemble, code: codeOf(error) }, 'a notice could not be queued');
  }
}

async function drop(owned: Map<EnsembleId, Owned>, id: EnsembleId): Promise<void> {
  const entry = owned.get(id);
  if (entry === undefined) return;
  owned.delete(id);
  clearTimeout(entry.timer);
  await entry.watch.close();
}
