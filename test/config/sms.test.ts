import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { ConfigFault } from '../../src/model/config-fault.ts';
import { words } from '../../src/rules/card/words/words.ts';

const env = { TWILIO: 'twilio-token-1', SK: 'twilio-key-secret', ALI: 'aliyun-secret-1' };
const orders = 'ensembles: { orders: { servers: [zk1:2181] } }\n';
const sid = 'AC0123456789abcdef0123456789abcdef';

const twilio = (rest = ''): string =>
  `${orders}sms: { twilio: { accountSid: ${sid}, authToken: "\${TWILIO}", from: "+15005550006"${rest} } }\n`;

const aliyun = (templates = '{ zh-CN: SMS_1 }', rest = ''): string =>
  `${orders}sms: { aliyun: { accessKeyId: LTAI, accessKeySecret: "\${ALI}", signName: 守夜人, templates: ${templates}${rest} } }\n`;

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

const said = (text: string): readonly string[] =>
  faults(text).map(({ line, what }) => `${line}: ${words('en').setup.trouble(what)}`);

describe('the section sms', () => {
  it('takes an account of Twilio, its token only from the environment', () => {
    const config = load(twilio());

    expect(config.sms?.twilio).toEqual({
      accountSid: sid,
      authToken: 'twilio-token-1',
      from: '+15005550006',
    });
    expect(config.secrets).toContain('twilio-token-1');
    expect(brief(twilio().replace('"${TWILIO}"', 'plain'))).toEqual([
      'sms.twilio.authToken literal-secret',
    ]);
  });

  it('takes a key of Twilio and a messaging service instead', () => {
    const key = 'apiKey: SK0123456789abcdef0123456789abcdef, apiKeySecret: "${SK}"';
    const service = 'messagingService: MG0123456789abcdef0123456789abcdef';
    const config = load(
      twilio().replace('authToken: "${TWILIO}"', key).replace('from: "+15005550006"', service),
    );

    expect(config.secrets).toContain('twilio-key-secret');
    expect(config.sms?.twilio?.messagingService).toMatch(/^MG/u);
  });

  it('takes an account of Aliyun, and as many for a number as its console starts with', () => {
    const config = load(aliyun('{ zh-CN: SMS_1, en: SMS_2 }'));

    expect(config.sms?.aliyun).toMatchObject({
      templates: { 'zh-CN': 'SMS_1', en: 'SMS_2' },
      perNumber: { minute: 1, hour: 5, day: 10 },
    });
    expect(config.secrets).toContain('aliyun-secret-1');
    expect(load(aliyun(undefined, ', perNumber: { day: 50 }')).sms?.aliyun?.perNumber).toEqual({
      minute: 1,
      hour: 5,
      day: 50,
    });
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['no provider', `${orders}sms: {}\n`, ['sms not-one']],
    [
      'two providers',
      `${twilio().trimEnd().slice(0, -2)}, aliyun: { accessKeyId: L, accessKeySecret: "\${ALI}", signName: x, templates: { en: SMS_1 } } }\n`,
      ['sms not-one'],
    ],
    [
      'an unset secret',
      twilio().replace('TWILIO', 'NOBODY'),
      ['sms.twilio.authToken unset-variable'],
    ],
    ['no secret', twilio().replace(' authToken: "${TWILIO}",', ''), ['sms.twilio not-one']],
    [
      'a key without its secret',
      twilio(', apiKey: SK0123456789abcdef0123456789abcdef'),
      ['sms.twilio missing'],
    ],
    ['no sender', twilio().replace(', from: "+15005550006"', ''), ['sms.twilio not-one']],
    ['a strange account', twilio().replace(sid, 'AC12'), ['sms.twilio.accountSid wrong-value']],
    [
      'a strange sender',
      twilio().replace('+15005550006', 'A very long name'),
      ['sms.twilio.from wrong-value'],
    ],
    ['an unknown key', twilio(', fron: x'), ['sms.twilio.fron unknown-key']],
    [
      'http beyond this machine',
      twilio(', apiUrl: "http://api.example"'),
      ['sms.twilio.apiUrl wrong-value'],
    ],
    [
      'an address with a path',
      twilio(', apiUrl: "https://api.example/x"'),
      ['sms.twilio.apiUrl wrong-value'],
    ],
    ['no template', aliyun('{}'), ['sms.aliyun.templates empty-list']],
    ['a strange template', aliyun('{ en: hello }'), ['sms.aliyun.templates.en wrong-value']],
    [
      'more than Aliyun allows',
      aliyun(undefined, ', perNumber: { day: 51 }'),
      ['sms.aliyun.perNumber.day out-of-range'],
    ],
  ])('is refused with %s', (_, text, found) => {
    expect(brief(text)).toEqual(found);
  });

  it('takes http on this machine', () => {
    expect(brief(twilio(', apiUrl: "http://127.0.0.1:4010"'))).toEqual([]);
  });
});

