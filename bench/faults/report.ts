import { table } from '../stats.ts';
import type { Quiet } from './quiet.ts';
import type { Result } from './trial.ts';

/** What falls short of: recognised, located, one card, none wrong, paged where it must, over in the end. */
export function shortfalls(
  results: readonly Result[],
  quiet: Quiet | undefined,
): readonly string[] {
  const of = results
    .filter(({ skipped }) => skipped === undefined)
    .flatMap((result) => {
      const what = [
        ...(result.error === undefined ? [] : [result.error]),
        ...(result.recognised ? [] : [`not recognised as ${result.expected.join(' or ')}`]),
        ...(result.recognised && !result.located ? ['located wrong'] : []),
        ...(result.recognised && result.cards.length > 1 ? [`${result.cards.length} cards`] : []),
        ...(result.pages && result.recognised && result.pageMs === undefined
          ? ['nobody was called']
          : []),
        ...(result.disturbed === true ? ['people were called for nothing'] : []),
        ...(result.cards.length > 0 && result.resolvedMs === undefined ? ['did not end'] : []),
      ];
      return what.length === 0
        ? []
        : [`${result.name}: ${what.join(', ')} [${result.cards.join(' | ')}]`];
    });
  const noise = (quiet?.cards ?? []).map((title) => `quiet: ${title}`);
  return [...of, ...noise];
}

export function tableOf(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.name,
    result.servers.join('+'),
    result.expected.join(' or '),
    ...(result.skipped === undefined
      ? [
          result.recognised ? 'yes' : 'NO',
          result.located ? 'yes' : 'NO',
          String(result.cards.length),
          String(result.wrong.length),
          ms(result.cardMs),
          result.pages ? ms(result.pageMs) : 'none due',
          ms(result.resolvedMs),
        ]
      : [`skipped: ${result.skipped}`]),
  ]);
  const head = [
    'fault',
    'on',
    'expected',
    'recognised',
    'located',
    'cards',
    'false',
    'card ms',
    'page ms',
    'resolved ms',
  ];
  return table(head, rows);
}

/** The closing line. */
export function closingLine(results: readonly Result[], quiet: Quiet | undefined): string {
  const done = results.filter(({ skipped }) => skipped === undefined);
  const count = (is: (result: Result) => boolean) => `${done.filter(is).length}/${done.length}`;
  const sum = (of: (result: Result) => number) =>
    done.reduce((total, result) => total + of(result), 0);
  const cards = done.flatMap(({ cardMs }) => cardMs ?? []);
  const pages = done.flatMap(({ pageMs }) => pageMs ?? []);
  return (
    `faults ${count(({ recognised }) => recognised)} recognised, ${count(({ located }) => located)} located, ` +
    `${sum((result) => result.cards.length)} cards, ${sum((result) => result.wrong.length)} false, ` +
    `quiet ${quiet === undefined ? 0 : minutes(quiet.ms)} min with ${quiet?.cards.length ?? 0} cards, ` +
    `card p50 ${percentile(cards, 0.5)} ms p95 ${percentile(cards, 0.95)} ms, page p50 ${percentile(pages, 0.5)} ms`
  );
}

function minutes(milliseconds: number): number {
  return Math.round(milliseconds / 6000) / 10;
}

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? '-' : String(Math.round(value));
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : String(Math.round(value));
}
