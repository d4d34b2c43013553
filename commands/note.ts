import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { titleOf } from '../src/rules/card/incident-card.ts';
import { words } from '../src/rules/card/words/words.ts';
import { askReason, wantsForm } from './parts/ask-reason.ts';
import { changeIncident, findChangeable } from './parts/change-incident.ts';
import { isRefusal } from './parts/find.ts';

const usage = 'note <incident> <text>';

/** Writes down what somebody knows of an incident: it stands in its timeline and in every thread. */
export const note: Command = {
  name: 'note',
  aliases: ['备注', '记录'],
  usage,
  role: 'operator',
  completes: ['incident', 'text'],
  async run(invocation, desk) {
    const [id, ...rest] = invocation.args;
    const text = (invocation.options['reason'] ?? rest.join(' ')).trim();
    const { noteForm } = words(desk.language).commands;
    if (wantsForm(invocation)) {
      const incident = await findChangeable(id === undefined ? [] : [id], desk, usage);
      if (isRefusal(incident)) return incident;
      const title = noteForm.title(String(incident.id));
      return askReason(invocation, {
        ...noteForm,
        title,
        lines: [titleOf(incident, words(desk.language))],
      });
    }
    if (id !== undefined && text === '') return refuse('note-missing', { incident: id });
    return await changeIncident(
      { ...invocation, args: id === undefined ? [] : [id] },
      desk,
      usage,
      (incident) => desk.note(incident.id, text),
      (incident) => words(desk.language).commands.done.note(incident.id),
    );
  },
};
