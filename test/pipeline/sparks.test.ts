import { describe, expect, it } from 'vitest';
import { withSparks } from '../../src/pipeline/sparks.ts';
import { aFinding, aReading, aView, nightMs } from '../support/builders.ts';

/** Ten looks at zk2 and zk3, in which requests pile up. */
const looks = ['zk2', 'zk3'].flatMap((server, place) =>
  Array.from({ length: 10 }, (_, index) =>
    aReading({
      server,
      atMs: nightMs - (9 - index) * 10_000,
      metrics: { outstanding_requests: index * 10 + place },
    }),
  ),
);
const view = aView({
  samples: Object.fromEntries(looks.map((look) => [look.server, look])),
  history: {
    zk2: looks.filter(({ server }) => server === 'zk2').slice(0, -1),
    zk3: looks.filter(({ server }) => server === 'zk3').slice(0, -1),
  },
});
const overloaded = aFinding({
  detector: 'overload',
  subject: { ensemble: 'orders' },
  facts: { worst: 'zk3' },
});

describe('the line on a card', () => {
  it('has the last values of the figure, of the server the finding names', () => {
    const [finding] = withSparks([overloaded], view);

    expect(finding?.facts['spark']).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index * 10 + 1)),
    );
    expect(
      withSparks([{ ...overloaded, subject: { ensemble: 'orders', server: 'zk2' } }], view)[0]
        ?.facts['spark'],
    ).toContain('90');
  });

  it.each([
    ['what does not fire', { ...overloaded, verdict: 'clear' as const }],
    ['a fault without a figure', aFinding()],
    ['a finding that names nobody', { ...overloaded, facts: {} }],
    ['a server that was not looked at', { ...overloaded, facts: { worst: 'zk9' } }],
  ])('is not drawn for %s', (_, finding) => {
    expect(withSparks([finding], view)).toEqual([finding]);
  });
});
