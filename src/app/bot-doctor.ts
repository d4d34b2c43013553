import type { Config } from '../config/config.ts';
import { createHostProbe } from '../edges/executors/host-probe.ts';
import type { HealthReport } from '../edges/http/health.ts';
import { tryCanary } from '../edges/zookeeper/canary.ts';
import { createSurveyor } from '../edges/zookeeper/surveyor.ts';
import type { House } from '../pipeline/house.ts';
import type { Members } from '../pipeline/members.ts';
import type { Watch } from '../pipeline/watch.ts';
import type { Doctor } from '../ports/doctor.ts';
import { executors } from './catalog.ts';
import { createDoctor } from './doctor.ts';
import { watchReplicaClocks } from './doctor-redis.ts';
import type { Lifecycle } from './lifecycle.ts';
import { selfChecks } from './self-checks.ts';
import type { Stores } from './stores.ts';

/** The doctor of a running bot: it examines with what the bot works with, and knows what only a running bot can say. */
export function createBotDoctor(
  rooms: {
    readonly house: House;
    readonly stores: Stores;
    readonly members: Members;
    readonly watch: Watch;
  },
  now: { readonly config: () => Config; readonly report: () => HealthReport | undefined },
  lifecycle: Lifecycle,
): Doctor {
  const { house, stores, members, watch } = rooms;
  const { clock, log, prober, surveying } = house;
  const clocks = watchReplicaClocks({
    link: stores.link,
    memory: stores.shortMemory,
    replica: stores.ownership.replica,
    replicas: () => watch.replicas(),
    clock,
    log,
  });
  lifecycle.onClose('replica clocks', () => clocks.stop());
  return createDoctor({
    config: now.config,
    link: stores.link,
    budgets: stores.budgets,
    executor: (kind) => house.executor(kind),
    members: (settings) => members.of(settings),
    own: async () => [
      ...selfChecks(now.report()),
      // Without Redis there is nothing to compare with; that it is away is said elsewhere.
      ...(await clocks.judge().catch(() => [])),
    ],
    prober,
    surveyor: surveying?.surveyor ?? createSurveyor({ clock }),
    hosts: surveying?.hosts ?? createHostProbe({ executors, clock }),
    // Without Redis nobody remembers; the tree is then taken for one that was never walked.
    tree: async ({ id }) => (await house.ensembles.recall(id, [], 0).catch(() => undefined))?.tree,
    tryCanary: (settings) => tryCanary(settings, log),
    clock,
    log,
  });
}
