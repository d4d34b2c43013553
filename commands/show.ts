import type { Command } from '../src/ports/command.ts';
import { incidentCard } from '../src/rules/card/incident-card.ts';
import { timelineTable } from '../src/rules/card/status-card.ts';
import { timeline } from '../src/rules/card/timeline.ts';
import { findIncident, isRefusal } from './parts/find.ts';

const usage = 'show <incident>';

/** One incident: its card, and its timeline with what was done about it. */
export const show: Command = {
  name: 'show',
  aliases: ['incident', '查看', '详情'],
  usage,
  role: 'everyone',
  completes: ['incident'],
  async run({ args }, desk) {
    const incident = await findIncident(desk, args, usage);
    if (isRefusal(incident)) return incident;
    const events = await desk.events(incident.id);
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: [
        { kind: 'card', card: incidentCard(incident, desk) },
        ...timelineTable(timeline(events, desk.language, desk.settings.people), desk.language),
      ],
    };
  },
};
