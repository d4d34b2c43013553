import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { defaultIncidentSettings } from '../../src/model/settings.ts';
import { setupEn } from '../../src/rules/card/words/setup/en.ts';

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

function warnings(text: string): readonly string[] {
  const result = load(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config.warnings.map(
    ({ line, path, what }) => `${line} ${path}: ${setupEn.trouble(what)}`,
  );
}

function faults(text: string): readonly string[] {
  const result = load(text);
  return result.ok ? [] : result.faults.map(({ path, what }) => `${path} ${what.kind}`);
}

const window = (more: string) =>
  `maintenance: { patch: { cron: "0 3 * * SUN", for: 2h, reason: patches${more} } }`;

describe('a maintenance window', () => {
  it('keeps anything from being recovered where it says so', () => {
    const freezes = [', freeze: true', ', freeze: false', ''].map(
      (more) => settings(window(more)).maintenance?.[0]?.freezes,
    );

    expect(freezes).toEqual([true, undefined, undefined]);
  });

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

  it('is warned of where it meets another one, with the names and lines of both', () => {
    const text = `
maintenance:
  patch: { cron: "0 3 * * SUN", for: 2h, reason: patches, ensemble: ord* }
  backup: { cron: "30 4 * * *", for: 1h, reason: backups, server: zk1 }
`;

    expect(warnings(text)).toEqual([
      '5 maintenance.backup: the windows backup and patch (line 4) meet, the first time at 04 Jan 04:30 UTC: what both cover stays quiet until the later one ends',
    ]);
  });

  it.each([
    ['begins when the other one ends', '{ cron: "0 5 * * SUN", for: 2h, reason: x }', 0],
    ['is open at another time', '{ cron: "0 3 * * MON", for: 2h, reason: x }', 0],
    ['is yearly, and meets it on a later day', '{ cron: "0 4 1 3 *", for: 1h, reason: x }', 1],
    [
      'is open at the same time by another clock',
      '{ cron: "0 11 * * SUN", for: 1h, reason: x, timeZone: Asia/Shanghai }',
      1,
    ],
    ['is for another ensemble', '{ cron: "0 3 * * SUN", for: 2h, reason: x, ensemble: users }', 0],
    ['is for other ensembles', '{ cron: "0 3 * * SUN", for: 2h, reason: x, ensemble: u* }', 0],
    ['is for some of the same', '{ cron: "0 3 * * SUN", for: 2h, reason: x, ensemble: "*s" }', 1],
  ])('that %s', (_, other, expected) => {
    const text = `ensembles: { orders: { servers: [zk1:2181] }, users: { servers: [zk2:2181] } }
maintenance: { patch: { cron: "0 3 * * SUN", for: 2h, reason: x, ensemble: orders }, other: ${other} }`;

    const result = loadConfig(text, { env: {}, detectorThresholds: {} });

    expect(result.ok && result.config.warnings.length).toBe(expected);
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

  it('say when a fault that comes and goes is one', () => {
    expect(settings('incidents: { flap: { times: 0, within: 1h } }').incidents?.flap).toEqual({
      times: 0,
      withinMs: 3_600_000,
      quietMs: 300_000,
    });
  });

  it('may differ by route', () => {
    const [route] = settings(
      'routes: [{ to: [console], acknowledgers: 2, ackReminder: 30m }]',
    ).routes;

    expect(route).toMatchObject({ acknowledgers: 2, ackReminderMs: 1_800_000 });
  });
});
