import { describe, expect, it } from 'vitest';

import { evidence } from '../../commands/evidence.ts';
import { chatCharsMax } from '../../commands/export.ts';
import { aPerson, aRecovery, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const world = {
  recoveries: [aRecovery({ id: 'r-12' })],
  evidence: [
    { server: 'zk2', atMs: nightMs, answers: { mntr: 'zk_uptime\t9\n', conf: 'tickTime=2000\n' } },
  ],
};

describe('the command evidence', () => {
  it('lists what is kept of each server', async () => {
    const text = read(await run(evidence, 'evidence r-12', aDesk(world)));

    expect(text).toContain('zk2 | ');
    expect(text).toContain('mntr (12), conf (14)');
    expect(text).toContain('evidence r-12 mntr');
  });

  it('shows one answer as it was', async () => {
    const text = read(await run(evidence, 'evidence 12 CONF', aDesk(world)));

    expect(text).toContain('zk2 conf');
    expect(text).toContain('tickTime=2000');
  });

  it('cuts a long answer for a chat, and not for the terminal', async () => {
    const long = {
      ...world,
      evidence: [{ server: 'zk2', atMs: 1, answers: { cons: 'x\n'.repeat(5000) } }],
    };
    const at = (via: 'slack' | 'cli') => ({ origin: { via, actor: aPerson() } });

    const chat = read(await run(evidence, 'evidence r-12 cons', aDesk(long, at('slack'))));
    const terminal = read(await run(evidence, 'evidence r-12 cons', aDesk(long, at('cli'))));

    expect(chat.length).toBeLessThanOrEqual(chatCharsMax);
    expect(terminal.length).toBeGreaterThan(9000);
  });

  it('says where nothing is kept, or no such word', async () => {
    expect(read(await run(evidence, 'evidence r-12', aDesk({ ...world, evidence: [] })))).toContain(
      'There is no evidence of r-12',
    );
    expect(await run(evidence, 'evidence r-12 wchp', aDesk(world))).toMatchObject({
      code: 'bad-arguments',
    });
  });
});
