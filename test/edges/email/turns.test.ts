import { describe, expect, it } from 'vitest';
import { createTurns } from '../../../src/edges/email/turns.ts';
import { withResolvers } from '../../support/with-resolvers.ts';

describe('turns', () => {
  it('run at most so many at once, in order, and none is lost', async () => {
    const turns = createTurns(2, 1000);
    const gates = Array.from({ length: 5 }, () => withResolvers<void>());
    const begun: number[] = [];
    const all = gates.map((gate, index) =>
      turns(async () => {
        begun.push(index);
        await gate.promise;
        return index;
      }),
    );

    await Promise.resolve();
    const atFirst = [...begun];
    for (const gate of gates) gate.resolve();

    expect(atFirst).toEqual([0, 1]);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('are not waited for too long, and then the work is never done', async () => {
    const turns = createTurns(1, 20);
    const gate = withResolvers<void>();
    let late = false;
    const first = turns(() => gate.promise);

    const second = turns(() => {
      late = true;
      return Promise.resolve();
    });

    await expect(second).rejects.toMatchObject({ code: 'delivery-temporary' });
    gate.resolve();
    await first;
    await turns(() => Promise.resolve());
    expect(late).toBe(false);
  });

  it('are handed on by work that fails', async () => {
    const turns = createTurns(1, 1000);

    await expect(turns(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await turns(() => Promise.resolve('next'))).toBe('next');
  });
});
