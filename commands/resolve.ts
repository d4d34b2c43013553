import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { titleOf } from '../src/rules/card/incident-card.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { askReason, wantsForm } from './parts/ask-reason.ts';
import { changeIncident, findChangeable } from './parts/change-incident.ts';
import { isRefusal } from './parts/find.ts';
import { reasonCharsMax } from './recover.ts';

const usage = 'resolve <incident> <reason>';

/** Ends an incident whose fault the bot does not see (any more), with a reason. */
export const resolve: Command = {
  name: 'resolve',
  aliases: ['close', '关闭', '解决'],
  usage,
  role: 'operator',
  completes: ['incident', 'text'],
  async run(invocation, desk) {
    const [id, ...rest] = invocation.args;
    const reason = cut((invocation.options['reason'] ?? rest.join(' ')).trim(), reasonCharsMax);
    const { done, resolveForm } = words(desk.language).commands;
    if (wantsForm(invocation)) {
      const incident = await findChangeable(id === undefined ? [] : [id], desk, usage);
      if (isRefusal(incident)) return incident;
      const title = resolveForm.title(String(incident.id));
      return askReason(invocation, {
        ...resolveForm,
        title,
        lines: [titleOf(incident, words(desk.language))],
      });
    }
    if (id !== undefined && reason === '') return refuse('resolve-reason-missing');
    return await changeIncident(
      { ...invocation, args: id === undefined ? [] : [id] },
      desk,
      usage,
      (incident) => desk.resolve(incident.id, reason),
      (incident) => done.resolve(incident.id),
    );
  },
};
