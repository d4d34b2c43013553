import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { defaultIncidentSettings } from '../../src/model/settings.ts';

function load(text: string) {
  return loadConfig(`ensembles: { orders: { servers: [zk1:2181] } }\n${text}`, {
    env: {},
    detectorThresholds: { 'member-down': {} },
  });
}

function settings(text: string) {
  const result = load(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config.settings;
}

function faults(text: string): readonly string[] {
  const result = load(text);
  return result.ok ? [] : result.faults.map(({ path, what }) => `${path} ${what.kind}`);
}

const window = (more: string) =>
  `maintenance: { patch: { cron: "0 3 * * SUN", for: 2h, reason: patches${more} } }`;

describe('a maintenance window', () => {
  it('is read with its scope, in the zone of the configuration unless it names its own', () => {
    const { maintenance } = settings(
      `timeZone: Europe/Berlin\n${window(', ensemble: orders, server: zk1')}`,
    );
    const [own] = settings(window(', timeZone: Asia/Shanghai')).maintenance ?? [];

    expect(maintenance).toEqual([
      {
        name: 'patch',
        cron: '0 3 * * SUN',
        timeZone: 'Europe/Berlin',
        forMs: 7_200_000,
        reason: 'patches',
        scope: { ensemble: 'orders', server: 'zk1' },
      },
    ]);
    expect(own?.timeZone).toBe('Asia/Shanghai');
    expect(settings('').timeZone).toBe('UTC');
  });

  it.each([
    [
      'a pattern nobody can read',
      'maintenance: { p: { cron: "0 3", for: 2h, reason: x } }',
      ['maintenance.p.cron wrong-value'],
    ],
    [
      'a zone that is none',
      window(', timeZone: Mars/Base'),
      ['maintenance.patch.timeZone wrong-value'],
    ],
    ['no end', 'maintenance: { p: { cron: "0 3 * * *", reason: x } }', ['maintenance.p missing']],
    ['no reason', 'maintenance: { p: { cron: "0 3 * * *", for: 1h } }', ['maintenance.p missing']],
    [
      'no length',
      'maintenance: { p: { cron: "0 3 * * *", for: 0s, reason: x } }',
      ['maintenance.p.for out-of-range'],
    ],
    [
      'a window longer than a silence may be',
      'maintenance: { p: { cron: "0 3 1 1 *", for: 31d, reason: x } }',
      ['maintenance.p.for out-of-range'],
    ],
    [
      'a window that overlaps the next one',
      'maintenance: { p: { cron: "0 * * * *", for: 2h, reason: x } }',
      ['maintenance.p.for window-overlaps'],
    ],
    [
      'an ensemble nobody knows',
      window(', ensemble: ordres'),
      ['maintenance.patch.ensemble unknown-name'],
    ],
    [
      'a detector nobody knows',
      window(', detector: member-downs'),
      ['maintenance.patch.detector unknown-name'],
    ],
  ])('is refused for %s', (_, text, said) => {
    expect(faults(text)).toEqual(said);
  });

  it('may name several ensembles by a pattern', () => {
    expect(faults(window(', ensemble: "ord*", detector: "member-*"'))).toEqual([]);
  });
});

describe('the life of incidents', () => {
  it('has defaults, and times that may be given in days', () => {
    expect(settings('').incidents).toEqual(defaultIncidentSettings);
    expect(
      settings('incidents: { reopen: 5m, ackReminder: 1h, staleAfter: 14d }').incidents,
    ).toEqual({
      ...defaultIncidentSettings,
      reopenMs: 300_000,
      ackReminderMs: 3_600_000,
      staleAfterMs: 14 * 86_400_000,
    });
  });

  it('may differ by route', () => {
    const [route] = settings(
      'routes: [{ to: [console], acknowledgers: 2, ackReminder: 30m }]',
    ).routes;

    expect(route).toMatchObject({ acknowledgers: 2, ackReminderMs: 1_800_000 });
  });
});
