import { distance } from 'fastest-levenshtein';

/** The choice a person most likely meant: at most one letter in three may be wrong. Undefined when nothing comes near. */
export function closest(word: string, choices: readonly string[]): string | undefined {
  const near = choices
    .map((choice) => ({ choice, wrong: distance(word.toLowerCase(), choice.toLowerCase()) }))
    .filter(({ choice, wrong }) => wrong <= Math.max(1, Math.floor(choice.length / 3)))
    .sort((a, b) => a.wrong - b.wrong);
  return near[0]?.choice;
}

/** The facts of a refusal that helps: what there is, and what was likely meant. */
export function choices(
  word: string,
  known: readonly string[],
): { readonly known: readonly string[]; readonly suggestion?: string } {
  const suggestion = closest(word, known);
  return { known, ...(suggestion === undefined ? {} : { suggestion }) };
}
