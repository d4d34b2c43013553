import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../src/model/incident.ts';
import type { WebhookRequest } from '../../test/servers/webhook.ts';
import { until } from '../../test/support/until.ts';
import type { Need } from './place.ts';
import type { Scene, Size } from './scene.ts';

/** What an injection hurt, and how to mend it. */
export interface Wound {
  /** The servers that a card may name. */
  readonly servers: readonly string[];
  /** What the card must say besides: the address of a client, a path. */
  readonly says?: RegExp;
  recover(): Promise<void> | void;
}

/** One fault that operators meet, and what the bot should make of it. */
export interface Fault {
  readonly name: string;
  readonly size: Size;
  /** In the daily set. */
  readonly quick?: true;
  readonly needs?: readonly Need[];
  /** Detectors any of which names it rightly. */
  readonly expected: readonly string[];
  /** About whom the card must be. */
  readonly about: 'server' | 'ensemble';
  /** Whether somebody must be called for it. */
  readonly pages?: true;
  /** Whether nobody may be called for it. */
  readonly quiet?: true;
  /** How long to wait for the card, and for the page; 30 s when absent. */
  readonly patienceMs?: number;
  /** How long the fault lasts at least, so that more cards have time to come; 3 s when absent. */
  readonly lastsMs?: number;
  /** Makes the ensemble ready for it; what the bot says of that is not counted. */
  prepare?(scene: Scene): Promise<void>;
  inject(scene: Scene): Promise<Wound> | Wound;
  /** Undoes what `prepare` did. */
  restore?(scene: Scene): Promise<void>;
}

/** What became of one fault. */
export interface Result {
  readonly name: string;
  readonly expected: readonly string[];
  readonly pages: boolean;
  /** Somebody was called who should have been left in peace. */
  readonly disturbed?: true;
  readonly servers: readonly string[];
  /** Why it was not injected. */
  readonly skipped?: string;
  readonly recognised: boolean;
  readonly located: boolean;
  /** Titles of the cards, each as it was when the fault was mended. */
  readonly cards: readonly string[];
  /** Those that name another fault or another server. */
  readonly wrong: readonly string[];
  readonly cardMs?: number;
  readonly pageMs?: number;
  /** From the end of the mending, when all servers serve again, to the last card's end. */
  readonly resolvedMs?: number;
  /** What became of each card, for `--json`: `+1578 ms #3 triggered leader-unresponsive zk3`. */
  readonly timeline?: readonly string[];
  /** What went wrong with the trial itself. */
  readonly error?: string;
}

/** Longest wait for a server to serve again after the mending, and for the cards to end. */
const endMsMax = 120_000;

export async function tryFault(scene: Scene, fault: Fault): Promise<Result> {
  await scene.calm();
  await fault.prepare?.(scene);
  await scene.calm();
  try {
    return await injected(scene, fault);
  } finally {
    scene.place.network?.heal();
    await fault.restore?.(scene);
  }
}

async function injected(scene: Scene, fault: Fault): Promise<Result> {
  const { patienceMs = 30_000, lastsMs = 3000 } = fault;
  const firstIndex = scene.webhook.requests.length;
  const told = () => scene.cardsSince(firstIndex);
  const atMs = Date.now();
  const startedMs = performance.now();
  const wound = await fault.inject(scene);
  const right = await until('the right card', () => rightCard(fault, told()), patienceMs).catch(
    () => undefined,
  );
  const pageMs =
    right === undefined || fault.pages !== true
      ? undefined
      : await pagedMs(scene, fault, told, { atMs, patienceMs });
  await sleep(Math.max(0, lastsMs - (performance.now() - startedMs)));
  const shown = lastOfEach(told());
  await wound.recover();
  scene.place.network?.heal();
  const error = await problemOf(() => scene.ensemble.ready(endMsMax));
  const servesMs = performance.now();
  const endMs = await until('all cards ended', () => ended(told()), endMsMax).catch(
    () => undefined,
  );
  await sleep(1000);
  const incidents = await Promise.all(
    lastOfEach(told()).map(({ body }) => scene.incident(body.incident)),
  );
  const isDisturbed = fault.quiet === true && incidents.some((one) => one.pagedMs !== undefined);
  const cards = lastOfEach(told());
  const judged = cards.map((last) => judge(fault, wound, last, told()));
  const incident = judged.find((one) => one.recognised)?.incident;
  const first = told().find(({ body }) => body.incident === incident);
  const name = ({ body }: WebhookRequest) =>
    titleOf(shown.find((one) => one.body.incident === body.incident)?.body ?? body);
  return {
    name: fault.name,
    expected: fault.expected,
    pages: fault.pages === true,
    ...(isDisturbed ? { disturbed: true } : {}),
    servers: wound.servers,
    recognised: judged.some((one) => one.recognised),
    located: judged.some((one) => one.recognised && one.located),
    cards: cards.map(name),
    wrong: cards.flatMap((card, index) =>
      judged[index]?.recognised === true && !judged[index].misnamed ? [] : [name(card)],
    ),
    ...(first === undefined ? {} : { cardMs: first.atPerformanceMs - startedMs }),
    ...(pageMs === undefined ? {} : { pageMs }),
    ...(endMs === undefined || cards.length === 0
      ? {}
      : { resolvedMs: Math.max(0, endMs - servesMs) }),
    timeline: await timelineOf(scene, cards, atMs),
    ...(error === undefined ? {} : { error }),
  };
}

