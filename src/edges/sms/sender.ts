import { DeliveryError } from '../../model/errors.ts';
import type { DeliveryKey } from '../../model/notification.ts';
import type { Language } from '../../model/person.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { AliyunConfig } from './config.ts';
import { waitFor, withSent } from './frequency.ts';
import { putOffTriesMax, roundMs, settleMs, turnMs } from './limits.ts';
import { createPace } from './pace.ts';
import { hashOf, nothingYet, type Progress, type Remembered } from './progress.ts';
import { type Failed, type Message, masked, type Outcome, type Provider } from './provider.ts';
import { type Said, textFor } from './render.ts';

/** One message to several numbers, known by its key. */
export interface Round {
  readonly key: DeliveryKey;
  readonly numbers: readonly string[];
  readonly said: Said;
  readonly language: Language;
  /** It tells that something is over: never worth the last message of a number. */
  readonly isEnd: boolean;
  readonly destination: string;
  /** Nothing can be remembered of it: Redis is away. */
  readonly forgetful?: true;
}

interface SenderParts {
  readonly provider: Provider;
  readonly remembered: Remembered;
  readonly clock: Clock;
  readonly log: Log;
  /** From one message to the next. */
  readonly everyMs: number;
  /** Messages that the provider takes for one number. Absent: it queues by itself. */
  readonly perNumber?: AliyunConfig['perNumber'];
}

/** A round under way. */
interface Work extends SenderParts {
  readonly round: Round;
  readonly pace: () => Promise<boolean>;
  /** When nothing further is begun, by the clock of the machine. */
  readonly endMs: number;
  progress: Progress;
}

/** A call that has to wait this long for a number is waited for; longer, and who has it already has to do. */
const patienceMs = 60_000;

/** Sends a message to whoever does not have it yet. Throws a `DeliveryError` where that is to be tried again, or nobody can have it. */
export function createSender(parts: SenderParts): (round: Round) => Promise<void> {
  const pace = createPace(parts.everyMs, turnMs);
  return async (round) => {
    const isKept = round.forgetful !== true;
    const progress = isKept ? await parts.remembered.progress(round.key) : nothingYet;
    const endMs = performance.now() + roundMs;
    const work: Work = { ...parts, round, pace, endMs, progress };
    await judge(work, await tellAll(work));
  };
}

/** Tells each number in turn; what went wrong. */
async function tellAll(work: Work): Promise<readonly Failed[]> {
  const failures: Failed[] = [];
  for (const number of work.round.numbers) {
    if (work.progress.done[hashOf(number)] !== undefined) continue;
    const outcome = await tell(work, number);
    if (outcome.kind === 'sent') continue;
    failures.push(outcome);
    if (isOfAll(outcome)) break;
  }
  return failures;
}

/** It would be the same with every other number. */
function isOfAll(failed: Failed): boolean {
  switch (failed.kind) {
    case 'refused':
    case 'limited':
      return !failed.ofNumber;
    case 'temporary':
      return true;
    case 'unknown':
      return false;
  }
}

const late: Outcome = { kind: 'temporary', reason: 'the others come with the next try' };

function isLate({ endMs }: Work): boolean {
  return performance.now() > endMs;
}

/** Sends to one number, once it is clear what became of an earlier try. */
async function tell(work: Work, number: string): Promise<Outcome> {
  const { provider, clock, round, pace } = work;
  if (isLate(work)) return late;
  const hash = hashOf(number);
  const message: Message = {
    to: number,
    text: textFor(round.said, number),
    variables: round.said.variables,
    language: round.language,
    id: hashOf(`${round.key} ${number}`),
  };
  const open = work.progress.open[hash];
  if (open !== undefined) {
    // It may say it otherwise by now: what was sent then is looked for.
    const settled = await settle(work, { ...message, text: open.text }, open.atMs);
    if (settled !== 'not-there') return settled;
  }
  // The provider may have taken its time.
  if (isLate(work)) return late;
  const waitMs = await waitOf(work, number);
  if (waitMs > 0) return await limited(work, number, waitMs);
  if (!(await pace())) return { kind: 'temporary', reason: 'other SMS are on their way' };
  await note(work, hash, { open: { atMs: clock.now(), text: message.text } });
  const outcome = await provider.send(message);
  await conclude(work, number, outcome);
  return outcome;
}

/** An earlier try has an unknown outcome: the provider is asked, as soon as its list has what it took. */
async function settle(
  work: Work,
  message: Message,
  openMs: number,
): Promise<Outcome | 'not-there'> {
  if (work.clock.now() - openMs < settleMs)
    return { kind: 'unknown', reason: 'it is not known yet what became of an earlier try' };
  const found = await work.provider.find(message, openMs);
  if (found === 'not-there') return found;
  if (found.kind === 'sent') await conclude(work, message.to, found);
  if (found.kind !== 'refused') return found;
  // Who may not ask may still send: better twice than never.
  const facts = { number: masked(message.to), answer: found.reason };
  work.log.warn(facts, 'nobody says what became of an SMS: it is sent again');
  return 'not-there';
}

