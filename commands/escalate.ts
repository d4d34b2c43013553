import type { Command } from '../src/ports/command.ts';
import { namesOf } from '../src/rules/card/card-lines.ts';
import { words } from '../src/rules/card/words/words.ts';
import { changeIncident } from './parts/change-incident.ts';

const usage = 'escalate <incident>';

/** Calls the next people on the escalation now. */
export const escalate: Command = {
  name: 'escalate',
  aliases: ['升级'],
  usage,
  role: 'operator',
  completes: ['incident'],
  run(invocation, desk) {
    return changeIncident(
      invocation,
      desk,
      usage,
      (incident) => desk.escalate(incident.id),
      (incident) =>
        words(desk.language).commands.done.escalate(
          incident.id,
          namesOf(incident.escalated?.to ?? [], desk.settings.people),
        ),
    );
  },
};
