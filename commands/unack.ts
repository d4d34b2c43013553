import type { Command } from '../src/ports/command.ts';
import { words } from '../src/rules/card/words/words.ts';
import { changeIncident } from './parts/change-incident.ts';

const usage = 'unack <incident>';

/** Gives an incident back: the escalation goes on. */
export const unack: Command = {
  name: 'unack',
  aliases: ['unacknowledge', '撤销确认', '取消确认'],
  usage,
  role: 'operator',
  completes: ['incident'],
  run(invocation, desk) {
    return changeIncident(
      invocation,
      desk,
      usage,
      (incident) => desk.unacknowledge(incident.id),
      (incident) => words(desk.language).commands.done.unack(incident.id),
    );
  },
};
