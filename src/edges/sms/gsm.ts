import { partUnits, segmentUnits } from './limits.ts';

/** The letters of GSM-7, and those that cost two units in it. @see 3GPP TS 23.038, 6.2.1 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extended = new Set('^{}\\[~]|€\f');

/** What stands in texts of the bot and is not in GSM-7: one such letter would make the SMS less than half as long. */
const plainer: Readonly<Record<string, string>> = {
  '—': '-',
  '–': '-',
  '‑': '-',
  '−': '-',
  '…': '...',
  '·': '-',
  '•': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '×': 'x',
  '÷': '/',
  '≥': '>=',
  '≤': '<=',
  '≈': '~',
  '→': '->',
  '←': '<-',
  '✓': 'ok',
  µ: 'u',
  '°': ' deg',
  '`': "'",
  '\t': ' ',
};

/** The text with letters that an SMS has, as far as there are any; Chinese stays Chinese. */
export function gsmOf(text: string): string {
  return Array.from(text.replaceAll(/[\p{Zs}\p{Zl}\p{Zp}\r\n]+/gu, ' '))
    .map((letter) => letterOf(letter))
    .join('')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

function letterOf(letter: string): string {
  if (basic.has(letter) || extended.has(letter)) return letter;
  const known = plainer[letter];
  if (known !== undefined) return known;
  // Punctuation of Chinese texts: they are in the other alphabet anyway.
  if (/[\uff00-\uffef]/u.test(letter)) return letter;
  // ő is an o with strokes: who reads it at night reads it without them, too.
  const bare = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return bare !== '' && Array.from(bare).every((one) => basic.has(one)) ? bare : letter;
}

export type Alphabet = keyof typeof segmentUnits;

export function alphabetOf(text: string): Alphabet {
  return Array.from(text).every((letter) => basic.has(letter) || extended.has(letter))
    ? 'gsm'
    : 'ucs2';
}

/** What a text takes of an SMS in its alphabet. */
export function unitsOf(text: string, alphabet: Alphabet): number {
  if (alphabet === 'ucs2') return text.length;
  return Array.from(text).reduce((sum, letter) => sum + (extended.has(letter) ? 2 : 1), 0);
}

/** The parts an SMS with this text is sent in, each of which is paid for. */
export function segmentsOf(text: string): number {
  const alphabet = alphabetOf(text);
  const units = unitsOf(text, alphabet);
  return units <= segmentUnits[alphabet] ? 1 : Math.ceil(units / partUnits[alphabet]);
}

/** Units that so many parts hold together. */
export function roomOf(segments: number, alphabet: Alphabet): number {
  return segments === 1 ? segmentUnits[alphabet] : segments * partUnits[alphabet];
}
