import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Reply, ReplyBlock } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { silenceTable } from '../src/rules/card/silence-table.ts';
import { statusDetail, statusOverview } from '../src/rules/card/status-card.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';

const usage = 'status [ensemble]';

/** How the ensembles stand, the worst first; with a name, the servers of one. */
export const status: Command = {
  name: 'status',
  aliases: ['st', '状态'],
  usage,
  role: 'everyone',
  completes: ['ensemble'],
  async run({ args }, desk) {
    const [name] = args;
    if (args.length > 1) return refuse('bad-arguments', { usage });
    if (name === undefined) return answer([...(await overview(desk)), ...(await hushed(desk))]);
    const found = await detail(desk, name);
    return isRefusal(found) ? found : answer(found);
  },
};

function answer(blocks: readonly ReplyBlock[]): Reply {
  return { outcome: 'done', visibility: 'private', blocks };
}

async function overview(desk: Desk): Promise<readonly ReplyBlock[]> {
  const entries = await Promise.all(
    desk.settings.ensembles.map(async ({ id }) => ({
      ensemble: id,
      status: await desk.status(id),
      // A drill is no trouble of the ensemble.
      open: (await desk.openIncidents(id)).filter((each) => each.drill === undefined).length,
    })),
  );
  return statusOverview(entries, desk);
}

/** What is silenced, where anything is. */
async function hushed(desk: Desk): Promise<readonly ReplyBlock[]> {
  const active = await desk.silences();
  if (active.length === 0) return [];
  const { silencesTitle } = words(desk.language).commands;
  return [{ kind: 'text', text: silencesTitle }, ...silenceTable(active, desk)];
}

async function detail(desk: Desk, name: string): Promise<readonly ReplyBlock[] | Refusal> {
  const ensemble = findEnsemble(desk, name);
  if (isRefusal(ensemble)) return ensemble;
  const seen = await desk.status(ensemble.id);
  if (seen === undefined)
    return [{ kind: 'text', text: `${ensemble.id}: ${words(desk.language).commands.notSeen}` }];
  return statusDetail(seen, await desk.openIncidents(ensemble.id), desk);
}
