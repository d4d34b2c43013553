import type { WebhookAnswer } from '../../test/servers/webhook.ts';
import { pause } from './load.ts';
import { conversation, type Rig } from './rig.ts';

/** How often a replica is killed at a random moment. */
const replicaEveryMs = 5_000;

/** One webhook in so many kills a replica right when it has arrived: between send and record. */
const arrivalKills = 60;

export interface Chaos {
  /** Stops breaking things, heals everything, and says what was done. */
  end(): Promise<{ readonly replicas: number; readonly redis: number }>;
}

/** Breaks things until it is told to stop. */
export function chaos(rig: Rig, options: { readonly outageMs: number }): Chaos {
  const stop = new AbortController();
  const killed = { replicas: 0, redis: 0 };

  async function killReplica(index: number): Promise<void> {
    const replica = rig.replicas[index];
    if (replica?.url === undefined || stop.signal.aborted) return;
    replica.child.kill('SIGKILL');
    replica.url = undefined;
    killed.replicas += 1;
    await pause(300);
    rig.start(index);
  }

  // One sender writes to a destination at a time, so faults wait in line: they must not pile up into an outage of their own.
  let webhookFaults = 0;
  const next = rig.webhook.next.bind(rig.webhook);
  Object.assign(rig.webhook, {
    next: (answer: WebhookAnswer, times = 1) => {
      webhookFaults += times;
      next(answer, times);
    },
  });
  rig.webhook.onRequest(({ answer }) => {
    if (answer.kind !== 'ok') webhookFaults -= 1;

    if (rig.random() * arrivalKills < 1) void killReplica(rig.random() < 0.5 ? 0 : 1);
  });

  const work = [
    repeat(stop.signal, replicaEveryMs, () => killReplica(rig.random() < 0.5 ? 0 : 1)),
    repeat(stop.signal, 20_000, async () => {
      await rig.redis.kill('SIGKILL');
      killed.redis += 1;
      await pause(500);
      await rig.redis.restart();
    }),
    repeat(stop.signal, 1_000, () => misbehave(rig, () => webhookFaults)),
    outages(rig, stop.signal, options.outageMs),
  ];
  return {
    async end() {
      stop.abort();
      await Promise.all(work);
      return killed;
    },
  };
}

/** Small troubles of the far side, one kind at a time. */
function misbehave(rig: Rig, webhookFaults: () => number): Promise<void> {
  const chat = ['chat.postMessage', 'chat.update'];
  const kinds = [
    () => rig.slack.fault(chat, { kind: 'rate-limited', retryAfterSeconds: 1 }, 3),
    () => rig.slack.fault(chat, { kind: 'status', status: 500 }, 3),
    () => rig.slack.fault(chat, { kind: 'reset', when: 'after' }, 3),
    () => rig.slack.fault(chat, { kind: 'reset', when: 'before' }, 3),
    () => rig.webhook.next({ kind: 'status', status: 500 }, 3),
    () => rig.webhook.next({ kind: 'status', status: 429, headers: { 'retry-after': '1' } }, 3),
    () => rig.webhook.next({ kind: 'reset' }, 3),
    () => rig.webhook.next({ kind: 'hang' }, 1),
  ];
  const choices = webhookFaults() > 0 ? kinds.slice(0, 4) : kinds;
  choices[Math.floor(rig.random() * choices.length)]?.();
  return Promise.resolve();
}

/** Slack is gone for a while, once, and comes back. */
async function outages(rig: Rig, signal: AbortSignal, outageMs: number): Promise<void> {
  await pauseOr(signal, 8_000);
  if (signal.aborted) return;
  await rig.slack.down();
  await pauseOr(signal, outageMs);
  await rig.slack.up();
  if (rig.slack.channel(conversation(0)) === undefined) throw new Error('Slack lost its channels');
}

async function repeat(
  signal: AbortSignal,
  everyMs: number,
  act: () => Promise<void>,
): Promise<void> {
  for (;;) {
    await pauseOr(signal, everyMs);
    if (signal.aborted) return;
    await act();
  }
}

async function pauseOr(signal: AbortSignal, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (!signal.aborted && Date.now() < end) await pause(Math.min(100, end - Date.now()));
}
