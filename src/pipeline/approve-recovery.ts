import type { Stamp } from '../model/incident.ts';
import type { Agreement, Recovery } from '../model/recovery.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { RecoveryPreview } from '../ports/command.ts';
import { takeLock } from './hold-lock.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { previewOf } from './preview-recovery.ts';
import { askGuard, type Plan, planOf } from './recovery-plan.ts';
import { advance, tell } from './recovery-progress.ts';
import { queueWork } from './recovery-work.ts';

/** A recovery by its id alone, whichever ensemble it belongs to. */
export async function findRecovery(house: House, id: string): Promise<Recovery | undefined> {
  const found = await Promise.all(
    house.settings().ensembles.map((ensemble) => house.recoveries.get(ensemble.id, id)),
  );
  return found.find((recovery) => recovery !== undefined);
}

/** What the guard says now of a recovery that awaits others: who agrees sees what has changed since it was asked for. */
export async function previewApproval(
  house: House,
  members: Members,
  id: string,
): Promise<RecoveryPreview | Refusal> {
  const found = await awaiting(house, members, id);
  if ('code' in found) return found;
  const { recovery, plan } = found;
  return previewOf(house, plan, await askGuard(house, members, plan, recovery.id));
}

/** Adds an agreement; the last one that is needed takes the lock and starts the work. The guard is asked again for each. */
export async function approveRecovery(
  house: House,
  members: Members,
  id: string,
  agreement: Agreement,
): Promise<Recovery | Refusal> {
  const found = await awaiting(house, members, id);
  if ('code' in found) return found;
  const { recovery, plan, approval } = found;
  if (recovery.requested.by === agreement.by) return refuse('own-request', { recovery: id });
  if (approval.given.some(({ by }) => by === agreement.by))
    return refuse('already-approved', { recovery: id });
  const { verdict } = await askGuard(house, members, plan, recovery.id);
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  const guards = [
    ...recovery.guards,
    { atMs: house.clock.now(), at: 'approval' as const, verdict },
  ];
  const given = [...approval.given, agreement];
  const agreed = { guards, approval: { ...approval, given } };
  if (given.length < approval.needed) {
    const waiting = await advance(house, recovery, agreed, agreement);
    await tell(house, waiting, 'awaiting');
    return waiting;
  }
  const lock = await takeLock(house, recovery.ensemble, id);
  if ('code' in lock) return lock;
  const started = await advance(
    house,
    recovery,
    { ...agreed, state: 'requested', fence: lock.fence },
    agreement,
  );
  await tell(house, started, 'running');
  await queueWork(house, started);
  return started;
}

/** Ends a request without anything done. */
export async function rejectRecovery(
  house: House,
  members: Members,
  id: string,
  { reason, ...stamp }: Agreement,
): Promise<Recovery | Refusal> {
  const found = await awaiting(house, members, id);
  if ('code' in found) return found;
  return await endRequest(house, found.recovery, 'rejected', { stamp, reason });
}

/** A request that waited long enough is over, and its card says so. */
export async function expireRequest(house: House, recovery: Recovery): Promise<void> {
  if ((recovery.approval?.untilMs ?? 0) > house.clock.now()) return;
  await endRequest(house, recovery, 'expired', undefined);
}

async function endRequest(
  house: House,
  recovery: Recovery,
  state: 'rejected' | 'expired',
  by: { readonly stamp: Stamp; readonly reason: string } | undefined,
): Promise<Recovery> {
  const facts = by === undefined ? {} : { by: by.stamp.by, name: by.stamp.name, reason: by.reason };
  const ended = await advance(
    house,
    recovery,
    { state, finishedMs: house.clock.now(), outcome: { code: state, facts } },
    by?.stamp,
  );
  await tell(house, ended, state);
  return ended;
}

interface Awaiting {
  readonly recovery: Recovery;
  readonly plan: Plan;
  readonly approval: NonNullable<Recovery['approval']>;
}

async function awaiting(house: House, members: Members, id: string): Promise<Awaiting | Refusal> {
  const recovery = await findRecovery(house, id);
  if (recovery === undefined) return refuse('unknown-recovery', { recovery: id });
  const { approval, state } = recovery;
  if (state !== 'awaiting' || approval === undefined)
    return refuse('not-awaiting', { recovery: id, state });
  if (approval.untilMs <= house.clock.now()) {
    await endRequest(house, recovery, 'expired', undefined);
    return refuse('not-awaiting', { recovery: id, state: 'expired' });
  }
  const plan = await planOf(house, members, recovery);
  return 'code' in plan ? plan : { recovery, plan, approval };
}
