import type { AliyunConfig } from './config.ts';

type PerNumber = AliyunConfig['perNumber'];

const spans: readonly { readonly key: keyof PerNumber; readonly ms: number }[] = [
  { key: 'minute', ms: 60_000 },
  { key: 'hour', ms: 3_600_000 },
  { key: 'day', ms: 86_400_000 },
];

/**
 * How long a number that got messages at these times must wait for the next one; 0: not at all. `spare` are left over in hour and
 * day: what is no call does not take the last one.
 */
export function waitFor(
  sent: readonly number[],
  limits: PerNumber,
  nowMs: number,
  spare = 0,
): number {
  const waits = spans.map(({ key, ms }) => {
    const most = key === 'minute' ? limits.minute : limits[key] - Math.min(spare, limits[key] - 1);
    const within = sent.filter((atMs) => atMs > nowMs - ms).toSorted((one, other) => one - other);
    // Room comes when the oldest of the last `most` is out of the span.
    const oldest = within.at(-most);
    return within.length < most || oldest === undefined ? 0 : oldest + ms - nowMs;
  });
  return Math.max(0, ...waits);
}

/** The times to remember after one more: those of a day. */
export function withSent(sent: readonly number[], nowMs: number): readonly number[] {
  return [...sent.filter((atMs) => atMs > nowMs - 86_400_000), nowMs];
}