/** The events of these cards, in the order they came. */
async function timelineOf(
  scene: Scene,
  cards: readonly WebhookRequest[],
  sinceMs: number,
): Promise<readonly string[]> {
  const all = await Promise.all(
    cards.map(async ({ body }) => {
      const events = await scene.events(body.incident);
      return events.map((event) => ({ id: body.incident, event }));
    }),
  );
  return all
    .flat()
    .sort((a, b) => a.event.atMs - b.event.atMs)
    .map(({ id, event }) => {
      const named = 'detector' in event ? ` ${event.detector} ${event.subject.server ?? ''}` : '';
      return `+${event.atMs - sinceMs} ms #${id} ${event.kind}${named}`;
    });
}

function titleOf({ detector, title }: WebhookRequest['body']): string {
  return `${detector}: ${title}`;
}

/** A card that names the fault, as it stands now. */
function rightCard(fault: Fault, told: readonly WebhookRequest[]): WebhookRequest | undefined {
  return lastOfEach(told).find(({ body }) => fault.expected.includes(body.detector));
}

async function pagedMs(
  scene: Scene,
  fault: Fault,
  told: () => readonly WebhookRequest[],
  { atMs, patienceMs }: { readonly atMs: number; readonly patienceMs: number },
): Promise<number | undefined> {
  const look = async () => {
    const incidents = await Promise.all(
      lastOfEach(told()).map(async ({ body }) => await scene.incident(body.incident)),
    );
    const paged = incidents.filter(
      (one: Incident) => fault.expected.includes(one.detector) && one.pagedMs !== undefined,
    );
    return paged[0]?.pagedMs;
  };
  const at = await until('the page', look, patienceMs).catch(() => undefined);
  return at === undefined ? undefined : at - atMs;
}

interface Judgement {
  readonly incident: number;
  readonly recognised: boolean;
  readonly located: boolean;
  /** It named a server, at any time, that has nothing. */
  readonly misnamed: boolean;
}

function judge(
  fault: Fault,
  wound: Wound,
  last: WebhookRequest,
  told: readonly WebhookRequest[],
): Judgement {
  const { incident, detector, server } = last.body;
  const all = told.filter(({ body }) => body.incident === incident);
  const says = wound.says === undefined || all.some(({ raw }) => wound.says?.test(raw));
  const about =
    fault.about === 'server'
      ? server !== undefined && wound.servers.includes(server)
      : server === undefined;
  return {
    incident,
    recognised: fault.expected.includes(detector),
    located: says && about,
    misnamed: all.some(
      ({ body }) => body.server !== undefined && !wound.servers.includes(body.server),
    ),
  };
}

/** The newest card of each incident, oldest incident first. */
function lastOfEach(told: readonly WebhookRequest[]): readonly WebhookRequest[] {
  return [...new Map(told.map((request) => [request.body.incident, request])).values()].sort(
    (a, b) => a.body.incident - b.body.incident,
  );
}

/** When the last of the cards was shown as over; undefined while one is not. */
function ended(told: readonly WebhookRequest[]): number | undefined {
  const last = lastOfEach(told);
  if (last.some(({ body }) => body.state !== 'resolved')) return undefined;
  return Math.max(0, ...last.map(({ atPerformanceMs }) => atPerformanceMs));
}

async function problemOf(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
