import type { Button, Card, ThreadLine } from '../../model/card.ts';
import { words } from '../../rules/card/words/words.ts';
import { linkBytesMax, titleBytesMax } from './limits.ts';
import { buttonsOf, marks, renderGrid } from './render-card.ts';
import { bytesOf, clipBytes, joinLines, link, newLine, plainText, sayLink } from './text.ts';
import { lineOf } from './wire.ts';

/** A message in Markdown: what the list of conversations shows, and what the message itself says. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

/** Our own shares of a message, in bytes. */
const share = { line: 1500, grid: 2000, part: 1200, list: 2500, short: 400, said: 3000 } as const;

/** Buttons shown as links in a text: more than these are a wall of blue. */
const linksMax = 4;

/**
 * A card as a text that cannot be changed any more. `press` says whether its buttons are links that send a line as the person who
 * presses them; a robot that cannot hear has the link to the console alone. Pure.
 */
export function renderCardText(card: Card, press: boolean): Message {
  const { common, card: cardWords, dingtalk } = words(card.language);
  const { labels, buttons: names } = cardWords;
  const title = titleOf(card);
  const meta = [
    card.severity,
    ...(card.incident === 0 ? [] : [labels.incident(card.incident), card.ensemble]),
    dingtalk.since(common.time(card.sinceMs)),
  ];
  const list = (label: string, lines: readonly string[]): string =>
    lines.length === 0
      ? ''
      : paragraph(label, joinLines(lines.map(plainText), share.list, common.more));
  const links = [
    ...(press ? buttonsOf(card).map(([, button]) => sayLinkOf(button)) : []).slice(0, linksMax),
    link(card.runbookUrl, names.runbook, linkBytesMax),
    link(card.consoleUrl, names.open, linkBytesMax),
  ].filter((one) => one !== undefined);
  return message(title, [
    `### ${title}`,
    said(common.join(meta), share.short),
    said(card.notice ?? '', share.short),
    renderGrid(card.grid, common.more, share.grid),
    paragraph(labels.meaning, said(card.meaning, share.part)),
    paragraph(labels.advice, said(card.advice, share.part)),
    list(labels.evidence, card.evidence),
    list(labels.symptoms, card.symptoms),
    said(card.recoveryLine ?? '', share.short),
    `**${said(card.stateLine, share.short)}**`,
    links.join('  ·  '),
  ]);
}

/** One thing said of a card that hangs further up. */
export function renderLineText(card: Card, line: ThreadLine): Message {
  const { common, card: cardWords } = words(card.language);
  const title = titleOf(card);
  const open = link(card.consoleUrl, cardWords.buttons.open, linkBytesMax);
  const { head = [], more = '' } = line.file ?? {};
  return message(title, [
    `#### ${title}`,
    said(line.text, share.said),
    joinLines(head.map(plainText), share.list, common.more),
    said(more, share.short),
    open ?? '',
    calls(line.mention),
  ]);
}

/** What the bot says of itself. */
export function renderNoticeText(text: string, mark: string): Message {
  return message(`${mark} Nightkeeper`, [`${mark} ${said(text, share.said)}`]);
}

/** Puts parts below each other, with a blank line between; empty ones are left out. */
export function message(title: string, parts: readonly string[]): Message {
  return { title, text: parts.filter((part) => part !== '').join('\n\n') };
}

/** Adds the keyword without which a robot refuses a message. */
export function withKeyword({ title, text }: Message, keyword: string | undefined): Message {
  if (keyword === undefined || `${title}${text}`.includes(keyword)) return { title, text };
  return { title, text: `${text}\n\n${keyword}` };
}

function titleOf(card: Card): string {
  return clipBytes(`${marks[card.tone]} ${plainText(card.title)}`, titleBytesMax);
}

/** Names in the text are what makes a telephone ring; DingTalk shows them as names. */
function calls(userIds: readonly string[]): string {
  return userIds.map((userId) => `@${userId}`).join(' ');
}

/** A button as a link; one that would not fit is left out. */
export function sayLinkOf(button: Button): string | undefined {
  const rendered = sayLink(lineOf(button), button.label);
  return bytesOf(rendered) > linkBytesMax * 2 ? undefined : rendered;
}

function said(text: string, max: number): string {
  return clipBytes(plainText(text), max);
}

function paragraph(label: string, text: string): string {
  return text === '' ? '' : `**${plainText(label)}**${newLine}${text}`;
}
