import { refuse } from '../src/model/refusal.ts';
import type { ReplyBlock } from '../src/model/reply.ts';
import type { Command } from '../src/ports/command.ts';
import { incidentTable } from '../src/rules/card/status-card.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findOwner, isRefusal } from './parts/find.ts';

const usage = 'incidents [ensemble] [all]';

/** Incidents listed in one answer; the console has all. */
export const listedIncidentsMax = 20;

/** What is open; with `all`, also what is over. */
export const incidents: Command = {
  name: 'incidents',
  aliases: ['list', 'ls', '故障', '列表'],
  usage,
  role: 'everyone',
  completes: ['ensemble', 'text'],
  async run({ args }, desk) {
    const all = words(desk.language);
    const over = args.some((arg) => ['all', '全部'].includes(arg.toLowerCase()));
    const [name, ...rest] = args.filter((arg) => !['all', '全部'].includes(arg.toLowerCase()));
    if (rest.length > 0) return refuse('bad-arguments', { usage });
    const ensemble = name === undefined ? undefined : findOwner(desk, name);
    if (ensemble !== undefined && isRefusal(ensemble)) return ensemble;
    const found = over
      ? await desk.recentIncidents(ensemble?.id, listedIncidentsMax)
      : await desk.openIncidents(ensemble?.id);
    const left = found.length - listedIncidentsMax;
    const nothing = over ? all.commands.noIncidentsEver : all.commands.noIncidents;
    const blocks: readonly ReplyBlock[] =
      found.length === 0
        ? [{ kind: 'text', text: nothing }]
        : [
            ...incidentTable(found.slice(0, listedIncidentsMax), desk),
            ...(left > 0 ? [{ kind: 'text' as const, text: all.common.more(left) }] : []),
          ];
    return { outcome: 'done', visibility: 'private', blocks };
  },
};
