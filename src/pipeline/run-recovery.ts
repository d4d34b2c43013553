import { assert } from '../model/errors.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Job } from '../model/job.ts';
import { isRunning, type Recovery } from '../model/recovery.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import { expireRequest } from './approve-recovery.ts';
import { awaitVerified } from './await-verified.ts';
import { lockLeaseMs } from './hold-lock.ts';
import type { House } from './house.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { askGuard, type Plan, planOf } from './recovery-plan.ts';
import { advance, finish, type Outcome, tell, unlessConflict } from './recovery-progress.ts';
import { queueForgotten, settleEnded } from './recovery-work.ts';
import { runCommand } from './run-command.ts';
import { runPhases } from './run-phases.ts';
import { runSteps } from './run-steps.ts';
import { sinceUnknown } from './since-unknown.ts';

/** Does what was asked for: guard once more, run, verify. */
export async function runRecovery(house: House, members: Members, job: Job): Promise<void> {
  if (job.kind !== 'recover') return;
  const found = await house.recoveries.get(job.ensemble, job.recovery);
  assert(found?.drill === undefined, 'a recovery of a drill runs nowhere but in its own house');
  if (job.queue === true) return await queueForgotten(house, job, found);
  if (found?.state === 'awaiting') return await expireRequest(house, found);
  if (found === undefined) return;
  if (found.state !== 'requested' && !isRunning(found)) return await settleEnded(house, found);
  const lock = await house.recoveries.lock(job.ensemble, job.recovery, lockLeaseMs);
  if ('heldBy' in lock) return await overtaken(house, members, found, lock.heldBy);
  const held = { ...found, fence: lock.fence };
  const keepLock = setInterval(() => {
    void house.recoveries
      .renew(job.ensemble, job.recovery, lock.fence, lockLeaseMs)
      .catch(() => undefined);
  }, lockLeaseMs / 3);
  try {
    const plan = await planOf(house, members, found);
    if ('code' in plan) await endWithoutPlan(house, held, plan);
    else if (plan.action.phased !== undefined) await runPhases(house, members, plan, held);
    else if (plan.action.next === undefined) await steps(house, members, plan, held);
    else await runSteps(house, members, plan, held);
  } finally {
    clearInterval(keepLock);
    await house.recoveries.unlock(job.ensemble, job.recovery, lock.fence);
  }
}

/**
 * Its lock ran out while no process worked on it, and another recovery has taken it: what never began is refused, and of what began
 * it is only looked up what became of it.
 */
async function overtaken(
  house: House,
  members: Members,
  found: Recovery,
  recovery: string,
): Promise<void> {
  const { ensemble, server } = found;
  if (found.state === 'requested') {
    const refusal = refuse('recovery-running', { recovery, ensemble });
    return await finish(house, found, 'refused', refusal);
  }
  const plan = await planOf(house, members, found);
  if ('code' in plan || plan.action.next !== undefined || plan.action.phased !== undefined)
    return await finish(house, found, 'failed', { code: 'overtaken', facts: { recovery } });
  const { view } = await look(house, plan.settings, await members.of(plan.settings), []);
  await verify(house, members, plan, found, sinceUnknown(view, server));
}

/** What never began is refused; what has nothing left to do, or nothing to do it with any more, is over. */
async function endWithoutPlan(house: House, held: Recovery, refusal: Refusal): Promise<void> {
  const begun =
    (held.steps ?? []).some(({ state }) => state !== 'failed') ||
    (held.phases ?? []).some(({ state }) => state !== 'planned');
  if (begun && refusal.code === 'nothing-to-do')
    return await finish(house, held, 'succeeded', undefined);
  await finish(house, held, begun ? 'failed' : 'refused', refusal);
}

async function steps(house: House, members: Members, plan: Plan, found: Recovery): Promise<void> {
  const { verdict, view: before } = await askGuard(house, members, plan, found.id);
  // A crash in the middle leaves an unknown outcome: it is looked at again, never run again.
  if (found.state !== 'requested') {
    return await verify(house, members, plan, found, sinceUnknown(before, found.server));
  }
  const guards = [...found.guards, { atMs: house.clock.now(), at: 'run' as const, verdict }];
  if (verdict.kind !== 'allow') {
    return await finish(
      house,
      { ...found, guards },
      'refused',
      refuse(verdict.code, verdict.facts),
    );
  }
  const running = await advance(house, found, {
    guards,
    state: 'running',
    startedMs: house.clock.now(),
  }).catch(unlessConflict);
  // Somebody stopped it in this moment: nothing was done.
  if (running === undefined) return;
  const { output, wrong, isOver, kept } = await runCommand(house, plan, running);
  if (isOver) return await finish(house, { ...running, ...kept, output }, 'failed', wrong);
  const verifying = await advance(house, running, { state: 'verifying', output, ...kept });
  await tell(house, verifying, 'verifying');
  // Where nobody knows whether the command ran, the server itself is asked; the command is never run again.
  await verify(house, members, plan, verifying, before, wrong);
}

/** Looks until the server serves and is in sync for several looks in a row, or the time is up; `wrong` is what went wrong before. */
async function verify(
  house: House,
  members: Members,
  plan: Plan,
  recovery: Recovery,
  before: EnsembleView,
  wrong?: Outcome,
): Promise<void> {
  const code = await awaitVerified(house, members, plan, before);
  if (code === 'worked') return await finish(house, recovery, 'succeeded', undefined);
  await finish(house, recovery, 'failed', wrong ?? { code, facts: { server: plan.server.id } });
}
