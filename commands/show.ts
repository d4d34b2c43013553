import type { Command } from '../src/ports/command.ts';
import { recoveryTable } from '../src/rules/card/audit-table.ts';
import { incidentCard } from '../src/rules/card/incident-card.ts';
import { timelineTable } from '../src/rules/card/status-card.ts';
import { timeline } from '../src/rules/card/timeline.ts';
import { findIncident, isRefusal } from './parts/find.ts';

const usage = 'show <incident>';

/** One incident: its card, and its timeline, and what was done about it with what the guard said. */
export const show: Command = {
  name: 'show',
  aliases: ['incident', '查看', '详情'],
  usage,
  role: 'everyone',
  completes: ['incident'],
  async run({ args }, desk) {
    const incident = await findIncident(desk, args, usage);
    if (isRefusal(incident)) return incident;
    const [events, recoveries] = await Promise.all([
      desk.events(incident.id),
      desk.recoveries(incident),
    ]);
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: [
        { kind: 'card', card: incidentCard(incident, desk) },
        ...timelineTable(timeline(events, desk.language, desk.settings.people), desk.language),
        ...recoveryTable(recoveries, desk.language),
      ],
    };
  },
};
