import type { EnsembleId } from '../model/ensemble.ts';
import type { Incident, IncidentId } from '../model/incident.ts';
import type { Intent } from '../model/incident-event.ts';
import type { IncidentChange } from '../ports/incident-store.ts';
import type { PlanStep } from '../rules/incident/plan.ts';
import { applied, applyChange, applyOpen, beginningOf, changeOf, endedLately } from './apply.ts';
import type { House } from './house.ts';

/** Incidents written on one way to Redis: it answers nobody else meanwhile, for 2 ms or so. */
export const togetherMax = 100;

type Needs = Pick<House, 'incidents' | 'settings' | 'clock' | 'telemetry' | 'log'>;

/** What must become of one incident. */
type Task =
  | { readonly kind: 'open'; readonly intent: Extract<Intent, { readonly kind: 'trigger' }> }
  | { readonly kind: 'change'; readonly id: IncidentId; readonly intents: readonly Intent[] };

/**
 * Carries a plan out and answers the incidents that changed. `open` are the open incidents the plan was made of: what becomes of them is
 * decided on these and written together; where somebody else was faster, it is decided afresh, each on its own. Folds come last, since
 * the cause must be open before its symptoms fold into it.
 */
export async function carryOut(
  house: Needs,
  plan: readonly PlanStep[],
  ensemble: EnsembleId,
  open: readonly Incident[] = [],
): Promise<readonly Incident[]> {
  const touched = new Map<IncidentId, Incident>();
  for (const incident of await doAll(house, ensemble, tasksOf(plan), open))
    touched.set(incident.id, incident);
  const folds = plan.filter((step) => step.kind === 'fold');
  if (folds.length > 0) {
    const now = await house.incidents.open(ensemble);
    const ids = new Map(now.map(({ fingerprint, id }) => [fingerprint, id]));
    const tasks = folds.flatMap(({ incident, into }): readonly Task[] => {
      const cause = ids.get(into);
      const intents: readonly Intent[] = cause === undefined ? [] : [{ kind: 'fold', into: cause }];
      return [{ kind: 'change', id: incident, intents }];
    });
    for (const incident of await doAll(house, ensemble, tasks, now))
      touched.set(incident.id, incident);
  }
  return [...touched.values()];
}

/** One task an incident: its steps stay in their order. */
function tasksOf(plan: readonly PlanStep[]): readonly Task[] {
  const opens: Task[] = [];
  const changes = new Map<IncidentId, Intent[]>();
  for (const step of plan) {
    switch (step.kind) {
      case 'open':
        opens.push({ kind: 'open', intent: step.intent });
        break;
      case 'change':
        changes.set(step.incident, [...(changes.get(step.incident) ?? []), step.intent]);
        break;
      case 'fold':
        break;
    }
  }
  return [
    ...opens,
    ...[...changes].map(([id, intents]): Task => ({ kind: 'change', id, intents })),
  ];
}

/** Does the tasks, `togetherMax` at a time. */
async function doAll(
  house: Needs,
  ensemble: EnsembleId,
  tasks: readonly Task[],
  open: readonly Incident[],
): Promise<readonly Incident[]> {
  const known = new Map(open.map((incident) => [incident.id, incident]));
  const done: Incident[] = [];
  for (let at = 0; at < tasks.length; at += togetherMax)
    done.push(...(await doSome(house, ensemble, tasks.slice(at, at + togetherMax), known)));
  return done;
}

async function doSome(
  house: Needs,
  ensemble: EnsembleId,
  tasks: readonly Task[],
  known: ReadonlyMap<IncidentId, Incident>,
): Promise<readonly Incident[]> {
  const { alone, together } = await draft(house, ensemble, tasks, known);
  const outcomes = await house.incidents.commitAll(
    ensemble,
    together.map(({ change }) => change),
  );
  const late = together.filter((_, index) => outcomes[index] !== 'written');
  const written = together.flatMap(({ change }, index) =>
    outcomes[index] === 'written' ? [applied(house, change).incident] : [],
  );
  const singly = await Promise.all(
    [...alone, ...late.map(({ task }) => task)].map((task) => doOne(house, ensemble, task)),
  );
  return [...written, ...singly.flat()];
}

/** What can be decided at once; the others, of which more must be read first, are done each on its own. */
async function draft(
  house: Needs,
  ensemble: EnsembleId,
  tasks: readonly Task[],
  known: ReadonlyMap<IncidentId, Incident>,
): Promise<{
  readonly alone: readonly Task[];
  readonly together: readonly { readonly task: Task; readonly change: IncidentChange }[];
}> {
  const nowMs = house.clock.now();
  const alone: Task[] = [];
  const together: { readonly task: Task; readonly change: IncidentChange }[] = [];
  const opens: Extract<Task, { readonly kind: 'open' }>[] = [];
  const opening = tasks.some(({ kind }) => kind === 'open');
  const ended = opening ? (await endedLately(house, ensemble)).incidents : undefined;
  for (const task of tasks) {
    if (task.kind === 'open') {
      const { fingerprint, continues, reopensAfterMs } = task.intent;
      const takesUp = continues !== undefined || reopensAfterMs !== undefined;
      if (ended?.has(fingerprint) === true || takesUp) alone.push(task);
      else opens.push(task);
      continue;
    }
    const before = known.get(task.id);
    if (before === undefined) {
      alone.push(task);
      continue;
    }
    const change = changeOf(before, task.intents, nowMs);
    if (change !== undefined) together.push({ task, change });
  }
  if (opens.length > 0) {
    const first = await house.incidents.allocate(ensemble, opens.length);
    for (const [index, task] of opens.entries())
      together.push({ task, change: beginningOf(first + index, ensemble, task.intent, nowMs) });
  }
  return { alone, together };
}

async function doOne(house: Needs, ensemble: EnsembleId, task: Task): Promise<readonly Incident[]> {
  const intents = task.kind === 'open' ? [task.intent] : task.intents;
  const touched: Incident[] = [];
  for (const intent of intents) {
    const done =
      task.kind === 'open'
        ? await applyOpen(house, ensemble, task.intent)
        : await applyChange(house, task.id, intent);
    if (done.kind === 'applied') touched.push(done.incident);
  }
  return touched;
}
