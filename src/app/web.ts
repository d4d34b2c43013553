import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import type { Breakers } from '../edges/http/breakers.ts';
import type { HealthReport } from '../edges/http/health.ts';
import { type RunningConsole, startHttp } from '../edges/http/server.ts';
import { onCallNow } from '../pipeline/call-people.ts';
import type { House } from '../pipeline/house.ts';
import { readOffer, takeOffer } from '../pipeline/link-account.ts';
import type { Act } from '../ports/act.ts';
import { isActive } from '../rules/routing/silences.ts';
import type { Chats } from './chats.ts';
import { readiness } from './health.ts';
import type { Stores } from './stores.ts';
import type { MetricsPage } from './telemetry.ts';

/** How often the bot looks at itself for `/readyz` and the banner of the console. */
export const healthEveryMs = 1_000;

/** Beside the sources as beside the built files: the build copies the runbooks. */
const runbooks = fileURLToPath(new URL('../../docs/runbooks', import.meta.url));

/** Opens the web console over everything the bot knows. */
export async function startConsole(parts: {
  readonly config: () => Config;
  readonly house: House;
  readonly stores: Stores;
  readonly act: Act;
  readonly telemetry: MetricsPage;
  readonly chats: Chats;
  readonly breakers: Breakers | undefined;
  readonly noRedis: (reason: string) => string;
  readonly redisRisks: () => readonly { readonly code: string; readonly text: string }[];
}): Promise<RunningConsole & { readonly report: () => HealthReport }> {
  const { config, house, stores } = parts;
  const look = (): Promise<HealthReport> =>
    readiness({
      settings: house.settings(),
      ensembles: house.ensembles,
      clock: house.clock,
      pingRedis: async () => void (await stores.link.ask((client) => client.ping())),
      channels: parts.chats.states(),
      noRedis: parts.noRedis,
      risks: parts.redisRisks(),
    });
  let report: HealthReport = { alive: true, ready: false, checks: [] };
  const timer = setInterval(() => {
    void look().then((seen) => {
      report = seen;
    });
  }, healthEveryMs);
  const running = await startHttp({
    http: config().http,
    tokens: () => config().tokens,
    settings: () => house.settings(),
    health: () => report,
    metrics: () => parts.telemetry.metrics(),
    board: stores.board,
    incidents: stores.incidents,
    ensembles: stores.ensembles,
    silences: async () =>
      (await house.silences.list()).filter((each) => isActive(each, house.clock.now())),
    onCall: () => onCallNow(house),
    bulletins: stores.bulletins,
    act: parts.act,
    commands: house.commands,
    actions: house.recoveryActions.map(({ name }) => name),
    runbooks,
    clock: house.clock,
    log: house.log,
    linking: {
      async question(key) {
        const offer = await readOffer(house, key);
        if (offer === undefined) return undefined;
        const { caller, invocation } = offer;
        const line = [invocation.command, ...invocation.args].join(' ');
        return { via: caller.via, handle: caller.handle, name: caller.name, line };
      },
      answer: (key, person) => takeOffer(house, parts.act, key, person),
    },
    ...(parts.breakers === undefined ? {} : { breakers: parts.breakers }),
  });
  return {
    ...running,
    report: () => report,
    async close() {
      clearInterval(timer);
      await running.close();
    },
  };
}
