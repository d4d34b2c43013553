import { describe, expect, it } from 'vitest';
import { etaOf, type Mark, medianOf, slopeOf, steadySlopeOf } from '../../src/model/slope.ts';
import { nightMs } from '../support/builders.ts';
import { noiseOf, seeded } from '../support/seeded.ts';

const hourMs = 3_600_000;

/** Marks of these values, an hour apart. */
function hourly(values: readonly number[]): readonly Mark[] {
  return values.map((value, index) => ({ atMs: nightMs + index * hourMs, value }));
}

function line(hours: number, valueAt: (hour: number) => number): readonly Mark[] {
  return hourly(Array.from({ length: hours }, (_, hour) => valueAt(hour)));
}

describe('the median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[], Number.NaN],
  ])('of %j is %d', (values, median) => {
    expect(medianOf(values)).toBe(median);
  });
});

describe('the slope of marks', () => {
  it('is that of the line they lie on', () => {
    const slope = slopeOf(line(48, (hour) => 100 + hour * 3));

    expect((slope?.perMs ?? 0) * hourMs).toBeCloseTo(3, 9);
    expect(slope?.endValue).toBeCloseTo(100 + 47 * 3, 6);
    expect(slope?.noise).toBeCloseTo(0, 6);
    expect((slope?.least ?? 0) * hourMs).toBeCloseTo(3, 9);
  });

  it('is moved little by wild values', () => {
    const slope = slopeOf(line(50, (hour) => (hour % 6 === 0 ? 100_000 : hour * 3)));

    expect((slope?.perMs ?? 0) * hourMs).toBeGreaterThan(2.5);
    expect((slope?.perMs ?? 0) * hourMs).toBeLessThan(3.5);
  });

  it('lies within its interval, for any noise, and the interval holds the truth', () => {
    const holds = Array.from({ length: 200 }, (_, seed) => {
      const noise = noiseOf(seeded(seed));
      const slope = slopeOf(line(60, (hour) => hour * 2 + noise() * 20));
      if (slope === undefined) throw new Error('60 marks have a slope');
      expect(slope.least).toBeLessThanOrEqual(slope.perMs);
      expect(slope.most).toBeGreaterThanOrEqual(slope.perMs);
      return slope.least * hourMs <= 2 && slope.most * hourMs >= 2;
    });

    // 99 % are meant; a few more than that may miss by chance.
    expect(holds.filter(Boolean).length).toBeGreaterThanOrEqual(194);
  });

  it('is not known from a few marks, from one moment, or from what is not a number', () => {
    expect(slopeOf(line(8, (hour) => hour))).toBeUndefined();
    expect(
      slopeOf(Array.from({ length: 20 }, (_, value) => ({ atMs: nightMs, value }))),
    ).toBeUndefined();
    expect(slopeOf(line(20, () => Number.NaN))).toBeUndefined();
  });

  it('of two weeks of hours is gathered into a few marks', () => {
    const slope = slopeOf(line(336, (hour) => hour + (hour % 2) * 5));

    expect((slope?.perMs ?? 0) * hourMs).toBeCloseTo(1, 1);
  });
});

describe('a line that is not steady', () => {
  const shapes: readonly [
    string,
    (noise: () => number, chance: () => number) => (hour: number) => number,
  ][] = [
    ['a flat line', () => () => 1000],
    ['a noisy line', (noise) => () => 1000 + noise() * 100],
    [
      'a line with rare wild values',
      (_, chance) => () => (chance() < 0.05 ? 100_000 * chance() : 1000),
    ],
    [
      'a step up',
      (noise, chance) => {
        const at = 10 + chance() * 70;
        return (hour) => (hour < at ? 1000 : 5000) + noise() * 20;
      },
    ],
    [
      'two steps up',
      (noise, chance) => {
        const at = 10 + chance() * 60;
        return (hour) => 1000 + (hour < at ? 0 : 2000) + (hour < at + 60 ? 0 : 2000) + noise() * 20;
      },
    ],
    [
      'a saw of some hours',
      (noise, chance) => {
        const tooth = 6 + chance() * 36;
        return (hour) => 1000 + ((hour % tooth) / tooth) * 4000 + noise() * 20;
      },
    ],
    [
      'days and nights',
      (noise, chance) => {
        const shift = chance() * 24;
        return (hour) => 3000 + 2000 * Math.sin(((hour + shift) * Math.PI) / 12) + noise() * 50;
      },
    ],
  ];

  it.each(shapes)('has no slope and no ETA: %s, with a thousand seeds', (_, shape) => {
    const wrong = Array.from({ length: 1000 }, (_unused, seed) => {
      const chance = seeded(seed);
      const marks = line(90, shape(noiseOf(chance), chance));
      const eta = etaOf(marks, 6000, 84 * hourMs);
      const falling = etaOf(marks, 0, 84 * hourMs);
      return steadySlopeOf(marks) === undefined && eta === undefined && falling === undefined;
    }).filter((isSilent) => !isSilent);

    expect(wrong).toEqual([]);
  });
});

describe('the ETA', () => {
  const windowMs = 48 * hourMs;

  it('says when a steady line reaches the limit, and that it is sure', () => {
    const eta = etaOf(
      line(72, (hour) => hour * 10),
      1000,
      windowMs,
    );

    expect((eta?.inMs ?? 0) / hourMs).toBeCloseTo(29, 1);
    expect(eta?.confidence).toBe('sure');
  });

  it('finds a steady line under noise, in every one of a thousand seeds, and keeps the truth within its bounds', () => {
    const found = Array.from({ length: 1000 }, (_, seed) => {
      const noise = noiseOf(seeded(seed));
      return etaOf(
        line(72, (hour) => hour * 10 + noise() * 10),
        1000,
        windowMs,
      );
    });

    expect(found.filter((eta) => eta === undefined)).toEqual([]);
    const within = found.filter(
      (eta) => eta !== undefined && eta.soonestMs <= 30 * hourMs && eta.latestMs >= 28 * hourMs,
    );
    expect(within.length).toBeGreaterThan(980);
  });

  it('says so when it can only guess', () => {
    const noise = noiseOf(seeded(7));
    const eta = etaOf(
      line(60, (hour) => hour * 10 + noise() * 36),
      10_000,
      windowMs,
    );

    expect(['likely', 'rough']).toContain(eta?.confidence ?? 'rough');
  });

  it('counts a falling line down to its limit', () => {
    const eta = etaOf(
      line(60, (hour) => 10_000 - hour * 100),
      0,
      windowMs,
    );

    expect((eta?.inMs ?? 0) / hourMs).toBeCloseTo(41, 1);
  });

  it.each([
    ['the line is past it', line(60, (hour) => hour * 10), 300],
    ['the line goes away from it', line(60, (hour) => 10_000 - hour * 100), 20_000],
    ['the window is not filled yet', line(40, (hour) => hour * 10), 1000],
    [
      'the line has been there before and came back',
      line(120, (hour) => (hour < 60 ? hour * 10 : (hour - 60) * 10)),
      1000,
    ],
    ['there is nothing', [], 1000],
  ] as const)('is not told where %s', (_, marks, limit) => {
    expect(etaOf(marks, limit, windowMs)).toBeUndefined();
  });

  it('goes by the line and not by one wild value at the end', () => {
    const marks = [...line(60, (hour) => hour * 10), { atMs: nightMs + 60 * hourMs, value: 700 }];

    expect((etaOf(marks, 1000, windowMs)?.inMs ?? 0) / hourMs).toBeGreaterThan(35);
  });
});
