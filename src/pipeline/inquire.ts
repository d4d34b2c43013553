import type { Server, ServerId } from '../model/ensemble.ts';
import type { ExecOrder } from '../model/order.ts';
import type { Phase } from '../model/phase.ts';
import type { GuardView, Phased, Situation } from '../model/recovery-action.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { ConfFacts } from '../model/survey.ts';
import type { ExecutorRun } from '../ports/executor.ts';
import type { House } from './house.ts';
import type { Plan } from './recovery-plan.ts';

/** How long a server may take to say how it is configured. */
const confTimeoutMs = 3000;

/** How long a program may take that only looks. */
export const lookTimeoutMs = 20_000;

/** What is seen, with what a sequence of orders hangs on besides: how servers are configured right now, and one not yet a member. */
export async function inquire<T extends Pick<GuardView, 'ensemble' | 'view'>>(
  house: House,
  plan: Plan,
  phased: Phased,
  seen: T,
): Promise<T & Pick<Situation, 'confs'>> {
  const { server, settings } = plan;
  const isMember = seen.ensemble.servers.some(({ id }) => id === server.id);
  const [joiner, confs] = await Promise.all([
    isMember ? undefined : house.prober.probe(settings, server, settings.probe.timeoutMs),
    confsOf(house, plan, whom(phased, seen, server)),
  ]);
  const samples =
    joiner === undefined ? seen.view.samples : { ...seen.view.samples, [server.id]: joiner };
  return { ...seen, view: { ...seen.view, samples }, confs };
}

function whom(
  phased: Phased,
  { ensemble }: Pick<GuardView, 'ensemble'>,
  server: Server,
): readonly Server[] {
  switch (phased.asks) {
    case 'nobody':
      return [];
    case 'server':
      return [server];
    case 'members':
      return [...ensemble.servers.filter(({ id }) => id !== server.id), server];
  }
}

async function confsOf(
  house: House,
  { settings }: Plan,
  servers: readonly Server[],
): Promise<Readonly<Record<ServerId, ConfFacts>>> {
  const { surveying } = house;
  if (surveying === undefined) return {};
  const confs = await Promise.all(
    servers.map(async (server) => {
      const { facts } = await surveying.surveyor.survey({
        settings,
        server,
        parts: ['conf'],
        before: undefined,
        timeoutMs: confTimeoutMs,
      });
      return facts.conf === undefined ? [] : [[server.id, facts.conf] as const];
    }),
  );
  return Object.fromEntries(confs.flat());
}

/** The orders as they would be given now; asks the machine first where the plan hangs on what lies there. */
export async function planPhases(
  house: House,
  plan: Plan,
  situation: Situation,
): Promise<readonly Phase[] | Refusal> {
  const { phased } = plan.action;
  if (phased === undefined) return [];
  const order = phased.look?.(situation);
  if (order !== undefined && 'code' in order) return order;
  const output = order === undefined ? undefined : await outputOf(house, plan, plan.server, order);
  if (typeof output === 'object')
    return refuse('files-unseen', { server: plan.server.id, detail: output.output.slice(-300) });
  return phased.plan(
    { ...situation, ...(output === undefined ? {} : { output }) },
    stampOf(house.clock.now()),
  );
}

/** `20261121T154501Z`: a moment that can stand in a file name. */
function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/gu, '');
}

/** What a program prints that only looks; or how it went where it did not end well. */
export async function outputOf(
  house: House,
  { restart, settings }: Plan,
  server: Server,
  order: ExecOrder,
): Promise<string | ExecutorRun> {
  const executor = house.executor(restart.kind);
  const run = await executor?.run(
    restart,
    settings.id,
    server,
    { ...order, timeoutMs: lookTimeoutMs },
    new AbortController().signal,
  );
  if (run === undefined) return '';
  return run.kind === 'done' ? run.output : run;
}
