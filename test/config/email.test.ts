import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { ConfigFault } from '../../src/model/config-fault.ts';
import { words } from '../../src/rules/card/words/words.ts';

const env = { SMTP_PASSWORD: 'smtp-password-1' };
const orders = 'ensembles: { orders: { servers: [zk1:2181] } }\n';
const section = (rest: string): string =>
  `${orders}email: { host: mx.example.com, from: bot@example.com${rest} }\n`;

function read(text: string) {
  return loadConfig(text, { env, detectorThresholds: {} });
}

function load(text: string) {
  const result = read(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config;
}

function faults(text: string): readonly ConfigFault[] {
  const result = read(text);
  return result.ok ? result.config.warnings : result.faults;
}

const brief = (text: string): readonly string[] =>
  faults(text).map(({ path, what }) => `${path} ${what.kind}`);

describe('the section email', () => {
  it('needs host and sender, and encrypts unless told otherwise', () => {
    expect(load(section('')).email).toEqual({
      host: 'mx.example.com',
      security: 'starttls',
      from: 'bot@example.com',
    });
    expect(load(orders).email).toBeUndefined();
    expect(brief(`${orders}email: {}\n`)).toEqual(['email missing', 'email missing']);
  });

  it('takes user and password together, and the password only from the environment', () => {
    const config = load(section(', user: bot, password: "${SMTP_PASSWORD}"'));

    expect(config.email).toMatchObject({ user: 'bot', password: 'smtp-password-1' });
    expect(config.secrets).toContain('smtp-password-1');
    expect(brief(section(', user: bot'))).toEqual(['email sign-in-pair']);
    expect(brief(section(', user: bot, password: plain'))).toEqual([
      'email.password literal-secret',
    ]);
  });

  it('sends no password in the clear beyond this machine', () => {
    const open = ', user: bot, password: "${SMTP_PASSWORD}", security: none';

    expect(brief(section(open))).toEqual(['email.security open-password']);
    expect(brief(section(open).replace('mx.example.com', '127.0.0.1'))).toEqual([]);
  });

  it.each(['Nightkeeper <bot@example.com>', 'bot@example.com'])('takes the sender %s', (from) => {
    expect(brief(section('').replace('bot@example.com', `"${from}"`))).toEqual([]);
  });

  it.each([
    'bot',
    'a <bot@example.com> b',
    'x\\r\\nBcc: thief@example.com <bot@example.com>',
    'bot@exa mple.com',
  ])('takes no sender such as %s', (from) => {
    expect(brief(section('').replace('bot@example.com', `"${from}"`))).toEqual([
      'email.from wrong-value',
    ]);
  });
});

describe('a destination of mail', () => {
  it('has addresses, and is one destination', () => {
    const { settings } = load(
      `${section('')}destinations: { team: { email: [a@example.com, b@example.com] } }\n`,
    );

    expect(settings.destinations[0]).toEqual({
      id: 'team',
      channel: 'email',
      address: 'a@example.com,b@example.com',
      language: 'en',
    });
  });

  it('needs the section, a sound list of addresses, and not too many', () => {
    const many = Array.from({ length: 21 }, (_, index) => `a${index}@example.com`).join(', ');

    expect(brief(`${orders}destinations: { team: { email: [a@example.com] } }\n`)).toEqual([
      'destinations.team.email section-missing',
    ]);
    expect(brief(`${section('')}destinations: { team: { email: ["a,b@example.com"] } }\n`)).toEqual(
      ['destinations.team.email[0] wrong-value'],
    );
    expect(brief(`${section('')}destinations: { team: { email: [] } }\n`)).toEqual([
      'destinations.team.email empty-list',
    ]);
    expect(brief(`${section('')}destinations: { team: { email: [${many}] } }\n`)).toEqual([
      'destinations.team.email out-of-range',
    ]);
  });

  it('warns of people who cannot be called by it', () => {
    const text = `${section('')}destinations: { team: { email: [a@example.com] } }
people: { bo: { name: Bo, roles: { "*": operator } }, ann: { name: Ann, roles: { "*": admin }, email: ann@example.com } }
routes: [{ to: [team], escalation: [{ after: 5m, people: [bo, ann] }] }]
`;

    expect(brief(text)).toEqual(['routes[0].escalation[0].people[0] unreachable-person']);
    expect(load(text).settings.people[1]?.handles).toMatchObject({ email: 'ann@example.com' });
  });
});

describe('the words for its faults', () => {
  it.each(['en', 'zh-CN'] as const)('are there in %s', (language) => {
    const { setup } = words(language);
    const all = [...faults(section(', user: bot')), ...faults(section('').replace('bot@', ''))];

    expect(all).toHaveLength(2);
    for (const { what } of all) expect(setup.trouble(what).length).toBeGreaterThan(10);
  });
});
