import type { Button, Card, GridRow, ThreadLine, Tone } from '../../model/card.ts';
import type { Destination } from '../../model/notification.ts';
import type { Announcement } from '../../ports/channel.ts';
import { sparkline } from '../../rules/card/sparkline.ts';
import { words } from '../../rules/card/words/words.ts';
import { linkBytesMax, titleBytesMax, valueBytesMax } from './limits.ts';
import {
  type CardButton,
  type CardParams,
  type CardText,
  cardButtons,
  cardVariables,
  confirmedButtons,
} from './template.ts';
import { bytesOf, clipBytes, joinLines, link, newLine, plainText } from './text.ts';
import { encodePress } from './wire.ts';

/** Our own shares of a card, in bytes: no part pushes another one out, and all together stay below `cardBytesMax`. */
const share = {
  meta: 250,
  notice: 300,
  grid: 1000,
  meaning: 600,
  advice: 600,
  evidence: 1000,
  symptoms: 800,
  trend: 250,
  recovery: 400,
  state: 400,
  label: 60,
  confirm: 300,
  /** What a button sends back is never cut: beyond this the button is left out. */
  press: 600,
} as const;

/** Colours are for those who see them; the mark is for everybody, and for the list of conversations. */
export const marks: Readonly<Record<Tone, string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  acknowledged: '🟡',
  resolved: '🟢',
};

const dots: Readonly<Record<GridRow['health'], string>> = { good: '✅', bad: '❌', odd: '❔' };

/** Bars of one sparkline: more do not fit beside the label on a phone. */
const barsMax = 24;

/** A card as the values of its template; every variable has one, so that nothing of an earlier state stays. Pure. */
export function renderCard(card: Card, to: Pick<Destination, 'id'>): CardParams {
  const { common, card: cardWords, dingtalk } = words(card.language);
  const { labels } = cardWords;
  const isDigest = card.incident === 0;
  const meta = [
    card.severity,
    ...(isDigest ? [] : [labels.incident(card.incident), card.ensemble]),
    dingtalk.since(common.time(card.sinceMs)),
  ];
  const lines = (label: string, texts: readonly string[], max: number): string =>
    texts.length === 0
      ? ''
      : paragraph(label, joinLines(texts.map(plainText), max - labelBytes(label), common.more));
  return {
    ...allOf({
      kind: 'card',
      tone: card.tone,
      title: clipBytes(`${marks[card.tone]} ${plainText(card.title)}`, titleBytesMax),
      meta: said(common.join(meta), share.meta),
      notice: said(card.notice ?? '', share.notice),
      grid: renderGrid(card.grid, common.more, share.grid),
      meaning: lines(labels.meaning, [card.meaning], share.meaning),
      advice: lines(labels.advice, [card.advice], share.advice),
      evidence: lines(labels.evidence, card.evidence, share.evidence),
      symptoms: lines(labels.symptoms, card.symptoms, share.symptoms),
      trend: card.spark === undefined ? '' : renderTrend(card.spark),
      recovery: said(card.recoveryLine ?? '', share.recovery),
      state: `**${said(card.stateLine, share.state)}**`,
      links: renderLinks(card),
    }),
    ...renderButtons(card, to),
  };
}

/** What is said beside a card, as a card of its own: the only way to call people into a group. */
export function renderLine(card: Card, { text, file }: ThreadLine): CardParams {
  const { common, card: cardWords } = words(card.language);
  const open = link(card.consoleUrl, cardWords.buttons.open, linkBytesMax);
  return allOf({
    kind: 'line',
    tone: card.tone,
    title: clipBytes(`${marks[card.tone]} ${plainText(card.title)}`, titleBytesMax),
    state: said(text, valueBytesMax),
    ...(file === undefined
      ? {}
      : {
          evidence: joinLines(
            [...file.head, file.more].map(plainText),
            share.evidence,
            common.more,
          ),
          links: open ?? '',
        }),
  });
}

/** What the bot says of itself, without an incident. */
export function renderNotice({ text, tone }: Announcement): CardParams {
  return allOf({
    kind: 'line',
    tone,
    title: `${marks[tone]} Nightkeeper`,
    state: said(text, valueBytesMax),
  });
}

/** One server a line. */
export function renderGrid(
  rows: readonly GridRow[],
  more: (count: number) => string,
  max: number,
): string {
  const lines = rows.map(({ health, server, role, state, lag }) =>
    plainText(
      [`${dots[health]} ${server}`, role, state, ...(lag === undefined ? [] : [lag])].join(' · '),
    ),
  );
  return joinLines(lines, max, more, 150);
}

/** Every variable of the template, empty where it is not named. */
function allOf(texts: Partial<Record<CardText, string>>): CardParams {
  const empty = Object.fromEntries(cardVariables.map((name) => [name, '']));
  return { ...empty, ...texts };
}

/** The button a card has for each place of the template: of several for one place, the first that is offered. */
export function buttonsOf(card: Card): readonly (readonly [CardButton, Button])[] {
  const offered = [...card.buttons, ...card.more];
  return cardButtons.flatMap((name) => {
    const button = offered.find(({ id }) => placeOf(id) === name);
    return button === undefined ? [] : [[name, button] as const];
  });
}

/** A silence and its end have one place; so have the two that show something to who presses: a chart, and a digest's list. */
function placeOf(id: string): string {
  switch (id) {
    case 'unsilence':
      return 'silence';
    case 'list':
      return 'chart';
    default:
      return id;
  }
}

function renderButtons(card: Card, { id: destination }: Pick<Destination, 'id'>): CardParams {
  const { incident } = card;
  const shown = buttonsOf(card).flatMap(([name, button]) => {
    const kind = button.form === undefined ? 'run' : 'ask';
    const press = encodePress({ kind, invocation: button.invocation, destination, incident });
    if (bytesOf(press) > share.press) return [];
    const confirm = button.confirm?.text ?? '';
    return [
      [name, said(button.label, share.label)],
      [`${name}_press`, press],
      ...(confirmedButtons.includes(name)
        ? [[`${name}_confirm`, said(confirm, share.confirm)]]
        : []),
    ];
  });
  return Object.fromEntries(shown) as CardParams;
}

/** The way to the runbook and to the console; a link is shown whole or not at all. */
function renderLinks({ language, runbookUrl, consoleUrl }: Card): string {
  const { buttons } = words(language).card;
  return [
    link(runbookUrl, buttons.runbook, linkBytesMax),
    link(consoleUrl, buttons.open, linkBytesMax),
  ].reduce<string>((all, one) => {
    const both = [all, one ?? ''].filter((each) => each !== '').join('  ·  ');
    return bytesOf(both) > valueBytesMax ? all : both;
  }, '');
}

function renderTrend({ label, values }: NonNullable<Card['spark']>): string {
  return `${said(label, share.trend - barsMax * 3 - 1)} ${sparkline(values.slice(-barsMax))}`;
}

function said(text: string, max: number): string {
  return clipBytes(plainText(text), max);
}

function paragraph(label: string, text: string): string {
  return `**${plainText(label)}**${newLine}${text}`;
}

function labelBytes(label: string): number {
  return bytesOf(paragraph(label, ''));
}
