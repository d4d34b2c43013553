import { describe, expect, it } from 'vitest';
import { abort } from '../../commands/abort.ts';
import { anIncident, aPerson, aRecovery } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const recovery = aRecovery({ id: 'r-12', state: 'scheduled' });
const mark = {
  id: 'r-12',
  action: 'restart-server',
  server: 'zk2',
  state: 'scheduled',
  by: 'nightkeeper',
  name: 'Nightkeeper',
  via: 'auto',
  reason: '',
  atMs: 0,
} as const;

describe('abort', () => {
  it.each([
    'abort r-12 the disk first',
    'stop 5 the disk first',
    'stop #5 --reason "the disk first"',
  ])('stops a recovery named by itself or by its incident: %s', async (line) => {
    const desk = aDesk({
      recoveries: [recovery],
      incidents: [anIncident({ id: 5, recovery: mark })],
    });

    const answer = await run(abort, line, desk);

    expect(desk.asked).toEqual(['abort r-12 (the disk first)']);
    expect(read(answer)).toBe('r-12 is stopped before it began; nothing was done.');
  });

  it('needs no reason, and asks for one where a button says so', async () => {
    const desk = aDesk({ recoveries: [recovery] });

    await run(abort, 'abort r-12', desk);
    const asked = await run(abort, 'abort r-12 --ask yes', desk);

    expect(desk.asked).toEqual(['abort r-12 ()']);
    expect(asked).toMatchObject({ outcome: 'ask' });
  });

  it.each([
    ['abort', 'bad-arguments'],
    ['abort r-99', 'unknown-recovery'],
    ['abort 99', 'unknown-incident'],
    ['abort 6', 'no-recovery'],
    ['abort zk2', 'unknown-recovery'],
  ])('refuses %s', async (line, code) => {
    const desk = aDesk({ recoveries: [recovery], incidents: [anIncident({ id: 6 })] });

    expect(await run(abort, line, desk)).toMatchObject({ kind: 'refusal', code });
    expect(desk.asked).toEqual([]);
  });

  it('is for operators of that ensemble', async () => {
    const viewer = aPerson({ id: 'vic', name: 'Vic', roles: { orders: 'viewer' } });
    const desk = aDesk(
      { recoveries: [recovery] },
      {
        origin: { via: 'slack', actor: viewer },
        permit: () => ({ kind: 'refusal', code: 'not-permitted', facts: {} }),
      },
    );

    expect(await run(abort, 'abort r-12', desk)).toMatchObject({ code: 'not-permitted' });
    expect(desk.asked).toEqual([]);
  });
});
