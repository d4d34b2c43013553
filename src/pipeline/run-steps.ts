import type { ServerId } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Recovery, RecoveryStep } from '../model/recovery.ts';
import { refuse } from '../model/refusal.ts';
import { servingInSync } from '../rules/guard/rolling-restart.ts';
import { stopOf } from './abort-recovery.ts';
import { awaitVerified } from './await-verified.ts';
import type { House } from './house.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { askGuard, type Plan, planOf } from './recovery-plan.ts';
import {
  aborted,
  advance,
  finish,
  type Outcome,
  tell,
  unlessConflict,
} from './recovery-progress.ts';
import { runCommand } from './run-command.ts';
import { sinceUnknown } from './since-unknown.ts';

/** Time for clients to settle on the other servers before the next one is taken. */
export const settleMs = 5000;

/**
 * Takes one server after the other, and stops at the first doubt. What a process had in hand when it died is looked at first, and its
 * command never run again; then it goes on with what is left.
 */
export async function runSteps(
  house: House,
  members: Members,
  first: Plan,
  found: Recovery,
): Promise<void> {
  let recovery: Recovery = { ...found, steps: found.steps ?? [] };
  const inHand = recovery.steps?.find(({ state }) => state === 'running');
  if (inHand !== undefined) {
    const resumed = await finishStep(house, members, first, recovery, {
      server: inHand.server,
      before: undefined,
    });
    if (resumed === undefined) return;
    recovery = resumed;
  }
  for (;;) {
    const plan = await planOf(house, members, recovery);
    if ('code' in plan) {
      const isDone = plan.code === 'nothing-to-do';
      if (isDone) await finish(house, recovery, 'succeeded', undefined);
      else await finish(house, recovery, 'failed', plan);
      return;
    }
    const stopped = await stopOf(house, recovery, plan.order.length);
    if (stopped !== undefined) return await finish(house, recovery, 'failed', stopped);
    const next = await takeStep(house, members, plan, recovery);
    if (next === undefined) return;
    recovery = next;
    await house.clock.sleep(settleMs);
  }
}

/** One server: guard, run, verify. Undefined when the recovery ended here. */
async function takeStep(
  house: House,
  members: Members,
  plan: Plan,
  recovery: Recovery,
): Promise<Recovery | undefined> {
  const ready = await askUntilReady(house, members, plan, recovery);
  const { verdict, view: before } = ready;
  const guards = [
    ...recovery.guards,
    { atMs: house.clock.now(), at: 'run' as const, verdict },
  ].slice(-guardsMax);
  const asked = { ...recovery, guards };
  if (verdict.kind !== 'allow') {
    const state = (recovery.steps ?? []).length === 0 ? 'refused' : 'failed';
    await finish(house, asked, state, refuse(verdict.code, verdict.facts));
    return undefined;
  }
  const serving = servingInSync(before);
  // Whatever fell while others were taken did so for a reason that nobody knows yet: not even it is restarted.
  const fallen = (recovery.steps?.at(-1)?.beside ?? []).filter((id) => !serving.includes(id));
  if (fallen.length > 0) {
    await finish(house, asked, 'failed', refuse('others-out', { ...verdict.facts, out: fallen }));
    return undefined;
  }
  const startedMs = house.clock.now();
  const beside = serving.filter((id) => id !== plan.server.id);
  const step: RecoveryStep = { server: plan.server.id, state: 'running', startedMs, beside };
  const running = await advance(house, asked, {
    guards,
    state: 'running',
    startedMs: recovery.startedMs ?? startedMs,
    steps: [...(recovery.steps ?? []), step],
  }).catch(unlessConflict);
  // Somebody stopped it in this moment: nothing was done.
  if (running === undefined) return undefined;
  await tell(house, running, 'running', plan.order.length);
  const { output, wrong, isOver, kept } = await runCommand(house, plan, running);
  const saved = { ...running, ...kept };
  if (isOver && wrong !== undefined) {
    // What never began is no failed step: it is taken when somebody goes on with it.
    if (wrong.code === aborted)
      await finish(house, { ...saved, steps: recovery.steps ?? [] }, 'failed', wrong);
    else await endAt(house, saved, plan.server.id, { output, wrong });
    return undefined;
  }
  return await finishStep(house, members, plan, saved, {
    server: plan.server.id,
    before,
    output,
    ...(wrong === undefined ? {} : { wrong }),
  });
}

/** Guard records kept of one recovery: one for each server of a large ensemble, and those of the request. */
const guardsMax = 40;

/** An election, or a server that was restarted a moment ago, is waited for as long as a server may take to come back. */
async function askUntilReady(
  house: House,
  members: Members,
  plan: Plan,
  recovery: Recovery,
): ReturnType<typeof askGuard> {
  const deadlineMs = house.clock.now() + plan.action.verifyMs(plan.settings);
  for (;;) {
    const answer = await askGuard(house, members, plan, recovery.id);
    const { verdict } = answer;
    const nowMs = house.clock.now();
    if (verdict.kind !== 'wait' || verdict.untilMs > deadlineMs || nowMs >= deadlineMs)
      return answer;
    await house.clock.sleep(Math.max(1, Math.min(verdict.untilMs, deadlineMs) - nowMs));
  }
}

async function finishStep(
  house: House,
  members: Members,
  plan: Plan,
  recovery: Recovery,
  done: {
    readonly server: ServerId;
    /** How it was before the command; undefined when a crash lies between. */
    readonly before: EnsembleView | undefined;
    readonly output?: string;
    readonly wrong?: Outcome;
  },
): Promise<Recovery | undefined> {
  const ensemble = await members.of(plan.settings);
  const server = ensemble.servers.find(({ id }) => id === done.server) ?? plan.server;
  const before =
    done.before ?? sinceUnknown((await look(house, plan.settings, ensemble, [])).view, done.server);
  const code = await awaitVerified(house, members, { ...plan, server }, before);
  const { output = recovery.output ?? '', wrong } = done;
  if (code !== 'worked') {
    const outcome = wrong ?? { code, facts: { server: done.server } };
    await endAt(house, recovery, done.server, { output, wrong: outcome });
    return undefined;
  }
  const next = await advance(house, recovery, {
    ...recovery,
    output,
    steps: marked(recovery, house, 'done'),
  });
  await tell(house, next, 'running', plan.order.length);
  return next;
}

async function endAt(
  house: House,
  recovery: Recovery,
  server: ServerId,
  { output, wrong }: { readonly output: string; readonly wrong: Outcome },
): Promise<void> {
  const facts = { ...wrong.facts, server };
  const ended = { ...recovery, output, steps: marked(recovery, house, 'failed') };
  await finish(house, ended, 'failed', { ...wrong, facts });
}

function marked(
  { steps = [] }: Recovery,
  house: House,
  state: RecoveryStep['state'],
): readonly RecoveryStep[] {
  const finishedMs = house.clock.now();
  return steps.map((step) => (step.state === 'running' ? { ...step, state, finishedMs } : step));
}
