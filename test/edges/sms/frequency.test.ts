import { describe, expect, it } from 'vitest';
import { waitFor, withSent } from '../../../src/edges/sms/frequency.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 0, 0);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const limits = { minute: 1, hour: 5, day: 10 };

/** Times that many minutes ago. */
const ago = (...minutes: readonly number[]) => minutes.map((each) => nowMs - each * minuteMs);

describe('how long a number waits for its next message', () => {
  it.each([
    ['had none', ago(), 0],
    ['had one a while ago', ago(2), 0],
    ['had one half a minute ago', ago(0.5), minuteMs / 2],
    ['had five within the hour', ago(50, 40, 30, 20, 10), 10 * minuteMs],
    ['had five, one of them before the hour', ago(61, 40, 30, 20, 10), 0],
    [
      'had ten within the day',
      ago(...Array.from({ length: 10 }, (_, at) => 120 + at * 60)),
      24 * hourMs - 660 * minuteMs,
    ],
    [
      'had one tomorrow, by a clock that was wrong',
      ago(-60),
      2 * 60 * minuteMs - hourMs + minuteMs,
    ],
  ])('that %s', (_, sent, waitMs) => {
    expect(waitFor(sent, limits, nowMs)).toBe(waitMs);
  });

  it('keeps the last one of the hour for a call', () => {
    const sent = ago(50, 40, 30, 20);

    expect(waitFor(sent, limits, nowMs)).toBe(0);
    expect(waitFor(sent, limits, nowMs, 1)).toBe(10 * minuteMs);
  });

  it('lets something through even where one is all there is', () => {
    expect(waitFor([], { minute: 1, hour: 1, day: 1 }, nowMs, 1)).toBe(0);
  });

  it('remembers a day', () => {
    expect(withSent(ago(25 * 60, 5), nowMs)).toEqual([...ago(5), nowMs]);
  });
});
