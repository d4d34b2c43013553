/** One replica of the delivery bench: the whole bot, but for the servers, whose states the bench dictates over HTTP. */
import { readFileSync } from 'node:fs';
import { startBot } from '../src/app/bot.ts';
import { detectorThresholds } from '../src/app/catalog.ts';
import { createLog } from '../src/app/log.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Notice, Sample } from '../src/model/sample.ts';
import type { Prober, Sensors } from '../src/ports/zookeeper.ts';

/** How often the states are asked for. */
const askEveryMs = 50;

const [configFile = '', statesUrl = ''] = process.argv.slice(2);
const loaded = loadConfig(readFileSync(configFile, 'utf8'), {
  env: process.env,
  detectorThresholds,
});
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));

/** Servers that refuse connections, as `ensemble/server`. */
let down: ReadonlySet<string> = new Set();
const listeners = new Map<string, (notice: Notice) => void>();

const prober: Prober = {
  probe: (settings, server) => Promise.resolve(sampleOf(settings.id, server.id)),
  discover: () => Promise.resolve(undefined),
  evidence: () => Promise.resolve({}),
};
const sensors: Sensors = {
  watch(settings, _ensemble, onNotice) {
    listeners.set(settings.id, onNotice);
    return {
      canary: () => undefined,
      held: () => [],
      close: () => {
        listeners.delete(settings.id);
        return Promise.resolve();
      },
    };
  },
};

await ask();
setInterval(() => void ask(), askEveryMs);
const bot = await startBot({
  config: loaded.config,
  log: createLog({
    secrets: loaded.config.secrets,
    level: process.env['NK_BENCH_LOG'] ?? 'silent',
  }),
  version: 'bench',
  zookeeper: { prober, sensors },
});
process.on('SIGTERM', () => void bot.close().then(() => process.exit(0)));
process.stdout.write(`ready ${bot.address}\n`);

async function ask(): Promise<void> {
  try {
    const names = (await (await fetch(statesUrl)).json()) as readonly string[];
    const next = new Set(names);
    const changed = [...new Set([...next, ...down])].filter(
      (name) => next.has(name) !== down.has(name),
    );
    down = next;
    for (const name of changed) {
      const [ensemble = '', server = ''] = name.split('/');
      const kind = next.has(name) ? 'broken' : 'serving';
      listeners.get(ensemble)?.({ kind, server, atMs: Date.now(), detail: 'the bench says so' });
    }
  } catch {
    // The bench is busy or gone: the states stay as they were.
  }
}

function sampleOf(ensemble: string, server: string): Sample {
  const atMs = Date.now();
  if (down.has(`${ensemble}/${server}`)) {
    return {
      kind: 'failure',
      server,
      atMs,
      tookMs: 1,
      reason: 'refused',
      connected: false,
      detail: `ECONNREFUSED ${server}`,
    };
  }
  const followers = ['zk1', 'zk2', 'zk3', 'zk4'].filter((id) => !down.has(`${ensemble}/${id}`));
  return {
    kind: 'reading',
    server,
    atMs,
    tookMs: 1,
    // zk5 leads and never dies.
    mode: server === 'zk5' ? 'leader' : 'follower',
    source: 'mntr',
    metrics: server === 'zk5' ? { synced_followers: followers.length } : {},
    zxid: '0x100000001',
    version: '3.8.0',
  };
}
