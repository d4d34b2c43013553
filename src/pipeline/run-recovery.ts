import type { ServerId } from '../model/ensemble.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Job } from '../model/job.ts';
import type { Recovery } from '../model/recovery.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import { expireRequest } from './approve-recovery.ts';
import type { House } from './house.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { askGuard, type Plan, planOf } from './recovery-plan.ts';
import { advance, tell } from './recovery-progress.ts';
import { lockLeaseMs } from './request-recovery.ts';

/** How often the servers are asked whether a recovery has worked. */
export const verifyEveryMs = 250;

/** Good looks in a row before a recovery counts as done: a server that rejoins was seen to flap in and out of sync within 0.7 s. */
export const goodLooksNeeded = 3;

/** Does what was asked for: guard once more, run, verify. */
export async function runRecovery(house: House, members: Members, job: Job): Promise<void> {
  if (job.kind !== 'recover') return;
  const found = await house.recoveries.get(job.ensemble, job.recovery);
  if (found?.state === 'awaiting') return await expireRequest(house, found);
  if (found === undefined || !isRunning(found)) return;
  const lock = await house.recoveries.lock(job.ensemble, job.recovery, lockLeaseMs);
  if ('heldBy' in lock) return await overtaken(house, members, found, lock.heldBy);
  const held = { ...found, fence: lock.fence };
  const keepLock = setInterval(() => {
    void house.recoveries
      .renew(job.ensemble, job.recovery, lock.fence, lockLeaseMs)
      .catch(() => undefined);
  }, lockLeaseMs / 3);
  try {
    const plan = await planOf(house, members, found.action, found.ensemble, found.server);
    if ('code' in plan) await finish(house, held, 'refused', plan);
    else await steps(house, members, plan, held);
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
  const { ensemble, action, server } = found;
  if (found.state === 'requested') {
    const refusal = refuse('recovery-running', { recovery, ensemble });
    return await finish(house, found, 'refused', refusal);
  }
  const plan = await planOf(house, members, action, ensemble, server);
  if ('code' in plan) return await finish(house, found, 'failed', plan);
  const { view } = await look(house, plan.settings, await members.of(plan.settings), []);
  await verify(house, members, plan, found, sinceUnknown(view, server));
}

/** A look from after a crash tells nothing of how the server was before the command: it may have run already. */
function sinceUnknown(view: EnsembleView, server: ServerId): EnsembleView {
  const { [server]: _, ...others } = view.samples;
  return { ...view, samples: others };
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
  });
  const executor = house.executor(plan.restart.kind);
  const ours = await house.recoveries.renew(found.ensemble, found.id, found.fence, lockLeaseMs);
  if (!ours || executor === undefined) {
    // Somebody else holds the lock by now: they look at what became of it.
    throw new NightkeeperError('redis-conflict', `recovery ${found.id} lost its lock`);
  }
  const run = await executor.run(
    plan.restart,
    found.ensemble,
    plan.server,
    AbortSignal.timeout(plan.restart.timeoutMs + 5_000),
  );
  house.log.info(
    { recovery: found.id, outcome: run.kind, exitCode: run.exitCode, tookMs: run.tookMs },
    'recovery command ended',
  );
  const { kind, why, exitCode = -1, output } = run;
  const wrong = {
    code: `executor-${why ?? kind}`,
    facts: { exitCode, timeoutMs: plan.restart.timeoutMs },
  };
  if (kind === 'failed' || kind === 'unavailable')
    return await finish(house, { ...running, output }, 'failed', wrong);
  const verifying = await advance(house, running, { state: 'verifying', output });
  await tell(house, verifying, 'verifying');
  // Where nobody knows whether the command ran, the server itself is asked; the command is never run again.
  await verify(house, members, plan, verifying, before, kind === 'done' ? undefined : wrong);
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
  const deadlineMs = house.clock.now() + plan.action.verifyMs(plan.settings);
  let good = 0;
  let untouched = false;
  while (house.clock.now() < deadlineMs) {
    const { view } = await look(house, plan.settings, await members.of(plan.settings), []);
    const answer = plan.action.verified(before, view, plan.server);
    good = answer === 'yes' ? good + 1 : 0;
    untouched = answer === 'untouched';
    if (good >= goodLooksNeeded) return await finish(house, recovery, 'succeeded', undefined);
    if (answer === 'no') break;
    await house.clock.sleep(verifyEveryMs);
  }
  const code = untouched ? 'no-effect' : 'not-verified';
  await finish(house, recovery, 'failed', wrong ?? { code, facts: { server: plan.server.id } });
}

type Outcome = NonNullable<Recovery['outcome']>;

async function finish(
  house: House,
  recovery: Recovery,
  state: 'succeeded' | 'failed' | 'refused',
  outcome: Outcome | Refusal | undefined,
): Promise<void> {
  const nowMs = house.clock.now();
  const done = await advance(house, recovery, {
    state,
    finishedMs: nowMs,
    ...(outcome === undefined ? {} : { outcome: { code: outcome.code, facts: outcome.facts } }),
  });
  house.telemetry.count('recoveries_total', { action: recovery.action, outcome: state });
  await tell(house, done, state === 'succeeded' ? 'succeeded' : 'failed');
  await house.schedule.now({ kind: 'observe', ensemble: recovery.ensemble, notices: [] });
}

function isRunning(recovery: Recovery): boolean {
  return (
    recovery.state === 'requested' || recovery.state === 'running' || recovery.state === 'verifying'
  );
}
