import { ownEnsemble } from '../src/model/ensemble.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { auditTable, isDecision } from '../src/rules/card/audit-table.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';

const usage = 'audit [ensemble] [number]';

/** Decisions in one answer where the person does not say, and at most: what a chat shows without folding it twice. */
export const decisionsDefault = 20;
export const decisionsMax = 100;

/** Entries read for that: what only repeats the timeline is left out, and a flapping fault writes a lot of it. */
const entriesReadMax = 1000;

/** Who decided what, and why: the newest decisions, the refused ones too. */
export const audit: Command = {
  name: 'audit',
  aliases: ['log', '审计'],
  usage,
  role: 'operator',
  completes: ['ensemble', 'text'],
  async run({ args }, desk) {
    const asked = read(args, desk);
    if (isRefusal(asked)) return asked;
    const found = await Promise.all(asked.ensembles.map((id) => desk.audit(id, entriesReadMax)));
    const decisions = found
      .flat()
      .filter(isDecision)
      .toSorted((a, b) => b.atMs - a.atMs)
      .slice(0, asked.count);
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: auditTable(decisions, desk.language),
    };
  },
};

interface Asked {
  readonly ensembles: readonly string[];
  readonly count: number;
}

/** The ensemble and the number, in either order; without an ensemble, all that the person may ask about. */
function read(args: readonly string[], desk: Desk): Asked | Refusal {
  const numbers = args.filter((arg) => /^\d{1,6}$/u.test(arg));
  const names = args.filter((arg) => !numbers.includes(arg));
  if (numbers.length > 1 || names.length > 1) return refuse('bad-arguments', { usage });
  const wanted = numbers[0] === undefined ? decisionsDefault : Number(numbers[0]);
  if (wanted === 0) return refuse('bad-arguments', { usage });
  const count = Math.min(wanted, decisionsMax);
  const [name] = names;
  if (name !== undefined) {
    const ensemble =
      name.toLowerCase() === ownEnsemble ? { id: ownEnsemble } : findEnsemble(desk, name);
    if (isRefusal(ensemble)) return ensemble;
    return desk.permit('operator', ensemble.id) ?? { ensembles: [ensemble.id], count };
  }
  const all = [...desk.settings.ensembles.map(({ id }) => id), ownEnsemble];
  const ensembles = all.filter((id) => desk.permit('operator', id) === undefined);
  const denied = desk.permit('operator', all[0] ?? ownEnsemble);
  return ensembles.length === 0 && denied !== undefined ? denied : { ensembles, count };
}
