import type { types } from '@slack/bolt';
import type { Card } from '../../model/card.ts';
import type { Language } from '../../model/person.ts';
import type { Form, FormField, Reply, ReplyBlock } from '../../model/reply.ts';
import { words } from '../../rules/card/words/words.ts';
import {
  blocksMax,
  choicesMax,
  fallbackMax,
  fieldsMax,
  idMax,
  inputLabelMax,
  labelMax,
  linkMax,
  optionValueMax,
  reasonMax,
  sectionMax,
  share,
  textSumMax,
  viewBlocksMax,
  viewLabelMax,
} from './limits.ts';
import { renderButtons } from './render-buttons.ts';
import { context, plain, renderCardBlocks, renderGrid, section } from './render-card.ts';
import { renderCompletions } from './render-completions.ts';
import { dots, renderTable, rowsWithin } from './render-table.ts';
import { clip, clipEscaped, clipLines, escape } from './text.ts';
import { linkValue } from './wire.ts';
import { zoned } from './zoned.ts';

/** `block_id` of the question in a form, and `action_id` of its field. */
export const reasonField = 'reason';

/** `callback_id` of a form. */
export const formCallback = 'nk-form';

/** The form of a reply that asks, if it does. */
export function formOf(reply: Reply): Form | undefined {
  return reply.blocks.find((block) => block.kind === 'form')?.form;
}

/** An answer as a message. Pure. What does not fit into one message is counted at its end. */
export function renderReply(
  reply: Reply,
  language: Language,
): { readonly text: string; readonly blocks: types.KnownBlock[] } {
  return {
    text: clipEscaped(summaryOf(reply), fallbackMax),
    blocks: renderBlocks(reply, language),
  };
}

/** An answer as a modal without a question. */
export function replyView(reply: Reply, language: Language): types.ModalView {
  const { slack } = words(language);
  const titles: Readonly<Record<Reply['outcome'], string>> = {
    done: slack.doneTitle,
    ask: slack.doneTitle,
    refused: slack.refusedTitle,
    failed: slack.failedTitle,
  };
  return view(titles[reply.outcome], renderBlocks(reply, language), language);
}

/** An answer as the bot's own page. */
export function homeView(reply: Reply, language: Language): types.HomeView {
  return { type: 'home', blocks: renderBlocks(reply, language, viewBlocksMax) };
}

/** A modal that only says something: while we look, while we work. */
export function noticeView(title: string, text: string, language: Language): types.ModalView {
  return view(title, [section(escape(text))], language);
}

/** A form as a modal: the sum in lines, then the question. */
export function formView(form: Form, memory: string, language: Language): types.ModalView {
  const typed = form.invocation.options['reason'] ?? '';
  const mark = form.danger ? '⚠️ ' : '';
  const heading = form.title.length > viewLabelMax ? [`*${escape(form.title)}*`] : [];
  const lines = clipLines(
    form.lines,
    sectionMax - form.title.length - 20,
    words(language).common.more,
  );
  return {
    type: 'modal',
    callback_id: formCallback,
    private_metadata: memory,
    title: label(form.title),
    submit: label(form.submit),
    close: label(form.cancel),
    blocks: [
      ...(heading.length + lines.length === 0
        ? []
        : [section(`${mark}${[...heading, ...lines].join('\n')}`)]),
      ...(form.fields ?? []).slice(0, fieldsMax).map(renderField),
      {
        type: 'input',
        block_id: reasonField,
        label: plain(clip(form.reasonLabel, inputLabelMax)),
        element: {
          type: 'plain_text_input',
          action_id: reasonField,
          multiline: true,
          max_length: reasonMax,
          ...(typed === '' ? {} : { initial_value: clip(typed, reasonMax) }),
        },
      },
    ],
  };
}

/** A field of a form. Only the reason must be given: the others have a first choice, or may stay empty. */
function renderField(field: FormField): types.InputBlock {
  const base = {
    type: 'input',
    block_id: clip(field.name, idMax),
    optional: field.kind !== 'choice',
  } as const;
  const action_id = clip(field.name, idMax);
  switch (field.kind) {
    case 'choice': {
      const options = field.options.slice(0, choicesMax).map(optionOf);
      const chosen = options.find(({ value }) => value === field.chosen);
      return {
        ...base,
        label: plain(clip(field.label, inputLabelMax)),
        element: {
          type: 'static_select',
          action_id,
          options,
          ...(chosen === undefined ? {} : { initial_option: chosen }),
        },
      };
    }
    case 'moment':
      return {
        ...base,
        label: plain(clip(field.label, inputLabelMax)),
        element: { type: 'datetimepicker', action_id },
      };
    case 'flag': {
      const [head = '', ...rest] = field.label.split(/(?<=[:：])\s*/u);
      const said = rest.length === 0 ? field.label : rest.join(' ');
      return {
        ...base,
        label: plain(clip(head.replace(/[:：]\s*$/u, ''), inputLabelMax)),
        element: {
          type: 'checkboxes',
          action_id,
          options: [optionOf({ value: 'yes', label: said })],
        },
      };
    }
  }
}

