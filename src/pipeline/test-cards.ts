import { randomUUID } from 'node:crypto';
import { type Diagnosis, diagnose } from '../model/diagnosis.ts';
import { ownEnsemble } from '../model/ensemble.ts';
import { DeliveryError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { Destination, Receipt } from '../model/notification.ts';
import type { Actor, Language } from '../model/person.ts';
import type { TestRound } from '../ports/command.ts';
import { type TestState, testCard } from '../rules/card/test-card.ts';
import { withDeadline } from './deadline.ts';
import type { House } from './house.ts';

/** Chats that take clicks and commands; whatever else a destination may be can only be spoken to. */
const hearing: readonly string[] = ['slack', 'dingtalk'];

/** Destinations of one test. */
export const testCardsMax = 10;

/** How long a press is waited for, and after that how long one that comes late is still recognised. */
export const pressWaitMs = 5 * 60_000;
const rememberMs = 3 * pressWaitMs;

/** How long a chat may take to take the card. */
const postMs = 10_000;

/** One card of a test, as all replicas know it: the click may come to any of them. */
interface TestCard {
  readonly id: string;
  readonly destination: string;
  readonly language: Language;
  readonly postedMs: number;
  readonly pressed?: Press;
}

/** Who pressed, by which chat, and when. */
interface Press {
  readonly name: string;
  /** Their handle, where nobody knows them; empty otherwise. */
  readonly who: string;
  readonly via: string;
  readonly atMs: number;
}

type TestHouse = Pick<House, 'settings' | 'channel' | 'shortMemory' | 'schedule' | 'clock' | 'log'>;

const roundKey = (id: string): string => `doctor-round:${id}`;
const cardKey = (id: string): string => `doctor-card:${id}`;
const pressKey = (id: string): string => `doctor-press:${id}`;
const receiptKey = (id: string): string => `doctor-receipt:${id}`;

/** Posts a card with one button into each chat, or into one destination. Undefined where there is nothing to post to. */
export async function postTest(
  house: TestHouse,
  only: string | undefined,
): Promise<TestRound | undefined> {
  const chats = house
    .settings()
    .destinations.filter(({ channel }) => hearing.includes(channel))
    .filter(({ id }) => only === undefined || id === only)
    .slice(0, testCardsMax);
  if (chats.length === 0) return undefined;
  const round = shortId();
  const posted = await Promise.all(chats.map((to) => post(house, to)));
  const cards = posted.flatMap((each) => ('card' in each ? [each.card] : []));
  const ids = cards.map(({ id }) => id);
  await house.shortMemory.put(roundKey(round), JSON.stringify(ids), rememberMs);
  for (const card of cards)
    await house.schedule.at(
      card.postedMs + pressWaitMs,
      { kind: 'test-card', ensemble: ownEnsemble, card: card.id },
      `test-card-${card.id}`,
    );
  const diagnoses = posted.map((each) =>
    'card' in each ? diagnose('click-posted', each.card.destination) : each,
  );
  return { id: round, diagnoses };
}

async function post(
  house: TestHouse,
  to: Destination,
): Promise<{ readonly card: TestCard } | Diagnosis> {
  const test: TestCard = {
    id: shortId(),
    destination: to.id,
    language: to.language,
    postedMs: house.clock.now(),
  };
  try {
    const channel = house.channel(to.channel);
    if (channel === undefined)
      return diagnose('click-not-posted', to.id, { reason: `${to.channel}?` });
    const card = testCard(test, { kind: 'waiting' }, test.postedMs);
    // Known before it hangs: somebody may press while other chats are still posted to.
    await keep(house, test);
    const receipt = await inTime(
      channel.deliver(
        { kind: 'show', card, previous: undefined, text: card.title },
        to,
        `doctor-${test.id}`,
      ),
    );
    await house.shortMemory.put(receiptKey(test.id), JSON.stringify(receipt), rememberMs);
    // Whoever pressed before could not redraw it. One of the two sees what the other has written.
    const { pressed } = (await read(house, test.id)) ?? test;
    if (pressed !== undefined) await redraw(house, test, pressedState(test, pressed));
    return { card: test };
  } catch (error) {
    const reason = error instanceof DeliveryError ? error.message : String(error);
    return diagnose('click-not-posted', to.id, { reason });
  }
}

/** Somebody pressed. Undefined where the test is long over; the first press counts. */
export async function pressTest(
  house: TestHouse,
  id: string,
  by: { readonly actor: Actor; readonly via: string },
): Promise<Diagnosis | undefined> {
  const card = await read(house, id);
  if (card === undefined) return undefined;
  if (card.pressed !== undefined || !(await house.shortMemory.claim(pressKey(id), rememberMs)))
    return judge(house, (await read(house, id)) ?? card);
  const { actor, via } = by;
  const atMs = house.clock.now();
  const pressed = {
    name: actor.name,
    who: actor.kind === 'stranger' ? actor.id : '',
    via,
    atMs,
  };
  await keep(house, { ...card, pressed });
  await redraw(house, card, pressedState(card, pressed));
  return judge(house, { ...card, pressed });
}

function pressedState({ postedMs }: TestCard, { name, atMs }: Press): TestState {
  return { kind: 'pressed', name, afterMs: atMs - postedMs };
}

/** How the cards of a test stand; undefined where it is long over. */
export async function testRound(
  house: TestHouse,
  id: string,
): Promise<readonly Diagnosis[] | undefined> {
  const ids = await house.shortMemory.get(roundKey(id));
  if (ids === undefined) return undefined;
  const cards = await Promise.all((JSON.parse(ids) as string[]).map((each) => read(house, each)));
  return cards.flatMap((card) => (card === undefined ? [] : [judge(house, card)]));
}

function judge({ clock }: Pick<House, 'clock'>, card: TestCard): Diagnosis {
  const { destination, pressed, postedMs } = card;
  if (pressed !== undefined) {
    const { name, who, via, atMs } = pressed;
    const facts = { name, via, stranger: who, afterMs: atMs - postedMs };
    return diagnose('click-came-back', destination, facts);
  }
  const waitedMs = clock.now() - postedMs;
  return waitedMs < pressWaitMs
    ? diagnose('click-posted', destination)
    : diagnose('click-missing', destination, { waitedMs });
}

/** A card that nobody pressed says so, and takes its button away: what its job does. */
export async function giveUpTest(house: TestHouse, job: Job): Promise<void> {
  if (job.kind !== 'test-card') return;
  const card = await read(house, job.card);
  if (card !== undefined && card.pressed === undefined) await redraw(house, card, { kind: 'over' });
}

/** What the card shows afterwards is also a test: that it can be changed. */
async function redraw(house: TestHouse, card: TestCard, state: TestState): Promise<void> {
  const to = house.settings().destinations.find(({ id }) => id === card.destination);
  const channel = to === undefined ? undefined : house.channel(to.channel);
  const receipt = await house.shortMemory.get(receiptKey(card.id));
  if (to === undefined || channel === undefined || channel.edits === false) return;
  if (receipt === undefined) return;
  const previous = JSON.parse(receipt) as Receipt;
  const drawn = testCard(card, state, house.clock.now());
  try {
    await inTime(
      channel.deliver(
        { kind: 'show', card: drawn, previous, text: drawn.title },
        to,
        `doctor-${card.id}`,
      ),
    );
  } catch (error) {
    house.log.warn({ err: error, destination: to.id }, 'a test card could not be redrawn');
  }
}

async function keep({ shortMemory }: TestHouse, card: TestCard): Promise<void> {
  await shortMemory.put(cardKey(card.id), JSON.stringify(card), rememberMs);
}

async function read({ shortMemory }: TestHouse, id: string): Promise<TestCard | undefined> {
  if (!/^[0-9a-f]{8}$/u.test(id)) return undefined;
  const text = await shortMemory.get(cardKey(id));
  return text === undefined ? undefined : (JSON.parse(text) as TestCard);
}

/** Nobody has to guess it: a press of a stranger only says that clicks come through. */
function shortId(): string {
  return randomUUID().slice(0, 8);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  return await withDeadline(work, postMs, () => new Error(`no answer within ${postMs} ms`));
}
