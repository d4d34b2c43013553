import { startBot } from '../../src/app/bot.ts';
import { detectorThresholds } from '../../src/app/catalog.ts';
import { createLog } from '../../src/app/log.ts';
import { version } from '../../src/app/version.ts';
import { loadConfig } from '../../src/config/load.ts';
import { DingTalkStandIn } from '../../test/servers/dingtalk.ts';
import { type RedisServer, startRedis } from '../../test/servers/redis.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../test/servers/zookeeper.ts';
import { freePort } from '../../test/support/bot-process.ts';
import { breakersOf } from '../demo-breakers.ts';

/** The groups of the scene: one reads Chinese, one English. */
export const groups = { 'zh-CN': 'cidZhiban0000001==', en: 'cidOncall00000002==' } as const;

/** Who looks at the page: in the Chinese group Wei, in the English one Ann. */
export const people = { 'zh-CN': 'wei4220', en: 'ann0001' } as const;

/** A real bot over a real ensemble, with a stand-in where DingTalk would be. */
export interface Scene {
  readonly dingtalk: DingTalkStandIn;
  readonly ensemble: ZooKeeperEnsemble;
  /** Where its console is, with buttons that break things. */
  readonly console: string;
  close(): Promise<void>;
}

/** The same three servers are watched under each of the names. */
export async function startScene(names: readonly string[] = ['orders']): Promise<Scene> {
  const dingtalk = new DingTalkStandIn();
  for (const group of Object.values(groups)) dingtalk.addGroup(group);
  dingtalk.addPeople(...Object.values(people));
  const [redis, ensemble] = await Promise.all([
    startRedis({ appendonly: true }),
    startEnsemble({ servers: 3, whitelist: '*' }),
    dingtalk.up(),
  ]);
  const bot = await startBot({
    config: configOf(names, redis, ensemble, dingtalk, await freePort()),
    log: createLog({ secrets: [], level: 'fatal' }),
    version,
    breakers: breakersOf(ensemble),
  });
  return {
    dingtalk,
    ensemble,
    console: bot.address,
    async close() {
      await bot.close();
      await Promise.all([dingtalk.close(), ensemble.close(), redis.close()]);
    },
  };
}

function configOf(
  names: readonly string[],
  redis: RedisServer,
  ensemble: ZooKeeperEnsemble,
  dingtalk: DingTalkStandIn,
  port: number,
) {
  const servers = ensemble.servers.map(
    ({ id, host, clientPort }) => `{ id: ${id}, client: "${host}:${clientPort}" }`,
  );
  const { clientId, clientSecret, template } = dingtalk.tenant;
  const text = `
redis: { url: "${redis.url}" }
http: { host: 127.0.0.1, port: ${port}, publicUrl: "http://127.0.0.1:${port}" }
people:
  wei: { name: 王伟, language: zh-CN, roles: { "*": admin }, dingtalk: ${people['zh-CN']} }
  ann: { name: Ann Chen, roles: { "*": admin }, dingtalk: ${people.en} }
${names.length === 1 ? '' : 'grouping: { above: 1 }'}
ensembles:
${names
  .map(
    (name) =>
      `  ${name}: { servers: [${servers.join(', ')}], restart: { command: ${JSON.stringify(ensemble.restartArgv())}, timeout: 30s, cooldown: 5s } }`,
  )
  .join('\n')}
dingtalk:
  clientId: ${clientId}
  clientSecret: "\${DINGTALK_CLIENT_SECRET}"
  cardTemplateId: ${template}
  apiUrl: "${dingtalk.apiUrl}"
destinations:
  duty: { dingtalk: "${groups['zh-CN']}", language: zh-CN }
  oncall: { dingtalk: "${groups.en}", language: en }
routes: [{ to: [duty, oncall] }]
`;
  const env = { DINGTALK_CLIENT_SECRET: clientSecret };
  const loaded = loadConfig(text, { env, detectorThresholds });
  if (!loaded.ok) throw new Error(`configuration: ${JSON.stringify(loaded.faults)}`);
  return loaded.config;
}
