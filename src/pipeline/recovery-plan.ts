import type { EnsembleId, Server, ServerId } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { keeper } from '../model/person.ts';
import type { Phase } from '../model/phase.ts';
import { deny, type GuardVerdict, type Recovery, takesDown } from '../model/recovery.ts';
import type { Alarm, GuardView, RecoveryAction } from '../model/recovery-action.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { limitOf } from '../rules/guard/limits.ts';
import { freezeOf, overMs } from '../rules/routing/silences.ts';
import type { House } from './house.ts';
import { inquire, planPhases } from './inquire.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { realOnly } from './real-only.ts';
import { sessionServer, sessionWay, withSession } from './session-of.ts';

/** What a recovery is about, looked up and found complete. */
export interface Plan {
  readonly action: RecoveryAction;
  readonly settings: EnsembleSettings;
  readonly server: Server;
  readonly restart: NonNullable<EnsembleSettings['restart']>;
  readonly members: readonly Server[];
  /** All servers it will take, in order as it looks now; those that are done come first. */
  readonly order: readonly ServerId[];
  /** What was asked for besides the server. */
  readonly argument?: string;
}

/**
 * Looks up what a recovery needs, or says what is missing. Where the action chooses its servers, the next one is looked for; one that
 * is in hand is not done.
 */
export async function planOf(
  house: House,
  members: Members,
  {
    action: actionName,
    ensemble: ensembleId,
    server: serverId,
    steps = [],
    argument,
  }: Pick<Recovery, 'action' | 'ensemble' | 'server' | 'steps' | 'argument'>,
): Promise<Plan | Refusal> {
  const action = house.recoveryActions.find((each) => each.name === actionName);
  if (action === undefined) {
    const actions = house.recoveryActions.map((each) => each.name);
    return refuse('unknown-action', { action: actionName, known: actions });
  }
  const settings = house.settings().ensembles.find((each) => each.id === ensembleId);
  if (settings === undefined) {
    const ensembles = house.settings().ensembles.map((each) => each.id);
    return refuse('unknown-ensemble', { ensemble: ensembleId, known: ensembles });
  }
  const restart =
    action.session === undefined ? settings.restart : sessionWay(action.name, serverId, ensembleId);
  if (action.session !== undefined && house.sessions === undefined)
    return refuse('no-executor', { ensemble: ensembleId });
  const executor = restart === undefined ? undefined : house.executor(restart.kind);
  if (restart === undefined || executor === undefined)
    return refuse('no-executor', { ensemble: ensembleId });
  const missing = (action.needs ?? ['restart']).find((order) => !executor.can(restart, order));
  if (missing !== undefined) return refuse('no-order', { ensemble: ensembleId, order: missing });
  const ensemble = await members.of(settings);
  const done = steps.filter(({ state }) => state !== 'running').map((step) => step.server);
  const order =
    action.next === undefined
      ? [serverId]
      : orderOf(action, (await look(house, settings, ensemble, [])).view, done);
  const chosen = action.next === undefined ? serverId : order[done.length];
  if (chosen === undefined) return refuse('nothing-to-do', { ensemble: ensembleId });
  const server =
    (action.session === undefined ? undefined : sessionServer(ensemble, chosen)) ??
    (argument === undefined ? undefined : action.target?.(argument, ensemble)) ??
    ensemble.servers.find((each) => each.id === chosen);
  if (server === undefined) {
    const names = ensemble.servers.map((each) => each.id);
    return refuse('unknown-server', { ensemble: ensembleId, server: chosen, known: names });
  }
  const asked = argument === undefined ? {} : { argument };
  return { action, settings, server, restart, members: ensemble.servers, order, ...asked };
}

/** The servers an action would take if nothing changed meanwhile, after those that are done. */
function orderOf(
  action: RecoveryAction,
  view: EnsembleView,
  done: readonly ServerId[],
): readonly ServerId[] {
  const order = [...done];
  while (order.length <= view.ensemble.servers.length) {
    const next = action.next?.(view, order);
    if (next === undefined) break;
    order.push(next);
  }
  return order;
}

