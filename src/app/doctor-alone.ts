import type { Config } from '../config/config.ts';
import { createHostProbe } from '../edges/executors/host-probe.ts';
import { createBudgets } from '../edges/redis/budgets.ts';
import { connectRedis } from '../edges/redis/connect.ts';
import { tryCanary } from '../edges/zookeeper/canary.ts';
import { createProber } from '../edges/zookeeper/prober.ts';
import { createSurveyor } from '../edges/zookeeper/surveyor.ts';
import { type Diagnosis, diagnose } from '../model/diagnosis.ts';
import type { Doctor } from '../ports/doctor.ts';
import type { Log } from '../ports/log.ts';
import { executors } from './catalog.ts';
import { systemClock } from './clock.ts';
import { createDoctor } from './doctor.ts';

/** How long the bot may take to say that it is there. */
const helloMs = 2000;

/** What goes wrong inside is a result; there is nobody to read a log. */
const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A doctor without a bot: what the configuration says, examined from this machine. */
export function createDoctorAlone(config: Config): Doctor & { close(): Promise<void> } {
  const link = connectRedis({ ...config.redis, log: silent });
  const prober = createProber({ clock: systemClock });
  const doctor = createDoctor({
    config: () => config,
    link,
    budgets: createBudgets(link),
    executor: (kind) => executors.find((each) => each.kind === kind),
    async members(settings) {
      const { id, servers, timing } = settings;
      const found = settings.discover ? await prober.discover(settings) : undefined;
      return found ?? { id, servers, timing };
    },
    own: async () => [await findBot(config)],
    prober,
    surveyor: createSurveyor({ clock: systemClock }),
    hosts: createHostProbe({ executors, clock: systemClock }),
    tree: () => Promise.resolve(undefined),
    tryCanary: (settings) => tryCanary(settings, silent),
    clock: systemClock,
    log: silent,
  });
  return { ...doctor, close: () => link.close() };
}

/** Whether a bot of this configuration runs on this machine. */
async function findBot({ http }: Config): Promise<Diagnosis> {
  const isEverywhere = http.host === '0.0.0.0' || http.host === '::';
  const host = isEverywhere ? '127.0.0.1' : http.host.includes(':') ? `[${http.host}]` : http.host;
  const url = `http://${host}:${http.port}`;
  try {
    const { ok } = await fetch(`${url}/healthz`, {
      redirect: 'error',
      signal: AbortSignal.timeout(helloMs),
    });
    return diagnose(ok ? 'bot-runs' : 'bot-absent', '', { url });
  } catch {
    return diagnose('bot-absent', '', { url });
  }
}
