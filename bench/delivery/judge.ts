import { until } from '../../test/support/until.ts';
import { conversation, conversationOf, type Rig } from './rig.ts';

/** How long everything may take to come to rest once nothing is broken any more. */
const restMs = 300_000;

export interface Verdict {
  readonly incidents: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  /** The longest a first card took, from the opening of its incident. */
  readonly lateMaxMs: number;
  /** Incidents that a chat over its budget shows in a digest: named there, once. */
  readonly inDigest: number;
  /** Webhooks that arrived again under the key they had before: at least once, by nature. */
  readonly repeats: number;
  /** Mails that arrived again under the Message-ID they had before: likewise. */
  readonly mailRepeats: number;
}

/** Waits until nothing is left to deliver, and then counts every card at every destination. */
export async function judge(rig: Rig): Promise<Verdict> {
  await until(
    'nothing is left to deliver',
    async () => {
      const restless = await Promise.all(
        rig.ensembles.map(async (id) => (await rig.stores.incidents.restless(id)).length),
      );
      return restless.every((count) => count === 0);
    },
    restMs,
  ).catch(async (error: unknown) => {
    throw new Error(`left over: ${(await leftOver(rig)).slice(0, 5).join('\n')}`, { cause: error });
  });
  const slack = await slackVerdict(rig);
  const webhook = webhookVerdict(rig);
  const mail = mailVerdict(rig);
  return {
    incidents: rig.seen.size,
    lost: [...slack.lost, ...webhook.lost, ...mail.lost],
    doubled: [...slack.doubled, ...webhook.doubled],
    wrong: [...slack.wrong, ...webhook.wrong, ...mail.wrong],
    lateMaxMs: slack.lateMaxMs,
    inDigest: slack.inDigest,
    repeats: webhook.repeats,
    mailRepeats: mail.repeats,
  };
}

/** What is not delivered yet, for whoever must find out why. */
async function leftOver(rig: Rig): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const ensemble of rig.ensembles) {
    for (const { id, version } of await rig.stores.incidents.restless(ensemble)) {
      const records = await rig.stores.deliveries.records(ensemble, id);
      lines.push(`#${id} v${version} ${JSON.stringify(records)}`);
    }
  }
  return lines;
}

async function slackVerdict(rig: Rig) {
  const lost: string[] = [];
  const doubled: string[] = [];
  const wrong: string[] = [];
  let lateMaxMs = 0;
  let inDigest = 0;
  for (const [id, ensemble] of rig.seen) {
    const channel = rig.slack.channel(conversation(conversationOf(ensemble)));
    const shown = channel.messages.filter(({ metadata }) => incidentIn(metadata) === id);
    const [first] = shown;
    if (first === undefined) {
      const digest = await digestOf(rig, id, ensemble);
      const isThere = channel.messages.some(
        ({ metadata }) => !rig.seen.has(incidentIn(metadata) ?? 0),
      );
      if (digest !== undefined && isThere) inDigest += 1;
      else lost.push(`Slack #${id} of ${ensemble}`);
    }
    if (shown.length > 1) doubled.push(`Slack #${id} of ${ensemble} ${shown.length} times`);
    if (first !== undefined && !/back|resolved/iu.test(first.text)) {
      wrong.push(`Slack #${id}: ${first.notification}`);
    }
    const incident = await rig.stores.incidents.get(id);
    if (first !== undefined && incident !== undefined) {
      lateMaxMs = Math.max(lateMaxMs, Number(first.ts) * 1000 - incident.openedMs);
    }
  }
  return { lost, doubled, wrong, lateMaxMs, inDigest };
}

/** The digest that shows an incident in its conversation instead of a card of its own. */
async function digestOf(rig: Rig, id: number, ensemble: string): Promise<number | undefined> {
  const records = await rig.stores.deliveries.records(ensemble, id);
  return records.find(({ destination }) => destination === `ops-${conversationOf(ensemble)}`)
    ?.digest;
}

function incidentIn(metadata: unknown): number | undefined {
  const payload = (metadata as { event_payload?: { incident?: unknown } } | undefined)
    ?.event_payload;
  return payload?.incident === undefined ? undefined : Number(payload.incident);
}

function webhookVerdict(rig: Rig) {
  const lost: string[] = [];
  const doubled: string[] = [];
  const wrong: string[] = [];
  const arrived = rig.webhook.requests.filter(
    ({ body, answer }) =>
      body.event === 'card' &&
      (answer.kind === 'ok' || answer.kind === 'reset' || answer.kind === 'hang'),
  );
  for (const [id, ensemble] of rig.seen) {
    const shown = arrived.filter(({ body }) => body.incident === id);
    const last = shown.toSorted((a, b) => a.body.card.version - b.body.card.version).at(-1);
    if (last === undefined) lost.push(`webhook #${id} of ${ensemble}`);
    else if (last.body.state !== 'resolved') wrong.push(`webhook #${id}: ${last.body.title}`);
    const keys = new Map<number, Set<string>>();
    for (const { body, key } of shown) {
      keys.set(body.card.version, (keys.get(body.card.version) ?? new Set()).add(key));
    }
    if ([...keys.values()].some((each) => each.size > 1)) doubled.push(`webhook #${id}`);
  }
  const repeats = arrived.length - new Set(arrived.map(({ key }) => key)).size;
  return { lost, doubled, wrong, repeats };
}

/** A mail cannot be edited: each incident must have its first mail, and a last one that says it is over. */
function mailVerdict(rig: Rig) {
  const lost: string[] = [];
  const wrong: string[] = [];
  const mails = rig.postfix.mails();
  const ids = mails.map(({ headers }) => headers['message-id'] ?? '');
  for (const [id, ensemble] of rig.seen) {
    const own = mails.filter((_, index) => ids[index]?.startsWith(`<nightkeeper.${id}.`));
    if (own.length === 0) lost.push(`mail #${id} of ${ensemble}`);
    else if (!own.some(({ text }) => /back|resolved/iu.test(text))) wrong.push(`mail #${id}`);
  }
  return { lost, wrong, repeats: ids.length - new Set(ids).size };
}
