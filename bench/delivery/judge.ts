import { isOpen } from '../../src/model/incident.ts';
import type { DeliveryRecord } from '../../src/model/notification.ts';
import { cardsMax } from '../../src/ports/board.ts';
import { poll } from './poll.ts';
import { conversation, conversationOf, group, type Rig } from './rig.ts';

export interface Verdict {
  readonly incidents: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  /** The longest a first card took, from the opening of its incident, in the chats and at the webhook. */
  readonly lateMaxMs: Readonly<Record<'slack' | 'dingtalk' | 'webhook', number>>;
  /** Incidents that a storm showed in a digest instead of a card of their own. */
  readonly inDigest: Readonly<Record<'slack' | 'dingtalk' | 'mail', number>>;
  /** Webhooks and mails that arrived again under the key they had before: at least once, by nature. */
  readonly again: { readonly webhook: number; readonly mail: number };
}

/** What one kind of destination shows. */
interface Seen {
  readonly lost: string[];
  readonly doubled: string[];
  readonly wrong: string[];
}

/** How long a mail that Postfix has taken may be on its way into the box. */
const mailboxMs = 10_000;

/** How a digest ends: so many faults, so many of them resolved. */
const digestEnd = /The storm is over: (\d+) faults?, (\d+) resolved/u;

/** What says that it is over, on a card and in a line. */
const over = /\bback\b|resolved/iu;

/** Counts every card at every destination. */
export async function judge(rig: Rig): Promise<Verdict> {
  const records = new Map<number, readonly DeliveryRecord[]>();
  for (const [id, ensemble] of rig.seen)
    records.set(id, await rig.stores.deliveries.records(ensemble, id));
  const slack = await chatVerdict(rig, records, slackOf(rig));
  const dingtalk = await chatVerdict(rig, records, dingtalkOf(rig));
  const webhook = await webhookVerdict(rig);
  const mail =
    (await poll(() => {
      const verdict = mailVerdict(rig, records);
      return Promise.resolve(isClean(verdict) ? verdict : undefined);
    }, mailboxMs)) ?? mailVerdict(rig, records);
  const board = await consoleVerdict(rig);
  const all: readonly Seen[] = [slack, dingtalk, webhook, mail, board];
  return {
    incidents: rig.seen.size,
    lost: all.flatMap(({ lost }) => lost),
    doubled: all.flatMap(({ doubled }) => doubled),
    wrong: all.flatMap(({ wrong }) => wrong),
    lateMaxMs: {
      slack: slack.lateMaxMs,
      dingtalk: dingtalk.lateMaxMs,
      webhook: webhook.lateMaxMs,
    },
    inDigest: { slack: slack.inDigest, dingtalk: dingtalk.inDigest, mail: mail.inDigest },
    again: { webhook: webhook.again, mail: mail.again },
  };
}

function isClean({ lost, doubled, wrong }: Seen): boolean {
  return lost.length + doubled.length + wrong.length === 0;
}

function nothing(): Seen {
  return { lost: [], doubled: [], wrong: [] };
}

function isInDigest(records: readonly DeliveryRecord[] | undefined, destination: string): boolean {
  return (
    records?.some((each) => each.destination === destination && each.digest !== undefined) === true
  );
}

/** What hangs in a chat, as people see it. */
interface ChatCard {
  /** Undefined for a digest, and for what is no card. */
  readonly incident: number | undefined;
  readonly title: string;
  readonly text: string;
  readonly postedMs: number;
  readonly isOver: boolean;
}

interface Chat {
  readonly name: string;
  readonly placeOf: (ensemble: string) => string;
  readonly destinationOf: (ensemble: string) => string;
  readonly cards: (place: string) => readonly ChatCard[];
}

function slackOf({ slack }: Rig): Chat {
  return {
    name: 'Slack',
    placeOf: (ensemble) => conversation(conversationOf(ensemble)),
    destinationOf: (ensemble) => `ops-${conversationOf(ensemble)}`,
    cards: (place) =>
      slack.channel(place).messages.map(({ metadata, notification, text, ts }) => ({
        incident: incidentIn(metadata),
        title: notification,
        text,
        postedMs: Number(ts) * 1000,
        isOver: over.test(text),
      })),
  };
}

function dingtalkOf({ dingtalk }: Rig): Chat {
  return {
    name: 'DingTalk',
    placeOf: (ensemble) => group(conversationOf(ensemble)),
    destinationOf: (ensemble) => `duty-${conversationOf(ensemble)}`,
    cards: (place) =>
      dingtalk.cards(place).map(({ params, postedMs, text }) => {
        const id = /#(\d+)/u.exec(params['meta'] ?? '')?.[1];
        return {
          incident: id === undefined ? undefined : Number(id),
          title: params['title'] ?? '',
          text,
          postedMs,
          isOver: params['tone'] === 'resolved' && over.test(text),
        };
      }),
  };
}

/** A chat can be edited: each incident must have one card that says at the end that it is over, or be in a digest. */
async function chatVerdict(
  rig: Rig,
  records: ReadonlyMap<number, readonly DeliveryRecord[]>,
  chat: Chat,
) {
  const seen = nothing();
  let lateMaxMs = 0;
  const digested = new Map<string, number>();
  for (const [id, ensemble] of rig.seen) {
    const place = chat.placeOf(ensemble);
    const shown = chat.cards(place).filter(({ incident }) => incident === id);
    const [first] = shown;
    const about = `${chat.name} #${id} of ${ensemble}`;
    if (shown.length > 1) seen.doubled.push(`${about} ${shown.length} times`);
    if (first === undefined) {
      const inDigest = isInDigest(records.get(id), chat.destinationOf(ensemble));
      if (inDigest) digested.set(place, (digested.get(place) ?? 0) + 1);
      else seen.lost.push(about);
      continue;
    }
    if (!first.isOver) seen.wrong.push(`${about}: ${first.title}`);
    const incident = await rig.stores.incidents.get(id, ensemble);
    if (incident !== undefined) lateMaxMs = Math.max(lateMaxMs, first.postedMs - incident.openedMs);
  }
  for (const [place, count] of digested) {
    const texts = chat.cards(place).map(({ text }) => text);
    checkDigests(seen, place, texts.filter(isDigest), count);
  }
  return { ...seen, lateMaxMs, inDigest: sum([...digested.values()]) };
}

