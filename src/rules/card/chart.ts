import { wallOf } from '../../model/zone.ts';
import type { ChartUnit } from './chart-metric.ts';
import type { Plot } from './plots.ts';
import { bytes, thousands } from './words/figures.ts';

/** A figure over time, one line for each server. Texts in it are names and numbers: a picture knows no language. */
export interface Chart {
  readonly title: string;
  readonly unit: ChartUnit;
  readonly fromMs: number;
  readonly toMs: number;
  /** In which zone the times below the picture are read. */
  readonly zone: string;
  readonly lines: readonly { readonly label: string; readonly plots: readonly Plot[] }[];
  /** Incidents in that time: `#12` from its beginning to its end. */
  readonly marks: readonly {
    readonly label: string;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
}

/** Pixels: a picture that a phone shows over its whole width, with letters of the size of the chat's own. */
export const chartWidth = 1200;
export const chartHeight = 720;

const frame = { left: 132, right: 150, top: 96, bottom: 72 };
const plotWidth = chartWidth - frame.left - frame.right;
const plotHeight = chartHeight - frame.top - frame.bottom;
const letter = 26;

/** Told apart by those who see no red or green, on white: Okabe and Ito, "Color Universal Design" (2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#444444'];

/** Lines of one picture; ensembles have rarely more than nine servers. */
export const chartLinesMax = 9;

/** A chart as an SVG picture on a light ground. */
export function drawChart(chart: Chart): string {
  const lines = chart.lines.slice(0, chartLinesMax);
  const most = Math.max(
    0,
    ...lines.flatMap(({ plots }) => plots.map(({ value }) => value)).filter(Number.isFinite),
  );
  const scale = scaleOf(most, chart.unit);
  const x = (atMs: number): number =>
    round(frame.left + ((atMs - chart.fromMs) / (chart.toMs - chart.fromMs)) * plotWidth);
  const y = (value: number): number => round(frame.top + (1 - value / scale.top) * plotHeight);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${chartWidth}" height="${chartHeight}" viewBox="0 0 ${chartWidth} ${chartHeight}" font-family="Roboto" font-size="${letter}">`,
    `<rect width="${chartWidth}" height="${chartHeight}" fill="#ffffff"/>`,
    `<text x="${frame.left}" y="52" font-size="34" font-weight="500" fill="#1b1f24">${escape(chart.title)}</text>`,
    ...marks(chart, x),
    ...scale.ticks.map((tick) => rule(y(tick), labelOf(tick, chart.unit))),
    ...times(chart).map(({ atMs, label }) => time(x(atMs), label)),
    ...lines.map(({ plots }, index) => path(plots, colourOf(index), x, y)),
    ...labels(lines, y),
    '</svg>',
  ].join('');
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '#444444';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function rule(y: number, label: string): string {
  return `<line x1="${frame.left}" x2="${frame.left + plotWidth}" y1="${y}" y2="${y}" stroke="#e3e6ea" stroke-width="2"/><text x="${frame.left - 14}" y="${y + 9}" text-anchor="end" fill="#57606a">${escape(label)}</text>`;
}

function time(x: number, label: string): string {
  return `<text x="${x}" y="${chartHeight - 26}" text-anchor="middle" fill="#57606a">${escape(label)}</text>`;
}

function marks(chart: Chart, x: (atMs: number) => number): readonly string[] {
  return chart.marks.map(({ label, fromMs, toMs }, index) => {
    const from = x(Math.max(chart.fromMs, fromMs));
    const width = Math.max(4, x(Math.min(chart.toMs, toMs)) - from);
    const row = frame.top + 22 + (index % 3) * 26;
    return `<rect x="${from}" y="${frame.top}" width="${width}" height="${plotHeight}" fill="#cf222e" fill-opacity="0.1"/><text x="${from + 6}" y="${row}" font-size="22" fill="#a40e26">${escape(label)}</text>`;
  });
}

/** A line that breaks where nothing was seen; a value between two gaps is a dot. */
function path(
  plots: readonly Plot[],
  colour: string,
  x: (atMs: number) => number,
  y: (value: number) => number,
): string {
  const runs = plots.reduce<Plot[][]>(
    (all, plot) => {
      if (!Number.isFinite(plot.value)) return [...all, []];
      all.at(-1)?.push(plot);
      return all;
    },
    [[]],
  );
  return runs
    .filter((run) => run.length > 0)
    .map((run) => {
      const points = run.map(({ atMs, value }) => `${x(atMs)},${y(value)}`);
      return run.length === 1
        ? `<circle cx="${points[0]?.split(',')[0]}" cy="${points[0]?.split(',')[1]}" r="5" fill="${colour}"/>`
        : `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/>`;
    })
    .join('');
}

/** The name of each line at its end, pushed apart where they would lie on each other. */
function labels(lines: Chart['lines'], y: (value: number) => number): readonly string[] {
  const gap = letter + 6;
  const ends = lines
    .map(({ label, plots }, index) => {
      const last = plots.findLast(({ value }) => Number.isFinite(value));
      return { label, colour: colourOf(index), at: last === undefined ? undefined : y(last.value) };
    })
    .map((end) => ({ ...end, at: end.at ?? frame.top + plotHeight }))
    .sort((a, b) => a.at - b.at);
  let lowest = Number.NEGATIVE_INFINITY;
  const spread = ends.map((end) => {
    lowest = Math.max(end.at, lowest + gap);
    return { ...end, at: lowest };
  });
  const over = Math.max(0, lowest - (frame.top + plotHeight));
  return spread.map(
    ({ label, colour, at }) =>
      `<text x="${frame.left + plotWidth + 14}" y="${round(at - over + 9)}" font-weight="500" fill="${colour}">${escape(shorten(label))}</text>`,
  );
}

/** What fits beside the picture. */
function shorten(label: string): string {
  return label.length <= 10 ? label : `…${label.slice(-8).replace(/^[.:-]+/u, '')}`;
}

/** From zero to a round number above all values, in three to five steps. */
function scaleOf(
  most: number,
  unit: ChartUnit,
): { readonly top: number; readonly ticks: readonly number[] } {
  const base = unit === 'bytes' ? 1024 ** Math.floor(Math.log2(Math.max(1, most)) / 10) : 1;
  const step = niceStep(Math.max(most / base, unit === 'count' ? 4 : 1) / 4) * base;
  const count = Math.max(1, Math.ceil(Math.max(most, base) / step - 1e-9));
  return {
    top: step * count,
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
  };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10;
  return step * power;
}

function labelOf(value: number, unit: ChartUnit): string {
  switch (unit) {
    case 'ms':
      return value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
    case 'bytes':
      return value === 0 ? '0' : bytes(value);
    case 'percent':
      return `${short(value)} %`;
    case 'per-second':
      return `${short(value)}/s`;
    case 'count':
      return value >= 1_000_000 ? `${short(value / 1_000_000)}M` : thousands(value);
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const minute = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (each) => each * minute,
);

/** Full hours and days by the clocks of the zone, at most seven of them. */
function times({ fromMs, toMs, zone }: Chart): readonly { atMs: number; label: string }[] {
  const step = steps.find((each) => (toMs - fromMs) / each <= 7) ?? 10_080 * minute;
  const offset = wallOf(fromMs, zone) - Math.floor(fromMs / 1000) * 1000;
  const first = Math.ceil((fromMs + offset) / step) * step - offset;
  const ticks = Array.from({ length: 8 }, (_, index) => first + index * step);
  return ticks
    .filter((atMs) => atMs <= toMs)
    .map((atMs) => ({ atMs, label: clock(wallOf(atMs, zone), step) }));
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function clock(wallMs: number, step: number): string {
  const days = Math.floor(wallMs / (1440 * minute));
  const minutes = Math.floor((wallMs - days * 1440 * minute) / minute);
  if (step >= 1440 * minute) return dayOf(days);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Days since 1970 as `21 Nov`: Howard Hinnant, "chrono-compatible algorithms". */
function dayOf(days: number): string {
  const era = Math.floor((days + 719_468) / 146_097);
  const dayOfEra = days + 719_468 - era * 146_097;
  const year = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return `${day} ${months[(shifted + 2) % 12] ?? ''}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
