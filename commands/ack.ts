import type { Command } from '../src/ports/command.ts';
import { titleOf } from '../src/rules/card/incident-card.ts';
import { words } from '../src/rules/card/words/words.ts';
import { changeIncident } from './parts/change-incident.ts';

const usage = 'ack <incident>';

/** Takes an incident: the person looks after it and the escalation stops. */
export const ack: Command = {
  name: 'ack',
  aliases: ['acknowledge', '确认', '认领'],
  usage,
  role: 'operator',
  completes: ['incident'],
  run(invocation, desk) {
    const all = words(desk.language);
    return changeIncident(
      invocation,
      desk,
      usage,
      (incident) => desk.acknowledge(incident.id),
      (incident) =>
        incident.state === 'acknowledged'
          ? all.commands.done.ack(incident.id, titleOf(incident, all))
          : all.commands.done.joined(incident.id, incident.needed ?? 1),
    );
  },
};
