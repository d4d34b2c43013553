import { describe, expect, it } from 'vitest';
import { backup } from '../../commands/backup.ts';
import { backups } from '../../commands/backups.ts';
import type { KeptBackup } from '../../src/model/kept-backup.ts';
import { aPerson } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

function aBackup(overrides: Partial<KeptBackup> = {}): KeptBackup {
  const { nowMs } = aDesk();
  return {
    file: '/var/backups/orders-1.nkb',
    startedMs: nowMs - 7_200_000,
    endedMs: nowMs - 7_200_000,
    root: '/',
    bytes: 3 * 1024 * 1024,
    sha256: '',
    zxid: '0x1',
    znodes: 12_345,
    dataBytes: 1,
    ephemerals: 0,
    moved: 0,
    denied: 0,
    ...overrides,
  };
}

describe('the command backup', () => {
  it('has the bot begin, and says where to look', async () => {
    const desk = aDesk({});

    const answer = read(await run(backup, 'backup orders', desk));

    expect(desk.asked).toEqual(['backup orders']);
    expect(answer).toContain('/var/backups');
    expect(answer).toContain('backups orders');
  });

  it('is refused without a section, while one runs, and to those who only look', async () => {
    const off = await run(backup, 'backup users', aDesk());
    const running = aDesk({
      backups: {
        history: { ensemble: 'orders', kept: [] },
        running: { sinceMs: 0, phase: 'look', znodes: 1 },
      },
    });
    const viewer = aDesk(
      {},
      {
        origin: { via: 'console', actor: aPerson({ roles: { orders: 'viewer' } }) },
      },
    );

    expect(off).toMatchObject({ kind: 'refusal', code: 'backup-off' });
    expect(await run(backup, 'backup orders', running)).toMatchObject({ code: 'backup-running' });
    expect(await run(backup, 'backup orders', viewer)).toMatchObject({ code: 'not-permitted' });
    expect(await run(backup, 'backup', aDesk())).toMatchObject({ code: 'bad-arguments' });
  });
});

describe('the command backups', () => {
  it('lists what there is with age, size and counts', async () => {
    const kept = [aBackup(), aBackup({ denied: 3 }), aBackup({ moved: 2 })];
    const desk = aDesk({ backups: { history: { ensemble: 'orders', kept } } });

    const answer = read(await run(backups, 'backups orders', desk));

    expect(answer).toContain('2 h ago');
    expect(answer).toContain('3 MiB');
    expect(answer).toContain('12,345');
    expect(answer).toContain('orders-1.nkb');
    expect(answer).toContain('3 could not be read');
    expect(answer).toContain('2 moved');
  });

  it('says how far the running one is, and why the last one failed', async () => {
    const { nowMs } = aDesk();
    const desk = aDesk({
      backups: {
        history: {
          ensemble: 'orders',
          kept: [aBackup()],
          failed: { sinceMs: nowMs, atMs: nowMs - 60_000, why: 'no space left' },
        },
        running: { sinceMs: nowMs - 5000, phase: 'look', znodes: 6000 },
      },
    });

    const answer = read(await run(backups, 'backups', desk));

    expect(answer).toContain('6,000 of about 12,345');
    expect(answer).toContain('no space left');
  });
});
