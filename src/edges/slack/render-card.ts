import type { types } from '@slack/bolt';
import type { Card, GridRow, Tone } from '../../model/card.ts';
import type { Announcement } from '../../ports/channel.ts';
import { sparkline } from '../../rules/card/sparkline.ts';
import { words } from '../../rules/card/words/words.ts';
import { fallbackMax, headerMax, linkMax, phoneColumns, sectionMax, share } from './limits.ts';
import { type MenuLink, renderButtons } from './render-buttons.ts';
import {
  alignColumns,
  clip,
  clipEscaped,
  clipLines,
  codeBlock,
  displayWidth,
  escape,
  link,
  moment,
} from './text.ts';
import { zoned } from './zoned.ts';

/** The parts of a message. */
export interface SlackBody {
  /** What notifications and screen readers get. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
  readonly attachments: types.MessageAttachment[];
}

/** The colour bar: what people know from their other alerts, red for burning and green for over. */
const colors: Readonly<Record<Tone, string>> = {
  critical: '#a30200',
  warning: '#e8912d',
  info: '#3b82c4',
  acknowledged: '#daa038',
  resolved: '#2eb886',
};

/** A card as a message: the title on top, the rest beside the colour bar. Pure. */
export function renderCard(card: Card, text: string): SlackBody {
  const fallback = clipEscaped(text, fallbackMax);
  return {
    text: fallback,
    blocks: [{ type: 'header', text: plain(clip(card.title, headerMax)) }],
    attachments: [{ color: colors[card.tone], fallback, blocks: renderCardBlocks(card) }],
  };
}

/** Only words, for the day Slack does not take the blocks: an alert without buttons beats no alert. */
export function renderPlain(card: Card, text: string): SlackBody {
  const lines = [text, card.stateLine, card.advice];
  return { text: clipEscaped(lines.join('\n'), fallbackMax), blocks: [], attachments: [] };
}

/** What the bot says of itself without an incident: plain text, which every notification shows whole. */
export function renderNotice({ text, tone }: Announcement): SlackBody {
  const sign = tone === 'critical' ? ':red_circle:' : ':large_green_circle:';
  return { text: clipEscaped(`${sign} ${text}`, fallbackMax), blocks: [], attachments: [] };
}

/** Everything of a card below its title. */
export function renderCardBlocks(card: Card): types.KnownBlock[] {
  const { slack, common, card: cardWords } = words(card.language);
  const { labels } = cardWords;
  const inZone = (text: string): string => zoned(text, card.language, card.changedMs);
  const since = slack.since(moment(card.sinceMs, common.time(card.sinceMs)));
  const isDigest = card.incident === 0;
  const meta = common.join(
    isDigest ? [card.severity] : [card.severity, labels.incident(card.incident), card.ensemble],
  );
  const links = [
    linkOf(card.runbookUrl, cardWords.buttons.runbook),
    linkOf(card.consoleUrl, cardWords.buttons.open),
  ].filter((one) => one !== undefined);
  const blocks: (types.KnownBlock | undefined)[] = [
    context(`${clipEscaped(meta, share.meta)} · ${since}`),
    card.notice === undefined ? undefined : context(inZone(clipEscaped(card.notice, share.notice))),
    card.grid.length === 0 ? undefined : section(renderGrid(card.grid, common.more, share.grid)),
    section(
      [
        paragraph(labels.meaning, inZone(clipEscaped(card.meaning, share.meaning))),
        paragraph(labels.advice, inZone(clipEscaped(card.advice, share.advice))),
        ...links,
      ].join('\n'),
    ),
    card.evidence.length === 0
      ? undefined
      : section(
          `*${escape(labels.evidence)}*\n${codeBlock(clipLines(card.evidence, share.evidence, common.more))}`,
        ),
    card.symptoms.length === 0
      ? undefined
      : section(
          [
            `*${escape(labels.symptoms)}*`,
            ...clipLines(card.symptoms, share.symptoms, common.more).map((line) => `• ${line}`),
          ].join('\n'),
        ),
    card.spark === undefined ? undefined : context(renderSpark(card.spark)),
    card.recoveryLine === undefined
      ? undefined
      : section(inZone(clipEscaped(card.recoveryLine, share.recovery))),
    section(`*${inZone(clipEscaped(card.stateLine, share.state))}*`),
    renderButtons(card.buttons, card.more, runbookOf(card, cardWords.buttons.runbook)),
  ];
  return blocks.filter((block) => block !== undefined);
}

/** One server a line, columns aligned; where that is too wide for a phone, its lag goes with its state. */
export function renderGrid(
  rows: readonly GridRow[],
  more: (count: number) => string,
  max: number,
): string {
  const marks = { good: '✓', bad: '✗', odd: '?' } as const;
  const named = rows.map((row) => [marks[row.health], row.server, row.role]);
  const columns = alignColumns(
    rows.map(({ state, lag = '' }, index) => [...(named[index] ?? []), state, lag]),
  );
  const lines = columns.every((line) => displayWidth(line) <= phoneColumns)
    ? columns
    : alignColumns(
        rows.map(({ state, lag = '' }, index) => [
          ...(named[index] ?? []),
          lag === '' ? state : `${state} · ${lag}`,
        ]),
      );
  return codeBlock(clipLines(lines, max, more));
}

/** Bars of one sparkline: more do not fit beside the label on a phone. */
const barsMax = 30;

function renderSpark({ label, values }: NonNullable<Card['spark']>): string {
  return `${clipEscaped(label, share.spark)}  ${sparkline(values.slice(-barsMax))}`;
}

function paragraph(label: string, text: string): string {
  return `*${escape(label)}*\n${text}`;
}

/** The runbook as an entry of the menu; none where its address is too long to be one. */
function runbookOf({ runbookUrl }: Card, label: string): MenuLink | undefined {
  return runbookUrl === undefined || runbookUrl.length > linkMax
    ? undefined
    : { label, url: runbookUrl };
}

function linkOf(url: string | undefined, label: string): string | undefined {
  return url === undefined || url.length > linkMax ? undefined : link(url, label);
}

/** A section of escaped text; `verbatim` keeps Slack from making links of what only looks like one. */
export function section(text: string): types.SectionBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: clip(text, sectionMax), verbatim: true },
  };
}

export function context(text: string): types.ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}

export function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text };
}
