import { pause, poll } from './poll.ts';
import type { Rig } from './rig.ts';

/** How long the bench waits for one step while everything around it breaks. */
const stepMs = 90_000;

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
  const isReady = () => rig.replicas.some(({ url }) => url !== undefined) || undefined;
  if ((await poll(() => Promise.resolve(isReady()), stepMs)) !== true)
    throw new Error('no replica came to work');
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
  const incident = await poll(
    async () => (await incidents.open(ensemble)).find((each) => each.subject.server === server),
    stepMs,
  );
  if (incident === undefined) {
    rig.unseen.push(`${server} of ${ensemble} went down; ${await seenOf(rig, ensemble)}`);
    rig.down.delete(`${ensemble}/${server}`);
    return;
  }
  rig.seen.set(incident.id, ensemble);
  if (rig.random() < 0.6) await ask(rig, `ack ${incident.id}`);
  if (rig.random() < 0.2) await ask(rig, `escalate ${incident.id}`);
  if (rig.random() < 0.2) await ask(rig, `unack ${incident.id}`);
  await pause(rig.random() * 500);
  rig.down.delete(`${ensemble}/${server}`);
  const over = await poll(async () => {
    const now = await incidents.get(incident.id, ensemble);
    return now?.state === 'resolved' ? now : undefined;
  }, stepMs);
  if (over === undefined)
    rig.unseen.push(`${server} of ${ensemble} came back; ${await seenOf(rig, ensemble)}`);
}

/** What the bot knows of an ensemble, for whoever must find out why it does not see; Redis may just be killed. */
async function seenOf(rig: Rig, ensemble: string): Promise<string> {
  return (await poll(() => knownOf(rig, ensemble), 5_000)) ?? 'Redis does not answer';
}

async function knownOf(rig: Rig, ensemble: string): Promise<string> {
  const { incidents, ensembles } = rig.stores;
  const recent = await incidents.recent(ensemble, 3);
  const status = await ensembles.status(ensemble);
  const known = recent.map(({ id, detector, subject, state }) =>
    [`#${id}`, detector, subject.server ?? '', state].join(' '),
  );
  return `known: ${known.join(', ')}; last look ${JSON.stringify(status).slice(0, 200)}`;
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
