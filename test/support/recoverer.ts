import type { Server } from '../../src/model/ensemble.ts';
import type { Order } from '../../src/model/order.ts';
import type { GuardVerdict, Recovery } from '../../src/model/recovery.ts';
import type { RecoveryAction } from '../../src/model/recovery-action.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { House } from '../../src/pipeline/house.ts';
import { createMembers, type Members } from '../../src/pipeline/members.ts';
import { createRecoverer, type Recoverer } from '../../src/pipeline/recover.ts';
import type { Executor, ExecutorRun } from '../../src/ports/executor.ts';
import type { Prober } from '../../src/ports/zookeeper.ts';
import { aSample, type State } from './builders.ts';
import type { SharedHouse } from './house.ts';

/** A recoverer at work in a house, with the hands of its clock. */
export interface RecovererAtWork {
  readonly members: Members;
  readonly recoverer: Recoverer;
  /** Lets this much time pass, and waits until everything that was due is done. */
  readonly later: (ms: number) => Promise<void>;
}

/** A recoverer that gets its jobs. Cards and observations are due as well, and nobody looks at them here. */
export function aRecovererOf(house: House & SharedHouse): RecovererAtWork {
  const members = createMembers(house, () => undefined);
  const recoverer = createRecoverer(house, members);
  house.schedule.handle('recover', (job) => recoverer.run(job));
  house.schedule.handle('deliver', () => Promise.resolve());
  house.schedule.handle('observe', () => Promise.resolve());
  return {
    members,
    recoverer,
    async later(ms) {
      await house.schedule.start();
      await house.clock.advance(ms);
      await house.schedule.idle();
    },
  };
}

/** The recovery that a request was granted; throws where it was refused. */
export function granted(answer: Recovery | Refusal): Recovery {
  if ('code' in answer) throw new Error(`refused: ${answer.code}`);
  return answer;
}

/** Gets every order through. `onRun` is what happens on the machine, and may say how the command ended other than well. */
export function anExecutor(
  onRun: (
    server: Server,
    order: Order,
  ) => Partial<ExecutorRun> | undefined | Promise<Partial<ExecutorRun> | undefined>,
  more: Partial<Executor> = {},
): Executor {
  return {
    kind: 'command',
    can: () => true,
    describe: (_settings, _ensemble, server) => `restart ${server.id}`,
    run: async (_settings, _ensemble, server, order) => {
      const ended = await onRun(server, order);
      return { kind: 'done', exitCode: 0, tookMs: 5, output: '', ...ended };
    },
    ...more,
  };
}

/** Sees each server as `states` has it at that moment; one that is not named refuses. */
export function aProberOf(
  states: Readonly<Record<string, State>>,
  more: Partial<Prober> = {},
): Prober {
  return {
    probe: (_settings, { id }) => Promise.resolve(aSample(id, states[id] ?? 'refused')),
    discover: () => Promise.resolve(undefined),
    evidence: () => Promise.resolve({}),
    ...more,
  };
}

/** A restart whose guard gives these answers in order, the last one from then on; it has worked once its server answers. */
export function aGuardedRestart(...verdicts: readonly GuardVerdict[]): RecoveryAction {
  const left = [...verdicts];
  return {
    name: 'restart-server',
    guard: () => (left.length > 1 ? left.shift() : left[0]) ?? { kind: 'allow', facts: {} },
    verified: (_before, now, server) =>
      now.samples[server.id]?.kind === 'reading' ? 'yes' : 'not-yet',
    verifyMs: () => 10_000,
  };
}
