import { thousands } from './figures.ts';

/**
 * English words that hang on a count, by the plural rules of the language that the platform knows (Unicode CLDR). A count meets its
 * noun through these everywhere in English texts; Chinese has one form for every count, and needs none of them.
 */

const cardinals = new Intl.PluralRules('en');
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

/** What follows the figure of an ordinal. */
const endings: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = {
  one: 'st',
  two: 'nd',
  few: 'rd',
};

/** The one of two forms that goes with a count: `byCount(3, 'is', 'are')` is `are`. */
export function byCount(count: number, one: string, other: string): string {
  return cardinals.select(count) === 'one' ? one : other;
}

/** A count with its noun: `1 voter`, `3 voters`; the second form where it is not the first with an s. */
export function counted(count: number, one: string, other = `${one}s`): string {
  return `${count} ${byCount(count, one, other)}`;
}

/** A count that may be large, with its noun: `1 znode`, `1,200,000 znodes`. */
export function thousandsOf(count: number, one: string, other = `${one}s`): string {
  return `${thousands(count)} ${byCount(count, one, other)}`;
}

/** `1st`, `2nd`, `11th`, `23rd` */
export function ordinal(count: number): string {
  return `${count}${endings[ordinals.select(count)] ?? 'th'}`;
}
