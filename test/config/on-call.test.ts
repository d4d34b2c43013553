import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { weekdaysOf } from '../../src/config/week.ts';
import type { ConfigFault } from '../../src/model/config-fault.ts';
import { ownTroubles } from '../../src/model/own-troubles.ts';
import { parseWall } from '../../src/model/zone.ts';
import { words } from '../../src/rules/card/words/words.ts';

const env = { ICS: 'https://calendar.example.com/secret.ics', A: 'xapp-1', B: 'xoxb-1' };
const base = `ensembles: { orders: { servers: [zk1:2181] }, users: { servers: [zk2:2181] } }
people:
  ann: { name: Ann, roles: { "*": admin }, slack: U0ANN }
  bob: { name: Bob, roles: { "*": operator } }
slack: { botToken: "\${B}", appToken: "\${A}" }
destinations: { ops: { slack: C024BE91L } }
`;

function load(text: string) {
  return loadConfig(text, { env, detectorThresholds: { 'latency-high': {}, electing: {} } });
}

function settings(text: string) {
  const result = load(base + text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config.settings;
}

/** Everything it has to say, faults and warnings, in words. */
function said(text: string): readonly string[] {
  const result = load(base + text);
  const found: readonly ConfigFault[] = result.ok ? result.config.warnings : result.faults;
  return found.map(
    ({ level, path, what }) => `${level} ${path}: ${words('en').setup.trouble(what)}`,
  );
}

const everything = 'routes: [{ to: [ops] }]\n';

describe('a route', () => {
  it('reads detectors, hours, steps and repeat', () => {
    const { routes } = settings(`
groups: { platform: [ann, { oncall: orders }] }
onCall: { orders: { zone: Europe/Berlin, rotation: { people: [ann], start: 2026-11-02T09:00, every: 1w } } }
routes:
  - to: [ops]
    detectors: { not: [electing] }
    when: { days: mon-fri, from: "09:00", to: "18:00", zone: Europe/Berlin }
    escalation:
      - { after: 0m, to: [ oncall: orders ] }
      - { after: 10m, people: [ann], to: [ann, group: platform] }
    repeat: { every: 30m }
  - { to: [ops] }
`);

    expect(routes[0]).toEqual({
      ensembles: [],
      severities: [],
      detectors: { kind: 'not', names: ['electing'] },
      when: [{ days: [0, 1, 2, 3, 4], fromMinute: 540, toMinute: 1080, zone: 'Europe/Berlin' }],
      destinations: ['ops'],
      escalation: [
        { afterMs: 0, to: [{ kind: 'oncall', id: 'orders' }] },
        {
          afterMs: 600_000,
          to: [
            { kind: 'person', id: 'ann' },
            { kind: 'person', id: 'ann' },
            { kind: 'group', id: 'platform' },
          ],
        },
      ],
      repeat: { everyMs: 1_800_000, times: 5 },
    });
  });

  it.each([
    ['mon-fri', [0, 1, 2, 3, 4]],
    ['sat,sun', [5, 6]],
    ['fri-mon', [0, 4, 5, 6]],
    ['Tue', [1]],
    ['monday', undefined],
    ['mon-', undefined],
    ['mon-tue-wed', undefined],
  ])('reads the days %s', (text, days) => {
    expect(weekdaysOf(text)).toEqual(days);
  });

  it.each([
    [
      'an unknown detector',
      'routes: [{ to: [ops], detectors: [electin] }]',
      'fault routes[0].detectors[0]: there is no detector "electin"; did you mean "electing"?',
    ],
    [
      'an unknown group',
      'groups: { platform: [ann] }\nroutes: [{ to: [ops], escalation: [{ after: 1m, to: [{ group: platfrom }] }] }]',
      'fault routes[0].escalation[0].to[0].group: there is no group "platfrom"; did you mean "platform"?',
    ],
    [
      'an unknown schedule',
      'routes: [{ to: [ops], escalation: [{ after: 1m, to: [{ oncall: orders }] }] }]',
      'fault routes[0].escalation[0].to[0].oncall: there is no on-call schedule "orders"; none is defined',
    ],
    [
      'a step that names nobody',
      'routes: [{ to: [ops], escalation: [{ after: 1m }] }]',
      'fault routes[0].escalation[0]: this step calls nobody: say whom in "to", as people, { group: … } or { oncall: … }',
    ],
    [
      'a repeat of nothing',
      'routes: [{ to: [ops], repeat: { every: 5m } }]',
      'fault routes[0].repeat: there is no escalation here that could be repeated',
    ],
    [
      'too many repeats',
      'routes: [{ to: [ops], escalation: [{ after: 1m, to: [ann] }], repeat: { every: 5m, times: 99 } }]',
      'fault routes[0].repeat.times: 99 is too much; at most 24',
    ],
    [
      'a zone that is none',
      'routes: [{ to: [ops], when: { days: mon, zone: Berlin } }, { to: [ops] }]',
      'fault routes[0].when.zone: "Berlin" should be a time zone such as Europe/Berlin or UTC',
    ],
    [
      'days that are none',
      'routes: [{ to: [ops], when: { days: weekdays, zone: UTC } }, { to: [ops] }]',
      'fault routes[0].when.days: "weekdays" should be days of the week such as mon-fri or sat,sun',
    ],
    [
      'a person without a contact there, inside a group',
      'groups: { all: [ann, bob] }\nroutes: [{ to: [ops], escalation: [{ after: 1m, to: [{ group: all }] }] }]',
      'warning routes[0].escalation[0].to[0]: bob cannot be called here',
    ],
    [
      'a person without a contact there, inside a schedule',
      'onCall: { o: { zone: UTC, rotation: { people: [ann, bob], start: 2026-11-02, every: 1w } } }\nroutes: [{ to: [ops], escalation: [{ after: 1m, to: [{ oncall: o }] }] }]',
      'warning routes[0].escalation[0].to[0]: bob cannot be called here',
    ],
  ])('says %s', (_, text, expected) => {
    const [first, ...rest] = said(text);

    expect(first?.slice(0, expected.length)).toBe(expected);
    expect(rest).toEqual([]);
  });
});

describe('incidents that nobody would hear of', () => {
  const nobody = 'these incidents would be heard by nobody but the console:';

  it.each([
    ['everything has its route', everything, []],
    [
      'there is no route at all',
      '',
      [`warning destinations: ${nobody} orders, users, nightkeeper; page and warn`],
    ],
    [
      'an ensemble is left out, which the bot itself never is',
      'routes: [{ to: [ops], ensembles: [orders] }]',
      [`warning routes: ${nobody} users; page and warn`],
    ],
    [
      'only pages go somewhere',
      'routes: [{ to: [ops], severities: [page] }]',
      [`warning routes: ${nobody} orders, users, nightkeeper; warn`],
    ],
    [
      'a detector is left out',
      'routes: [{ to: [ops], detectors: { not: [electing] } }]',
      [`warning routes: ${nobody} orders, users; page and warn; electing`],
    ],
    [
      'a route leads to the console alone',
      'routes: [{ to: [console] }]',
      [`warning routes: ${nobody} orders, users, nightkeeper; page and warn`],
    ],
    [
      'there are hours without a route',
      'routes: [{ to: [ops], when: { days: mon-fri, from: "09:00", to: "18:00", zone: Asia/Tokyo } }]',
      [
        `warning routes: ${nobody} orders, users, nightkeeper; page and warn; some hours of the week, the first from Monday 00:00`,
      ],
    ],
    [
      'two routes share the week',
      'routes: [{ to: [ops], when: { days: mon-fri, zone: UTC } }, { to: [ops], when: { days: sat-sun, zone: UTC } }]',
      [],
    ],
  ])('are named where %s', (_, text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it('are not looked for while the console is all there is', () => {
    const result = load('ensembles: { orders: { servers: [zk1:2181] } }');

    expect(result.ok && result.config.warnings).toEqual([]);
  });

  it('are not looked for in a route that matches nothing, which is said by itself', () => {
    const none = `routes: [{ to: [ops] }, { to: [ops], detectors: { not: [latency-high, electing, ${ownTroubles.join(', ')}] } }]`;

    expect(said(none)).toEqual([
      'warning routes[1].detectors: this route matches nothing: it leaves every detector out',
    ]);
  });
});

describe('an on-call schedule', () => {
  it('reads rotation, layers, stand-ins, calendar and fallback', () => {
    const { onCall } = settings(`${everything}
onCall:
  orders:
    zone: Europe/Berlin
    rotation: { people: [ann, bob], start: 2026-11-02T09:00, every: 12h }
    layers: [{ people: [bob], start: 2026-11-02, every: 1w, when: { days: sat, from: "22:00", to: "06:00" } }]
    overrides: [{ from: 2026-12-24T09:00, to: 2026-12-27, person: bob }]
    ical: { url: "\${ICS}", refresh: 5m }
    fallback: ann
`);

    expect(onCall).toEqual([
      {
        id: 'orders',
        zone: 'Europe/Berlin',
        rotations: [
          {
            people: ['ann', 'bob'],
            startWallMs: parseWall('2026-11-02T09:00'),
            everyMs: 43_200_000,
            when: [],
          },
          {
            people: ['bob'],
            startWallMs: parseWall('2026-11-02'),
            everyMs: 604_800_000,
            when: [{ days: [5], fromMinute: 1320, toMinute: 360, zone: 'Europe/Berlin' }],
          },
        ],
        overrides: [
          {
            fromMs: Date.UTC(2026, 11, 24, 8),
            untilMs: Date.UTC(2026, 11, 26, 23),
            person: 'bob',
          },
        ],
        calendar: {
          source: { kind: 'url', url: env.ICS },
          refreshMs: 300_000,
          timeoutMs: 10_000,
        },
        fallback: 'ann',
      },
    ]);
  });

  it('keeps the address of a calendar among the secrets', () => {
    const result = load(
      `${base}${everything}onCall: { o: { zone: UTC, ical: { url: "\${ICS}" } } }`,
    );

    expect(result.ok && result.config.secrets).toContain(env.ICS);
  });

  it.each([
    ['nobody in it', 'o: { zone: UTC }', 'fault onCall.o: this schedule has nobody'],
    [
      'no zone',
      'o: { fallback: ann, ical: { file: x } }',
      'fault onCall.o: "zone" is missing; it should be a time zone',
    ],
    [
      'an unknown person',
      'o: { zone: UTC, rotation: { people: [anne], start: 2026-11-02, every: 1w } }',
      'fault onCall.o.rotation.people[0]: there is no person "anne"; did you mean "ann"?',
    ],
    [
      'a turn of a minute',
      'o: { zone: UTC, rotation: { people: [ann], start: 2026-11-02, every: 1m } }',
      'fault onCall.o.rotation.every: "1m" should be the length of a turn',
    ],
    [
      'a day that no month has',
      'o: { zone: UTC, rotation: { people: [ann], start: 2026-02-30, every: 1w } }',
      'fault onCall.o.rotation.start: "2026-02-30" should be a date',
    ],
    [
      'a stand-in that ends before it begins',
      'o: { zone: UTC, fallback: ann, overrides: [{ from: 2026-12-24, to: 2026-12-23, person: bob }] }',
      'fault onCall.o.overrides[0].to: 2026-12-23 is not after 2026-12-24',
    ],
    [
      'two calendars in one',
      'o: { zone: UTC, ical: { url: "${ICS}", file: x } }',
      'fault onCall.o.ical: a calendar is read from one place',
    ],
    [
      'an address in the clear',
      'o: { zone: UTC, ical: { url: "https://example.com/x.ics" } }',
      'fault onCall.o.ical.url: a secret stands here in the clear',
    ],
    [
      'a calendar read without pause',
      'o: { zone: UTC, ical: { file: x, refresh: 1s } }',
      'fault onCall.o.ical.refresh: 1s is too little; at least 60s',
    ],
    [
      'a hole in the week',
      'o: { zone: UTC, rotation: { people: [ann], start: 2026-11-02, every: 1w, when: { days: mon-fri } } }',
      'warning onCall.o: nobody is on call in o from Saturday 00:00 of every week on',
    ],
  ])('says %s', (_, schedule, expected) => {
    const [first, ...rest] = said(`${everything}onCall: { ${schedule} }`);

    expect(first?.slice(0, expected.length)).toBe(expected);
    expect(rest).toEqual([]);
  });
});

describe('groups', () => {
  it('that hold each other are said once, with the circle', () => {
    const text = `${everything}groups: { a: [{ group: b }], b: [ann, { group: c }], c: [{ group: a }] }`;

    expect(said(text)).toEqual(['fault groups.a: these groups hold each other: a → b → c → a']);
  });

  it('may hold the same group twice without a circle', () => {
    const text = `${everything}groups: { a: [{ group: c }], b: [{ group: c }, { group: a }], c: [ann] }`;

    expect(said(text)).toEqual([]);
  });

  it('say who is not there', () => {
    expect(said(`${everything}groups: { a: [an] }`)).toEqual([
      'fault groups.a[0]: there is no person "an"; did you mean "ann"?',
    ]);
  });
});
