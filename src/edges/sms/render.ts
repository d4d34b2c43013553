import type { Card } from '../../model/card.ts';
import type { Language } from '../../model/person.ts';
import type { Announcement, Delivery } from '../../ports/channel.ts';
import { cut } from '../../rules/card/words/bounds.ts';
import { words } from '../../rules/card/words/words.ts';
import { type Alphabet, alphabetOf, gsmOf, roomOf, segmentsOf, unitsOf } from './gsm.ts';
import { linkUnitsMax, saidUnitsMin, segmentsMax, variableCharsMax } from './limits.ts';

/** What an SMS says, in the two forms there are: a text, and the words of a template that was registered before. */
export interface Said {
  /** `Page #12` */
  readonly head: string;
  /** What happened, the fullest form first; the first that fits is taken. */
  readonly texts: readonly string[];
  readonly link?: string;
  readonly variables: Readonly<Record<Variable, string>>;
}

/** The variables of a template. `id`, `mobile` and the like are not allowed as names. */
export const variables = ['level', 'code', 'ensemble', 'what', 'state'] as const;

export type Variable = (typeof variables)[number];

/** What one delivery says. Pure. */
export function saidOf(delivery: Delivery): Said {
  const { card } = delivery;
  const { sms } = words(card.language);
  // A digest is of no incident.
  const isDigest = card.incident === 0;
  const line = delivery.kind === 'speak' ? delivery.line.text : card.title;
  const texts = line !== card.title && line.includes(card.title) ? [line, card.title] : [line];
  const level = card.tone === 'resolved' ? '' : card.severity;
  return {
    head: isDigest ? '' : sms.head(level, card.incident),
    texts,
    ...(card.consoleUrl === undefined ? {} : { link: card.consoleUrl }),
    variables: variablesOf({
      level: card.severity,
      code: isDigest ? sms.several : String(card.incident),
      ensemble: isDigest ? sms.several : card.ensemble,
      // A variable is short: where the fault is named, it is the fault alone.
      what: withoutEnsemble(texts.at(-1) ?? line, card),
      state: sms.state[card.tone],
    }),
  };
}

/** What the bot says of itself. Pure. */
export function saidOfNotice({ text, tone }: Announcement, language: Language): Said {
  const { common, sms } = words(language);
  return {
    head: '',
    texts: [text],
    variables: variablesOf({
      level: common.severity.page,
      code: 'Nightkeeper',
      ensemble: sms.several,
      what: text,
      state: sms.state[tone],
    }),
  };
}

/**
 * The text for one number, in one part where that says enough, in two otherwise. A number of mainland China gets no link: operators
 * there drop messages with addresses that nobody registered.
 */
export function textFor(said: Said, number: string): string {
  const head = gsmOf(said.head);
  const link = linkFor(said.link, number);
  const texts = said.texts.map(gsmOf);
  const whole = texts.map((text) => joined(head, text, link));
  const fits = whole.find((text) => segmentsOf(text) === 1);
  if (fits !== undefined) return fits;
  // What is cut should be the plainest form: names go before the fault.
  const text = texts.at(-1) ?? '';
  for (let segments = 1; segments <= segmentsMax; segments += 1) {
    const shortened = shortenedTo(head, text, link, segments);
    if (shortened !== undefined) return shortened;
  }
  return shortenedTo(head, text, '', segmentsMax, 0) ?? '';
}

function linkFor(link: string | undefined, number: string): string {
  if (link === undefined || number.startsWith('+86')) return '';
  return alphabetOf(link) === 'gsm' && unitsOf(link, 'gsm') <= linkUnitsMax ? link : '';
}

function joined(head: string, text: string, link: string): string {
  return [head, text, link].filter((part) => part !== '').join(' ');
}

/** The text cut so that all of it goes into so many parts; undefined where too little of it would be left. */
function shortenedTo(
  head: string,
  text: string,
  link: string,
  segments: number,
  least?: number,
): string | undefined {
  const alphabet = alphabetOf(joined(head, text, link));
  const room = roomOf(segments, alphabet) - unitsOf(joined(head, '.', link), alphabet) + 1;
  const said = cutTo(text, room, alphabet);
  return unitsOf(said, alphabet) <
    Math.min(least ?? saidUnitsMin[alphabet], unitsOf(text, alphabet))
    ? undefined
    : joined(head, said, link);
}

function cutTo(text: string, room: number, alphabet: Alphabet): string {
  if (unitsOf(text, alphabet) <= room) return text;
  const dots = alphabet === 'gsm' ? '...' : '…';
  let said = '';
  let units = unitsOf(dots, alphabet);
  for (const letter of text) {
    units += unitsOf(letter, alphabet);
    if (units > room) break;
    said += letter;
  }
  return said === '' ? '' : `${said.trimEnd()}${dots}`;
}

/** The template names the ensemble by itself. */
function withoutEnsemble(title: string, { ensemble }: Card): string {
  return title.startsWith(ensemble)
    ? title.slice(ensemble.length).replace(/^[\s:：/,，]+/u, '')
    : title;
}

function variablesOf(values: Readonly<Record<Variable, string>>): Said['variables'] {
  return {
    level: variableOf(values.level),
    code: variableOf(values.code),
    ensemble: variableOf(values.ensemble),
    what: variableOf(values.what),
    state: variableOf(values.state),
  };
}

/**
 * A value as a variable takes it: short, without brackets and rare signs, and without anything that looks like an address, for
 * which a message is refused (`isv.PARAM_NOT_SUPPORT_URL`). Never empty, which is refused, too.
 */
function variableOf(value: string): string {
  const plain = gsmOf(value)
    .replaceAll(/https?:\/\/\S*/gu, '')
    // zk1.example.com and 10.0.0.1 read as well with hyphens.
    .replaceAll(/[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/gu, (host) =>
      /^\d+\.\d+$/u.test(host) ? host : host.replaceAll('.', '-'),
    )
    .replaceAll(/[^\p{L}\p{N} .,:;/_()%+<>='"，。：；、（）-]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return plain === '' ? '-' : cut(plain, variableCharsMax).replace(/…$/u, '');
}
