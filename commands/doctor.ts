import type { NotSeen } from '../src/model/not-seen.ts';
import { refuse } from '../src/model/refusal.ts';
import type { ReplyBlock } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { bounded } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';

const usage = 'doctor [ensemble]';

/** Gaps shown of one ensemble; each is several lines on a phone. */
export const gapsMax = 20;

/** Names in one line: detectors that a gap concerns. */
const namesMax = 6;

/** How the bot itself stands; of one ensemble, what it does not see of the servers, and the line that opens its eyes. */
export const doctor: Command = {
  name: 'doctor',
  aliases: ['诊断'],
  usage,
  role: 'viewer',
  completes: ['ensemble'],
  async run({ args }, desk) {
    if (args.length > 1) return refuse('bad-arguments', { usage });
    const [name] = args;
    if (name === undefined) return { ...done, blocks: await checks(desk) };
    const ensemble = findEnsemble(desk, name);
    if (isRefusal(ensemble)) return ensemble;
    const denied = desk.permit('viewer', ensemble.id);
    if (denied !== undefined) return denied;
    return { ...done, blocks: gaps(ensemble.id, await desk.notSeen(ensemble.id), desk) };
  },
};

const done = { outcome: 'done', visibility: 'private' } as const;

async function checks(desk: Desk): Promise<readonly ReplyBlock[]> {
  const { doctor: said } = words(desk.language);
  const found = await desk.checks();
  const bad = found.filter(({ ok }) => !ok).length;
  return [
    { kind: 'text', text: bad === 0 ? said.well(found.length) : said.unwell(bad, found.length) },
    {
      kind: 'table',
      head: [said.part, said.state],
      rows: found.map(({ name, ok, detail }) => [name, ok && detail === 'ok' ? said.ok : detail]),
      tones: found.map(({ ok, risk }) =>
        ok ? 'resolved' : risk === true ? 'warning' : 'critical',
      ),
    },
    { kind: 'text', text: said.next(desk.settings.ensembles.map(({ id }) => id).slice(0, 5)) },
  ];
}

/** The same gap of several servers is one: what to write is the same everywhere. */
function gaps(
  ensemble: string,
  found: readonly NotSeen[],
  { language }: Desk,
): readonly ReplyBlock[] {
  const { doctor: said, common } = words(language);
  if (found.length === 0) return [{ kind: 'text', text: said.seesAll(ensemble) }];
  const alike = groups(found);
  const texts = alike.map(([first, servers]) => {
    const { what, why, detectors, where, line } = first;
    const names = bounded(detectors, namesMax, common.more);
    return [
      said.gap(said.what[what], servers, why),
      ...(names.length === 0 ? [] : [said.unseen(names)]),
      ...(where === undefined ? [said.noLine] : [said.write(where, line)]),
    ].join('\n');
  });
  return [
    { kind: 'text', text: said.sees(ensemble, alike.length) },
    ...bounded(texts, gapsMax, common.more).map((text): ReplyBlock => ({ kind: 'text', text })),
  ];
}

function groups(found: readonly NotSeen[]): readonly (readonly [NotSeen, readonly string[]])[] {
  const by = new Map<string, readonly [NotSeen, readonly string[]]>();
  for (const each of found) {
    const key = JSON.stringify([each.what, each.why, each.line]);
    const [first, servers] = by.get(key) ?? [each, []];
    by.set(key, [first, [...servers, each.server]]);
  }
  return [...by.values()];
}
