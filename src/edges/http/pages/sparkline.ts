import { type Html, html } from '../html.ts';

/** Values of one metric, oldest first; `undefined` where the server did not answer. */
export type SparkValues = readonly (number | undefined)[];

const width = 120;
const height = 26;
const inset = 2;

/** A line of recent values, drawn by attributes alone. Gaps are ticks at the foot: silence is shown, not bridged. */
export function sparkline(values: SparkValues, label: string): Html {
  const known = values.filter((value) => value !== undefined);
  const high = Math.max(1, ...known);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const points = values.map((value, index) => ({
    x: round(index * step),
    y: value === undefined ? undefined : yOf(value, high),
  }));
  const runs = runsOf(points);
  const last = points.at(-1);
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${runs
    .filter((run) => run.length > 1)
    .map(
      (run) =>
        html`<path class="spark-area" d="${areaOf(run)}"/><path class="spark-line" vector-effect="non-scaling-stroke" d="${lineOf(run)}"/>`,
    )}${points.map(
    ({ x, y }) =>
      y === undefined &&
      html`<path class="spark-gap" vector-effect="non-scaling-stroke" d="M${x} ${height}v-5"/>`,
  )}${
    last?.y !== undefined &&
    html`<path class="spark-dot" vector-effect="non-scaling-stroke" d="M${Math.min(last.x, width - 1)} ${last.y}h.01"/>`
  }</svg>`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function runsOf(
  points: readonly { readonly x: number; readonly y: number | undefined }[],
): readonly (readonly Point[])[] {
  const runs: Point[][] = [[]];
  for (const { x, y } of points) {
    if (y === undefined) runs.push([]);
    else runs.at(-1)?.push({ x, y });
  }
  return runs;
}

function lineOf(run: readonly Point[]): string {
  return run.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function areaOf(run: readonly Point[]): string {
  const first = run[0]?.x ?? 0;
  const last = run.at(-1)?.x ?? 0;
  return `${lineOf(run)}L${last} ${height}L${first} ${height}Z`;
}

function yOf(value: number, high: number): number {
  return round(height - inset - (Math.max(0, value) / high) * (height - 2 * inset));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
