import { describe, expect, it } from 'vitest';
import type { Person, Role } from '../../src/model/person.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { homeIncidentsMax, homeOf } from '../../src/pipeline/home.ts';
import { read } from '../commands/run.ts';
import { anEnsembleSettings, aPerson, aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

const caller = { via: 'slack', handle: 'U0ANN', name: 'ann' };

function ann(roles: Readonly<Record<string, Role>>, more: Partial<Person> = {}): Person {
  return aPerson({ id: 'ann', roles, handles: { slack: 'U0ANN' }, ...more });
}

async function aHouseWith(people: readonly Person[], faults: number) {
  const ensembles = [anEnsembleSettings(), anEnsembleSettings({ id: 'users' })];
  const house = aHouse({ settings: aSettings({ ensembles, people }) });
  for (let index = 0; index < faults; index += 1) {
    const ensemble = index % 2 === 0 ? 'orders' : 'users';
    const server = `zk${index}`;
    await applyOpen(house, ensemble, {
      kind: 'trigger',
      fingerprint: `${ensemble}/member-down/${server}`,
      detector: 'member-down',
      subject: { ensemble, server },
      severity: index === 2 ? 'page' : 'warn',
      facts: {
        voters: 3,
        serving: 2,
        quorum: 2,
        missing: [server],
        role: 'voter',
        reason: 'refused',
      },
      evidence: [],
      grid: [],
      symptoms: [],
      sinceMs: house.clock.now(),
      page: false,
    });
  }
  return house;
}

describe('the page of one person', () => {
  it('shows what is open where they have a role, the worst first, and how those ensembles stand', async () => {
    const house = await aHouseWith([ann({ orders: 'viewer' })], 4);

    const page = read(await homeOf(house, caller));

    expect(page).toContain('2 incidents are open.');
    expect(page.indexOf('orders/zk2')).toBeLessThan(page.indexOf('orders/zk0'));
    expect(page).toContain('orders | unknown');
    expect(page).not.toContain('users');
  });

  it('says the same a minute later when nothing happened', async () => {
    const house = await aHouseWith([ann({ '*': 'operator' })], 2);

    const before = await homeOf(house, caller);
    await house.clock.advance(60_000);

    expect(await homeOf(house, caller)).toEqual(before);
  });

  it('counts what is too much for a page', async () => {
    const house = await aHouseWith([ann({ '*': 'operator' })], homeIncidentsMax + 3);

    const page = await homeOf(house, caller);

    expect(page.blocks.filter(({ kind }) => kind === 'card')).toHaveLength(homeIncidentsMax);
    expect(read(page)).toContain('… 3 more');
  });

  it('tells somebody who is not known how to become so, and what everybody may read', async () => {
    const house = await aHouseWith([], 1);

    const page = read(await homeOf(house, caller));

    expect(page).toContain('slack:U0ANN');
    expect(page).toContain('One incident is open.');
  });

  it('speaks the language of the person', async () => {
    const house = await aHouseWith([ann({ '*': 'operator' }, { language: 'zh-CN' })], 0);

    expect(read(await homeOf(house, caller))).toContain('没有未恢复的故障。');
  });
});
