import { describe, expect, it } from 'vitest';
import { createPace } from '../../../src/edges/zookeeper/sensor-pace.ts';

describe('the budget of heartbeats', () => {
  it('leaves intervals as wished while it suffices', () => {
    const pace = createPace(10);

    const shares = [pace.join(250), pace.join(500)];

    expect(shares.map((share) => share.everyMs())).toEqual([250, 500]);
    expect(pace.stretch()).toBe(1);
  });

  it('stretches all intervals alike where it does not, and shrinks them when servers go', () => {
    const pace = createPace(10);
    const shares = Array.from({ length: 10 }, () => pace.join(250));

    const crowded = shares.map((share) => share.everyMs());
    for (const share of shares.slice(1)) share.leave();
    shares[1]?.leave();
    const alone = shares[0]?.everyMs();

    expect(crowded).toEqual(Array(10).fill(1000));
    expect(alone).toBe(250);
  });
});
