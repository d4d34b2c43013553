import { DeliveryError } from '../model/errors.ts';
import type { DeliveryKey, Destination, Receipt } from '../model/notification.ts';
import type { Announcement, Channel } from '../ports/channel.ts';
import type { ReplicaId } from '../ports/ownership.ts';
import { words } from '../rules/card/words/words.ts';
import { withDeadline } from './deadline.ts';
import type { House } from './house.ts';

/** How long Redis is away before people hear of it: a restart takes 1 to 5 s, and nobody need be woken for it. */
export const blindAfterMs = 10_000;

/** How much later the next replica of the list stands in for one that said nothing. */
export const standInMs = 15_000;

/** How often this is looked at. */
export const checkEveryMs = 1_000;

/** How often the log repeats that nothing is seen. */
export const repeatLogMs = 30_000;

/** Tries to reach a channel, each longer after the last; and how long one may take. */
export const announceTriesMax = 5;
export const announcePauseMs = 2_000;
export const announceTimeoutMs = 10_000;

/** Replicas see an outage begin up to 3 s apart: outages whose keys are next to each other are the same one. */
const keyGridMs = 10_000;

type Needs = Pick<House, 'settings' | 'clock' | 'log' | 'channel'>;

/** What this replica knows without Redis. */
export interface Eyes {
  readonly replica: ReplicaId;
  /** Where Redis is, without secrets. */
  readonly redis: string;
  /** The replicas that lived when it last answered, in order. */
  replicas(): readonly ReplicaId[];
  blindSinceMs(): number | undefined;
}

/** Says so, in the log and in every channel that can be reached, when the bot has lost its Redis. */
export interface BlindWatch {
  /** Looks once; called by itself every second after `start`. Never throws. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

interface Post {
  readonly to: Destination;
  readonly channel: Channel;
  /** `left`: said by another replica, or not to be said twice. */
  state: 'due' | 'said' | 'left';
  tries: number;
  notBeforeMs: number;
  /** True when an answer was lost: it may have arrived. */
  doubtful: boolean;
  receipt?: Receipt;
}

interface Outage {
  readonly sinceMs: number;
  /** Place in the list of replicas; undefined when this one never heard of the others: then it says nothing. */
  readonly rank: number | undefined;
  readonly replicas: readonly ReplicaId[];
  readonly posts: readonly Post[];
  loggedMs: number;
}

/**
 * Without Redis the replicas cannot agree, so a rule decides: the first of the list they last had in common speaks, the next ones
 * stand in for it later, and only where the channel can tell that nobody has spoken yet.
 */
