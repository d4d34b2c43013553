import { describe, expect, it } from 'vitest';
import { drill } from '../../commands/drill.ts';
import { aPerson, aStamp, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

describe('drill', () => {
  it.each([
    ['drill quorum-lost orders', 'drill quorum-lost orders'],
    ['drill member-hung orders --anyway yes', 'drill member-hung orders anyway'],
    ['演练 member-hung orders --anyway 是', 'drill member-hung orders anyway'],
    ['drill stop orders', 'stop drill orders'],
    ['演练 结束 orders', 'stop drill orders'],
  ])('%s', async (line, asked) => {
    const desk = aDesk();

    const answer = await run(drill, line, desk);

    expect(answer).toMatchObject({ outcome: 'done' });
    expect(desk.asked).toEqual([asked]);
  });

  it('says what it will be, and how to end it', async () => {
    const text = read(await run(drill, 'drill quorum-lost orders', aDesk()));

    expect(text).toContain('marked DRILL; recoveries there run nowhere');
    expect(text).toContain('drill stop orders');
  });

  it('lists what runs, what came of the last one, and what can be played', async () => {
    const base = {
      recording: 'quorum-lost',
      started: aStamp(),
      untilMs: nightMs,
      beside: [],
    } as const;
    const desk = aDesk({
      drills: [
        { drill: { ...base, id: 'd-1', ensemble: 'orders' }, restarts: {} },
        {
          drill: { ...base, id: 'd-2', ensemble: 'users' },
          restarts: {},
          ended: {
            atMs: nightMs,
            why: 'bound',
            name: 'Nightkeeper',
            report: { acknowledged: { name: 'Bo', afterMs: 40_000 } },
          },
        },
      ],
    });

    const text = read(await run(drill, 'drill', desk));

    expect(text).toContain('DRILL quorum-lost runs for orders, begun by Ann');
    expect(text).toContain(
      'its time was up. Acknowledged by Bo after 40 s. Nobody decided on a recovery.',
    );
    expect(text).toContain('quorum-lost, member-down, member-hung, disk-full-now');
  });

  it.each([
    ['drill quorum-lost', 'bad-arguments'],
    ['drill quorum-lost orders now', 'bad-arguments'],
    ['drill quorum-lost order', 'unknown-ensemble'],
    ['drill flood orders', 'unknown-recording'],
  ])('refuses %s', async (line, code) => {
    const desk = aDesk();

    expect(await run(drill, line, desk)).toMatchObject({ kind: 'refusal', code });
    expect(desk.asked).toEqual([]);
  });

  it('is for operators', async () => {
    const viewer = aPerson({ id: 'vic', name: 'Vic', roles: { '*': 'viewer' } });
    const denied = { kind: 'refusal', code: 'not-permitted', facts: {} } as const;
    const desk = aDesk({}, { origin: { via: 'slack', actor: viewer }, permit: () => denied });

    expect(await run(drill, 'drill quorum-lost orders', desk)).toMatchObject({
      code: 'not-permitted',
    });
    expect(desk.asked).toEqual([]);
  });
});
