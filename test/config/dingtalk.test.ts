import { describe, expect, it } from 'vitest';
import { quotasOf } from '../../src/app/quota-watch.ts';
import { loadConfig } from '../../src/config/load.ts';
import { words } from '../../src/rules/card/words/words.ts';

const env = {
  DING_SECRET: 'dingtalk-secret-1',
  ROBOT_URL: 'https://oapi.dingtalk.com/robot/send?access_token=robot-token-1',
  ROBOT_SECRET: 'SECrobot-secret-1',
};
const orders = 'ensembles: { orders: { servers: [zk1:2181] } }\n';
const section = (rest = ''): string =>
  `${orders}dingtalk: { clientId: ding1, clientSecret: "\${DING_SECRET}"${rest} }\n`;
const place = (destination: string): string =>
  `destinations: { duty: ${destination} }\nroutes: [{ to: [duty] }]\n`;
const group = '{ dingtalk: "cidAbc123XyZ+/0==" }';
const robot = '{ dingtalkRobot: { url: "${ROBOT_URL}", secret: "${ROBOT_SECRET}" } }';

function read(text: string) {
  return loadConfig(text, { env, detectorThresholds: {} });
}

function load(text: string) {
  const result = read(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config;
}

const faults = (text: string) => {
  const result = read(text);
  return result.ok ? result.config.warnings : result.faults;
};

const brief = (text: string): readonly string[] =>
  faults(text).map(({ path, what }) => `${path} ${what.kind}`);

describe('the section dingtalk', () => {
  it('needs the application, and has the quota of the standard edition', () => {
    const { dingtalk, secrets } = load(section());

    expect(dingtalk).toEqual({
      clientId: 'ding1',
      clientSecret: 'dingtalk-secret-1',
      quota: { calls: 5000, messages: 3000 },
    });
    expect(secrets).toContain('dingtalk-secret-1');
    expect(brief(`${orders}dingtalk: {}\n`)).toEqual(['dingtalk missing', 'dingtalk missing']);
  });

  it('takes its secret from the environment alone', () => {
    expect(brief(section().replace('"${DING_SECRET}"', 'plain'))).toEqual([
      'dingtalk.clientSecret literal-secret',
    ]);
  });

  it.each([
    [', cardTemplateId: "0f6b1f3e-7c5f"', 'dingtalk.cardTemplateId', 'dingtalk-template'],
    [', apiUrl: api.dingtalk.com', 'dingtalk.apiUrl', 'http-url'],
  ])('says what is wrong with %s', (rest, path, want) => {
    const [fault] = faults(section(rest));

    expect(fault).toMatchObject({ path, what: { kind: 'wrong-value', want } });
    for (const language of ['en', 'zh-CN'] as const)
      expect(words(language).setup.trouble(fault!.what).length).toBeGreaterThan(10);
  });

  it('has a destination for each group, by its openConversationId', () => {
    const { settings } = load(section() + place(group));

    expect(settings.destinations[0]).toMatchObject({
      channel: 'dingtalk',
      address: 'cidAbc123XyZ+/0==',
    });
    expect(brief(section() + place('{ dingtalk: ZooKeeper on call }'))).toEqual([
      'destinations.duty.dingtalk wrong-value',
    ]);
    expect(brief(orders + place(group))).toEqual(['destinations.duty.dingtalk section-missing']);
  });

  it('knows people by the userId of the address book, in groups and with robots, and none twice', () => {
    const wei = 'wei: { name: Wei, roles: { "*": operator }, dingtalk: manager4220 }';
    const { settings } = load(`${section()}people: { ${wei} }\n`);

    expect(settings.people[0]?.handles).toMatchObject({
      dingtalk: 'manager4220',
      dingtalkRobot: 'manager4220',
    });
    const twice = `${section()}people: { ${wei}, ${wei.replace('wei', 'bo')} }\n`;
    expect(brief(twice)).toEqual(['people.bo.dingtalk duplicate']);
  });
});

describe('a custom robot of DingTalk', () => {
  it('needs no application, and its address is a secret', () => {
    const { settings, dingtalkRobots, secrets } = load(orders + place(robot));

    expect(settings.destinations[0]).toMatchObject({ channel: 'dingtalkRobot', address: 'duty' });
    expect(dingtalkRobots['duty']).toEqual({ url: env.ROBOT_URL, secret: env.ROBOT_SECRET });
    expect(secrets).toEqual(expect.arrayContaining([env.ROBOT_URL, env.ROBOT_SECRET]));
    expect(brief(orders + place(robot.replace('"${ROBOT_URL}"', env.ROBOT_URL)))).toEqual([
      'destinations.duty.dingtalkRobot.url literal-secret',
    ]);
  });
});

describe('the quotas that are watched', () => {
  it('are those of the chats in use', () => {
    const meters = (text: string) =>
      quotasOf(load(text)).map(({ meter, max }) => `${meter} ${max}`);

    expect(meters(orders)).toEqual([]);
    expect(meters(orders + place(robot))).toEqual(['dingtalk-messages 3000']);
    expect(meters(section(', quota: { calls: 100, messages: 50 }'))).toEqual([
      'dingtalk-calls 100',
      'dingtalk-messages 50',
    ]);
  });
});
