const bars = Array.from('▁▂▃▄▅▆▇█');

/**
 * A row of numbers as a line of bars, oldest first. The lowest bar stands for the smallest value and the highest for the largest;
 * equal values are all low, and what is not a number is a gap.
 */
export function sparkline(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return ' ';
      const share = span === 0 ? 0 : (value - low) / span;
      return bars[Math.round(share * (bars.length - 1))];
    })
    .join('');
}
