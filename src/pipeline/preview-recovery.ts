import type { Order } from '../model/order.ts';
import { covers, roleIn } from '../model/person.ts';
import type { PhaseName } from '../model/phase.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { PlannedStep, RecoveryPreview } from '../ports/command.ts';
import type { House } from './house.ts';
import type { GuardAnswer, Plan } from './recovery-plan.ts';

/** What would happen, order by order, and what the guard says of it. */
export function previewOf(house: House, plan: Plan, answer: GuardAnswer): RecoveryPreview {
  const { verdict } = answer;
  const steps = stepsOf(house, plan, answer);
  const command = steps[0]?.command ?? '';
  return { verdict, command, order: plan.order, steps, approvals: approvalsFor(plan) };
}

/** The exact commands, in their sequence. Where servers are taken one after the other, each is restarted. */
function stepsOf(
  house: House,
  { action, restart, settings, server, order }: Plan,
  { verdict, view, phases = [] }: GuardAnswer,
): readonly PlannedStep[] {
  const executor = house.executor(restart.kind);
  const step = (
    name: PhaseName,
    on: string,
    what: Order,
    facts: PlannedStep['facts'],
  ): PlannedStep => {
    const machine = view.ensemble.servers.find(({ id }) => id === on) ?? server;
    const command = executor?.describe(restart, settings.id, machine, what) ?? '';
    return { name, server: on, facts, command };
  };
  if (action.name === 'kill-session' || action.name === 'drop-connection')
    return [step(action.name, server.id, { kind: 'restart' }, verdict.facts)];
  if (action.phased === undefined)
    return order.map((id) => step('restart', id, { kind: 'restart' }, { server: id }));
  return phases.map((phase) => step(phase.name, phase.server, phase.order, phase.facts));
}

/** How many other people must agree: as the configuration says, else as the action does by itself. */
export function approvalsFor({ action, settings, argument = '' }: Plan): number {
  const { tools, approvals } = settings;
  const named = action.name === 'run-command' ? tools?.commands?.[argument]?.approvals : undefined;
  return named ?? approvals?.needed[action.name] ?? action.approvals ?? 0;
}

/** Says so where fewer people could agree than must: a request for them would only expire. */
export function tooFewPeople(
  house: House,
  { action, settings }: Plan,
  needed: number,
  asks: string,
): Refusal | undefined {
  const others = house
    .settings()
    .people.filter(
      (person) => person.id !== asks && covers(roleIn(person, settings.id), 'operator'),
    ).length;
  return others < needed
    ? refuse('not-enough-people', { ensemble: settings.id, action: action.name, needed, others })
    : undefined;
}
