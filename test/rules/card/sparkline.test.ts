import { describe, expect, it } from 'vitest';

import { sparkline } from '../../../src/rules/card/sparkline.ts';

describe('a sparkline', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    [[5, 5, 5], '▁▁▁'],
    [[0, Number.NaN, 10], '▁ █'],
    [[], ''],
    [[-3, 3], '▁█'],
  ])('draws %j as %s', (values, line) => {
    expect(sparkline(values)).toBe(line);
  });
});
