import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { detectors, detectorThresholds } from '../../src/app/catalog.ts';
import { runCli } from '../../src/app/cli-program.ts';
import { connectRedis } from '../../src/edges/redis/connect.ts';
import { slackScopes } from '../../src/edges/slack/manifest.ts';
import { type DingTalkStandIn, ops as group, startDingTalkStandIn } from '../servers/dingtalk.ts';
import { startSmtp } from '../servers/smtp.ts';
import { type StoryOptions, startStoryBot, storyEnv, storyYaml } from '../support/bot.ts';
import { quietLog } from '../support/log.ts';
import { ops, type Story, startServers, withBot } from '../support/story.ts';
import { aTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const parts = {
  version: '0.0.0-test',
  detectors,
  detectorThresholds,
  start: () => Promise.reject(new Error('no bot is started here')),
};

interface Result {
  readonly about: string;
  readonly code: string;
  readonly outcome: string;
  readonly text: string;
  readonly next?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Everything but the first second of a bot is well within this, on a machine that does other things too. */
const slowMs = 60_000;

// One bot, its chats and its servers, examined again and again while something of them is taken away.
describe('nightkeeper doctor', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let options: StoryOptions;
  let dir: string;
  let file: string;
  const people = [
    'people:',
    '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN, dingtalk: ann0001 }',
    '  eve: { name: Eve, roles: { "*": viewer }, email: eve@example.com }',
  ].join('\n');

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nightkeeper-doctor-'));
    file = join(dir, 'nightkeeper.yaml');
    dingtalk = await startDingTalkStandIn();
    const servers = await startServers({ servers: 1, whitelist: 'srvr, ruok' });
    servers.slack.workspace.addUser('U0EVE', 'eve@example.com');
    const { ensemble, slack, webhook } = servers;
    options = { ensembles: { orders: ensemble }, slack, webhook, dingtalk, yaml: people };
    story = await withBot(servers, { dingtalk, yaml: people });
    const http = 'http: { host: 127.0.0.1, port: 1 }';
    writeFileSync(file, `${http}\n${storyYaml(options, story.bot.redis)}`);
    const standing = ['chat-connected', 'chat-connected', 'bot-sees'];
    await until(
      'the bot sees everything and is connected to both chats',
      async () => {
        const found = (await results()).map(({ code }) => code);
        return standing.every(
          (code) =>
            found.filter((each) => each === code).length ===
            standing.filter((each) => each === code).length,
        );
      },
      slowMs,
    );
  }, 120_000);

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  beforeEach(() => {
    story.slack.workspace.granted = slackScopes;
    story.slack.workspace.tokenError = undefined;
    dingtalk.tenant.isPublished = true;
    dingtalk.tenant.mayListRobots = true;
  });

  /** What a person reads who asks without the bot, with another configuration or environment. */
  async function alone(
    part: string,
    change: (yaml: string) => string = (yaml) => yaml,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const other = join(dir, 'other.yaml');
    writeFileSync(other, change(readFileSync(file, 'utf8')));
    const terminal = aTerminal({ env: { ...storyEnv(options), ...env } });
    await runCli(['doctor', part, '-c', other], terminal.io, parts);
    return terminal.out() + terminal.err();
  }

  /** Types a command line against the running bot, or with `-c FILE` without it. */
  async function type(...argv: readonly string[]) {
    const env = { ...storyEnv(options), NIGHTKEEPER_URL: story.bot.url };
    const terminal = aTerminal({ env });
    const code = await runCli(['doctor', ...argv], terminal.io, parts);
    return { code, out: terminal.out(), err: terminal.err() };
  }

  async function results(...argv: readonly string[]): Promise<readonly Result[]> {
    const { out, err } = await type(...argv, '--json');
    if (out === '') throw new Error(err);
    return (JSON.parse(out) as { readonly results: readonly Result[] }).results;
  }

  async function result(code: string, ...argv: readonly string[]): Promise<Result | undefined> {
    return (await results(...argv)).find((each) => each.code === code);
  }

  it(
    'finds nothing wrong with what is well, with the bot and without it',
    async () => {
      const asked = await results();
      const alone = await results('-c', file);

      expect(asked.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
      expect(alone.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
      const fine = (all: readonly Result[]) =>
        all.filter(({ outcome }) => outcome === 'ok').map(({ code }) => code);
      for (const code of [
        'redis-keeps',
        'slack-token',
        'slack-scopes',
        'slack-socket',
        'slack-channel',
        'slack-email',
        'dingtalk-app',
        'dingtalk-stream',
        'dingtalk-template',
        'dingtalk-group',
        'quota-left',
        'webhook',
        'zk-seen',
        'zk-canary',
        'clock-redis',
        'restart-ready',
      ]) {
        expect(fine(asked)).toContain(code);
        expect(fine(alone)).toContain(code);
      }
      expect(alone.find(({ code }) => code === 'bot-absent')).toMatchObject({ outcome: 'warning' });
      expect((await type()).code).toBe(0);
      // Nothing was posted, and no socket left behind.
      expect(story.slack.channel(ops).messages).toEqual([]);
      expect(dingtalk.messages(group)).toEqual([]);
      expect(story.slack.sockets.open).toBe(2);
      expect(dingtalk.gateway.open).toBe(1);
    },
    slowMs,
  );

  it(
    'names the line of zoo.cfg that opens its eyes',
    async () => {
      const { out, code } = await type('orders');

      expect(code).toBe(0);
      expect(out).toContain('▲ ZooKeeper · orders: zk1: some four-letter words are refused');
      expect(out).toContain(
        'Write in zoo.cfg of each of them, then restart them one after the other: 4lw.commands.whitelist=srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash,envi',
      );
      expect(out).toMatch(
        /✔ ZooKeeper · orders zk1: answers srvr; no AdminServer; session in \d+ ms/u,
      );
    },
    slowMs,
  );

  it(
    'names the scope that was not granted, and ends with 1',
    async () => {
      story.slack.workspace.granted = slackScopes.filter((scope) => scope !== 'files:write');

      const { out, code } = await type('slack');

      expect(code).toBe(1);
      expect(out).toContain('✖ Slack: scopes are missing: files:write (charts)');
      expect(out).toContain('Reinstall to Workspace');
    },
    slowMs,
  );

  it(
    'says how the bot gets into a channel, also with the scopes of an older manifest',
    async () => {
      const channel = story.slack.workspace.channels.get(ops);
      if (channel === undefined) throw new Error('no channel');
      channel.isMember = false;
      try {
        expect(await result('slack-channel-outside', 'slack')).toMatchObject({
          about: 'ops',
          text: 'the bot is not in #ops',
          next: 'In the channel: /invite @nightkeeper',
        });
        story.slack.workspace.granted = slackScopes.filter((scope) => !scope.endsWith(':read'));
        expect(await result('slack-channel-outside', '-c', file)).toMatchObject({
          next: 'In the channel: /invite @nightkeeper',
        });
      } finally {
        channel.isMember = true;
      }
    },
    slowMs,
  );

  it(
    'says in its own words what became of a token',
    async () => {
      story.slack.workspace.tokenError = 'account_inactive';

      const { out, code } = await type('-c', file, 'slack');

      expect(code).toBe(1);
      expect(out).toContain('the app was removed from the workspace');
      story.slack.workspace.tokenError = undefined;
      await until('slack is connected again', () => result('chat-connected', 'bot'), slowMs);
    },
    slowMs,
  );

  it(
    'says what DingTalk does not let it do',
    async () => {
      dingtalk.tenant.isPublished = false;
      dingtalk.tenant.mayListRobots = false;

      const found = await results('dingtalk');

      expect(found.find(({ code }) => code === 'dingtalk-template-refused')).toMatchObject({
        outcome: 'wrong',
        facts: { error: 'param.templateUnpublished' },
      });
      expect(found.find(({ code }) => code === 'dingtalk-group-unchecked')).toMatchObject({
        outcome: 'unchecked',
      });
    },
    slowMs,
  );

  it(
    'posts a card into each chat, and says whose click came back and when',
    async () => {
      const waiting = type('--click', '--wait', '2m');
      const card = await story.slack.channel(ops).expectCard(/Test card/u, slowMs);
      const other = await dingtalk.expectMessage(group, /测试卡片/u, slowMs);

      await story.slack.click(card, 'It works', 'U0ANN');
      await dingtalk.press(other, 'ack', 'ann0001');
      const { out, code } = await waiting;

      expect(code).toBe(0);
      expect(out).toContain('Waiting for a press in ops');
      expect(out).toMatch(/✔ The bot · ops: the click of Ann Chen came back by Slack, [\d.]+ m?s/u);
      expect(out).toMatch(
        /✔ The bot · duty: the click of Ann Chen came back by DingTalk, [\d.]+ m?s/u,
      );
      await until(
        'the card says so, and has no button any more',
        () => card.text.includes('The click of Ann Chen came back') && card.buttons.length === 0,
      );
      await until('so does the other one', () =>
        dingtalk
          .messages(group)
          .some(({ text, buttons }) => text.includes('已回到机器人') && buttons.length === 0),
      );
    },
    slowMs,
  );

  it(
    'counts the press of somebody nobody knows, and says who that is',
    async () => {
      const posted = await story.bot.type('doctor click ops');
      const cards = story.slack.channel(ops).messages;
      const card = cards.at(-1);
      if (card === undefined) throw new Error(JSON.stringify(posted));

      await story.slack.click(card, 'It works', 'U0STRANGER');

      await story.slack.expectEphemeral(
        'U0STRANGER',
        /slack:U0STRANGER is nobody of the configuration/u,
      );
      const { round } = posted.data as { readonly round: string };
      expect(JSON.stringify((await story.bot.type(`doctor clicks ${round}`)).blocks)).toContain(
        'came back by Slack',
      );
    },
    slowMs,
  );

  it(
    'takes the click at another replica than the one that posted',
    async () => {
      const second = await startStoryBot({ ...options, redis: story.bot.redis });
      try {
        await until('both have their sockets', () => story.slack.sockets.open === 4, slowMs);
        await until('each replica has told its clock', () => result('clock-replicas'), slowMs);
        const { data } = await second.type('doctor click ops');
        const card = story.slack.channel(ops).messages.at(-1);
        if (card === undefined) throw new Error('no card');
        // A process that ends gives no answers any more: what it posted is known to the other one.
        await second.close();
        await until('its sockets are gone', () => story.slack.sockets.open === 2);

        await story.slack.click(card, 'It works', 'U0ANN');

        const { round } = data as { readonly round: string };
        const found = await until('the click came back', async () => {
          const stands = JSON.stringify((await story.bot.type(`doctor clicks ${round}`)).blocks);
          return stands.includes('came back by Slack') ? stands : undefined;
        });
        expect(found).toContain('Ann Chen');
      } finally {
        await second.close();
      }
    },
    slowMs,
  );

  it(
    'says that nobody pressed, and what to look at',
    async () => {
      const { out, code } = await type('ops', '--click', '--wait', '1s');

      expect(code).toBe(1);
      expect(out).toContain('nobody has pressed its button yet');
      expect(out).toContain('Buttons do nothing');
    },
    slowMs,
  );

  it(
    'tells of each broken thing what it is, what to do, and where to read on',
    async () => {
      const smtp = await startSmtp();
      const mail = `email: { host: 127.0.0.1, port: ${smtp.port}, security: none, user: zkbot, password: "\${MAIL_PASSWORD}", from: zk@example.com }`;
      const used = Number((await result('quota-left', 'dingtalk'))?.facts['used']);
      const calls = Math.ceil((used + 2) / 0.85);
      const redis = (...line: [string, ...string[]]) =>
        link.ask((client) => client.call(...line) as Promise<unknown>);
      const link = connectRedis({ url: story.bot.redis.url, prefix: 'doctor', log: quietLog });
      try {
        await redis('CONFIG', 'SET', 'maxmemory', '1gb');
        await redis('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
        const said = {
          secret: await alone('dingtalk', undefined, { DINGTALK_CLIENT_SECRET: 'reset' }),
          template: await alone('dingtalk', (yaml) =>
            yaml.replace(dingtalk.tenant.template, '00000000-0000.schema'),
          ),
          quota: await alone('dingtalk', (yaml) => yaml.replace(/calls: \d+/u, `calls: ${calls}`)),
          redis: await alone('redis'),
          mail: await alone('mail', (yaml) => `${yaml}\n${mail}\n`, { MAIL_PASSWORD: 'wrong' }),
        };

        expect(said.secret).toContain('✖ DingTalk: DingTalk refuses clientId and clientSecret');
        expect(said.secret).toContain('copy Client ID and Client Secret anew');
        expect(said.secret).toContain('docs/troubleshooting.md#dingtalk-refuses');
        expect(said.template).toContain(
          '✖ DingTalk: no card can be made of 00000000-0000.schema (param.templateNotExist)',
        );
        expect(said.template).toContain('docs/troubleshooting.md#the-card-has-no-buttons');
        expect(said.quota).toMatch(/▲ DingTalk: \d+ of \d+ calls of the API used this month/u);
        expect(said.quota).toContain('cards go the next way of their route');
        expect(said.redis).toContain('maxmemory-policy');
        expect(said.redis).toContain('docs/troubleshooting.md#incidents-are-forgotten');
        expect(said.mail).toContain(
          `✖ Mail: 127.0.0.1:${smtp.port} does not take user and password`,
        );
        expect(said.mail).toContain('docs/troubleshooting.md#no-mail');
      } finally {
        await redis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
        await redis('CONFIG', 'SET', 'maxmemory', '0');
        await link.close();
        await smtp.close();
      }
    },
    slowMs,
  );

  it(
    'names no token and no secret, whatever goes wrong',
    async () => {
      story.slack.workspace.tokenError = 'invalid_auth';

      const said = [await type(), await type('-c', file), await type('-c', file, '--json')];

      const secrets = Object.values(storyEnv(options));
      expect(secrets.length).toBeGreaterThan(3);
      for (const { out, err } of said)
        for (const secret of secrets) expect(`${out}${err}`).not.toContain(secret);
    },
    slowMs,
  );

  it(
    'ends with 2 where nobody and nothing can be asked',
    async () => {
      const terminal = aTerminal({
        env: { NIGHTKEEPER_URL: 'http://127.0.0.1:1', NIGHTKEEPER_CONFIG: join(dir, 'none.yaml') },
      });

      expect(await runCli(['doctor'], terminal.io, parts)).toBe(2);
      expect(terminal.err()).toContain('No bot answers at http://127.0.0.1:1');
      expect((await type('payments', '-c', file)).code).toBe(2);
      expect((await type('--click', '--wait', 'long')).code).toBe(2);
    },
    slowMs,
  );
});