/** What the guard said, and what it saw; the orders, where there are several and the guard allows them. */
export interface GuardAnswer {
  readonly verdict: GuardVerdict;
  readonly view: EnsembleView;
  readonly phases?: readonly Phase[];
}

/**
 * Probes afresh and asks the guard; `own` is the recovery that asks, so that it does not stand in its own way. A sequence of orders is
 * planned each time, and where it cannot be, that is the guard's answer. With `anyway` what is refused is planned too, to be shown.
 */
export async function askGuard(
  house: House,
  members: Members,
  plan: Plan,
  own: string | undefined,
  anyway = false,
): Promise<GuardAnswer> {
  const { action } = plan;
  const seen = await seenBy(house, members, plan, own);
  const { view } = seen;
  const nowMs = house.clock.now();
  const limit = limitOf(seen, nowMs, takesDown.has(action.name));
  const verdict = limit ?? action.guard(seen, nowMs);
  const isAllowed = verdict.kind === 'allow';
  if (action.phased === undefined || !(isAllowed || anyway)) return { verdict, view };
  const situation = await inquire(house, plan, action.phased, seen);
  const phases = await planPhases(house, plan, situation);
  if ('code' in phases) {
    if (!isAllowed) return { verdict, view };
    const facts = { ...verdict.facts, ...phases.facts };
    return { verdict: deny(phases.code, facts), view };
  }
  return { verdict, view, phases };
}

/** Recoveries that are looked back at: more than an hour may hold, those that were refused included. */
const recentMax = 60;

/** Everything a guard may look at, seen afresh. */
async function seenBy(
  house: House,
  members: Members,
  plan: Plan,
  own: string | undefined,
): Promise<GuardView> {
  const { settings, server, argument } = plan;
  const ensemble = await members.of(settings);
  const [{ view }, running, recent, open, freeze] = await Promise.all([
    look(house, settings, ensemble, []),
    house.recoveries.running(settings.id),
    realOnly(house.recoveries.recent(settings.id, recentMax)),
    realOnly(house.incidents.open(settings.id)),
    freezeNow(house, settings.id),
  ]);
  const alone = recent.find(({ id }) => id === own)?.requested.by === keeper.id;
  return {
    ensemble,
    view: await withSession(house, plan, view),
    server,
    settings,
    running: running === own ? undefined : running,
    recent: recent.filter((each) => each.id !== own),
    alarms: open.flatMap(alarmsOf),
    ...(freeze === undefined ? {} : { freeze }),
    ...(alone ? { alone: { elsewhere: await pagingElsewhere(house, settings.id) } } : {}),
    ...(argument === undefined ? {} : { argument }),
  };
}

/** What an open incident is about, and what it explains and still fires. */
function alarmsOf({ detector, subject, severity, facts, symptoms }: Incident): readonly Alarm[] {
  const own = { detector, subject, severity, facts };
  const explained = symptoms.filter(({ clearedMs }) => clearedMs === undefined);
  return [own, ...explained].map((each) => ({
    detector: each.detector,
    severity: each.severity,
    facts: each.facts,
    ...(each.subject.server === undefined ? {} : { server: each.subject.server }),
  }));
}

/** The freeze an ensemble is under: of several, the one that lasts longest. */
async function freezeNow(house: House, ensemble: EnsembleId): Promise<GuardView['freeze']> {
  const found = freezeOf(await house.silences.list(), ensemble, house.clock.now());
  if (found === undefined) return undefined;
  const { id, set, reason, window = '' } = found;
  return { silence: id, name: set.name, reason, untilMs: overMs(found), window };
}

/** Other ensembles in which something pages. */
async function pagingElsewhere(house: House, ensemble: EnsembleId): Promise<readonly EnsembleId[]> {
  const others = house.settings().ensembles.filter(({ id }) => id !== ensemble);
  const open = await Promise.all(others.map(({ id }) => realOnly(house.incidents.open(id))));
  return others
    .filter((_, index) => open[index]?.some(({ severity }) => severity === 'page'))
    .map(({ id }) => id);
}
