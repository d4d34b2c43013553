/** Items of a list written into one sentence; more are counted. A phone shows about this many names in two lines. */
export const listedMax = 8;

/** Cuts a text to at most `max` code points, the ellipsis included, and never in the middle of a character. */
export function cut(text: string, max: number): string {
  const points = Array.from(text);
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
}

/** The first items of a list and a last one that counts the rest, at most `max` together. */
export function bounded(
  items: readonly string[],
  max: number,
  more: (count: number) => string,
): readonly string[] {
  if (items.length <= max) return items;
  return [...items.slice(0, max - 1), more(items.length - max + 1)];
}
