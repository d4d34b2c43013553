import { describe, expect, it } from 'vitest';

import { ack } from '../../commands/ack.ts';
import { escalate } from '../../commands/escalate.ts';
import { unack } from '../../commands/unack.ts';
import { refuse } from '../../src/model/refusal.ts';
import type { Command } from '../../src/ports/command.ts';
import { anIncident, aPerson } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const one = anIncident();
const two = anIncident({ id: 13, subject: { ensemble: 'orders', server: 'zk3' } });
const over = anIncident({ id: 7, state: 'resolved', resolvedMs: 1 });

const each: readonly (readonly [Command, string, string])[] = [
  [ack, 'acknowledge', 'You have incident #12: orders/zk2: down'],
  [unack, 'unacknowledge', 'Incident #12 is given back'],
  [escalate, 'escalate', 'Incident #12 escalated to Ann.'],
];

describe.each(each)('the command $name', (command, verb, said) => {
  it.each(['12', '#12', '＃12', 'orders', 'ORDERS'])('understands %s', async (name) => {
    const desk = aDesk({ incidents: [one, over] });

    const answer = await run(command, `${command.name} ${name}`, desk);

    expect(desk.asked).toEqual([`${verb} 12`]);
    expect(answer).toMatchObject({ outcome: 'done', visibility: 'private' });
    expect(read(answer)).toContain(said);
  });

  it.each([
    ['', 'Write: '],
    ['12 13', 'Write: '],
    ['99', 'There is no incident #99.'],
    ['ordres', 'Did you mean orders? There are: orders, users.'],
    ['users', 'Nothing is open in users.'],
    ['nightkeeper', 'Nothing is open in nightkeeper.'],
    ['orders', 'More than one incident is open in orders. Say which by its number: #12, #13'],
  ])('says what to do instead of "%s"', async (args, said) => {
    const desk = aDesk({ incidents: [one, two] });

    const answer = await run(command, `${command.name} ${args}`, desk);

    expect(answer).toMatchObject({ kind: 'refusal' });
    expect(read(answer)).toContain(said);
    expect(desk.asked).toEqual([]);
  });

  it('asks for the role in the ensemble of the incident', async () => {
    const viewer = aPerson({ roles: { orders: 'viewer', '*': 'admin' } });
    const desk = aDesk({ incidents: [one] }, { origin: { via: 'slack', actor: viewer } });

    const answer = await run(command, `${command.name} 12`, desk);

    expect(answer).toEqual(refuse('not-permitted', { role: 'operator', ensemble: 'orders' }));
    expect(desk.asked).toEqual([]);
  });

  it('hands on why it cannot be done', async () => {
    const refusal = refuse('already-resolved', { incident: 12 });
    const desk = aDesk({ incidents: [one], refusal });

    expect(await run(command, `${command.name} 12`, desk)).toBe(refusal);
  });
});
