import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { words } from '../src/rules/card/words/words.ts';
import { changeIncident } from './parts/change-incident.ts';

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
    const text = rest.join(' ').trim();
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
