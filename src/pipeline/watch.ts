import type { EnsembleId } from '../model/ensemble.ts';
import type { CanaryResult, Notice } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { SensorWatch } from '../ports/zookeeper.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';

/**
 * How long after a first notice the look waits for others: two servers killed together close their connections up to 20 ms apart
 * (6 to 28 ms after the kill, measured), and one fault must not become two cards.
 */
export const settleMs = 30;

/** How long a replica owns an ensemble's sensors without renewing. */
export const ownershipLeaseMs = 5_000;
export const ownershipEveryMs = 1_500;

/** Notices one look carries; more of them say nothing new. */
export const noticesMax = 50;

/** Runs the sensors of the ensembles this replica owns, and turns what they notice into looks. */
export interface Watch {
  start(): Promise<void>;
  /** Takes up a changed configuration or membership. */
  refresh(ensemble?: EnsembleId): void;
  canary(ensemble: EnsembleId): CanaryResult | undefined;
  /** Sensors held per ensemble owned by this replica. */
  held(): Readonly<Record<EnsembleId, readonly string[]>>;
  stop(): Promise<void>;
}

interface Owned {
  readonly watch: SensorWatch;
  readonly fingerprint: string;
  readonly notices: Notice[];
  timer?: NodeJS.Timeout;
}

export function createWatch(house: House, members: Members): Watch {
  const owned = new Map<EnsembleId, Owned>();
  let rounds: NodeJS.Timeout | undefined;
  let busy: Promise<void> = Promise.resolve();
  let stopped = false;

  function round(): Promise<void> {
    busy = busy.then(() => (stopped ? undefined : takeTurns(house, members, owned)));
    return busy;
  }

  return {
    async start() {
      await round();
      rounds = setInterval(() => void round(), ownershipEveryMs);
    },
    refresh() {
      void round();
    },
    canary(ensemble) {
      return owned.get(ensemble)?.watch.canary();
    },
    held() {
      return Object.fromEntries([...owned].map(([id, entry]) => [id, entry.watch.held()]));
    },
    async stop() {
      stopped = true;
      clearInterval(rounds);
      await busy;
      await Promise.all(
        [...owned.keys()].map(async (id) => {
          await drop(owned, id);
          await house.ownership.release(id).catch(() => undefined);
        }),
      );
    },
  };
}

/** Takes what is free, keeps what is ours, lets go of what is not, and renews sensors whose settings changed. */
async function takeTurns(
  house: House,
  members: Members,
  owned: Map<EnsembleId, Owned>,
): Promise<void> {
  const wanted = house.settings().ensembles;
  const names = new Set(wanted.map((settings) => settings.id));
  await Promise.all([...owned.keys()].filter((id) => !names.has(id)).map((id) => drop(owned, id)));
  await Promise.all(
    wanted.map(async (settings) => {
      try {
        const ours = await house.ownership.hold(settings.id, ownershipLeaseMs);
        if (ours) await hold(house, members, owned, settings);
        else await drop(owned, settings.id);
      } catch (error) {
        // Without Redis nobody else can take over either: the sensors stay, and notices wait for the queue.
        house.log.warn({ ensemble: settings.id, err: error }, 'ownership could not be renewed');
      }
    }),
  );
  house.telemetry.gauge(
    'sensors',
    [...owned.values()].reduce((sum, entry) => sum + entry.watch.held().length, 0),
  );
}

async function hold(
  house: House,
  members: Members,
  owned: Map<EnsembleId, Owned>,
  settings: EnsembleSettings,
): Promise<void> {
  const ensemble = await members.of(settings);
  const fingerprint = JSON.stringify([settings, ensemble]);
  const before = owned.get(settings.id);
  if (before?.fingerprint === fingerprint) return;
  if (before !== undefined) await drop(owned, settings.id);
  const notices: Notice[] = [];
  const watch = house.sensors.watch(settings, ensemble, (notice) => {
    house.telemetry.count('notices_total', { ensemble: settings.id, kind: notice.kind });
    if (notices.length < noticesMax) notices.push(notice);
    const entry = owned.get(settings.id);
    if (entry === undefined || entry.timer !== undefined) return;
    entry.timer = setTimeout(() => {
      delete entry.timer;
      void ring(house, settings.id, notices);
    }, settleMs);
  });
  owned.set(settings.id, { watch, fingerprint, notices });
}

/** Turns the notices gathered so far into one look. Without Redis they are kept for the next try. */
async function ring(house: House, ensemble: EnsembleId, notices: Notice[]): Promise<void> {
  const gathered = notices.splice(0);
  if (gathered.length === 0) return;
  try {
    await house.schedule.now({ kind: 'observe', ensemble, notices: gathered });
  } catch (error) {
    notices.unshift(...gathered.slice(-noticesMax));
    house.log.warn({ ensemble, err: error }, 'a notice could not be queued');
  }
}

async function drop(owned: Map<EnsembleId, Owned>, id: EnsembleId): Promise<void> {
  const entry = owned.get(id);
  if (entry === undefined) return;
  owned.delete(id);
  clearTimeout(entry.timer);
  await entry.watch.close();
}
