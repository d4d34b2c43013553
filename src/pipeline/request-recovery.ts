import { type EnsembleId, ownEnsemble, type ServerId } from '../model/ensemble.ts';
import type { Incident, IncidentId, Stamp } from '../model/incident.ts';
import type { Phase } from '../model/phase.ts';
import type { GuardVerdict, Recovery, RecoveryStep } from '../model/recovery.ts';
import { recoveryCard } from '../model/recovery-card.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import { defaultApprovalMs } from '../model/settings.ts';
import { applyOpen } from './apply.ts';
import { takeLock } from './hold-lock.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { approvalsFor, tooFewPeople } from './preview-recovery.ts';
import { realOnly } from './real-only.ts';
import { askGuard, type Plan, planOf } from './recovery-plan.ts';
import { auditOf, tell } from './recovery-progress.ts';
import { queueWork } from './recovery-work.ts';

/** Characters of a reason that are kept. */
export const reasonCharsMax = 500;

export interface RecoveryRequest {
  readonly action: string;
  readonly ensemble: EnsembleId;
  readonly server: ServerId;
  readonly reason: string;
  readonly incident?: IncidentId;
  /** An earlier recovery of the same kind that was not finished: what it has done is not done again. */
  readonly resume?: string;
  /** What is asked for besides the server: a member, a number, the name of a command. */
  readonly argument?: string;
}

/** Asks the guard, takes the lock and queues the work; or refuses in words. */
export async function requestRecovery(
  house: House,
  members: Members,
  request: RecoveryRequest,
  stamp: Stamp,
): Promise<Recovery | Refusal> {
  const steps = await stepsBefore(house, request);
  if ('code' in steps) return steps;
  const plan = await planOf(house, members, { ...request, steps });
  if ('code' in plan) return plan;
  const { verdict, phases = [] } = await askGuard(house, members, plan, undefined);
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  const beginning = { stamp, verdict, steps, phases };
  const needed = approvalsFor(plan);
  if (needed > 0)
    return (
      tooFewPeople(house, plan, needed, stamp.by) ??
      (await askOthers(house, plan, request, { ...beginning, needed }))
    );
  const id = await house.recoveries.allocate();
  const lock = await takeLock(house, request.ensemble, id);
  if ('code' in lock) return lock;
  // What takes all servers or several orders, or what no fault asks for, has a card of its own, on which its progress stands.
  const fault = hasOwnCard(plan) ? undefined : await concerned(house, request);
  const incident = fault ?? (await openCard(house, { id, request, stamp }));
  const recovery: Recovery = {
    ...begun(house, request, { ...beginning, id }),
    state: 'requested',
    fence: lock.fence,
    ...(incident === undefined ? {} : { incident: incident.id }),
  };
  await house.recoveries.save(recovery, 0);
  await house.incidents.audit([auditOf(recovery, house.clock.now())]);
  await tell(house, recovery, 'running');
  await queueWork(house, recovery);
  return recovery;
}

function hasOwnCard({ action }: Plan): boolean {
  return action.next !== undefined || action.phased !== undefined;
}

/** Keeps the request until others have agreed, on a card that they can see and press. Nothing is locked meanwhile. */
async function askOthers(
  house: House,
  plan: Plan,
  request: RecoveryRequest,
  { needed, ...beginning }: Omit<Beginning, 'id'> & { readonly needed: number },
): Promise<Recovery> {
  const id = await house.recoveries.allocate();
  const untilMs = house.clock.now() + (plan.settings.approvals?.withinMs ?? defaultApprovalMs);
  const fault = hasOwnCard(plan) ? undefined : await concerned(house, request);
  const { stamp } = beginning;
  const incident = fault ?? (await openCard(house, { id, request, stamp }));
  const recovery: Recovery = {
    ...begun(house, request, { ...beginning, id }),
    state: 'awaiting',
    fence: 0,
    approval: { needed, untilMs, given: [] },
    ...(incident === undefined ? {} : { incident: incident.id }),
  };
  await house.recoveries.save(recovery, 0);
  await house.incidents.audit([auditOf(recovery, house.clock.now())]);
  await tell(house, recovery, 'awaiting');
  await house.schedule.at(
    untilMs,
    { kind: 'recover', ensemble: recovery.ensemble, recovery: id },
    `expire-${id}`,
  );
  return recovery;
}

function begun(
  house: House,
  request: RecoveryRequest,
  { id, stamp, verdict, steps, phases }: Beginning,
): Omit<Recovery, 'state' | 'fence'> {
  return {
    id,
    action: request.action,
    ensemble: request.ensemble,
    server: request.server,
    requested: stamp,
    reason: request.reason.slice(0, reasonCharsMax),
    version: 1,
    guards: [{ atMs: house.clock.now(), at: 'click', verdict }],
    ...(steps.length === 0 ? {} : { steps }),
    ...(request.argument === undefined ? {} : { argument: request.argument }),
    ...(phases.length === 0
      ? {}
      : { phases: phases.map((phase) => ({ ...phase, state: 'planned' as const })) }),
  };
}

interface Beginning {
  readonly id: string;
  readonly stamp: Stamp;
  readonly verdict: GuardVerdict;
  readonly steps: readonly RecoveryStep[];
  readonly phases: readonly Phase[];
}

/** What an earlier recovery has done already, where this one is to go on with it. */
async function stepsBefore(
  house: House,
  { resume, action, ensemble }: RecoveryRequest,
): Promise<readonly RecoveryStep[] | Refusal> {
  if (resume === undefined) return [];
  const earlier = await house.recoveries.get(ensemble, resume);
  if (earlier === undefined || earlier.action !== action)
    return refuse('unknown-recovery', { recovery: resume });
  return (earlier.steps ?? []).filter(({ state }) => state === 'done');
}

/** A card of its own, where no fault has one: routed as the ensemble is. */
async function openCard(
  house: House,
  { id, request, stamp }: { id: string; request: RecoveryRequest; stamp: Stamp },
): Promise<Incident | undefined> {
  const { action, ensemble, server, reason } = request;
  const done = await applyOpen(house, ownEnsemble, {
    kind: 'trigger',
    fingerprint: `${ownEnsemble}/${recoveryCard}/${id}`,
    detector: recoveryCard,
    subject: { ensemble, server },
    severity: 'info',
    facts: { recovery: id, action, name: stamp.name, reason },
    evidence: [],
    grid: [],
    symptoms: [],
    sinceMs: house.clock.now(),
    page: false,
  });
  return done.kind === 'applied' ? done.incident : undefined;
}

/** The open incident a recovery is for: the one named, else one about the server, else one about the whole ensemble. */
async function concerned(house: House, request: RecoveryRequest): Promise<Incident | undefined> {
  const open = await realOnly(house.incidents.open(request.ensemble));
  return (
    open.find((incident) => incident.id === request.incident) ??
    open.find((incident) => incident.subject.server === request.server) ??
    open.find((incident) => incident.subject.server === undefined)
  );
}
