import { describe, expect, it } from 'vitest';
import { freeze } from '../../commands/freeze.ts';
import { silences } from '../../commands/silences.ts';
import { unfreeze } from '../../commands/unfreeze.ts';
import type { Silence } from '../../src/model/silence.ts';
import { aStamp, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

/** The desk's clock stands at 03:01 on a Saturday. */
const nowMs = nightMs + 60_000;

const known: Silence = {
  id: 3,
  scope: { ensemble: 'users' },
  reason: 'new disks',
  set: aStamp(),
  startMs: nowMs,
  endMs: nowMs + 3_600_000,
  freezes: 'only',
};

const desk = () => aDesk({ silences: [known, { ...known, id: 4, scope: {}, freezes: 'too' }] });

describe('the command freeze', () => {
  it.each([
    ['orders 2h new disks', 'freeze orders for 120 min (new disks)'],
    ['orders until 14:00 --reason "new disks"', 'freeze orders for 659 min (new disks)'],
    ['* 1h x', 'freeze * for 60 min (x)'],
    ['orders 2小时 换盘', 'freeze orders for 120 min (换盘)'],
  ])('understands %s', async (args, asked) => {
    const at = desk();

    const answer = await run(freeze, `freeze ${args}`, at);

    expect(at.asked).toEqual([asked]);
    expect(read(answer)).toContain('Nothing is recovered in');
    expect(read(answer)).toContain('/zk unfreeze');
  });

  it.each([
    ['', 'Write: /zk freeze <ensemble>'],
    ['nowhere 2h x', 'no ensemble'],
    ['orders', 'A freeze needs an end.'],
    ['orders new disks', 'A freeze needs an end.'],
    ['orders 2h', 'A freeze needs a reason'],
    ['orders 31d x', 'at most'],
    ['users 2h x', 'users is frozen already until 21 Nov 04:01 UTC by Ann.'],
  ])('says what is wrong with %j', async (args, said) => {
    expect(read(await run(freeze, `freeze ${args}`, desk()))).toContain(said);
  });
});

describe('the command unfreeze', () => {
  it('ends what keeps just that ensemble from being recovered', async () => {
    const at = desk();

    const answer = await run(unfreeze, 'unfreeze users', at);

    expect(at.asked).toEqual(['unsilence 3']);
    expect(read(answer)).toBe('users may be recovered again.');
  });

  it.each([
    ['', 'Write: /zk unfreeze <ensemble>'],
    ['orders', 'Nothing keeps orders from being recovered.'],
  ])('says what is wrong with %j', async (args, said) => {
    expect(read(await run(unfreeze, `unfreeze ${args}`, desk()))).toContain(said);
  });
});

describe('the list of silences', () => {
  it('tells a freeze from a silence', async () => {
    const text = read(await run(silences, 'silences', desk()));

    expect(text).toContain('users · nothing is recovered');
    expect(text).toContain('* · and nothing is recovered');
  });
});
