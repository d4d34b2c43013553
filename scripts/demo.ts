/**
 * The demo: a private Redis, a real ensemble of three servers and the bot with its console, on this machine alone.
 * `npm run demo` opens it for a person; `npm run demo -- --check` plays the person and prints how long each step took.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startBot } from '../src/app/bot.ts';
import { detectorThresholds } from '../src/app/catalog.ts';
import { createLog } from '../src/app/log.ts';
import { version } from '../src/app/version.ts';
import { loadConfig } from '../src/config/load.ts';
import { type RedisServer, startRedis } from '../test/servers/redis.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../test/servers/zookeeper.ts';
import { breakersOf } from './demo-breakers.ts';
import { check } from './demo-check.ts';

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    port: { type: 'string', default: '8420' },
    language: { type: 'string', default: 'en' },
    verbose: { type: 'boolean', default: false },
  },
});

try {
  process.exitCode = await run();
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
process.exit();

async function run(): Promise<number> {
  say('starting a private Redis …');
  const redis = await startRedis({ appendonly: true });
  say('starting three ZooKeeper servers …');
  const ensemble = await startEnsemble({ servers: 3, whitelist: '*' });
  say('starting the bot …');
  const bot = await startBot({
    config: configOf(redis, ensemble),
    log: createLog({ secrets: [], level: values.verbose ? 'info' : 'fatal' }),
    version,
    breakers: breakersOf(ensemble),
  });
  const close = async () => {
    await bot.close();
    await ensemble.close();
    await redis.close();
  };
  try {
    if (values.check) return await check({ bot, ensemble, say });
    say(`the console is open: ${bot.address}`);
    say('break something there, or type a /zk line. Stop with Ctrl-C.');
    openBrowser(bot.address);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    });
    say('stopping …');
    return 0;
  } finally {
    await close();
  }
}

function configOf(redis: RedisServer, ensemble: ZooKeeperEnsemble) {
  const servers = ensemble.servers.map(
    ({ id, host, clientPort }) => `{ id: ${id}, client: "${host}:${clientPort}" }`,
  );
  const text = `
language: ${values.language}
redis: { url: "${redis.url}" }
http: { host: 127.0.0.1, port: ${values.check ? 0 : values.port} }
ensembles:
  orders:
    servers: [${servers.join(', ')}]
    restart:
      command: ${JSON.stringify(ensemble.restartArgv())}
      timeout: 30s
      cooldown: 5s
    recoveriesPerHour: 0 # here servers are broken for fun
`;
  const loaded = loadConfig(text, { env: process.env, detectorThresholds });
  if (!loaded.ok) throw new Error(`configuration: ${JSON.stringify(loaded.faults)}`);
  return loaded.config;
}

/** Shows the console in a browser where there is a screen; elsewhere the printed address must do. */
function openBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (process.platform !== 'darwin' && process.env['DISPLAY'] === undefined) return;
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function say(line: string): void {
  console.log(`demo: ${line}`);
}
