import { describe, expect, it } from 'vitest';
import type { GridCell } from '../../../src/model/incident.ts';
import { gridFor, wholeGridMax } from '../../../src/rules/incident/grid.ts';

const subject = { ensemble: 'orders', server: 'o7' };

function aGrid(observers: number): readonly GridCell[] {
  const voters = ['zk1', 'zk2', 'zk3'].map(
    (server): GridCell => ({ server, role: 'voter', state: 'follower' }),
  );
  const others = Array.from(
    { length: observers },
    (_, index): GridCell => ({ server: `o${index}`, role: 'observer', state: 'refused' }),
  );
  return [...voters, ...others];
}

describe('the grid of a card', () => {
  it('shows every server of an ensemble that has room on a card', () => {
    const grid = aGrid(wholeGridMax - 3);

    expect(gridFor(subject, grid)).toEqual(grid);
  });

  it('shows the voters of a bigger ensemble, and the server it is about', () => {
    const names = gridFor(subject, aGrid(wholeGridMax - 2)).map(({ server }) => server);

    expect(names).toEqual(['zk1', 'zk2', 'zk3', 'o7']);
    expect(gridFor({ ensemble: 'orders' }, aGrid(100))).toHaveLength(3);
  });
});
