import type { Incident } from '../../src/model/incident.ts';
import { until } from '../../test/support/until.ts';
import type { Rig } from './rig.ts';

/** How long the bench waits for one step while everything around it breaks. */
const stepMs = 180_000;

/** Breaks one server after the other in every ensemble, handles the incident as people do, and heals it. */
export async function drive(rig: Rig, incidents: number): Promise<void> {
  await until(
    'a replica is ready',
    () => rig.replicas.some(({ url }) => url !== undefined),
    60_000,
  );
  const rounds = Math.ceil(incidents / rig.ensembles.length);
  let done = 0;
  const meter = setInterval(() => console.log(`${done} of ${incidents} incidents done`), 15_000);
  try {
    await Promise.all(
      rig.ensembles.map(async (ensemble) => {
        await pause(rig.random() * 2_000);
        for (let round = 0; round < rounds; round += 1) {
          await oneIncident(rig, ensemble, `zk${1 + (round % 4)}`);
          done += 1;
        }
      }),
    );
  } finally {
    clearInterval(meter);
  }
}

async function oneIncident(rig: Rig, ensemble: string, server: string): Promise<void> {
  rig.down.add(`${ensemble}/${server}`);
  const incident = await until(
    `an incident of ${ensemble}`,
    async () => (await open(rig, ensemble)).find((each) => each.subject.server === server),
    stepMs,
  );
  rig.seen.set(incident.id, ensemble);
  if (rig.random() < 0.6) await ask(rig, `ack ${incident.id}`);
  if (rig.random() < 0.2) await ask(rig, `escalate ${incident.id}`);
  if (rig.random() < 0.2) await ask(rig, `unack ${incident.id}`);
  await pause(rig.random() * 500);
  rig.down.delete(`${ensemble}/${server}`);
  await until(
    `incident ${incident.id} resolved`,
    async () => (await rig.stores.incidents.get(incident.id))?.state === 'resolved',
    stepMs,
  );
}

async function open(rig: Rig, ensemble: string): Promise<readonly Incident[]> {
  return await rig.stores.incidents.open(ensemble);
}

/** Asks any replica that listens; a click that gets lost in a kill is nobody's promise, so it is not repeated. */
async function ask(rig: Rig, line: string): Promise<void> {
  const urls = rig.replicas.flatMap(({ url }) => (url === undefined ? [] : [url]));
  const url = urls[Math.floor(rig.random() * urls.length)];
  if (url === undefined) return;
  await fetch(`${url}/api/v1/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ line }),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
