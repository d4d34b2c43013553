import type { Server, ServerId } from '../../model/ensemble.ts';
import type { EnsembleView } from '../../model/finding.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type { GuardView, RecoveryAction } from '../../model/recovery-action.ts';
import { standingOf } from '../../model/standing.ts';
import { servesInSync } from './others.ts';
import { guardTakingDown, restartServer, withoutDataAlarms } from './restart-server.ts';

/**
 * Restarts every server, one after the other: what serves nobody first, then observers, then followers, the leader last (Strimzi,
 * Exhibitor and ZooKeeper's own guide agree on this order). Each one waits until all others serve in sync.
 */
export const restartInTurn: RecoveryAction = {
  name: 'rolling-restart',
  next: nextToRoll,
  guard: (view, nowMs) => withoutDataAlarms(view, guardAmongHealthy(view, nowMs)),
  verified: (before, now, server) => restartServer.verified(before, now, server),
  verifyMs: (settings) => restartServer.verifyMs(settings),
};

function nextToRoll(view: EnsembleView, done: readonly ServerId[]): ServerId | undefined {
  const { leader } = standingOf(view.ensemble, view.samples);
  const rank = (server: Server): number => {
    if (server.id === leader) return 3;
    if (!servesInSync(view.samples[server.id])) return 0;
    return server.role === 'observer' ? 1 : 2;
  };
  return view.ensemble.servers
    .filter(({ id }) => !done.includes(id))
    .toSorted((a, b) => rank(a) - rank(b))[0]?.id;
}

/** As for one restart; and every other server must serve in sync: whoever restarts many may never meet one that is out already. */
export function guardAmongHealthy(view: GuardView, nowMs: number): GuardVerdict {
  const verdict = guardTakingDown(view, nowMs);
  if (verdict.kind !== 'allow') return verdict;
  const out = view.ensemble.servers
    .filter((server) => server.id !== view.server.id && !servesInSync(view.view.samples[server.id]))
    .map(({ id }) => id);
  return out.length === 0 ? verdict : deny('others-out', { ...verdict.facts, out });
}

/** The servers that serve in sync. */
export function servingInSync(view: EnsembleView): readonly ServerId[] {
  return view.ensemble.servers
    .filter((server) => servesInSync(view.samples[server.id]))
    .map(({ id }) => id);
}
