import { describe, expect, it } from 'vitest';
import { zoned } from '../../../src/edges/slack/zoned.ts';
import { words } from '../../../src/rules/card/words/words.ts';

const nearMs = Date.UTC(2026, 10, 21, 3, 12);

describe('a moment in a text for Slack', () => {
  it.each(['en', 'zh-CN'] as const)('is in the zone of whoever reads it (%s)', (language) => {
    const written = words(language).common.time(nearMs);

    const text = zoned(`Ann · ${written} · x`, language, nearMs);

    expect(text).toBe(`Ann · <!date^${nearMs / 1000}^{date_short_pretty} {time}|${written}> · x`);
  });

  it('is of the year that brings it nearest', () => {
    const januaryMs = Date.UTC(2027, 0, 2);
    const before = words('en').common.time(Date.UTC(2026, 11, 31, 23, 59));

    expect(zoned(before, 'en', januaryMs)).toContain(
      `<!date^${Date.UTC(2026, 11, 31, 23, 59) / 1000}^`,
    );
  });

  it('stays as it is written beyond the sixth, so that a text cannot grow without end', () => {
    const written = words('en').common.time(nearMs);

    const text = zoned(Array(8).fill(written).join(' '), 'en', nearMs);

    expect(text.match(/<!date/gu)).toHaveLength(6);
    expect(text.endsWith(`${written} ${written}`)).toBe(true);
  });

  it('leaves what is no moment alone', () => {
    expect(zoned('99 Nov of 3 UTC', 'en', nearMs)).toBe('99 Nov of 3 UTC');
  });
});
