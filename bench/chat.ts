/**
 * People at two chats, 50 ms away in each direction: 200 clicks and commands in Slack and 200 in DingTalk, on the cards of 48 faults,
 * through the whole bot with the official SDKs. Then a soak, in which connections are renewed, cut and gone for seconds while people go
 * on. A click that the chat itself loses (its socket was cut before the bot could acknowledge) is seen by the person at once and
 * pressed again; one that was acknowledged must be answered, and its card drawn, once.
 */
import { writeFileSync } from 'node:fs';
import { type Deed, dingtalkHand, type Hand, poll, slackHand } from './chat/hands.ts';
import { dingtalkCard, type Hanging, type Rig, setUp, slackCard } from './chat/rig.ts';
import { optionsOf, wholeNumber } from './options.ts';

const help = `npm run bench:chat [-- OPTIONS]

The whole bot between strict stand-ins of Slack and DingTalk, 50 ms away in each direction: people click and type on the cards
of 48 faults, first in calm, then while connections are renewed, cut and gone for seconds.

  --quick       soaks for 15 s instead of 10 minutes, and ends within 90
  --clicks N    so many clicks and commands in each chat while it is calm (200)
  --soak S      so many seconds of rough time (600)
  --json FILE   writes what was found
  --help        this

Ends with 1 when anything is unanswered or doubled, an acknowledgement takes a second (p99) or a redraw two (p95) in calm,
or other sockets are open at the end than two to Slack and one to DingTalk. NK_BENCH_LOG=info shows the log of the bot.`;

const values = optionsOf(help, {
  quick: { type: 'boolean', default: false },
  clicks: { type: 'string', default: '200' },
  soak: { type: 'string' },
  json: { type: 'string' },
});
const clicksEach = wholeNumber('clicks', values.clicks, 1);
const soakSeconds = wholeNumber('soak', values.soak ?? (values.quick ? '15' : '600'), 0);

/** How long a person thinks between two things they do. */
const thinkMs = 650;

const rig = await setUp(50);
const hands = [
  ...rig.slackCards.map((hanging) => slackHand(rig, hanging)),
  ...rig.dingtalkCards.map((hanging) => dingtalkHand(rig, hanging)),
];
console.log(`chat: ${hands.length} cards hang; ${clicksEach} clicks and commands in each chat`);
const calm: Deed[] = [];
const left = { slack: clicksEach, dingtalk: clicksEach };
await everybody(calm, (chat) => {
  left[chat] -= 1;
  return left[chat] >= 0;
});
report('calm', calm);

const rough: Deed[] = [];
if (soakSeconds > 0) {
  console.log(`chat: ${soakSeconds} s with renewals, cuts and outages`);
  const endMs = performance.now() + soakSeconds * 1000;
  const trouble = Promise.all([roughen(endMs, slackTroubles), roughen(endMs, dingtalkTroubles)]);
  await everybody(rough, () => performance.now() < endMs);
  await trouble;
  report('rough', rough);
}

const sockets = await socketsAtRest(rig);
const doubled = await countDoubled(rig, hands);
const all = [...calm, ...rough];
const result = {
  clicks: all.filter(({ outcome }) => outcome !== 'again').length,
  again: all.filter(({ outcome }) => outcome === 'again').length,
  unanswered: all.filter(({ outcome }) => outcome === 'unanswered').length,
  doubled,
  ackP99Ms: Math.round(percentile(calm, 'ackMs', 99)),
  redrawP95Ms: Math.round(percentile(calm, 'redrawMs', 95)),
  sockets,
};
console.log(
  `clicks ${result.clicks}, unanswered ${result.unanswered}, doubled ${doubled}, ack p99 ${result.ackP99Ms} ms, redraw p95 ${result.redrawP95Ms} ms, sockets slack ${sockets.slack} dingtalk ${sockets.dingtalk}`,
);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result, null, 2));
await rig.close();
const isGood =
  result.unanswered === 0 &&
  doubled === 0 &&
  result.ackP99Ms < 1_000 &&
  result.redrawP95Ms < 2_000 &&
  sockets.slack === 2 &&
  sockets.dingtalk === 1;
process.exitCode = isGood ? 0 : 1;