describe('a destination of phones', () => {
  const people = (phone: string): string =>
    `people: { ann: { name: Ann, roles: { "*": admin }, phone: ${phone} } }\n`;

  it('has numbers in international form, however they are written', () => {
    const config = load(
      `${twilio()}destinations: { phones: { sms: ["+41 79 123 45 67", "+86-138-0013-8000"] } }\n`,
    );

    expect(config.settings.destinations[0]).toMatchObject({
      channel: 'sms',
      address: '+41791234567,+8613800138000',
    });
  });

  it('may be for those who are called alone, where somebody has a phone', () => {
    const empty = `${twilio()}destinations: { phones: { sms: [] } }\n`;

    const config = load(`${empty}${people('"+41 79 123 45 67"')}`);

    expect(config.settings.destinations[0]?.address).toBe('');
    expect(config.settings.people[0]?.handles['sms']).toBe('+41791234567');
    expect(brief(empty)).toContain('destinations.phones.sms empty-list');
  });

  it.each([
    ['079 123 45 67', 'no country'],
    ['0041791234567', 'no plus'],
    ['+41', 'too short'],
    ['+1234567890123456', 'too long'],
    ['+41 79 CALL ME', 'letters'],
  ])('refuses %j: %s, and says how it is written, with the line', (number) => {
    const text = `${twilio()}destinations:\n  phones:\n    sms: ["${number}"]\n`;

    expect(said(text)).toContain(
      `5: "${number}" should be a phone number with its country, in quotes: "+41791234567"`,
    );
  });

  it('says that quotes are missing, which make a number of a phone number', () => {
    expect(said(`${twilio()}${people('+41791234567')}`)).toEqual([
      expect.stringContaining('in quotes: "+41791234567"'),
    ]);
  });

  it('needs the section', () => {
    expect(brief(`${orders}destinations: { phones: { sms: ["+41791234567"] } }\n`)).toContain(
      'destinations.phones.sms section-missing',
    );
  });

  it('has at most ten numbers', () => {
    const numbers = Array.from({ length: 11 }, (_, at) => `"+4179123456${at}"`).join(', ');

    expect(brief(`${twilio()}destinations: { phones: { sms: [${numbers}] } }\n`)).toContain(
      'destinations.phones.sms out-of-range',
    );
  });

  it('hears of pages only: a route with nothing else leaves warnings unheard', () => {
    const text = `${twilio()}destinations: { phones: { sms: ["+41791234567"] } }\nroutes: [{ to: [phones] }]\n`;

    expect(faults(text).map(({ what }) => what)).toContainEqual(
      expect.objectContaining({ kind: 'unheard', severities: ['warn'] }),
    );
  });

  it('cannot call somebody without a phone', () => {
    const text = `${twilio()}people: { bo: { name: Bo, roles: { "*": operator }, slack: U0BO } }
destinations: { phones: { sms: ["+41791234567"] } }
routes: [{ to: [phones], severities: [page], escalation: [{ after: 5m, to: [bo] }] }]
`;

    expect(brief(text)).toContain('routes[0].escalation[0].to[0] unreachable-person');
  });
});
