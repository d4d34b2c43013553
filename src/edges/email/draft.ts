import type { Card, GridRow, Tone } from '../../model/card.ts';
import type { Language } from '../../model/person.ts';
import type { Announcement } from '../../ports/channel.ts';
import { sparkline } from '../../rules/card/sparkline.ts';
import { bounded, cut } from '../../rules/card/words/bounds.ts';
import { words } from '../../rules/card/words/words.ts';
import {
  lineCharsMax,
  linesMax,
  linkCharsMax,
  paragraphCharsMax,
  sparkValuesMax,
  subjectCharsMax,
} from './limits.ts';

/** A card, cut to what a mail holds: both forms are made of it. */
export interface Draft {
  readonly language: string;
  readonly tone: Tone;
  readonly title: string;
  readonly meta: string;
  /** What was said, above the card; absent on the card's own mail. */
  readonly said?: string;
  readonly paragraphs: readonly { readonly label?: string; readonly text: string }[];
  readonly servers: {
    readonly label: string;
    readonly rows: readonly { readonly health: GridRow['health']; readonly text: string }[];
  };
  readonly lists: readonly { readonly label: string; readonly lines: readonly string[] }[];
  readonly spark?: string;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly closing: readonly string[];
}

/** Cuts a card to what a mail holds; `said` is what is told above it, `missed` who did not get the earlier mail. */
export function draftOf(card: Card, said: string | undefined, missed: readonly string[]): Draft {
  const { card: cardWords, common, email } = words(card.language);
  const { labels } = cardWords;
  const lines = (all: readonly string[]): readonly string[] =>
    bounded(all, linesMax, common.more).map((line) => cut(oneLine(line), lineCharsMax));
  const paragraph = (text: string, label?: string) => ({
    text: cut(tidy(text), paragraphCharsMax),
    ...(label === undefined ? {} : { label }),
  });
  const { consoleUrl, runbookUrl } = card;
  const over = card.tone === 'resolved';
  // The digest of a storm is of no incident.
  const isDigest = card.incident === 0;
  const links = [
    { label: over ? cardWords.buttons.open : email.act, url: consoleUrl ?? '' },
    { label: cardWords.buttons.runbook, url: runbookUrl ?? '' },
  ].filter(({ url }) => url !== '' && url.length <= linkCharsMax);
  return {
    language: card.language,
    tone: card.tone,
    title: cut(oneLine(card.title), subjectCharsMax),
    meta: common.join([
      card.severity,
      ...(isDigest ? [] : [labels.incident(card.incident), card.ensemble]),
      cardWords.since(card.sinceMs),
    ]),
    ...(said === undefined ? {} : { said: cut(tidy(said), paragraphCharsMax) }),
    paragraphs: [
      // Why it comes late, or here at all.
      ...(card.notice === undefined ? [] : [paragraph(card.notice)]),
      paragraph(card.stateLine),
      ...(card.recoveryLine === undefined ? [] : [paragraph(card.recoveryLine)]),
      paragraph(card.meaning, labels.meaning),
      paragraph(card.advice, labels.advice),
    ],
    servers: { label: email.servers, rows: rowsOf(card.grid, common.more) },
    lists: [
      { label: labels.evidence, lines: lines(card.evidence) },
      { label: labels.symptoms, lines: lines(card.symptoms) },
    ].filter((list) => list.lines.length > 0),
    ...(card.spark === undefined ? {} : { spark: sparkOf(card.spark) }),
    links,
    closing: [
      ...(missed.length === 0 ? [] : [cut(email.missed(missed.join(', ')), paragraphCharsMax)]),
      ...(consoleUrl === undefined && !over && !isDigest ? [email.actByLine(card.incident)] : []),
      email.footer,
    ],
  };
}

/** A plain text in the dress of a card. */
export function noticeDraft({ text, tone }: Announcement, language: Language): Draft {
  const { email } = words(language);
  return {
    language,
    tone,
    title: cut(oneLine(text), paragraphCharsMax),
    meta: '',
    paragraphs: [],
    servers: { label: email.servers, rows: [] },
    lists: [],
    links: [],
    closing: [email.footer],
  };
}

function rowsOf(
  grid: readonly GridRow[],
  more: (count: number) => string,
): Draft['servers']['rows'] {
  const rows = grid.slice(0, grid.length > linesMax ? linesMax - 1 : linesMax).map((row) => ({
    health: row.health,
    text: cut(
      [row.server, row.role, row.state, row.lag ?? ''].filter((part) => part !== '').join(' · '),
      lineCharsMax,
    ),
  }));
  const left = grid.length - rows.length;
  return left === 0 ? rows : [...rows, { health: 'odd', text: more(left) }];
}

function sparkOf({ label, values }: NonNullable<Card['spark']>): string {
  return `${cut(oneLine(label), 80)} ${sparkline(values.slice(-sparkValuesMax))}`;
}

/** One line without control letters: a line end in a subject would begin another header. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function tidy(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]+/gu, ' ').trim();
}