export function createBlindWatch(house: Needs, eyes: Eyes): BlindWatch {
  const stopping = new AbortController();
  let outage: Outage | undefined;
  let running: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const sinceMs = eyes.blindSinceMs();
    if (outage !== undefined && sinceMs === undefined) {
      const over = outage;
      outage = undefined;
      return await end(house, over, stopping.signal);
    }
    if (sinceMs === undefined) return;
    outage ??= begin(house, eyes, sinceMs);
    await goOn(house, eyes, outage);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) =>
        house.log.error({ err: error }, 'announcement failed'),
      );
      await house.clock.sleep(checkEveryMs, stopping.signal).catch(() => undefined);
    }
  }

  return {
    look,
    start() {
      running = loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function begin(house: Needs, eyes: Eyes, sinceMs: number): Outage {
  const replicas = eyes.replicas();
  const rank = replicas.indexOf(eyes.replica);
  const { language, destinations } = house.settings();
  house.log.error(
    { redis: eyes.redis, next: words(language).own.next },
    'blind: Redis does not answer',
  );
  const posts = destinations.flatMap((to): Post[] => {
    const channel = house.channel(to.channel);
    if (channel?.announce === undefined) return [];
    return [{ to, channel, state: 'due', tries: 0, notBeforeMs: 0, doubtful: false }];
  });
  const loggedMs = house.clock.now();
  return { sinceMs, rank: rank < 0 ? undefined : rank, replicas, posts, loggedMs };
}

async function goOn(house: Needs, eyes: Eyes, outage: Outage): Promise<void> {
  const nowMs = house.clock.now();
  const { sinceMs, rank } = outage;
  if (nowMs - outage.loggedMs >= repeatLogMs) {
    outage.loggedMs = nowMs;
    house.log.warn({ redis: eyes.redis, forMs: nowMs - sinceMs }, 'still blind');
  }
  if (rank === undefined || nowMs < sinceMs + blindAfterMs + rank * standInMs) return;
  const facts = { redis: eyes.redis, sinceMs, replicas: outage.replicas.length };
  await Promise.all(
    outage.posts.map((post) => {
      const { own } = words(post.to.language);
      return say(house, outage, rank, post, { text: own.blind(facts), tone: 'critical' });
    }),
  );
}

/** Says it to one destination, at most once. */
async function say(
  house: Needs,
  outage: Outage,
  rank: number,
  post: Post,
  what: Announcement,
): Promise<void> {
  const { to, channel } = post;
  if (post.state !== 'due' || house.clock.now() < post.notBeforeMs) return;
  if (post.tries >= announceTriesMax) {
    post.state = 'left';
    return;
  }
  post.tries += 1;
  post.notBeforeMs = house.clock.now() + announcePauseMs * post.tries;
  try {
    if (rank > 0 || post.doubtful) {
      const found = await heardAlready(channel, to, outage);
      if (found !== undefined) {
        // Our own, when the answer was lost; who else said it will also say that it is over.
        const isOurs = post.doubtful && found !== 'cannot tell';
        post.state = isOurs ? 'said' : 'left';
        if (isOurs) post.receipt = found;
        return;
      }
    }
    const sent = channel.announce?.(what, to, keyOf(outage), undefined);
    if (sent === undefined) return;
    post.receipt = await limited(sent);
    post.state = 'said';
    house.log.info({ destination: to.id }, 'said that the bot is blind');
  } catch (error) {
    troubled(house, post, error);
  }
}

function troubled(house: Needs, post: Post, error: unknown): void {
  const code = error instanceof DeliveryError ? error.code : 'delivery-unknown';
  house.log.warn({ destination: post.to.id, err: error }, 'announcement failed');
  if (code === 'delivery-refused') post.state = 'left';
  if (code === 'delivery-unknown') post.doubtful = true;
  const waitMs = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
  post.notBeforeMs = Math.max(post.notBeforeMs, house.clock.now() + waitMs);
}

/** The message of this outage where it hangs already; `cannot tell` where the platform cannot be asked. */
async function heardAlready(
  channel: Channel,
  to: Destination,
  outage: Outage,
): Promise<Receipt | 'cannot tell' | undefined> {
  if (channel.reconcile === undefined) return 'cannot tell';
  for (const shiftMs of [0, -keyGridMs, keyGridMs]) {
    const key = keyOf(outage, shiftMs);
    const found = await limited(channel.reconcile(key, to, outage.sinceMs));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Redis is back: whoever said that it is gone says this too. */
async function end(house: Needs, outage: Outage, signal: AbortSignal): Promise<void> {
  const { sinceMs } = outage;
  const blindMs = house.clock.now() - sinceMs;
  house.log.info({ blindMs }, 'sees again: Redis answers');
  await Promise.all(
    outage.posts
      .filter(({ state }) => state === 'said')
      .map(async ({ to, channel, receipt }) => {
        const text = words(to.language).own.seesAgain({ blindMs, sinceMs });
        const key = `${keyOf(outage)}-over`;
        for (let tries = 1; tries <= announceTriesMax; tries += 1) {
          try {
            const sent = channel.announce?.({ text, tone: 'resolved' }, to, key, receipt);
            if (sent !== undefined) await limited(sent);
            return;
          } catch (error) {
            house.log.warn({ destination: to.id, err: error }, 'announcement failed');
            // A second edit does no harm; a second line does.
            const isUnknown = error instanceof DeliveryError && error.code === 'delivery-unknown';
            if (isUnknown && channel.reconcile === undefined) return;
            await house.clock.sleep(announcePauseMs * tries, signal).catch(() => undefined);
            if (signal.aborted) return;
          }
        }
      }),
  );
}

function limited<T>(work: Promise<T>): Promise<T> {
  return withDeadline(
    work,
    announceTimeoutMs,
    () => new DeliveryError('delivery-unknown', `no answer within ${announceTimeoutMs} ms`),
  );
}

/** The same on every replica that saw this outage, but for a step of the grid. */
function keyOf({ replicas, sinceMs }: Outage, shiftMs = 0): DeliveryKey {
  const first = (replicas[0] ?? '').slice(0, 13);
  return `nk-blind-${first}-${Math.floor((sinceMs + shiftMs) / keyGridMs)}`;
}
