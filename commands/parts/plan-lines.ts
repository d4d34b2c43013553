import type { Language } from '../../src/model/person.ts';
import type { PhaseRecord } from '../../src/model/phase.ts';
import type { PlannedStep, RecoveryPreview } from '../../src/ports/command.ts';
import { cut } from '../../src/rules/card/words/bounds.ts';
import { words } from '../../src/rules/card/words/words.ts';

/** Characters of one command shown in a plan: a purge names every file it removes. */
const commandCharsMax = 600;

/** What will happen, step by step with the exact commands, how it is judged, and what is done where a step fails. */
export function planLines(
  action: string,
  { steps = [], approvals = 0 }: RecoveryPreview,
  language: Language,
): readonly string[] {
  const { plan, phase, verify, abort } = words(language).actions;
  if (steps.length === 0) return [];
  return [
    plan.title,
    ...steps.map((step, index) =>
      plan.step(
        index + 1,
        phase(step.name, step.facts),
        step.server,
        cut(step.command, commandCharsMax),
      ),
    ),
    plan.verify(verify(action)),
    plan.abort(abort(action)),
    plan.approvals(approvals),
  ].filter((line) => line !== '');
}

/** Facts that differ from one look to the next without the plan being another. */
const fleeting: ReadonlySet<string> = new Set(['aside', 'snapCount', 'synced', 'serves']);

/** Whether a plan is another than the one that was asked for: other steps, other servers, another leader, other files. */
export function isOtherPlan(
  asked: readonly PhaseRecord[] | undefined,
  steps: readonly PlannedStep[] | undefined,
): boolean {
  if (asked === undefined || steps === undefined) return false;
  return shapeOf(asked) !== shapeOf(steps);
}

function shapeOf(steps: readonly Pick<PlannedStep, 'name' | 'server' | 'facts'>[]): string {
  return JSON.stringify(
    steps.map(({ name, server, facts }) => [
      name,
      server,
      Object.entries(facts)
        .filter(([key]) => !fleeting.has(key))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );
}
