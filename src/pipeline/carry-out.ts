import type { EnsembleId } from '../model/ensemble.ts';
import type { Incident, IncidentId } from '../model/incident.ts';
import type { PlanStep } from '../rules/incident/plan.ts';
import { type Applied, applyChange, applyOpen } from './apply.ts';
import type { House } from './house.ts';

/** Changes of one plan that are under way at once: enough to hide the way to Redis, few enough to keep its queue short. */
export const togetherMax = 32;

type Needs = Pick<House, 'incidents' | 'settings' | 'clock' | 'telemetry' | 'log'>;

/**
 * Carries a plan out and answers the incidents that changed. Steps about different incidents run side by side; folds come last,
 * since the cause must be open before its symptoms fold into it.
 */
export async function carryOut(
  house: Needs,
  plan: readonly PlanStep[],
  ensemble: EnsembleId,
): Promise<readonly Incident[]> {
  const touched = new Map<IncidentId, Incident>();
  const folds = plan.filter((step) => step.kind === 'fold');
  for (const lane of lanes(plan)) {
    const done = await Promise.all(lane.map((steps) => inOrder(house, steps, ensemble)));
    for (const incident of done.flat()) touched.set(incident.id, incident);
  }
  for (const incident of await inOrder(house, folds, ensemble)) touched.set(incident.id, incident);
  return [...touched.values()];
}

/** What may run side by side, at most `togetherMax` at once: the steps of one incident stay in their order. */
function lanes(plan: readonly PlanStep[]): readonly (readonly (readonly PlanStep[])[])[] {
  const groups = new Map<string, PlanStep[]>();
  for (const step of plan) {
    if (step.kind === 'fold') continue;
    const key = step.kind === 'open' ? step.intent.fingerprint : `#${step.incident}`;
    const group = groups.get(key) ?? [];
    group.push(step);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return Array.from({ length: Math.ceil(all.length / togetherMax) }, (_, index) =>
    all.slice(index * togetherMax, (index + 1) * togetherMax),
  );
}

async function inOrder(
  house: Needs,
  steps: readonly PlanStep[],
  ensemble: EnsembleId,
): Promise<readonly Incident[]> {
  const touched: Incident[] = [];
  for (const step of steps) {
    const done = await carryOutStep(house, step, ensemble);
    if (done?.kind === 'applied') touched.push(done.incident);
  }
  return touched;
}

async function carryOutStep(
  house: Needs,
  step: PlanStep,
  ensemble: EnsembleId,
): Promise<Applied | undefined> {
  switch (step.kind) {
    case 'open':
      return await applyOpen(house, ensemble, step.intent);
    case 'change':
      return await applyChange(house, step.incident, step.intent);
    case 'fold': {
      const open = await house.incidents.open(ensemble);
      const into = open.find((incident) => incident.fingerprint === step.into);
      if (into === undefined) return undefined;
      return await applyChange(house, step.incident, { kind: 'fold', into: into.id });
    }
  }
}
