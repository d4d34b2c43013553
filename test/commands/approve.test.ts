import { describe, expect, it } from 'vitest';

import { approve } from '../../commands/approve.ts';
import { recover } from '../../commands/recover.ts';
import { reject } from '../../commands/reject.ts';
import { refuse } from '../../src/model/refusal.ts';
import type { RecoveryPreview } from '../../src/ports/command.ts';
import { aPerson, aRecovery, aStamp, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const sum = { server: 'zk2', voters: 3, serving: 3, quorum: 2, after: 2, serves: true, led: false };

const asked = aRecovery({
  id: 'r-12',
  state: 'awaiting',
  requested: aStamp({ name: 'Bob', by: 'bob', atMs: nightMs - 240_000 }),
  guards: [{ atMs: nightMs, at: 'click', verdict: { kind: 'allow', facts: sum } }],
  approval: { needed: 1, untilMs: nightMs + 600_000, given: [] },
});

function preview(facts: RecoveryPreview['verdict']['facts'] = sum): RecoveryPreview {
  return { verdict: { kind: 'allow', facts }, command: 'systemctl restart zookeeper' };
}

describe('the command approve', () => {
  it.each(['approve r-12', 'approve R12', 'approve 12', '同意 r-12'])(
    'shows who asked, why, and the sum, before it asks why: %s',
    async (line) => {
      const desk = aDesk({ recoveries: [asked], preview: preview() });

      const answer = await run(approve, line, desk);

      expect(answer).toMatchObject({ outcome: 'ask', visibility: 'private' });
      expect(read(answer).split('\n')).toEqual([
        'Restart of zk2 (r-12): do you agree?',
        'Bob asked for it via Slack 5 min ago: hung since 3 a.m.',
        'Nothing has changed since: 3 of 3 voters serving.',
        'After stopping zk2: 2 of 3, quorum is 2: margin 0.',
        'Runs: systemctl restart zookeeper',
      ]);
    },
  );

  it('says what has changed since it was asked for', async () => {
    const desk = aDesk({ recoveries: [asked], preview: preview({ ...sum, serving: 2 }) });

    const text = read(await run(approve, 'approve r-12', desk));

    expect(text).toContain('Then: 3 of 3 voters serving.');
    expect(text).toContain('Now: 2 of 3 voters serving.');
  });

  const stop = {
    name: 'stop' as const,
    server: 'zk2',
    facts: { server: 'zk2', leader: 'zk1', snapCount: 3 },
  };
  const planned = {
    ...asked,
    action: 'resync-server',
    phases: [{ ...stop, order: { kind: 'stop' as const }, state: 'planned' as const }],
  };
  const led = { ...sum, leader: 'zk1' };
  const before = {
    ...planned,
    guards: [
      { atMs: nightMs, at: 'click' as const, verdict: { kind: 'allow' as const, facts: led } },
    ],
  };

  it.each<[string, string, typeof stop.facts, boolean]>([
    ['the same', 'zk1', { ...stop.facts, snapCount: 9 }, false],
    ['another leader', 'zk3', { ...stop.facts, leader: 'zk3' }, true],
  ])('shows the plan of now, and whether it is %s', async (_, leader, facts, isOther) => {
    const desk = aDesk({
      recoveries: [before],
      preview: {
        ...preview({ ...led, leader }),
        steps: [{ ...stop, facts, command: 'systemctl stop zookeeper' }],
      },
    });

    const text = read(await run(approve, 'approve r-12', desk));

    expect(text).toContain('1. Stop zk2, and wait until it is gone');
    expect(text).toContain('on zk2: systemctl stop zookeeper');
    expect(text.includes('Another server leads since then: zk1 → zk3.')).toBe(isOther);
    expect(text.includes('The plan has changed since it was asked for')).toBe(isOther);
    expect(text.includes('Nothing has changed since')).toBe(!isOther);
  });

  it('agrees with a reason and a yes', async () => {
    const desk = aDesk({ recoveries: [asked] });

    const answer = await run(approve, 'approve r-12 --reason "looked too" --confirm yes', desk);

    expect(answer).toMatchObject({ outcome: 'done' });
    expect(desk.asked).toEqual(['approve r-12 (looked too)']);
    expect(read(answer)).toContain('1 more person must agree');
  });

  it('needs a reason', async () => {
    const desk = aDesk({ recoveries: [asked] });

    expect(await run(approve, 'approve r-12 --confirm yes', desk)).toMatchObject({
      code: 'reason-missing',
    });
    expect(desk.asked).toEqual([]);
  });

  it('says what the guard has against it now, before anybody writes a reason', async () => {
    const verdict = { kind: 'deny', code: 'would-break-quorum', facts: sum } as const;
    const desk = aDesk({ recoveries: [asked], preview: { verdict, command: '' } });

    expect(read(await run(approve, 'approve r-12', desk))).toContain('writes would stop');
  });

  it.each(['approve r-99', 'approve zk2', 'approve r-999999999999999999'])(
    'says that there is no such recovery: %s',
    async (line) => {
      expect(read(await run(approve, line, aDesk({ recoveries: [asked] })))).toContain(
        'There is no recovery',
      );
    },
  );

  it.each([approve, reject])('is not for who only reads ($name)', async (command) => {
    const origin = { via: 'console', actor: aPerson({ roles: { '*': 'viewer' } }) } as const;
    const desk = aDesk({ recoveries: [asked] }, { origin });

    const answer = await run(command, `${command.name} r-12 --confirm yes --reason x`, desk);

    expect(answer).toMatchObject({ code: 'not-permitted' });
    expect(desk.asked).toEqual([]);
  });
});

describe('the command reject', () => {
  it('takes the reason from the line', async () => {
    const desk = aDesk({ recoveries: [asked] });

    const answer = await run(reject, 'reject r-12 the disk comes first', desk);

    expect(desk.asked).toEqual(['reject r-12 (the disk comes first)']);
    expect(read(answer)).toBe('r-12 is rejected; nothing was done.');
  });

  it('needs a reason, and asks for one where a button was pressed', async () => {
    const desk = aDesk({ recoveries: [asked] });

    const typed = await run(reject, 'reject r-12', desk);
    const pressed = await run(reject, 'reject r-12 --ask yes', desk);

    expect(typed).toMatchObject({ code: 'reason-missing' });
    expect(pressed).toMatchObject({ outcome: 'ask', blocks: [{ form: { submit: 'Reject' } }] });
    expect(desk.asked).toEqual([]);
  });

  it('says why not, where it is too late', async () => {
    const refusal = refuse('not-awaiting', { recovery: 'r-12', state: 'expired' });
    const desk = aDesk({ recoveries: [asked], refusal });

    expect(read(await run(reject, 'reject r-12 no', desk))).toContain('nobody agreed in time');
  });
});

describe('the command recover', () => {
  it('says who must agree, where somebody must', async () => {
    const desk = aDesk({}, { requestRecovery: () => Promise.resolve(asked) });

    const text = read(await run(recover, 'recover orders zk2 --reason "hung" --confirm yes', desk));

    expect(text).toContain('1 other person must agree until');
    expect(text).toContain('approve r-12');
  });
});
