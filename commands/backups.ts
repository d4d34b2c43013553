import { refuse } from '../src/model/refusal.ts';
import type { ReplyBlock } from '../src/model/reply.ts';
import type { EnsembleSettings } from '../src/model/settings.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { bytes, thousands } from '../src/rules/card/words/figures.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';

const usage = 'backups [ensemble]';

/** Backups of one ensemble in one answer; of several the newest of each. */
export const backupsShown = 20;

/** What backups there are: how old, how large, how whole; and how far the one is that is being made. */
export const backups: Command = {
  name: 'backups',
  aliases: ['备份列表'],
  usage,
  role: 'viewer',
  completes: ['ensemble'],
  async run({ args }, desk) {
    const [name, ...rest] = args;
    if (rest.length > 0) return refuse('bad-arguments', { usage });
    const named = name === undefined ? undefined : findEnsemble(desk, name);
    if (named !== undefined && isRefusal(named)) return named;
    const denied = named === undefined ? undefined : desk.permit('viewer', named.id);
    if (denied !== undefined) return denied;
    const asked =
      named === undefined
        ? desk.settings.ensembles.filter(
            ({ id, backup }) => backup !== undefined && desk.permit('viewer', id) === undefined,
          )
        : [named];
    const blocks = await Promise.all(
      asked.map((each) => told(each, desk, named === undefined ? 1 : backupsShown)),
    );
    const none = { kind: 'text', text: words(desk.language).backup.nowhere } as const;
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: asked.length === 0 ? [none] : blocks.flat(),
    };
  },
};

async function told(
  { id, backup: settings }: EnsembleSettings,
  desk: Desk,
  most: number,
): Promise<readonly ReplyBlock[]> {
  const { backup, common } = words(desk.language);
  const { history, running } = await desk.backups(id);
  const { kept, failed } = history;
  const text = [
    ...(settings === undefined ? [backup.off(id)] : []),
    ...(kept.length === 0 ? [backup.none(id)] : [backup.there(id, kept.length)]),
    ...(running === undefined
      ? []
      : [
          backup.running(
            running.phase,
            running.znodes,
            kept[0]?.znodes,
            desk.nowMs - running.sinceMs,
          ),
        ]),
    ...(failed === undefined
      ? []
      : [backup.failed(common.ago(desk.nowMs - failed.atMs), failed.why)]),
  ].join('\n');
  if (kept.length === 0) return [{ kind: 'text', text }];
  const rows = kept
    .slice(0, most)
    .map((each) => [
      common.ago(desk.nowMs - each.endedMs),
      bytes(each.bytes),
      thousands(each.znodes),
      each.denied > 0
        ? backup.lacks(each.denied)
        : each.moved > 0
          ? backup.shifts(each.moved)
          : backup.whole,
      each.file.slice(each.file.lastIndexOf('/') + 1),
    ]);
  return [
    { kind: 'text', text },
    { kind: 'table', head: backup.head, rows },
  ];
}
