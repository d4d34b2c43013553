import type { Recovery } from '../model/recovery.ts';
import { stopOf } from './abort-recovery.ts';
import { giveOrder } from './give-order.ts';
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

/** Runs the command for the plan's server, once what the server says is kept and nobody wants it stopped. */
export async function runCommand(
  house: House,
  plan: Plan,
  recovery: Recovery,
): Promise<CommandEnd> {
  const kept = (await saveEvidence(house, plan, recovery)) ? ({ evidence: true } as const) : {};
  const stopped = await stopOf(house, recovery, plan.action.next && plan.order.length);
  if (stopped !== undefined) return { output: '', wrong: stopped, isOver: true, kept };
  const isOfSession = plan.action.session !== undefined;
  const { kind, why, exitCode, tookMs, output } = isOfSession
    ? await endSession(house, plan, recovery)
    : await giveOrder(house, plan, recovery, plan.server, { kind: 'restart' });
  house.log.info(
    { recovery: recovery.id, server: plan.server.id, outcome: kind, exitCode, tookMs },
    'recovery command ended',
  );
  if (kind === 'done') return { output, isOver: false, kept };
  const code = isOfSession ? 'session-refused' : `executor-${why ?? kind}`;
  const facts = { exitCode: exitCode ?? -1, timeoutMs: plan.restart.timeoutMs };
  const isOver = kind === 'failed' || kind === 'unavailable';
  return { output, wrong: { code, facts }, isOver, kept };
}
