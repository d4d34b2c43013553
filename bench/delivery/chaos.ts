import type { DingTalkFault } from '../../test/servers/dingtalk/faults.ts';
import type { SlackFault } from '../../test/servers/slack/answers.ts';
import type { WebhookAnswer } from '../../test/servers/webhook.ts';
import { pause } from './poll.ts';
import { type Rig, type Side, sides } from './rig.ts';

/** When and for how long things break. */
export interface Plan {
  /** A replica is killed at a random moment this often. */
  readonly replicaEveryMs: number;
  /** A replica is killed between send and record this often: of a card in Slack, of one in DingTalk, of a webhook, of a mail, in turn. */
  readonly betweenEveryMs: number;
  readonly redisEveryMs: number;
  /** How long each far side is away, and when after the start. */
  readonly awayMs: number;
  readonly awayAtMs: Readonly<Record<Side, number>>;
}

export const fullPlan: Plan = {
  replicaEveryMs: 12_000,
  betweenEveryMs: 8_000,
  redisEveryMs: 20_000,
  awayMs: 60_000,
  awayAtMs: { slack: 8_000, dingtalk: 22_000, webhook: 35_000, mail: 60_000 },
};

export const quickPlan: Plan = {
  replicaEveryMs: 10_000,
  betweenEveryMs: 4_000,
  redisEveryMs: 11_000,
  awayMs: 6_000,
  awayAtMs: { slack: 3_000, dingtalk: 4_500, webhook: 6_000, mail: 9_000 },
};

export interface Killed {
  readonly replicas: number;
  readonly redis: number;
  /** Of the replicas, those killed between send and record. */
  readonly between: Readonly<Record<Side, number>>;
}

export interface Chaos {
  /** Resolves when every far side was away and is back. */
  readonly outages: Promise<void>;
  /** Stops breaking things, heals everything, and says what was done. */
  end(): Promise<Killed>;
}

/** Breaks things until it is told to stop. */
export function chaos(rig: Rig, plan: Plan): Chaos {
  const stop = new AbortController();
  const killed = { replicas: 0, redis: 0, between: { slack: 0, dingtalk: 0, webhook: 0, mail: 0 } };
  const starting = new Set<Promise<void>>();

  /** Only while another one stands: on a busy machine none would ever come to work otherwise. */
  function kill(index: number): boolean {
    const replica = rig.replicas[index];
    const isAlone = rig.replicas.some(({ url }) => url === undefined);
    if (replica?.url === undefined || isAlone || stop.signal.aborted) return false;
    replica.child.kill('SIGKILL');
    replica.url = undefined;
    killed.replicas += 1;
    const start = pause(300).then(() => rig.start(index));
    starting.add(start);
    void start.finally(() => starting.delete(start));
    return true;
  }

  let turn = 0;
  function armBetween(): Promise<void> {
    // Whoever had its turn in vain, since the other replica was still starting, is next.
    const fewest = Math.min(...Object.values(killed.between));
    const next = sides.filter((each) => killed.between[each] === fewest);
    const side = next[turn % next.length] ?? 'slack';
    turn += 1;
    rig.wires.forEach((wire, index) => {
      wire[side].arm(() => {
        if (!kill(index)) return false;
        killed.between[side] += 1;
        for (const each of rig.wires) each[side].disarm();
        return true;
      });
    });
    return Promise.resolve();
  }

  const outages = Promise.all(sides.map((side) => outage(rig, plan, side))).then(() => undefined);
  const work = [
    repeat(stop.signal, plan.replicaEveryMs, () => {
      kill(rig.random() < 0.5 ? 0 : 1);
      return Promise.resolve();
    }),
    repeat(stop.signal, plan.betweenEveryMs, armBetween),
    repeat(stop.signal, plan.redisEveryMs, async () => {
      await rig.redis.kill('SIGKILL');
      killed.redis += 1;
      await pause(500);
      await rig.redis.restart();
    }),
    repeat(stop.signal, 1_000, misbehaving(rig)),
  ];
  return {
    outages,
    async end() {
      stop.abort();
      for (const wire of rig.wires) for (const side of sides) wire[side].disarm();
      await Promise.all([...work, ...starting, outages]);
      return killed;
    },
  };
}

/** One message in so many goes wrong. */
const messagesPerFault = 12;

/** Small troubles of the far sides, one kind at a time. */
function misbehaving(rig: Rig): () => Promise<void> {
  const webhookKinds: readonly WebhookAnswer[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    { kind: 'reset' },
    { kind: 'hang' },
  ];
  const isWrong = (): boolean => rig.random() * messagesPerFault < 1;
  rig.webhook.onRequest(() => {
    const kind = webhookKinds[Math.floor(rig.random() * webhookKinds.length)];
    if (kind !== undefined && isWrong()) rig.webhook.next(kind);
  });
  const slackKinds: readonly SlackFault[] = [
    { kind: 'rate-limited', retryAfterSeconds: 1 },
    { kind: 'status', status: 500 },
    { kind: 'reset', when: 'after' },
    { kind: 'reset', when: 'before' },
    { kind: 'hang', when: 'after' },
  ];
  const dingtalkKinds: readonly DingTalkFault[] = [
    { kind: 'refuse', status: 403, code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' },
    { kind: 'refuse', status: 500, code: 'system.busy' },
    { kind: 'page', status: 502 },
    { kind: 'reset', when: 'after' },
    { kind: 'reset', when: 'before' },
    { kind: 'hang' },
  ];
  let seen = 0;
  let drawn = 0;
  // Faults wait for the next messages, so there are only as many of them as messages: they must not pile up.
  return () => {
    const { calls } = rig.slack;
    const messages = calls.slice(seen).filter(({ method }) => chatMethods.includes(method));
    seen = calls.length;
    for (const _message of messages.filter(isWrong)) {
      const kind = slackKinds[Math.floor(rig.random() * slackKinds.length)];
      if (kind !== undefined) rig.slack.fault(chatMethods, kind);
    }
    const cards = rig.dingtalk.calls.slice(drawn).filter(({ name }) => cardCalls.test(name));
    drawn = rig.dingtalk.calls.length;
    for (const _card of cards.filter(isWrong)) {
      const kind = dingtalkKinds[Math.floor(rig.random() * dingtalkKinds.length)];
      if (kind !== undefined) rig.dingtalk.fault(cardCalls, kind);
    }
    if (rig.random() < 0.2) for (const { mail } of rig.wires) mail.reset();
    return Promise.resolve();
  };
}

const chatMethods: readonly string[] = ['chat.postMessage', 'chat.update'];

const cardCalls = /\/card\/instances/u;

/** One far side is gone for a while, once, and comes back. */
async function outage(rig: Rig, plan: Plan, side: Side): Promise<void> {
  await pause(plan.awayAtMs[side]);
  await Promise.all(rig.wires.map((wire) => wire[side].down()));
  // These two are held by sockets that do not go over the wire.
  const chat = side === 'slack' || side === 'dingtalk' ? rig[side] : undefined;
  await chat?.down();
  await pause(plan.awayMs);
  await chat?.up();
  await Promise.all(rig.wires.map((wire) => wire[side].up()));
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
