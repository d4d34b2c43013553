import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant, if one is near enough: one slip for every three letters, and two letters exchanged in a short word. */
export function meant(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(
    word.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const slips = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3));
  if (distance(word.toLowerCase(), best) > slips) return undefined;
  return known.find((name) => name.toLowerCase() === best);
}
