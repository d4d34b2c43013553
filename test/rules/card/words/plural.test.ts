import { describe, expect, it } from 'vitest';
import { byCount, counted, ordinal, thousandsOf } from '../../../../src/rules/card/words/plural.ts';
import { words } from '../../../../src/rules/card/words/words.ts';

describe('English plurals', () => {
  it.each([
    [0, '0 voters'],
    [1, '1 voter'],
    [2, '2 voters'],
    [11, '11 voters'],
    [21, '21 voters'],
    [101, '101 voters'],
    [0.5, '0.5 voters'],
    [-1, '-1 voter'],
  ])('say %d with its noun: %s', (count, text) => {
    expect(counted(count, 'voter')).toBe(text);
  });

  it.each([
    [1, '1 other person'],
    [2, '2 other people'],
  ])('take a form that is not the first with an s (%d)', (count, text) => {
    expect(counted(count, 'other person', 'other people')).toBe(text);
  });

  it.each([
    [0, '0 znodes'],
    [1, '1 znode'],
    [1200, '1,200 znodes'],
    [1_000_001, '1,000,001 znodes'],
  ])('keep the thousands of %d apart', (count, text) => {
    expect(thousandsOf(count, 'znode')).toBe(text);
  });

  it.each([
    [1, 'is'],
    [2, 'are'],
    [0, 'are'],
  ])('let the verb agree with %d', (count, verb) => {
    expect(byCount(count, 'is', 'are')).toBe(verb);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
    [22, '22nd'],
    [101, '101st'],
    [111, '111th'],
  ])('number %d in a row', (count, text) => {
    expect(ordinal(count)).toBe(text);
  });
});

describe('a text with a count', () => {
  const subject = { ensemble: 'orders', server: 'zk1' };
  const en = words('en');
  const zh = words('zh-CN');

  it('agrees with it in English, noun and verb', () => {
    const one = { waiting: 1, count: 1, changes: 1, after: 1, votersAfter: 3, quorumAfter: 2 };

    expect(en.detectors.faults.overload.title(subject, one)).toContain('1 request waits');
    expect(en.detectors.faults.overload.title(subject, { waiting: 900 })).toContain(
      '900 requests wait',
    );
    expect(en.doctor.checks['clock-servers'](one).text).toBe(
      "the clock of 1 server agrees with the bot's",
    );
    expect(en.doctor.checks['zk-no-time']({ count: 1, first: 'orders' }).text).toContain(
      '1 more ensemble could',
    );
    expect(en.card.flapping(1, 60_000)).toContain('1 time in');
    expect(en.approval.agreed('r-1', 1)).toContain('1 more person must');
  });

  it('has one form for every count in Chinese', () => {
    const forms = [1, 2, 5].map((count) =>
      zh.card.flapping(count, 60_000).replaceAll(/\d+/gu, 'N'),
    );

    expect(new Set(forms).size).toBe(1);
  });
});
