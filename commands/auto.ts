import { type AutoRule, everywhere, type Limit } from '../src/model/automation.ts';
import type { Refusal } from '../src/model/refusal.ts';
import { refuse } from '../src/model/refusal.ts';
import type { Reply, ReplyBlock } from '../src/model/reply.ts';
import type { Automation, Command, Desk } from '../src/ports/command.ts';
import { recoveryText } from '../src/rules/card/card-lines.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findScope } from './parts/find.ts';
import { reasonCharsMax } from './recover.ts';

const usage = 'auto, or auto off [ensemble] [reason], or auto on [ensemble]';

/** Rows of what was done lately. */
const doneMax = 5;

/** What the bot does by itself, and the switch that keeps it from that. */
export const auto: Command = {
  name: 'auto',
  aliases: ['automation', '自动'],
  usage,
  role: 'viewer',
  completes: ['text', 'ensemble', 'text'],
  async run({ args, options }, desk) {
    const [verb, ...rest] = args;
    if (verb === undefined) return show(await desk.automation(), desk);
    const to =
      words('zh-CN').automation.switches[verb] ??
      words('en').automation.switches[verb.toLowerCase()];
    if (to === undefined) return refuse('bad-arguments', { usage });
    return await turn(to, rest, options['reason'], desk);
  },
};

async function turn(
  to: 'on' | 'off',
  args: readonly string[],
  option: string | undefined,
  desk: Desk,
): Promise<Reply | Refusal> {
  const [name, ...more] = args;
  const scope = name === undefined ? everywhere : findScope(desk, name);
  if (typeof scope !== 'string') return scope;
  const denied = desk.permit('operator', scope);
  if (denied !== undefined) return denied;
  const reason = cut((option ?? more.join(' ')).trim(), reasonCharsMax);
  const refused = await desk.switchAutomation(scope, to, reason);
  if (refused !== undefined) return refused;
  const { automation } = words(desk.language);
  const text = automation.switched[to](scope === everywhere ? '' : scope);
  return { outcome: 'done', visibility: 'public', blocks: [{ kind: 'text', text }] };
}

function show({ off, coming, done }: Automation, desk: Desk): Reply {
  const all = words(desk.language);
  const { automation, audit, card, common } = all;
  const rows = desk.settings.ensembles.flatMap(({ id, auto: rules = [] }) => {
    const by = off.find(({ scope }) => scope === everywhere || scope === id);
    const state =
      by === undefined ? automation.on : automation.offBy(by.set.name, by.set.atMs, by.reason);
    return rules.map((rule) => [id, ...ruleCells(rule), state]);
  });
  const elsewhere = off
    .filter(({ scope }) => scope === everywhere)
    .map(({ set, reason }) => automation.offEverywhere(set.name, set.atMs, reason));
  const heads = automation.heads;
  const blocks: ReplyBlock[] = [
    ...elsewhere.map((text): ReplyBlock => ({ kind: 'text', text })),
    rows.length === 0
      ? { kind: 'text', text: automation.noRules }
      : { kind: 'table', head: heads, rows },
    ...coming.flatMap(({ recovery, id }): readonly ReplyBlock[] =>
      recovery === undefined
        ? []
        : [
            {
              kind: 'text',
              text: `#${id} ${recoveryText(recovery, 'scheduled', all)} (${recovery.id})`,
            },
          ],
    ),
    ...done
      .slice(0, doneMax)
      .map(({ id, action, server, state, ensemble, automatic }): ReplyBlock => {
        const what = `${id} ${ensemble}: ${card.action(action, server)}`;
        const atMs = automatic?.startsMs ?? 0;
        return { kind: 'text', text: common.join([what, common.time(atMs), audit.states[state]]) };
      }),
  ];
  return { outcome: 'done', visibility: 'private', blocks };

  function ruleCells({ detector, action, afterMs, perServer, perEnsemble }: AutoRule): string[] {
    const limit = ({ times, withinMs }: Limit): string => automation.limit(times, withinMs);
    return [
      detector,
      action,
      common.duration(afterMs),
      automation.limits(limit(perServer), limit(perEnsemble)),
    ];
  }
}
