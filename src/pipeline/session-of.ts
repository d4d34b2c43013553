import type { Ensemble, EnsembleId, Server } from '../model/ensemble.ts';
import { assert } from '../model/errors.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Recovery } from '../model/recovery.ts';
import type { ExecutorSettings } from '../model/settings.ts';
import type { ExecutorRun } from '../ports/executor.ts';
import { holdLock } from './hold-lock.ts';
import type { House } from './house.ts';
import type { Plan } from './recovery-plan.ts';

/** How long ending a session may take: one connection, one answer. */
const timeoutMs = 10_000;

/** What stands for the way to a machine where none is needed: the words of what is done. */
export function sessionWay(
  action: string,
  session: string,
  ensemble: EnsembleId,
): ExecutorSettings {
  return { kind: 'command', argv: [action, session, 'of', ensemble], timeoutMs };
}

/** A server that carries the number of a session as its name: any will do until it is known where the session is. */
export function sessionServer({ servers }: Ensemble, session: string): Server | undefined {
  const [any] = servers;
  return any === undefined ? undefined : { ...any, id: session };
}

/** A view with the session the plan is about, as its servers show it now. */
export async function withSession(
  { sessions }: Pick<House, 'sessions'>,
  { action, settings, server }: Pick<Plan, 'action' | 'settings' | 'server'>,
  view: EnsembleView,
): Promise<EnsembleView> {
  if (action.session === undefined || sessions === undefined) return view;
  const session = await sessions.look(settings, view.ensemble.servers, server.id);
  return { ...view, session };
}

/** Ends the session where its client is connected; where it is not, on any server that serves. */
export async function endSession(
  house: Pick<House, 'sessions' | 'recoveries' | 'clock'>,
  { action, settings, server, members: servers }: Plan,
  recovery: Recovery,
): Promise<ExecutorRun> {
  const { sessions } = house;
  assert(action.session !== undefined && sessions !== undefined, 'a plan has a way to its session');
  const { server: where } = await sessions.look(settings, servers, server.id);
  await holdLock(house, recovery);
  const inTurn = servers.toSorted((a, b) => Number(b.id === where) - Number(a.id === where));
  let run: ExecutorRun = { kind: 'unavailable', tookMs: 0, output: 'no server to ask' };
  for (const each of inTurn) {
    run = await sessions.end(settings, each, server.id, action.session);
    // Only one that could not be reached is followed by another.
    if (run.kind !== 'unavailable') return run;
  }
  return run;
}

/** The server a plan is about; of a session the one its client is connected to, or any. */
export async function memberOf(
  { sessions }: Pick<House, 'sessions'>,
  { action, settings, server, members }: Plan,
): Promise<Server> {
  if (action.session === undefined || sessions === undefined) return server;
  const { server: where } = await sessions.look(settings, members, server.id);
  return members.find(({ id }) => id === where) ?? members[0] ?? server;
}