/** Everybody goes round the cards of their conversation, one thing after the other, until told to stop. */
async function everybody(deeds: Deed[], goesOn: (chat: Deed['chat']) => boolean): Promise<void> {
  const byConversation = new Map<string, Hand[]>();
  for (const hand of hands) {
    const { conversation } = hand.hanging;
    byConversation.set(conversation, [...(byConversation.get(conversation) ?? []), hand]);
  }
  await Promise.all(
    [...byConversation].map(async ([conversation, own]) => {
      const chat = conversation.startsWith('cid') ? 'dingtalk' : 'slack';
      for (let turn = 0; goesOn(chat); turn += 1) {
        const hand = own[turn % own.length];
        if (hand === undefined) return;
        for (;;) {
          const deed = await hand.act();
          deeds.push(deed);
          if (deed.outcome === 'unanswered')
            console.log(
              `  unanswered: ${deed.chat} ${deed.what} on #${hand.hanging.incident}, no ${deed.missing ?? ''}`,
            );
          await think();
          if (deed.outcome !== 'again') break;
        }
      }
    }),
  );
}

function think(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, thinkMs * (0.5 + Math.random())));
}

type Trouble = (rig: Rig) => Promise<void> | void;

/** Slack's own renewal, a cut cable, and a Slack that is gone. */
function slackTroubles(): readonly Trouble[] {
  return [
    ({ slack }) => slack.sockets.refresh(),
    ({ slack }) => slack.sockets.refresh(),
    ({ slack }) => slack.sockets.drop(),
    async ({ slack }) => {
      await slack.down();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await slack.up();
    },
  ];
}

function dingtalkTroubles(): readonly Trouble[] {
  return [
    ({ dingtalk }) => dingtalk.gateway.disconnect(2_000),
    ({ dingtalk }) => dingtalk.gateway.disconnect(2_000),
    ({ dingtalk }) => dingtalk.gateway.drop(),
    async ({ dingtalk }) => {
      await dingtalk.down();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await dingtalk.up();
    },
  ];
}

async function roughen(endMs: number, troubles: () => readonly Trouble[]): Promise<void> {
  const list = troubles();
  for (let turn = 0; performance.now() + 3_000 < endMs; turn += 1) {
    await list[turn % list.length]?.(rig);
    await new Promise((resolve) => setTimeout(resolve, 2_500 + Math.random() * 2_500));
  }
}

/** How many sockets are open once everything has come to rest. */
async function socketsAtRest({ slack, dingtalk }: Rig) {
  const count = () => ({ slack: slack.sockets.open, dingtalk: dingtalk.gateway.open });
  await poll(() => count().slack === 2 && count().dingtalk === 1, 30_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return count();
}

/** Cards that hang twice, and acknowledgements that were taken more often than they were asked for. */
async function countDoubled({ slack, dingtalk, stores }: Rig, done: readonly Hand[]) {
  let count = 0;
  for (const { hanging, asked } of done) {
    count += cardsOf(hanging) - 1;
    const events = await stores.incidents.events(hanging.incident);
    count += Math.max(0, events.filter(({ kind }) => kind === 'acknowledged').length - asked);
  }
  return count;

  function cardsOf({ conversation, ensemble }: Hanging): number {
    const isOf = (text: string): boolean => text.includes(`${ensemble}/zk3`);
    const found = conversation.startsWith('cid')
      ? dingtalk.cards(conversation).filter(({ text }) => isOf(text))
      : slack.channel(conversation).messages.filter(({ text }) => isOf(text));
    const newest = conversation.startsWith('cid')
      ? dingtalkCard(dingtalk, conversation, ensemble)
      : slackCard(slack, conversation, ensemble);
    return newest === undefined ? 1 : found.length;
  }
}

function percentile(deeds: readonly Deed[], of: 'ackMs' | 'redrawMs', percent: number): number {
  const times = deeds.flatMap((deed) => deed[of] ?? []).toSorted((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor((times.length * percent) / 100))] ?? 0;
}

function report(when: string, deeds: readonly Deed[]): void {
  for (const chat of ['slack', 'dingtalk'] as const) {
    const own = deeds.filter((deed) => deed.chat === chat);
    const again = own.filter(({ outcome }) => outcome === 'again').length;
    const unanswered = own.filter(({ outcome }) => outcome === 'unanswered').length;
    const ms = (of: 'ackMs' | 'redrawMs', percent: number) =>
      Math.round(percentile(own, of, percent));
    console.log(
      `${when} ${chat}: ${own.length - again} clicks (${again} pressed again), unanswered ${unanswered}, ack p50 ${ms('ackMs', 50)} p99 ${ms('ackMs', 99)} ms, redraw p50 ${ms('redrawMs', 50)} p95 ${ms('redrawMs', 95)} ms`,
    );
  }
}
