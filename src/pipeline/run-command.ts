import { assert } from '../model/errors.ts';
import type { Recovery } from '../model/recovery.ts';
import { stopOf } from './abort-recovery.ts';
import { holdLock } from './hold-lock.ts';
import type { House } from './house.ts';
import type { Plan } from './recovery-plan.ts';
import type { Outcome } from './recovery-progress.ts';
import { saveEvidence } from './save-evidence.ts';
import { endSession } from './session-of.ts';

/** What became of a command; `isOver` when it is known that it did not do what it should, so that there is nothing to verify. */
export interface CommandEnd {
  readonly output: string;
  /** What went wrong; absent when it ended well. */
  readonly wrong?: Outcome;
  readonly isOver: boolean;
  /** Whether there is evidence from before the command. */
  readonly kept: Pick<Recovery, 'evidence'>;
}

/** Runs the command for the plan's server, after making sure that the lock is still ours: a paused process must not run it late. */
export async function runCommand(
  house: House,
  plan: Plan,
  recovery: Recovery,
): Promise<CommandEnd> {
  const { id, ensemble } = recovery;
  const executor = house.executor(plan.restart.kind);
  const evidence = await saveEvidence(house, plan, recovery);
  const stopped = await stopOf(house, recovery, plan.action.next && plan.order.length);
  if (stopped !== undefined)
    return { output: '', wrong: stopped, isOver: true, kept: evidence ? { evidence: true } : {} };
  assert(executor !== undefined, 'a plan has an executor');
  await holdLock(house, recovery);
  const run =
    (await endSession(house, plan)) ??
    (await executor.run(
      plan.restart,
      ensemble,
      plan.server,
      { kind: 'restart' },
      AbortSignal.timeout(plan.restart.timeoutMs + 5_000),
    ));
  const { kind, why, exitCode, tookMs, output } = run;
  house.log.info(
    { recovery: id, server: plan.server.id, outcome: kind, exitCode, tookMs },
    'recovery command ended',
  );
  const kept = evidence ? ({ evidence: true } as const) : {};
  if (kind === 'done') return { output, isOver: false, kept };
  const facts = { exitCode: exitCode ?? -1, timeoutMs: plan.restart.timeoutMs };
  return {
    output,
    kept,
    wrong: {
      code: plan.action.session === undefined ? `executor-${why ?? kind}` : 'session-refused',
      facts,
    },
    isOver: kind === 'failed' || kind === 'unavailable',
  };
}
