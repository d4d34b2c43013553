import type { Server } from '../model/ensemble.ts';
import { assert } from '../model/errors.ts';
import type { Order } from '../model/order.ts';
import type { Recovery } from '../model/recovery.ts';
import type { ExecutorRun } from '../ports/executor.ts';
import { holdLock } from './hold-lock.ts';
import type { House } from './house.ts';
import type { Plan } from './recovery-plan.ts';

/** What an executor may take longer than its own limit before it is given up: it knows best what became of the order. */
const spareMs = 5_000;

/** How long an order may take. */
export function limitMsOf({ restart }: Pick<Plan, 'restart'>, order: Order): number {
  return (order.kind === 'exec' ? order.timeoutMs : undefined) ?? restart.timeoutMs;
}

/** Gives an order, after making sure that the lock is still ours: a paused process must not give it late. */
export async function giveOrder(
  house: House,
  plan: Pick<Plan, 'restart'>,
  recovery: Recovery,
  server: Server,
  order: Order,
): Promise<ExecutorRun> {
  const { restart } = plan;
  const executor = house.executor(restart.kind);
  assert(executor !== undefined, 'a plan has an executor');
  await holdLock(house, recovery);
  const limit = AbortSignal.timeout(limitMsOf(plan, order) + spareMs);
  return await executor.run(restart, recovery.ensemble, server, order, limit);
}
