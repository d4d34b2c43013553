import type { Card, GridRow, ThreadLine } from '../../model/card.ts';
import type { Language } from '../../model/person.ts';
import type { Announcement } from '../../ports/channel.ts';
import { cut } from '../../rules/card/words/bounds.ts';
import { type Draft, draftOf, noticeDraft, oneLine } from './draft.ts';
import { subjectCharsMax } from './limits.ts';
import { pageOf } from './page.ts';

/** What a mail says, in the two forms that one mail carries. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Subject of the first mail of a thread, and the addresses that did not get it. */
interface Thread {
  readonly subject: string | undefined;
  readonly missed: readonly string[];
}

/** A card as a mail: the one that begins a thread, or a later drawing within it. */
export function renderCard(
  card: Card,
  { subject, missed }: Thread = { subject: undefined, missed: [] },
): Letter {
  const own = subject === undefined ? subjectOf(card.title) : `Re: ${subject}`;
  return letterOf(own, draftOf(card, undefined, missed));
}

/** The mail that says one thing in the thread: what was said first, then the card as it is now. */
export function renderLine(card: Card, line: ThreadLine, thread: Thread): Letter {
  // Mail programs sort by the subject as well as by the references: it stays that of the first mail.
  const subject = `Re: ${thread.subject ?? subjectOf(card.title)}`;
  return letterOf(subject, draftOf(card, line.text, thread.missed));
}

/** A mail about the bot itself, when it has no card to show. */
export function renderNotice(
  what: Announcement,
  language: Language,
  thread: string | undefined,
): Letter {
  const subject = thread === undefined ? subjectOf(what.text) : `Re: ${withoutRe(thread)}`;
  return letterOf(subject, noticeDraft(what, language));
}

function withoutRe(subject: string): string {
  return subject.replace(/^Re: /u, '');
}

function subjectOf(title: string): string {
  return cut(`[nightkeeper] ${oneLine(title)}`, subjectCharsMax);
}

function letterOf(subject: string, draft: Draft): Letter {
  return { subject, text: plain(draft), html: pageOf(draft) };
}

const marks: Readonly<Record<GridRow['health'], string>> = { good: '+', bad: '!', odd: '?' };

function plain(draft: Draft): string {
  const parts = [
    draft.said,
    [draft.title, draft.meta].filter((line) => line !== '').join('\n'),
    ...draft.paragraphs.map(({ label, text }) =>
      label === undefined ? text : `${label}: ${text}`,
    ),
    draft.servers.rows.length === 0
      ? undefined
      : listed(
          draft.servers.label,
          draft.servers.rows.map(({ health, text }) => `${marks[health]} ${text}`),
        ),
    ...draft.lists.map(({ label, lines }) =>
      listed(
        label,
        lines.map((line) => `- ${line}`),
      ),
    ),
    draft.spark,
    draft.links.map(({ label, url }) => `${label}:\n${url}`).join('\n'),
    // Mail programs fold what stands below this mark.
    `-- \n${draft.closing.join('\n')}`,
  ];
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}

function listed(label: string, lines: readonly string[]): string {
  return [`${label}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}
