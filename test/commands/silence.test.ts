import { describe, expect, it } from 'vitest';
import { silence } from '../../commands/silence.ts';
import { silences } from '../../commands/silences.ts';
import { unsilence } from '../../commands/unsilence.ts';
import { anIncident, aPerson, aStamp, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

/** The desk's clock stands at 03:01 on a Saturday. */
const nowMs = nightMs + 60_000;

const known = {
  id: 3,
  scope: { ensemble: 'orders', server: 'zk3' },
  reason: 'rolling restart',
  set: aStamp(),
  startMs: nowMs,
  endMs: nowMs + 3_600_000,
};

const desk = () => aDesk({ incidents: [anIncident()], silences: [known] });

describe('the command silence', () => {
  it.each([
    ['orders 2h new disk', 'silence orders for 120 min (new disk)'],
    ['ORDERS zk2 30m new disk', 'silence orders/zk2 for 30 min (new disk)'],
    ['orders/zk2 1h30m new disk', 'silence orders/zk2 for 90 min (new disk)'],
    ['orders zk2 member-down 1d x', 'silence orders/zk2 · member-down for 1440 min (x)'],
    ['orders warn 2 h x', 'silence orders · warn for 120 min (x)'],
    ['orders for 90 min x', 'silence orders for 90 min (x)'],
    ['orders until 14:00 x', 'silence orders for 659 min (x)'],
    ['orders 2:30 x', 'silence orders for 1409 min (x)'],
    ['orders tomorrow x', 'silence orders for 1799 min (x)'],
    ['orders until tomorrow 8:00 x', 'silence orders for 1739 min (x)'],
    ['orders until 2026-11-21 04:01 x', 'silence orders for 60 min (x)'],
    ['orders until 2026-11-21T04:01 x', 'silence orders for 60 min (x)'],
    ['orders 2h --reason "new disk"', 'silence orders for 120 min (new disk)'],
    ['* 1h x', 'silence * for 60 min (x)'],
    ['ord* zk* 1h x', 'silence ord*/zk* for 60 min (x)'],
    ['12 1h x', 'silence orders/zk2 · member-down for 60 min (x)'],
    ['#12 tomorrow x', 'silence orders/zk2 · member-down for 1799 min (x)'],
    ['orders 2小时 换盘', 'silence orders for 120 min (换盘)'],
  ])('understands %s', async (args, asked) => {
    const at = desk();

    const answer = await run(silence, `silence ${args}`, at);

    expect(at.asked).toEqual([asked]);
    expect(answer).toMatchObject({ outcome: 'done', visibility: 'private' });
  });

  it.each([
    ['', 'Write: /zk silence <ensemble|incident>'],
    ['orders', 'A silence needs an end.'],
    ['orders new disk', 'A silence needs an end.'],
    ['orders 2h', 'A silence needs a reason'],
    ['orders until 2026-11-20 04:00 x', 'The end is over already: 20 Nov 04:00 UTC.'],
    ['orders 0m x', 'The end is over already'],
    ['orders 31d x', 'A silence lasts 30 d at most.'],
    ['orders zk3 2h x', 'orders/zk3 is silenced already until 21 Nov 04:01 UTC by Ann.'],
    ['ordres 2h x', 'Did you mean orders?'],
    ['orders zk4 2h x', 'The ensemble orders has no server "zk4".'],
    ['#99 2h x', 'There is no incident #99.'],
  ])('says what is wrong with "%s"', async (args, said) => {
    const answer = await run(silence, `silence ${args}`, desk());

    expect(answer).toMatchObject({ kind: 'refusal' });
    expect(read(answer)).toContain(said);
  });

  it('names another silence that covers some of the same, and no other one', async () => {
    const wider = await run(silence, 'silence orders 2h x', desk());
    const apart = await run(silence, 'silence orders zk2 2h x', desk());

    expect(read(wider)).toContain(
      'Silence 3 covers some of it too: orders/zk3, until 21 Nov 04:01',
    );
    expect(read(apart)).not.toContain('covers some');
  });

  it('asks for the reason where a button asks for a form', async () => {
    const at = desk();

    const answer = await silence.run(
      { command: 'silence', args: ['#12', '2h'], options: { ask: 'yes' } },
      at,
    );
    const sent = await silence.run(
      {
        command: 'silence',
        args: ['#12', '2h'],
        options: { ask: 'yes', reason: 'new disk', confirm: 'yes' },
      },
      at,
    );

    expect(answer).toMatchObject({ outcome: 'ask' });
    expect(read(answer)).toContain('Until 21 Nov 05:01 UTC nobody is told of it.');
    expect(sent).toMatchObject({ outcome: 'done' });
    expect(at.asked).toEqual(['silence orders/zk2 · member-down for 120 min (new disk)']);
  });

  it('asks for the end too where none was said, and takes what was chosen', async () => {
    const at = desk();
    const sent = (options: Readonly<Record<string, string>>) =>
      silence.run(
        {
          command: 'silence',
          args: ['#12'],
          options: { ask: 'yes', confirm: 'yes', reason: 'new disk', ...options },
        },
        at,
      );

    const answer = await silence.run(
      { command: 'silence', args: ['#12'], options: { ask: 'yes' } },
      at,
    );
    await sent({ for: '30m' });
    await sent({ for: '2h', until: String(nowMs + 5 * 60_000) });

    expect(answer).toMatchObject({
      blocks: [
        {
          form: {
            fields: [
              { kind: 'choice', name: 'for', chosen: '2h' },
              { kind: 'moment', name: 'until' },
            ],
          },
        },
      ],
    });
    expect(at.asked).toEqual([
      'silence orders/zk2 · member-down for 30 min (new disk)',
      'silence orders/zk2 · member-down for 5 min (new disk)',
    ]);
    expect(await sent({})).toMatchObject({ code: 'silence-end-missing' });
    expect(await sent({ for: 'soon' })).toMatchObject({ code: 'silence-end-missing' });
    expect(await sent({ until: String(nowMs - 1) })).toMatchObject({ code: 'silence-end-past' });
  });

  it('is not for viewers, and everything only for who may act everywhere', async () => {
    const viewer = aPerson({ roles: { orders: 'viewer' } });
    const here = aPerson({ roles: { orders: 'operator' } });
    const as = (actor: typeof viewer) =>
      aDesk({ incidents: [anIncident()] }, { origin: { via: 'slack', actor } });

    expect(await run(silence, 'silence orders 2h x', as(viewer))).toMatchObject({
      code: 'not-permitted',
    });
    expect(await run(silence, 'silence * 2h x', as(here))).toMatchObject({ code: 'not-permitted' });
    expect(await run(silence, 'silence orders 2h x', as(here))).toMatchObject({ outcome: 'done' });
  });
});

describe('the command unsilence', () => {
  it('ends one by its number', async () => {
    const at = desk();

    const answer = await run(unsilence, 'unsilence #3', at);

    expect(at.asked).toEqual(['unsilence 3']);
    expect(read(answer)).toBe('Silence 3 of orders/zk3 is over.');
  });

  it.each([
    ['', 'Write: /zk unsilence <silence>'],
    ['orders', 'Write: /zk unsilence <silence>'],
    ['9', 'There is no silence 9 in force.'],
  ])('says what is wrong with "%s"', async (args, said) => {
    expect(read(await run(unsilence, `unsilence ${args}`, desk()))).toContain(said);
  });
});

describe('the command silences', () => {
  it('lists what is silenced, by whom, why and until when', async () => {
    const answer = await run(silences, 'silences', desk());

    expect(read(answer)).toContain('3 | orders/zk3 | 21 Nov 04:01 UTC | Ann | rolling restart');
    expect(read(await run(silences, 'silences', aDesk()))).toBe('Nothing is silenced.');
  });
});
