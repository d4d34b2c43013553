import { afterEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type SlackMessage, SlackStandIn } from '../servers/slack.ts';
import { openWire, type Wire } from '../servers/wire.ts';
import { type BotProcess, freePort, startBotProcess } from '../support/bot-process.ts';
import { ops } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Ensembles of one server each, all of them down: as many incidents at once. */
const ensembles = 12;

/** Two starts of the bot and a storm on a machine that has other things to do. */
const testMsMax = 180_000;

/** How many of them get a card each. */
const cardsMax = 3;

describe('a storm whose bot is killed right after it sent the digest', () => {
  let redis: RedisServer;
  let slack: SlackStandIn;
  let wire: Wire;
  let bot: BotProcess | undefined;

  afterEach(async () => {
    await bot?.close();
    await wire?.down();
    await Promise.all([slack?.close(), redis?.close()]);
  });

  /** `isMessage` tells the send after which the bot is killed. */
  async function setUp(isMessage: (sent: string) => boolean): Promise<void> {
    slack = new SlackStandIn();
    slack.addChannel(ops, 'ops');
    [redis] = await Promise.all([startRedis({ appendonly: true }), slack.up()]);
    const port = Number(new URL(slack.apiUrl).port);
    wire = await openWire(port, (sent) => isMessage(sent.toString('latin1')));
  }

  async function start(nobody: number): Promise<BotProcess> {
    const ids = Array.from({ length: ensembles }, (_, index) => `e${index}`);
    return await startBotProcess({
      env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken },
      yaml: [
        `redis: { url: "${redis.url}" }`,
        'ensembles:',
        ...ids.map(
          (id) =>
            `  ${id}: { servers: [ { id: zk1, client: "127.0.0.1:${nobody}" } ], discover: false }`,
        ),
        `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}", apiUrl: "http://127.0.0.1:${wire.port}/api/" }`,
        `destinations: { ops: { slack: ${ops} } }`,
        `grouping: { above: ${cardsMax}, within: 60s }`,
        'routes: [ { to: [ops] } ]',
      ].join('\n'),
    });
  }

  function messages(): readonly SlackMessage[] {
    return slack.channel(ops).messages;
  }

  function digests(): readonly SlackMessage[] {
    return messages().filter(({ text }) => /Storm: /u.test(text));
  }

  /** How many incidents the lines under the digest call for. */
  function called(): number {
    return digests()
      .flatMap(({ replies }) => replies)
      .map(({ text }) => Number(/look, (\d+) faults/u.exec(text)?.[1] ?? 1))
      .reduce((sum, count) => sum + count, 0);
  }

  // Slack takes forms: an edit names the message it changes.
  it.each<[string, (sent: string) => boolean]>([
    ['posted', (sent) => /Storm%3A/u.test(sent) && !/[&\n]ts=\d/u.test(sent)],
    ['drawn again', (sent) => /Storm%3A/u.test(sent) && /[&\n]ts=\d/u.test(sent)],
    ['called for its faults', (sent) => /Please%20look%2C%20\d+%20faults/u.test(sent)],
  ])(
    'is one digest that names them all, killed when it was %s',
    async (_when, isMessage) => {
      await setUp(isMessage);
      const nobody = await freePort();
      const starting = start(nobody);
      const killed = new Promise<void>((resolve) => {
        wire.arm(async () => {
          process.kill((await starting).pid, 'SIGKILL');
          resolve();
          return true;
        });
      });

      bot = await starting;
      await killed;
      await bot.close();
      bot = await start(nobody);

      const all = ensembles - cardsMax;
      await until('all are shown', () => digests()[0]?.text.includes(`${all} open`), 60_000);
      await until('all are called for', () => called() === all, 60_000);
      expect(digests()).toHaveLength(1);
      expect(messages()).toHaveLength(cardsMax + 1);
    },
    testMsMax,
  );
});
