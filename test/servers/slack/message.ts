import { elementsOf, type Json, listOf, objectOf, stringOf } from './blocks.ts';

/** A message, ephemeral message or modal, read the way a person reads it. */
interface Readable {
  /** Everything a person reads, top to bottom, without the labels of buttons. */
  readonly text: string;
  /** Labels of the buttons in reach, in order. */
  readonly buttons: readonly string[];
  /** Labels inside the overflow menu. */
  readonly overflow: readonly string[];
}

/** A message in a channel. The object stays the same over edits. */
export interface SlackMessage extends Readable {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  /** The colour bar, `#a30200`; undefined without one. */
  readonly color: string | undefined;
  /** The top-level `text`: what a notification shows. */
  readonly notification: string;
  readonly edits: number;
  readonly deleted: boolean;
  /** Replies in its thread, oldest first. */
  readonly replies: readonly SlackMessage[];
  readonly metadata: Json | undefined;
  readonly raw: Json;
}

/** What only one person sees. */
export interface SlackEphemeral extends Readable {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly raw: Json;
}

/** A modal in front of a person. */
export interface SlackModal extends Readable {
  readonly id: string;
  readonly user: string;
  readonly title: string;
  readonly submit: string | undefined;
  /** Labels of its input fields, by action id. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Errors under the fields, by action id, after a submission that was sent back. */
  readonly errors: Readonly<Record<string, string>>;
  readonly open: boolean;
  readonly raw: Json;
}

/** The blocks of a message with those of its attachments, as they stand on the screen. */
export function blocksOf(raw: Json): readonly Json[] {
  const attachments = listOf(raw['attachments']).flatMap((one) => listOf(one['blocks']));
  return [...listOf(raw['blocks']), ...attachments];
}

export function colorOf(raw: Json): string | undefined {
  const color = listOf(raw['attachments'])[0]?.['color'];
  return typeof color === 'string' ? color : undefined;
}

/** Reads what a person reads: without top-level blocks the `text` stands above the attachments, with them it is only a fallback. */
export function readText(raw: Json): string {
  const top = listOf(raw['blocks']).length === 0 ? [withoutZone(stringOf(raw['text']))] : [];
  return [...top, ...blocksOf(raw).map(readBlock)].filter((line) => line !== '').join('\n');
}

function readBlock(block: Json): string {
  const element = objectOf(block['element']);
  const parts = [
    block['text'],
    ...listOf(block['fields']),
    ...(block['type'] === 'context' ? listOf(block['elements']) : []),
    block['label'],
    element['placeholder'],
    ...(block['type'] === 'input'
      ? listOf(element['options']).map((option) => option['text'])
      : []),
  ];
  return parts
    .map(readWords)
    .filter((words) => words !== '')
    .join('\n');
}

/** mrkdwn is escaped on the wire; plain text stands as it is. */
function readWords(value: unknown): string {
  const { type, text } = objectOf(value);
  if (typeof text !== 'string') return '';
  return type === 'mrkdwn' ? unescape(withoutZone(text)) : text;
}

/** Moments as a client shows them that knows no zones. */
function withoutZone(text: string): string {
  return text.replaceAll(/<!date\^\d+\^\{date_short_pretty\} \{time\}\|([^>]*)>/gu, '$1');
}

function unescape(words: string): string {
  return words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Something a person can press: a button, or an entry of the overflow menu. */
export interface Pressable {
  readonly label: string;
  readonly inOverflow: boolean;
  readonly confirm: Json | undefined;
  /** The entry of `actions` that Slack sends for it. */
  readonly action: Json;
}

export function pressablesOf(raw: Json): readonly Pressable[] {
  return blocksOf(raw).flatMap((block) =>
    elementsOf([block]).flatMap((element) =>
      pressableOf(element, stringOf(block['block_id'], 'b')),
    ),
  );
}

function pressableOf(element: Json, blockId: string): readonly Pressable[] {
  const confirm = element['confirm'] === undefined ? undefined : objectOf(element['confirm']);
  const base = { type: element['type'], action_id: element['action_id'], block_id: blockId };
  if (element['type'] === 'overflow') {
    return listOf(element['options']).map((option) => ({
      label: readWords(option['text']),
      inOverflow: true,
      confirm,
      action: { ...base, selected_option: option },
    }));
  }
  const label = readWords(element['text']);
  return [
    {
      label,
      inOverflow: false,
      confirm,
      action: { ...base, text: element['text'], value: element['value'] },
    },
  ];
}