function isDigest(text: string): boolean {
  return /Storm(?: over)?: \d+ faults?/u.test(text);
}

/** All digests of a place must have ended, and count each incident that has no card of its own as resolved. */
function checkDigests(seen: Seen, place: string, texts: readonly string[], count: number): void {
  const ends = texts.map((text) => digestEnd.exec(text));
  const resolved = sum(ends.map((end) => Number(end?.[2] ?? 0)));
  if (texts.length === 0) seen.lost.push(`${count} in no digest of ${place}`);
  else if (ends.includes(null))
    seen.wrong.push(`${place}: a digest has no end: ${texts.map(stateOf).join(' / ')}`);
  else if (resolved < count)
    seen.wrong.push(`${place}: digests call ${resolved} resolved, not ${count}`);
}

/** The line of a digest that says how it stands. */
function stateOf(text: string): string {
  return /The storm [^\n]*/u.exec(text)?.[0] ?? text.slice(0, 80);
}

function incidentIn(metadata: unknown): number | undefined {
  const payload = (metadata as { event_payload?: { incident?: unknown } } | undefined)
    ?.event_payload;
  return payload?.incident === undefined ? undefined : Number(payload.incident);
}

async function webhookVerdict(rig: Rig) {
  const seen = nothing();
  let lateMaxMs = 0;
  const arrived = rig.webhook.requests.filter(
    ({ body, answer }) =>
      body.event === 'card' &&
      (answer.kind === 'ok' || answer.kind === 'reset' || answer.kind === 'hang'),
  );
  for (const [id, ensemble] of rig.seen) {
    const about = `webhook #${id} of ${ensemble}`;
    const shown = arrived.filter(({ body }) => body.incident === id);
    const [first] = shown;
    const last = shown.toSorted((a, b) => a.body.card.version - b.body.card.version).at(-1);
    if (first === undefined || last === undefined) {
      seen.lost.push(about);
      continue;
    }
    if (last.body.state !== 'resolved') seen.wrong.push(`${about}: ${last.body.title}`);
    const keys = new Map<number, Set<string>>();
    for (const { body, key } of shown) {
      keys.set(body.card.version, (keys.get(body.card.version) ?? new Set()).add(key));
    }
    if ([...keys.values()].some((each) => each.size > 1)) seen.doubled.push(about);
    const incident = await rig.stores.incidents.get(id, ensemble);
    if (incident !== undefined) lateMaxMs = Math.max(lateMaxMs, first.atMs - incident.openedMs);
  }
  const again = arrived.length - new Set(arrived.map(({ key }) => key)).size;
  return { ...seen, again, lateMaxMs };
}

/** A mail cannot be edited: each incident must have one first mail and a last one that says it is over, or be in a digest. */
function mailVerdict(rig: Rig, records: ReadonlyMap<number, readonly DeliveryRecord[]>) {
  const seen = nothing();
  const copies = rig.postfix.mails().filter(({ recipient }) => recipient === 'team@ops.test');
  const mails = [...new Map(copies.map((mail) => [idOf(mail), mail])).values()];
  let inDigest = 0;
  for (const [id, ensemble] of rig.seen) {
    const about = `mail #${id} of ${ensemble}`;
    const own = mails.filter((mail) => idOf(mail).startsWith(`<nightkeeper.${id}.`));
    const firsts = own.filter(({ headers }) => headers['in-reply-to'] === undefined);
    if (firsts.length > 1) seen.doubled.push(about);
    if (own.length === 0) {
      if (isInDigest(records.get(id), 'team')) inDigest += 1;
      else seen.lost.push(about);
    } else if (!own.some(({ text }) => over.test(text))) seen.wrong.push(about);
  }
  if (inDigest > 0) {
    const drawings = mails.filter(({ text }) => isDigest(text));
    const threads = new Map(drawings.map((mail) => [threadOf(mail), mail.text]));
    checkDigests(seen, 'mail', [...threads.values()], inDigest);
  }
  return { ...seen, inDigest, again: copies.length - mails.length };
}

type Mail = ReturnType<Rig['postfix']['mails']>[number];

function idOf({ headers }: Mail): string {
  return headers['message-id'] ?? '';
}

function threadOf(mail: Mail): string {
  return mail.headers['in-reply-to'] ?? idOf(mail);
}

/** The console has one card for each incident, and keeps the newest ones. */
async function consoleVerdict(rig: Rig): Promise<Seen> {
  const seen = nothing();
  for (const [id, ensemble] of rig.seen) {
    const pinned = await rig.stores.board.get(id);
    const incident = await rig.stores.incidents.get(id, ensemble);
    if (pinned === undefined) {
      if (rig.seen.size < cardsMax) seen.lost.push(`console #${id} of ${ensemble}`);
    } else if (pinned.card.tone !== 'resolved' || incident === undefined || isOpen(incident))
      seen.wrong.push(`console #${id}: ${pinned.card.title}`);
  }
  return seen;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
