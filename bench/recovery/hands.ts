import type { Recovery } from '../../src/model/recovery.ts';
import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';
import { until } from '../../test/support/until.ts';
import { pause } from '../delivery/poll.ts';
import { type Answer, cooldownMs, type Person, type Place, type Rig } from './rig.ts';

/** A replica died while it was asked: what became of the question cannot be judged. */
export class Disturbed extends Error {}

const endedStates: ReadonlySet<string> = new Set([
  'succeeded',
  'failed',
  'refused',
  'rejected',
  'expired',
]);

/** As long as a rolling restart of five servers takes on a busy machine. */
const endedMsMax = 240_000;

export function isEnded({ state }: Recovery): boolean {
  return endedStates.has(state);
}

/** One of some, by the bench's own chance. */
export function oneOf<T>(rig: Rig, all: readonly T[]): T {
  const one = all[Math.floor(rig.random() * all.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}

/** Takes a server down, and writes down since when. */
export async function takeDown(
  place: Place,
  server: ZooKeeperServer,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<void> {
  place.outages.push({ server: server.id, fromMs: Date.now() });
  await server.kill(signal);
}

/** Brings everything back that the bench took down, and waits until the ensemble is whole. */
export async function heal(place: Place): Promise<void> {
  for (const server of place.ensemble.servers) {
    if (!server.running()) server.start();
    else await server.kill('SIGCONT');
  }
  await place.ensemble.ready(60_000);
  const nowMs = Date.now();
  for (const outage of place.outages) outage.toMs ??= nowMs;
}

/** How long a new leader must stand before a server that serves is taken from it: two ticks. */
const settledMs = 4000;

/** Waits until nothing is under way, everybody serves, the bot knows it, and no server has to cool down. */
export async function calm(rig: Rig, place: Place): Promise<void> {
  await heal(place);
  const recoveries = await until(
    `${place.name}: no recovery runs`,
    async () => {
      const recent = await rig.stores.recoveries.recent(place.name, 20);
      const lock = await rig.stores.recoveries.running(place.name);
      return lock === undefined && recent.every(isEnded) ? recent : undefined;
    },
    endedMsMax,
  );
  await heal(place);
  const lastMs = Math.max(0, ...recoveries.map(({ finishedMs }) => finishedMs ?? 0));
  await pause(Math.max(0, lastMs + Math.max(cooldownMs, settledMs) + 200 - Date.now()));
}

/** Asks one of the replicas, as a person does. */
export async function ask(rig: Rig, person: Person, line: string): Promise<Answer> {
  const answer = await rig.ask(person, line, Math.floor(rig.random() * rig.bots.length));
  if (answer.outcome === 'lost') throw new Disturbed(answer.text);
  return answer;
}

export interface Asked {
  readonly answer: Answer;
  /** Of the recovery, when one was begun or asked for. */
  readonly id: string | undefined;
}

/** Asks for a restart of one server; where others must agree, nobody has yet. */
export async function request(
  rig: Rig,
  place: Place,
  person: Person,
  server: string,
): Promise<Asked> {
  const line = `recover ${place.name} ${server} --reason "the bench wants it" --confirm yes`;
  const answer = await ask(rig, person, line);
  return { answer, id: /r-\d+/u.exec(answer.text)?.[0] };
}

export async function agree(rig: Rig, person: Person, id: string): Promise<Answer> {
  return await ask(rig, person, `approve ${id} --reason "I agree" --confirm yes`);
}

/** Asks for a restart, and somebody else agrees where that is needed. */
export async function restart(
  rig: Rig,
  place: Place,
  person: 'ann' | 'bo',
  server: string,
): Promise<Asked> {
  const asked = await request(rig, place, person, server);
  if (place.approvals === 0 || asked.answer.outcome !== 'done' || asked.id === undefined)
    return asked;
  const answer = await agree(rig, person === 'ann' ? 'bo' : 'ann', asked.id);
  return { ...asked, answer };
}

/** A recovery as it is kept, once it looks as wanted. */
export async function recovery(
  rig: Rig,
  place: Place,
  id: string | undefined,
  matches: (recovery: Recovery) => boolean,
): Promise<Recovery> {
  if (id === undefined) throw new Error(`${place.name}: no recovery was begun`);
  return await until(
    `${place.name}: ${id} is as wanted`,
    async () => {
      const found = await rig.stores.recoveries.get(place.name, id);
      return found !== undefined && matches(found) ? found : undefined;
    },
    endedMsMax,
  );
}
