import { describe, expect, it } from 'vitest';

import { doctor, gapsMax } from '../../commands/doctor.ts';
import type { NotSeen } from '../../src/model/not-seen.ts';
import { aPerson } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const words: NotSeen = {
  server: 'zk1',
  what: 'words',
  why: 'not allowed: mntr, cons',
  detectors: ['session-concentration'],
  where: 'zoo.cfg',
  line: '4lw.commands.whitelist=srvr,mntr',
};

describe('the command doctor', () => {
  it('says that the bot is well', async () => {
    const checks = [{ name: 'redis', ok: true, detail: 'ok' }];

    const text = read(await run(doctor, 'doctor', aDesk({ checks })));

    expect(text).toContain('all 1 checks are fine');
    expect(text).toContain('redis | fine');
    expect(text).toContain('doctor orders');
  });

  it('says what is wrong, and what a quota has left', async () => {
    const checks = [
      { name: 'redis', ok: true, detail: 'ok' },
      { name: 'channel slack', ok: false, detail: 'the token is revoked' },
      { name: 'quota dingtalk-calls', ok: true, detail: '120 / 5000' },
      { name: 'redis-append-only', ok: false, detail: 'keeps nothing', risk: true as const },
    ];

    const answer = await run(doctor, '诊断', aDesk({ checks }));

    expect(read(answer)).toContain('2 of 4 checks need somebody');
    expect(read(answer)).toContain('channel slack | the token is revoked');
    expect(read(answer)).toContain('quota dingtalk-calls | 120 / 5000');
    expect(answer).toMatchObject({
      blocks: [{}, { tones: ['resolved', 'critical', 'resolved', 'warning'] }, {}],
    });
  });

  it('names once what is not seen of several servers, and the line to write', async () => {
    const notSeen = [words, { ...words, server: 'zk2' }];

    const text = read(await run(doctor, 'doctor orders', aDesk({ notSeen })));

    expect(text.split('\n')).toEqual([
      '1 thing of orders stays in the dark:',
      'zk1, zk2: some four-letter words are refused (not allowed: mntr, cons).',
      'Not recognised, or later, without it: session-concentration',
      'Write in zoo.cfg: 4lw.commands.whitelist=srvr,mntr',
    ]);
  });

  it('says that no line helps where only a newer version does', async () => {
    const { where: _, ...old } = { ...words, what: 'old-version' as const, line: '' };

    const text = read(await run(doctor, 'doctor orders', aDesk({ notSeen: [old] })));

    expect(text).toContain('Only a newer version of ZooKeeper');
  });

  it('sees everything, and says so', async () => {
    expect(read(await run(doctor, 'doctor orders', aDesk()))).toContain('sees all there is');
  });

  it('shows a bounded number of gaps', async () => {
    const notSeen = Array.from({ length: 60 }, (_, index) => ({ ...words, why: `why ${index}` }));

    const answer = await run(doctor, 'doctor orders', aDesk({ notSeen }));

    expect('blocks' in answer ? answer.blocks.length : 0).toBe(gapsMax + 1);
    expect(read(answer)).toContain('41 more');
  });

  it('refuses an ensemble nobody knows, and one the person may not see', async () => {
    const origin = { via: 'console', actor: aPerson({ roles: { users: 'viewer' } }) } as const;

    expect(await run(doctor, 'doctor payments', aDesk())).toMatchObject({
      code: 'unknown-ensemble',
    });
    expect(await run(doctor, 'doctor orders', aDesk({}, { origin }))).toMatchObject({
      code: 'not-permitted',
    });
  });
});
