import { describe, expect, it } from 'vitest';
import { auto } from '../../commands/auto.ts';
import { defaultLimit } from '../../src/model/automation.ts';
import {
  anEnsembleSettings,
  anIncident,
  aPerson,
  aRecovery,
  aRecoveryMark,
  aSettings,
  aStamp,
  nightMs,
} from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const rule = {
  detector: 'member-hung',
  action: 'restart-server',
  afterMs: 600_000,
  perServer: defaultLimit,
  perEnsemble: { times: 3, withinMs: 86_400_000 },
};
const settings = aSettings({ ensembles: [anEnsembleSettings({ auto: [rule] })] });
const off = { scope: 'orders', set: aStamp(), reason: 'new disks' };

describe('auto', () => {
  it('shows the rules, whether they are on, what is to come and what was done', async () => {
    const coming = anIncident({
      id: 5,
      recovery: aRecoveryMark({
        id: 'r-12',
        state: 'scheduled',
        startsMs: nightMs,
        automatic: { afterMs: 600_000 },
      }),
    });
    const done = aRecovery({
      state: 'failed',
      automatic: { startsMs: nightMs, afterMs: 600_000 },
    });

    const text = read(
      await run(
        auto,
        'auto',
        aDesk({ automation: { off: [], coming: [coming], done: [done] } }, { settings }),
      ),
    );

    expect(text).toContain(
      'orders | member-hung | restart-server | 10 min | 1 per 6 h a server, 3 per 1 d in all | on',
    );
    expect(text).toContain('#5 Restart of zk2 begins by itself at');
    expect(text).toContain('r-7 orders: Restart of zk2');
    expect(text).toContain('failed');
  });

  it('says who switched it off and why', async () => {
    const world = { automation: { off: [off, { ...off, scope: '*' }], coming: [], done: [] } };

    const text = read(await run(auto, 'auto', aDesk(world, { settings })));

    expect(text).toContain('by Ann: new disks');
    expect(text).toContain('switched off everywhere');
  });

  it('says that nothing happens by itself where no rule is', async () => {
    expect(read(await run(auto, 'auto', aDesk()))).toContain('Nothing is done by itself');
  });

  it.each([
    ['auto off', 'auto off * ()'],
    ['auto off orders new disks', 'auto off orders (new disks)'],
    ['auto off orders --reason "new disks"', 'auto off orders (new disks)'],
    ['auto on orders', 'auto on orders ()'],
    ['auto on', 'auto on * ()'],
    ['自动 关闭 orders', 'auto off orders ()'],
    ['auto off all new disks', 'auto off * (new disks)'],
    ['自动 关闭 全部', 'auto off * ()'],
  ])('switches: %s', async (line, asked) => {
    const desk = aDesk();

    const answer = await run(auto, line, desk);

    expect(answer).toMatchObject({ outcome: 'done' });
    expect(desk.asked).toEqual([asked]);
  });

  it.each([
    ['auto maybe', 'bad-arguments'],
    ['auto off order', 'unknown-ensemble'],
  ])('refuses %s', async (line, code) => {
    const desk = aDesk();

    expect(await run(auto, line, desk)).toMatchObject({ kind: 'refusal', code });
    expect(desk.asked).toEqual([]);
  });

  it('lets viewers look and operators switch', async () => {
    const viewer = aPerson({ id: 'vic', name: 'Vic', roles: { '*': 'viewer' } });
    const denied = { kind: 'refusal', code: 'not-permitted', facts: {} } as const;
    const desk = aDesk({}, { origin: { via: 'slack', actor: viewer }, permit: () => denied });

    expect(await run(auto, 'auto', desk)).toMatchObject({ outcome: 'done' });
    expect(await run(auto, 'auto off', desk)).toMatchObject({ code: 'not-permitted' });
    expect(desk.asked).toEqual([]);
  });
});