/** Writes down what became of a message; an unknown outcome stays open. */
async function conclude(work: Work, number: string, outcome: Outcome): Promise<void> {
  const { clock, remembered, perNumber, log, round } = work;
  const hash = hashOf(number);
  switch (outcome.kind) {
    case 'sent':
      await note(work, hash, { done: 'sent' });
      if (perNumber !== undefined && round.forgetful !== true)
        await remembered.saveSent(number, withSent(await remembered.sent(number), clock.now()));
      return;
    case 'refused':
      if (!outcome.ofNumber) return await note(work, hash, {});
      log.warn({ number: masked(number), answer: outcome.reason }, 'a phone number was refused');
      return await note(work, hash, { done: 'refused' });
    case 'temporary':
    case 'limited':
      return await note(work, hash, {});
    case 'unknown':
      return;
  }
}

async function waitOf({ perNumber, remembered, clock, round }: Work, number: string) {
  if (perNumber === undefined || round.forgetful === true) return 0;
  return waitFor(await remembered.sent(number), perNumber, clock.now(), round.isEnd ? 1 : 0);
}

/** A number that has had too many. The end of something, and what somebody has already, does not wait for it long. */
async function limited(work: Work, number: string, waitMs: number): Promise<Outcome> {
  if (waitMs > patienceMs && (work.round.isEnd || isTold(work))) {
    work.log.warn({ number: masked(number), waitMs }, 'a phone number has had too many SMS');
    await note(work, hashOf(number), { done: 'left-out' });
    return { kind: 'sent' };
  }
  const reason = `${masked(number)} has had as many SMS as ${work.provider.name} takes for it`;
  return { kind: 'limited', reason, waitMs, ofNumber: true };
}

function isTold({ progress }: Work): boolean {
  return Object.values(progress.done).includes('sent');
}

async function note(
  work: Work,
  hash: string,
  what: {
    readonly open?: Progress['open'][string];
    readonly done?: Progress['done'][string];
  },
): Promise<void> {
  const { progress } = work;
  const { [hash]: _open, ...open } = progress.open;
  await save(work, {
    ...progress,
    open: what.open === undefined ? open : { ...open, [hash]: what.open },
    done: what.done === undefined ? progress.done : { ...progress.done, [hash]: what.done },
  });
}

async function save(work: Work, progress: Progress): Promise<void> {
  work.progress = progress;
  const { remembered, round } = work;
  if (round.forgetful !== true) await remembered.saveProgress(round.key, progress);
}

/** What the round comes to: done, or a failure that says whether and when to try again. */
async function judge(work: Work, failures: readonly Failed[]): Promise<void> {
  const { log, round } = work;
  const left = failures.filter((one) => one.kind !== 'refused' || !one.ofNumber);
  const [first] = left;
  if (first === undefined) {
    const [refused] = failures;
    if (isTold(work) || refused === undefined) return;
    // Nobody has it: the next try begins from the start, by then somebody may have put it right.
    await save(work, nothingYet);
    throw new DeliveryError('delivery-refused', refused.reason);
  }
  const tries = work.progress.tries + 1;
  if (isTold(work) && tries >= putOffTriesMax && left.every(({ kind }) => kind === 'temporary')) {
    const { destination } = round;
    log.warn({ destination, answer: first.reason }, 'some phone numbers get no SMS');
    return;
  }
  await save(work, { ...work.progress, tries });
  throw failureOf(left);
}

/** The failure that decides about the next try: what is unknown first, since it must be asked for. */
function failureOf(left: readonly Failed[]): DeliveryError {
  const of = (kind: Failed['kind']): Failed | undefined => left.find((one) => one.kind === kind);
  const [unknown, refused, temporary] = [of('unknown'), of('refused'), of('temporary')];
  if (unknown !== undefined)
    return new DeliveryError('delivery-unknown', unknown.reason, { retryAfterMs: settleMs });
  if (refused !== undefined) return new DeliveryError('delivery-refused', refused.reason);
  if (temporary !== undefined) return new DeliveryError('delivery-temporary', temporary.reason);
  const waits = left.flatMap((one) => (one.kind === 'limited' ? [one.waitMs] : []));
  const retryAfterMs = Math.min(...waits);
  return new DeliveryError('delivery-rate-limited', left[0]?.reason ?? '', { retryAfterMs });
}
