import type { Card, Tone } from '../../model/card.ts';
import type { Language } from '../../model/person.ts';
import type { CompletedLine, Form, Reply, ReplyBlock } from '../../model/reply.ts';
import { words } from '../../rules/card/words/words.ts';
import { linkBytesMax } from './limits.ts';
import { questionOf } from './question.ts';
import { buttonsOf, marks, renderGrid } from './render-card.ts';
import { renderQuestion } from './render-question.ts';
import { type Message, message, renderCardText, sayLinkOf } from './render-text.ts';
import { bytesOf, clipBytes, joinLines, link, newLine, plainText, sayLink } from './text.ts';

/** Bytes of one answer: an overview of a hundred ensembles, one a line; DingTalk takes 15 000 with the envelope. */
export const replyBytesMax = 12_000;

/** Bytes of one block of it. */
const blockBytesMax = 9000;

/** Bytes of what a line stands for, and of both. */
const hintBytesMax = 150;
const completionBytesMax = 2 * linkBytesMax + hintBytesMax + 1;

/** The form of a reply that asks, if it does. */
export function formOf(reply: Reply): Form | undefined {
  return reply.blocks.find((block) => block.kind === 'form')?.form;
}

/** An answer as a text for a phone: one thing a line, no columns. What does not fit is counted at its end. Pure. */
export function renderReply(reply: Reply, language: Language): Message {
  const { more } = words(language).common;
  const cards = reply.blocks.filter(({ kind }) => kind === 'card').length;
  const kept: string[] = [];
  let bytes = 0;
  for (const [index, block] of reply.blocks.entries()) {
    const rendered = renderBlock(block, cards > 1, language);
    bytes += bytesOf(rendered);
    if (bytes > replyBytesMax) {
      kept.push(more(reply.blocks.length - index));
      break;
    }
    kept.push(rendered);
  }
  return message(summaryOf(reply), kept);
}

/** The words and links of an answer, for the line of a card that one person sees. */
export function renderBrief(reply: Reply, max: number): string {
  const links = reply.blocks
    .flatMap((block) =>
      block.kind === 'link' ? [link(block.url, block.label, linkBytesMax) ?? ''] : [],
    )
    .join(' ');
  const texts = reply.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  const said = clipBytes(plainText(texts.join(' ')), max - bytesOf(links) - 1);
  return `${said} ${links}`.trim();
}

/** An answer without its addresses: they are for one person, and stay out of a group. */
export function withoutLinks(reply: Reply): Reply {
  return { ...reply, blocks: reply.blocks.filter(({ kind }) => kind !== 'link') };
}

function renderBlock(block: ReplyBlock, brief: boolean, language: Language): string {
  const { more } = words(language).common;
  switch (block.kind) {
    case 'text':
      return joinLines(block.text.split('\n').map(plainText), blockBytesMax, more, 2000);
    case 'facts':
      return joinLines(block.rows.flatMap(factOf), blockBytesMax, more);
    case 'table':
      return joinLines(
        block.rows.map((row, index) => rowOf(row, block.tones?.[index])),
        blockBytesMax,
        more,
      );
    case 'grid': {
      const title = `${marks[block.tone]} **${plainText(block.title)}**`;
      return `${title}${newLine}${renderGrid(block.rows, more, blockBytesMax)}`;
    }
    case 'card':
      return brief ? briefOf(block.card) : renderCardText(block.card, true).text;
    case 'link':
      return link(block.url, block.label, linkBytesMax) ?? '';
    case 'completions':
      return joinLines(
        [plainText(block.title), ...block.lines.map(completionOf)],
        blockBytesMax,
        more,
        completionBytesMax,
      );
    case 'form':
      return renderQuestion(questionOf(block.form), language).text;
  }
}

/** A line to tap, which sends it, and what it stands for. One that is too long for a link is there to read. */
function completionOf({ line, hint }: CompletedLine): string {
  const says = sayLink(`zk ${line}`, line);
  const said = bytesOf(says) > 2 * linkBytesMax ? `**zk ${plainText(line)}**` : says;
  return `${clipBytes(said, 2 * linkBytesMax)} ${clipBytes(plainText(hint), hintBytesMax)}`.trim();
}

/** A value of several lines stands below its name. */
function factOf([label, value]: readonly [string, string]): readonly string[] {
  const lines = value.split('\n').map(plainText);
  const name = `**${plainText(label)}**`;
  return lines.length === 1 ? [`${name} ${lines[0] ?? ''}`] : [name, ...lines];
}

/** The first cell names the row, the others follow it. */
function rowOf([name = '', ...rest]: readonly string[], tone: Tone | undefined): string {
  const cells = rest.filter((cell) => cell !== '').map(plainText);
  const mark = tone === undefined ? '' : `${marks[tone]} `;
  return [`${mark}**${plainText(name)}**`, ...cells].join(' · ');
}

/** A card among others: what it is, how it stands, what to press. */
function briefOf(card: Card): string {
  const links = buttonsOf(card)
    .slice(0, 3)
    .map(([, button]) => sayLinkOf(button))
    .filter((one) => one !== undefined);
  return [
    `${marks[card.tone]} **#${card.incident} ${plainText(card.title)}**`,
    plainText(card.stateLine),
    ...(links.length === 0 ? [] : [links.join('  ·  ')]),
  ].join(newLine);
}

/** What the list of conversations says of an answer. */
function summaryOf(reply: Reply): string {
  const [first] = reply.blocks;
  const text = first === undefined ? '' : titleOf(first);
  return text === '' ? 'Nightkeeper' : clipBytes(plainText(text), 120);
}

function titleOf(block: ReplyBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'grid':
      return block.title;
    case 'card':
      return block.card.title;
    case 'link':
      return block.label;
    case 'form':
      return block.form.title;
    case 'completions':
      return block.title;
    case 'facts':
    case 'table':
      return '';
  }
}
