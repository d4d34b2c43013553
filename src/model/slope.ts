/** A value at a time. */
export interface Mark {
  readonly atMs: number;
  readonly value: number;
}

/** How a line rises or falls, and within what bounds that is so. Per millisecond. */
export interface Slope {
  readonly perMs: number;
  readonly least: number;
  readonly most: number;
  /** Where the fitted line stands at its end. */
  readonly endValue: number;
  readonly endMs: number;
  /** How far the line goes from beginning to end, without a sign. */
  readonly travel: number;
  /** Median distance of the marks from the line. */
  readonly noise: number;
}

/** Marks a fit is made from: more are gathered into groups, each of which counts with its median. */
export const fitMarksMax = 60;

/** Fewer marks say nothing. */
export const fitMarksMin = 9;

/** Two-sided normal quantile of the interval: 99 %. */
const z99 = 2.576;

/**
 * The median of the slopes between all pairs of marks, which a quarter of wild values does not move, with the interval that Kendall's
 * tau gives: H. Theil (1950), P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau" (1968). Marks oldest first.
 */
export function slopeOf(marks: readonly Mark[]): Slope | undefined {
  const fit = gathered(marks.filter(({ value }) => Number.isFinite(value)));
  const [first, last] = [fit[0], fit.at(-1)];
  if (fit.length < fitMarksMin || first === undefined || last === undefined) return undefined;
  const slopes = pairSlopes(fit);
  if (slopes.length === 0) return undefined;
  const n = fit.length;
  const spread = z99 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? 0;
  const perMs = medianOfSorted(slopes);
  const level = medianOf(fit.map(({ atMs, value }) => value - perMs * (atMs - first.atMs)));
  return {
    perMs,
    least: at((slopes.length - spread) / 2 - 1),
    most: at((slopes.length + spread) / 2),
    endValue: level + perMs * (last.atMs - first.atMs),
    endMs: last.atMs,
    travel: Math.abs(perMs) * (last.atMs - first.atMs),
    noise: medianOf(
      fit.map(({ atMs, value }) => Math.abs(value - level - perMs * (atMs - first.atMs))),
    ),
  };
}

function pairSlopes(marks: readonly Mark[]): readonly number[] {
  const slopes: number[] = [];
  for (const [index, from] of marks.entries()) {
    for (const to of marks.slice(index + 1))
      if (to.atMs > from.atMs) slopes.push((to.value - from.value) / (to.atMs - from.atMs));
  }
  return slopes.sort((a, b) => a - b);
}

/** At most `fitMarksMax` marks, each the median of its group. */
function gathered(marks: readonly Mark[]): readonly Mark[] {
  const size = Math.ceil(marks.length / fitMarksMax);
  if (size <= 1) return marks;
  return Array.from({ length: Math.ceil(marks.length / size) }, (_, index) => {
    const group = marks.slice(index * size, (index + 1) * size);
    return {
      atMs: medianOf(group.map(({ atMs }) => atMs)),
      value: medianOf(group.map(({ value }) => value)),
    };
  });
}

/** The middle value; the mean of the two middle ones of an even number; NaN of none. */
export function medianOf(values: readonly number[]): number {
  return medianOfSorted(values.toSorted((a, b) => a - b));
}

function medianOfSorted(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/**
 * The slope of a line that goes one way all the time, or undefined: a flat, a noisy, a stepping or a saw-toothed line has none. Every
 * third must go the same way at least half as fast as the whole, farther than its noise, without ever turning back for long.
 */
export function steadySlopeOf(marks: readonly Mark[]): Slope | undefined {
  const whole = slopeOf(marks);
  const [first, last] = [marks[0], marks.at(-1)];
  if (whole === undefined || first === undefined || last === undefined) return undefined;
  if (whole.least <= 0 && whole.most >= 0) return undefined;
  if (whole.travel < noiseMin * whole.noise || whole.travel === 0) return undefined;
  if (turnOf(marks, Math.sign(whole.perMs)) > turnMax * whole.travel) return undefined;
  const third = (last.atMs - first.atMs) / 3;
  const thirds = [0, 1, 2].map((index) => {
    const fromMs = first.atMs + index * third;
    return slopeOf(marks.filter(({ atMs }) => atMs >= fromMs && atMs <= fromMs + third));
  });
  return thirds.every((slope) => slope !== undefined && slope.perMs / whole.perMs >= thirdMin)
    ? whole
    : undefined;
}

/** How many times its noise a line must go to be one. */
const noiseMin = 10;
/** The part of its way that a line may turn back at once. */
const turnMax = 0.25;
/** How fast each third must go, as part of the whole. */
const thirdMin = 0.5;

/** The longest way back against the direction of a line. */
function turnOf(marks: readonly Mark[], direction: number): number {
  let [farthest, turn] = [Number.NEGATIVE_INFINITY, 0];
  for (const { value } of marks) {
    farthest = Math.max(farthest, value * direction);
    turn = Math.max(turn, farthest - value * direction);
  }
  return turn;
}

/** When a line reaches a limit, as far as it goes on as it went. */
export interface Eta {
  readonly slope: Slope;
  /** From the end of the line. */
  readonly inMs: number;
  /** By the fast and by the slow end of the interval. */
  readonly soonestMs: number;
  readonly latestMs: number;
  /** `sure`: the two differ by less than a third; `likely`: by less than double; `rough`: by more. */
  readonly confidence: 'sure' | 'likely' | 'rough';
}

/**
 * When the line of the last `windowMs` reaches a limit. Undefined where the window is not filled, where it is no steady line, where it
 * is past the limit or goes away from it, and where what is older has been as near to the limit as the end is now: what came back once will again.
 */
export function etaOf(marks: readonly Mark[], limit: number, windowMs: number): Eta | undefined {
  const last = marks.at(-1);
  if (last === undefined) return undefined;
  const sinceMs = last.atMs - windowMs;
  const within = marks.filter(({ atMs }) => atMs >= sinceMs);
  const first = within[0];
  if (first === undefined || first.atMs - sinceMs > windowMs * filledMin) return undefined;
  const slope = steadySlopeOf(within);
  if (slope === undefined) return undefined;
  const direction = Math.sign(slope.perMs);
  const left = (limit - slope.endValue) * direction;
  if (left <= 0) return undefined;
  const before = marks.filter(({ atMs }) => atMs < sinceMs).map(({ value }) => value * direction);
  const wasThere = Math.max(...before) > slope.endValue * direction - newGround * slope.travel;
  if (wasThere) return undefined;
  const inMs = left / Math.abs(slope.perMs);
  const [slow, fast] = [Math.abs(slope.least), Math.abs(slope.most)].sort((a, b) => a - b);
  const soonestMs = left / (fast ?? 0);
  const latestMs = left / (slow ?? 0);
  return { slope, inMs, soonestMs, latestMs, confidence: confidenceOf(soonestMs, latestMs) };
}

/** The part of a window that may be empty at its beginning. */
const filledMin = 0.1;
/** How far beyond all that was before a line must have gone, as part of its way. */
const newGround = 0.25;

function confidenceOf(soonestMs: number, latestMs: number): Eta['confidence'] {
  if (latestMs <= soonestMs * 1.33) return 'sure';
  return latestMs <= soonestMs * 2 ? 'likely' : 'rough';
}