function optionOf(option: { readonly value: string; readonly label: string }): {
  text: types.PlainTextElement;
  value: string;
} {
  return { text: plain(clip(option.label, labelMax)), value: clip(option.value, optionValueMax) };
}

function view(title: string, blocks: types.KnownBlock[], language: Language): types.ModalView {
  return {
    type: 'modal',
    title: label(title),
    close: label(words(language).slack.close),
    blocks,
  };
}

function label(text: string): types.PlainTextElement {
  return plain(clip(text, viewLabelMax));
}

function renderBlocks(
  reply: Reply,
  language: Language,
  most: number = blocksMax,
): types.KnownBlock[] {
  const { more } = words(language).common;
  const isPage = most > blocksMax;
  const cards = reply.blocks.filter((block) => block.kind === 'card').length;
  const kept: types.KnownBlock[] = [];
  let sum = 0;
  for (const [index, block] of reply.blocks.entries()) {
    const rendered = renderBlock(block, isPage || cards > 1, language);
    const length = textLength(rendered);
    // One block is kept free for the line that counts the rest.
    if (sum + length > textSumMax || kept.length + rendered.length >= most) {
      kept.push(...beginningOf(block, textSumMax - sum, reply.blocks.length - index, more));
      break;
    }
    sum += length;
    kept.push(...rendered);
  }
  return kept;
}

/** As much of what does not fit as can be said, and how much is left: rows of a table, else whole parts of the answer. */
function beginningOf(
  block: ReplyBlock,
  room: number,
  left: number,
  more: (count: number) => string,
): types.KnownBlock[] {
  if (block.kind !== 'table' || left > 1) return [context(more(left))];
  const begun = rowsWithin(block, room, textLength);
  return [...renderTable(begun), context(more(block.rows.length - begun.rows.length))];
}

function renderBlock(block: ReplyBlock, brief: boolean, language: Language): types.KnownBlock[] {
  const { more } = words(language).common;
  switch (block.kind) {
    case 'text':
      return block.text === '' ? [] : [section(clipEscaped(block.text, sectionMax))];
    case 'facts':
      return renderTable({ head: [], rows: block.rows });
    case 'table':
      return renderTable(block);
    case 'grid':
      return [
        section(
          `${dots[block.tone]} *${clipEscaped(block.title, share.meta)}*\n${renderGrid(block.rows, more, share.grid)}`,
        ),
      ];
    case 'card':
      return brief ? renderBrief(block.card) : renderWhole(block.card);
    case 'link':
      return block.url.length > linkMax ? [] : [renderLink(block.label, block.url)];
    case 'completions':
      return renderCompletions(block, more);
    case 'form':
      return [section(clipLines([block.form.title, ...block.form.lines], 2800, more).join('\n'))];
  }
}

function renderLink(label: string, url: string): types.ActionsBlock {
  const text = plain(clip(label, labelMax));
  return {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'nk-open', style: 'primary', text, url, value: linkValue },
    ],
  };
}

function renderWhole(card: Card): types.KnownBlock[] {
  return [section(titleOf(card)), ...renderCardBlocks(card)];
}

/** A card among others: what it is, how it stands, what to press. */
function renderBrief(card: Card): types.KnownBlock[] {
  const state = zoned(clipEscaped(card.stateLine, share.state), card.language, card.changedMs);
  const buttons = renderButtons(card.buttons, card.more);
  return [section(`${titleOf(card)}\n${state}`), ...(buttons === undefined ? [] : [buttons])];
}

function titleOf(card: Card): string {
  return `${dots[card.tone]} *#${card.incident} ${clipEscaped(card.title, share.meta)}*`;
}

/** What a notification says of an answer: its first words. */
function summaryOf(reply: Reply): string {
  for (const block of reply.blocks) {
    switch (block.kind) {
      case 'text':
        return block.text;
      case 'grid':
        return block.title;
      case 'card':
        return block.card.title;
      case 'form':
        return block.form.title;
      case 'completions':
      case 'link':
      case 'facts':
      case 'table':
    }
  }
  return 'Nightkeeper';
}

function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return textLength(Object.values(value));
}
