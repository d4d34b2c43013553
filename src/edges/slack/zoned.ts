import type { Language } from '../../model/person.ts';
import { words } from '../../rules/card/words/words.ts';

/** Moments of one text that are put into the reader's zone: each makes it longer, and texts are bounded. */
const momentsMax = 6;

const halfYearMs = 183 * 86_400_000;

/**
 * A text of the catalogue with its moments in the zone of whoever reads it; clients that cannot show them as they were written. They
 * carry no year: it is the one that brings them nearest to `nearMs`. Escaped text in, mrkdwn out.
 */
export function zoned(text: string, language: Language, nearMs: number): string {
  const { moments, monthOf } = words(language).slack;
  let left = momentsMax;
  return text.replaceAll(moments, (...match: readonly unknown[]) => {
    const written = String(match[0]);
    const { day, month, clock } = match.at(-1) as Readonly<Record<string, string>>;
    const atMs = momentOf(Number(day), monthOf(month ?? ''), clock ?? '', nearMs);
    if (atMs === undefined || left === 0) return written;
    left -= 1;
    return `<!date^${Math.floor(atMs / 1000)}^{date_short_pretty} {time}|${written}>`;
  });
}

function momentOf(day: number, month: number, clock: string, nearMs: number): number | undefined {
  const [hour, minute] = clock.split(':').map(Number);
  if (month < 0 || month > 11 || hour === undefined || minute === undefined) return undefined;
  const year = new Date(nearMs).getUTCFullYear();
  const all = [year - 1, year, year + 1].map((each) => Date.UTC(each, month, day, hour, minute));
  return all.find((atMs) => Math.abs(atMs - nearMs) <= halfYearMs);
}
