import type { EnsembleId, ServerId } from '../model/ensemble.ts';
import type { Incident, IncidentId, Stamp } from '../model/incident.ts';
import type { Recovery } from '../model/recovery.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { askGuard, planOf } from './recovery-plan.ts';
import { auditOf, tell } from './recovery-progress.ts';

/** How long a recovery holds the ensemble's lock without renewing. */
export const lockLeaseMs = 30_000;

/** Characters of a reason that are kept. */
export const reasonCharsMax = 500;

export interface RecoveryRequest {
  readonly action: string;
  readonly ensemble: EnsembleId;
  readonly server: ServerId;
  readonly reason: string;
  readonly incident?: IncidentId;
}

/** Asks the guard, takes the lock and queues the work; or refuses in words. */
export async function requestRecovery(
  house: House,
  members: Members,
  request: RecoveryRequest,
  stamp: Stamp,
): Promise<Recovery | Refusal> {
  const plan = await planOf(house, members, request.action, request.ensemble, request.server);
  if ('code' in plan) return plan;
  const { verdict } = await askGuard(house, members, plan, undefined);
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  const id = await house.recoveries.allocate();
  const lock = await house.recoveries.lock(request.ensemble, id, lockLeaseMs);
  if ('heldBy' in lock)
    return refuse('recovery-running', { recovery: lock.heldBy, ensemble: request.ensemble });
  const incident = await concerned(house, request);
  const recovery: Recovery = {
    id,
    action: request.action,
    ensemble: request.ensemble,
    server: request.server,
    requested: stamp,
    reason: request.reason.slice(0, reasonCharsMax),
    state: 'requested',
    version: 1,
    fence: lock.fence,
    guards: [{ atMs: house.clock.now(), at: 'click', verdict }],
    ...(incident === undefined ? {} : { incident: incident.id }),
  };
  await house.recoveries.save(recovery, 0);
  await house.incidents.audit([auditOf(recovery, house.clock.now())]);
  await tell(house, recovery, 'running');
  await house.schedule.now(
    { kind: 'recover', ensemble: recovery.ensemble, recovery: id },
    `recover-${id}`,
  );
  return recovery;
}

/** The open incident a recovery is for: the one named, else one about the server, else one about the whole ensemble. */
async function concerned(house: House, request: RecoveryRequest): Promise<Incident | undefined> {
  const open = await house.incidents.open(request.ensemble);
  return (
    open.find((incident) => incident.id === request.incident) ??
    open.find((incident) => incident.subject.server === request.server) ??
    open.find((incident) => incident.subject.server === undefined)
  );
}
