import { pause, poll } from './poll.ts';
import type { Rig } from './rig.ts';

/** How long the bench waits for one step while everything around it breaks. */
const stepMs = 180_000;

/** Breaks one server after the other in every ensemble, handles the incident as people do, and heals it. */
export async function drive(
  rig: Rig,
  options: {
    readonly incidents: number;
    readonly spreadMs: number;
    readonly say: (line: string) => void;
  },
): Promise<void> {
  const { incidents, spreadMs, say } = options;
  await must('a replica is ready', async () =>
    Promise.resolve(rig.replicas.some(({ url }) => url !== undefined) || undefined),
  );
  const rounds = Math.ceil(incidents / rig.ensembles.length);
  let done = 0;
  const meter = setInterval(() => say(`${done} of ${incidents} incidents done`), 10_000);
  try {
    await Promise.all(
      rig.ensembles.map(async (ensemble) => {
        for (let round = 0; round < rounds; round += 1) {
          await pause((rig.random() * 2 * spreadMs) / rounds);
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
  const { incidents } = rig.stores;
  rig.down.add(`${ensemble}/${server}`);
  const incident = await must(`an incident of ${ensemble}`, async () =>
    (await incidents.open(ensemble)).find((each) => each.subject.server === server),
  );
  rig.seen.set(incident.id, ensemble);
  if (rig.random() < 0.6) await ask(rig, `ack ${incident.id}`);
  if (rig.random() < 0.2) await ask(rig, `escalate ${incident.id}`);
  if (rig.random() < 0.2) await ask(rig, `unack ${incident.id}`);
  await pause(rig.random() * 500);
  rig.down.delete(`${ensemble}/${server}`);
  await must(`incident ${incident.id} resolved`, async () => {
    const now = await incidents.get(incident.id, ensemble);
    return now?.state === 'resolved' ? now : undefined;
  });
}

async function must<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const seen = await poll(look, stepMs);
  if (seen === undefined) throw new Error(`never came within ${stepMs / 1000} s: ${what}`);
  return seen;
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
