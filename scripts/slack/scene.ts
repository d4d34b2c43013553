import { startBot } from '../../src/app/bot.ts';
import { detectorThresholds } from '../../src/app/catalog.ts';
import { createLog } from '../../src/app/log.ts';
import { version } from '../../src/app/version.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type RedisServer, startRedis } from '../../test/servers/redis.ts';
import { SlackStandIn } from '../../test/servers/slack.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../test/servers/zookeeper.ts';
import { freePort } from '../../test/support/bot-process.ts';
import { breakersOf } from '../demo-breakers.ts';

/** The channels of the scene: one reads English, one Chinese. */
export const channels = { en: 'C0000EN1', 'zh-CN': 'C0000CN1' } as const;

/** Who looks at the page: in the English channel Ann, in the Chinese one Wei. */
export const people = { en: 'U0ANN', 'zh-CN': 'U0WEI' } as const;

/** A real bot over a real ensemble, with a stand-in where Slack would be. */
export interface Scene {
  readonly slack: SlackStandIn;
  readonly ensemble: ZooKeeperEnsemble;
  /** Where its console is, with buttons that break things. */
  readonly console: string;
  close(): Promise<void>;
}

/** The same three servers are watched under each of the names. */
export async function startScene(names: readonly string[] = ['orders']): Promise<Scene> {
  const slack = new SlackStandIn();
  slack.addChannel(channels.en, 'zookeeper');
  slack.addChannel(channels['zh-CN'], 'zookeeper-值班');
  const [redis, ensemble] = await Promise.all([
    startRedis({ appendonly: true }),
    startEnsemble({ servers: 3, whitelist: '*' }),
    slack.up(),
  ]);
  const bot = await startBot({
    config: configOf(names, redis, ensemble, slack, await freePort()),
    log: createLog({ secrets: [], level: 'fatal' }),
    version,
    breakers: breakersOf(ensemble),
  });
  return {
    slack,
    ensemble,
    console: bot.address,
    async close() {
      await bot.close();
      await Promise.all([slack.close(), ensemble.close(), redis.close()]);
    },
  };
}

function configOf(
  names: readonly string[],
  redis: RedisServer,
  ensemble: ZooKeeperEnsemble,
  slack: SlackStandIn,
  port: number,
) {
  const servers = ensemble.servers.map(
    ({ id, host, clientPort }) => `{ id: ${id}, client: "${host}:${clientPort}" }`,
  );
  const yaml = [
    `redis: { url: "${redis.url}" }`,
    `http: { port: ${port}, publicUrl: "http://127.0.0.1:${port}" }`,
    'people:',
    '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }',
    '  wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, slack: U0WEI }',
    ...(names.length === 1 ? [] : ['grouping: { above: 1 }']),
    'ensembles:',
    ...names.map(
      (name) =>
        `  ${name}: { servers: [${servers.join(', ')}], restart: { command: ${JSON.stringify(ensemble.restartArgv())}, timeout: 30s, cooldown: 1s } }`,
    ),
    `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}", apiUrl: "${slack.apiUrl}" }`,
    'destinations:',
    `  en: { slack: ${channels.en} }`,
    `  zh: { slack: ${channels['zh-CN']}, language: zh-CN }`,
    'routes: [{ to: [en, zh], escalation: [{ after: 10m, people: [ann] }] }]',
  ].join('\n');
  const env = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
  const loaded = loadConfig(yaml, { env, detectorThresholds });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}
