import { describe, expect, it } from 'vitest';
import { oncall } from '../../commands/oncall.ts';
import type { OnCallNow } from '../../src/model/on-call.ts';
import { aPerson, aSettings, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read } from './run.ts';

const hourMs = 3_600_000;

function aWatch(overrides: Partial<OnCallNow> = {}): OnCallNow {
  return {
    schedule: 'orders',
    zone: 'Europe/Berlin',
    people: ['ann'],
    source: 'rotation',
    untilMs: nightMs + 6 * hourMs,
    next: ['bo'],
    strangers: [],
    ...overrides,
  };
}

async function ask(args: readonly string[], onCall: readonly OnCallNow[], language?: 'zh-CN') {
  const desk = aDesk(
    { onCall },
    {
      settings: aSettings({ people: [aPerson(), aPerson({ id: 'bo', name: 'Bo' })] }),
      ...(language === undefined ? {} : { language }),
    },
  );
  return await oncall.run({ command: 'oncall', args, options: {} }, desk);
}

describe('oncall', () => {
  it('says who, until when by the clocks of the schedule, and who is next', async () => {
    const answer = await ask([], [aWatch(), aWatch({ schedule: 'users', people: ['bo'] })]);

    expect(answer).toMatchObject({
      outcome: 'done',
      visibility: 'private',
      blocks: [
        {
          kind: 'table',
          head: ['Schedule', 'On call', 'Until', 'Then'],
          rows: [
            ['orders', 'Ann', '21 Nov 10:00 Europe/Berlin', 'Bo'],
            ['users', 'Bo', '21 Nov 10:00 Europe/Berlin', 'Bo'],
          ],
        },
      ],
    });
  });

  it('says one schedule, and which was meant where there is none of that name', async () => {
    const both = [aWatch(), aWatch({ schedule: 'users' })];

    expect(read(await ask(['users'], both))).not.toContain('orders');
    expect(await ask(['oders'], both)).toMatchObject({
      code: 'unknown-schedule',
      facts: { schedule: 'oders', suggestion: 'orders', known: ['orders', 'users'] },
    });
    expect(await ask(['a', 'b'], both)).toMatchObject({ code: 'bad-arguments' });
  });

  it('says how to get one where there is none', async () => {
    expect(read(await ask([], []))).toContain('Add one under onCall');
  });

  it('speaks Chinese', async () => {
    expect(read(await ask([], [aWatch()], 'zh-CN'))).toContain('11月21日 10:00 Europe/Berlin');
  });

  it.each<[string, Partial<OnCallNow>, string]>([
    ['a stand-in', { source: 'override' }, 'orders: an override is in force'],
    ['a fallback', { source: 'fallback' }, 'orders: nobody has the turn; this is the fallback'],
    ['a gap', { source: 'nobody', people: [] }, 'orders: nobody is on call'],
    ['a stranger', { strangers: ['Zoe'] }, 'not in the configuration: Zoe'],
    [
      'an old copy',
      { calendar: { readMs: nightMs - 2 * hourMs, failing: 'HTTP 503' } },
      'cannot be read (HTTP 503); this is the copy of 2 h 1 min ago',
    ],
    ['a calendar never read', { calendar: { failing: 'HTTP 503' } }, 'was not read yet: HTTP 503.'],
  ])('tells of %s', async (_, watch, expected) => {
    expect(read(await ask([], [aWatch(watch)]))).toContain(expected);
  });

  it('tells nothing besides where all is well', async () => {
    const well = aWatch({ calendar: { readMs: nightMs } });

    const answer = await ask([], [well]);

    expect(answer).toMatchObject({ blocks: [{ kind: 'table' }] });
  });
});
