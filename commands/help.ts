import { refuse } from '../src/model/refusal.ts';
import type { ReplyBlock } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { titleOf } from '../src/rules/card/incident-card.ts';
import { shortUsageOf, usagesOf } from '../src/rules/card/usages.ts';
import { words } from '../src/rules/card/words/words.ts';
import { choices } from './parts/closest.ts';

/** All commands, or one of them with examples. A word that is no command is answered with what was likely meant. */
export const help: Command = {
  name: 'help',
  aliases: ['?', 'h', '帮助', '？'],
  usage: 'help [command]',
  role: 'everyone',
  completes: ['command'],
  async run({ args }, desk) {
    const [name] = args;
    if (name === undefined) return answer([...list(desk), await starts(desk)]);
    const word = name.toLowerCase();
    const command = desk.commands.find((each) => each.name === word || each.aliases.includes(word));
    if (command !== undefined) return answer(detail(command, desk));
    const known = desk.commands.map((each) => each.name);
    return refuse('unknown-command', { command: name, ...choices(word, known) });
  },
};

function answer(blocks: readonly ReplyBlock[]) {
  return { outcome: 'done', visibility: 'private', blocks } as const;
}

function list(desk: Desk): readonly ReplyBlock[] {
  const { commands } = words(desk.language);
  return [
    {
      kind: 'table',
      head: [commands.heads.command, commands.heads.about],
      rows: desk.commands.map((command) => [
        `/zk ${shortUsageOf(command.usage)}`,
        commands.about[command.name]?.about ?? '',
      ]),
    },
    { kind: 'text', text: commands.help.more },
  ];
}

/** Open incidents offered below the list; `incidents` has the others. */
const offeredMax = 5;

/** Lines to begin with, to tap where a chat can: how everything stands, and what is open. Help does not need Redis. */
async function starts(desk: Desk): Promise<ReplyBlock> {
  const all = words(desk.language);
  const open = await desk.openIncidents().catch(() => []);
  const about = (name: string): string => all.commands.about[name]?.about ?? '';
  return {
    kind: 'completions',
    title: all.common.youCouldWrite,
    lines: [
      { line: 'status', hint: about('status') },
      ...(open.length > offeredMax ? [{ line: 'incidents', hint: about('incidents') }] : []),
      ...open
        .toSorted((a, b) => b.id - a.id)
        .slice(0, offeredMax)
        .map((incident) => ({ line: `show ${incident.id}`, hint: titleOf(incident, all) })),
    ],
  };
}

/** The commands of the configuration, ensemble by ensemble. */
function named(desk: Desk): readonly (readonly [string, string])[] {
  const { help } = words(desk.language).actions;
  return desk.settings.ensembles.flatMap(({ id, tools }) => {
    const lines = Object.entries(tools?.commands ?? {}).map(([name, { about = '' }]) =>
      help.line(name, about),
    );
    return lines.length === 0 ? [] : [[`${help.title} (${id})`, lines.join('\n')] as const];
  });
}

function detail(command: Command, desk: Desk): readonly ReplyBlock[] {
  const { commands, common } = words(desk.language);
  const about = commands.about[command.name];
  return [
    { kind: 'text', text: about?.about ?? command.name },
    {
      kind: 'facts',
      rows: [
        [
          commands.help.usage,
          usagesOf(command.usage)
            .map((usage) => `/zk ${usage}`)
            .join('\n'),
        ],
        [commands.help.aliases, common.list(command.aliases)],
        [commands.help.role, common.personRoles[command.role]],
        [commands.help.examples, (about?.examples ?? []).map((line) => `/zk ${line}`).join('\n')],
        ...(command.name === 'recover' ? named(desk) : []),
      ],
    },
  ];
}
