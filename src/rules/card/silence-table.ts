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

/** What a silence covers and whether anything may be recovered meanwhile. */
export function silenceWord(
  silence: Pick<Silence, 'scope' | 'freezes'>,
  language: Language,
): string {
  const { freezes } = silence;
  const scope = scopeWord(silence);
  return freezes === undefined
    ? scope
    : `${scope} · ${words(language).commands.done.freezes[freezes]}`;
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
        .map((silence) => [
          String(silence.id),
          silenceWord(silence, language),
          common.time(silence.endMs),
          silence.window ?? silence.set.name,
          cut(silence.reason, reasonShownMax),
        ]),
    },
    ...(left > 0 ? [{ kind: 'text' as const, text: common.more(left) }] : []),
  ];
}
