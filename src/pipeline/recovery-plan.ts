import type { EnsembleId, Server, ServerId } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { GuardVerdict } from '../model/recovery.ts';
import type { RecoveryAction } from '../model/recovery-action.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { House } from './house.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';

/** What a recovery is about, looked up and found complete. */
export interface Plan {
  readonly action: RecoveryAction;
  readonly settings: EnsembleSettings;
  readonly server: Server;
  readonly restart: NonNullable<EnsembleSettings['restart']>;
}

/** Looks up what a recovery needs, or says what is missing. */
export async function planOf(
  house: House,
  members: Members,
  actionName: string,
  ensembleId: EnsembleId,
  serverId: ServerId,
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
  const { servers } = await members.of(settings);
  const server = servers.find((each) => each.id === serverId);
  if (server === undefined) {
    const names = servers.map((each) => each.id);
    return refuse('unknown-server', { ensemble: ensembleId, server: serverId, known: names });
  }
  const { restart } = settings;
  if (restart === undefined || house.executor(restart.kind) === undefined) {
    return refuse('no-executor', { ensemble: ensembleId });
  }
  return { action, settings, server, restart };
}

/** Probes afresh and asks the guard; `own` is the recovery that asks, so that it does not stand in its own way. */
export async function askGuard(
  house: House,
  members: Members,
  plan: Plan,
  own: string | undefined,
): Promise<{ verdict: GuardVerdict; view: EnsembleView }> {
  const { settings, server, action } = plan;
  const ensemble = await members.of(settings);
  const [{ view }, running, recent] = await Promise.all([
    look(house, settings, ensemble, []),
    house.recoveries.running(settings.id),
    house.recoveries.recent(settings.id, 20),
  ]);
  const verdict = action.guard(
    {
      ensemble,
      view,
      server,
      settings,
      running: running === own ? undefined : running,
      recent: recent.filter((each) => each.id !== own),
    },
    house.clock.now(),
  );
  return { verdict, view };
}
