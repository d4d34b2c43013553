import type { Language } from '../../model/person.ts';
import type { ReplyBlock } from '../../model/reply.ts';
import type { Silence } from '../../model/silence.ts';
import { cut } from './words/bounds.ts';
import { words } from './words/words.ts';

/** Silences listed in one answer. */
export const silenceRowsMax = 20;

/** Characters of a reason inside a table. */
const reasonShownMax = 80;

/** What a silence covers, in one word: `orders/zk2 · member-down`. */
export function scopeWord({ scope }: Pick<Silence, 'scope'>): string {
  const { ensemble = '*', server, detector, severity } = scope;
  const where = server === undefined ? ensemble : `${ensemble}/${server}`;
  return [where, detector, severity].filter((part) => part !== undefined).join(' · ');
}

/** Silences, one line each. */
export function silenceTable(
  silences: readonly Silence[],
  { language }: { readonly language: Language },
): readonly ReplyBlock[] {
  const { commands, common } = words(language);
  const { heads } = commands;
  const left = silences.length - silenceRowsMax;
  return [
    {
      kind: 'table',
      head: [heads.silence, heads.what, heads.until, heads.by, heads.reason],
      rows: silences
        .slice(0, silenceRowsMax)
        .map(({ id, scope, set, endMs, reason, window }) => [
          String(id),
          scopeWord({ scope }),
          common.time(endMs),
          window ?? set.name,
          cut(reason, reasonShownMax),
        ]),
    },
    ...(left > 0 ? [{ kind: 'text' as const, text: common.more(left) }] : []),
  ];
}
