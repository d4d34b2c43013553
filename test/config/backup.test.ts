import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

function load(section: string) {
  return loadConfig(`ensembles:\n  orders:\n    servers: ["zk1:2181"]\n${section}`, {
    env: { ZK_LOGIN: 'digest:bot:secret' },
    detectorThresholds: {},
  });
}

function faults(section: string): readonly string[] {
  const loaded = load(section);
  return loaded.ok ? [] : loaded.faults.map(({ path, what }) => `${path} ${what.kind}`);
}

describe('the sections about backups', () => {
  it('are taken as they are written, with defaults', () => {
    const loaded = load('    login: "${ZK_LOGIN}"\n    backup: { dir: /b, cron: "0 3 * * *" }\n');

    expect(loaded.ok && loaded.config.settings.ensembles[0]).toMatchObject({
      login: { scheme: 'digest', credential: 'bot:secret' },
      backup: {
        dir: '/b',
        when: { cron: '0 3 * * *' },
        keep: { last: 7, daily: 0, weekly: 0 },
        root: '/',
        perSecondMax: 2000,
      },
    });
    expect(loaded.ok && loaded.config.secrets).toContain('digest:bot:secret');
  });

  it('name what is wrong with them', () => {
    expect(faults('    login: digest:bot:secret\n')).toEqual([
      'ensembles.orders.login literal-secret',
    ]);
    expect(faults('    backup: { every: 24h }\n')).toEqual(['ensembles.orders.backup missing']);
    expect(faults('    backup: { dir: /b, every: 24h, cron: "0 3 * * *" }\n')).toEqual([
      'ensembles.orders.backup not-one',
    ]);
    expect(faults('    backup: { dir: /b, every: 5s }\n')).toEqual([
      'ensembles.orders.backup.every out-of-range',
    ]);
    expect(faults('    backup: { dir: /b, path: /a/../b }\n')).toEqual([
      'ensembles.orders.backup.path wrong-value',
    ]);
    expect(faults('    backup: { dir: /b, keep: { last: 0 } }\n')).toEqual([
      'ensembles.orders.backup.keep.last out-of-range',
    ]);
  });
});
