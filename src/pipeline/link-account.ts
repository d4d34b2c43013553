import { randomBytes } from 'node:crypto';
import { ownEnsemble } from '../model/ensemble.ts';
import type { Stamp } from '../model/incident.ts';
import type { Invocation } from '../model/invocation.ts';
import type { Settings } from '../model/settings.ts';
import type { Act, Caller } from '../ports/act.ts';
import { rememberedCharsMax } from '../ports/short-memory.ts';
import type { House } from './house.ts';
import { languageOf } from './identify.ts';

/** How long an offer stands: time enough to find a token, and as long as Slack takes a late answer. */
export const offerMs = 15 * 60_000;

/** Offers that one account gets in that time: more is somebody who plays. */
export const offersMax = 10;

/** What somebody unknown wanted to do, and from which account: kept until they have said who they are. */
export interface LinkOffer {
  readonly caller: Caller;
  readonly invocation: Invocation;
}

type Needs = Pick<
  House,
  'settings' | 'links' | 'shortMemory' | 'incidents' | 'channel' | 'clock' | 'log'
>;

/**
 * An address at which somebody who is not known yet can say who they are: in the console, where they are signed in as a configured
 * person. It is good once and for a while, and who has it can link this one account to themselves, and nothing else. Undefined where
 * nobody can be reached so.
 */
export async function offerLink(
  house: Pick<Needs, 'settings' | 'shortMemory'>,
  offer: LinkOffer,
): Promise<string | undefined> {
  const { publicUrl } = house.settings();
  const { via, handle } = offer.caller;
  const text = JSON.stringify(offer);
  if (publicUrl === undefined || text.length > rememberedCharsMax) return undefined;
  for (let turn = 1; turn <= offersMax; turn += 1) {
    if (!(await house.shortMemory.claim(`link-turn:${via}:${handle}:${turn}`, offerMs))) continue;
    const key = randomBytes(24).toString('base64url');
    await house.shortMemory.put(`link:${key}`, text, offerMs);
    return `${publicUrl.replace(/\/+$/u, '')}/link/${key}`;
  }
  return undefined;
}

/** What an offer is about, for the page that asks; undefined when it is over. */
export async function readOffer(
  house: Pick<Needs, 'shortMemory'>,
  key: string,
): Promise<LinkOffer | undefined> {
  const text = await house.shortMemory.get(`link:${key}`);
  return text === undefined ? undefined : (JSON.parse(text) as LinkOffer);
}

/** `over`: the offer is used or too old. `taken`: the account or the person has another one already. */
export type LinkOutcome = 'linked' | 'taken' | 'over' | 'unknown-person';

/** Links the account of an offer to a person who is signed in, writes it down, and carries out what was wanted. */
export async function takeOffer(
  house: Needs,
  act: Act,
  key: string,
  personId: string,
): Promise<LinkOutcome> {
  const settings = house.settings();
  const person = settings.people.find(({ id }) => id === personId);
  if (person === undefined) return 'unknown-person';
  const text = await house.shortMemory.take(`link:${key}`);
  if (text === undefined) return 'over';
  const { caller, invocation } = JSON.parse(text) as LinkOffer;
  const { via, handle, name } = caller;
  const atMs = house.clock.now();
  const outcome = isTaken(settings, via, handle, personId)
    ? 'taken'
    : await house.links.add({ via, handle, name, person: personId, atMs });
  await house.incidents.audit([
    {
      atMs,
      ensemble: ownEnsemble,
      who: personId,
      name: person.name,
      via: 'console',
      what: 'link',
      outcome: outcome === 'added' ? 'done' : 'refused',
      facts: { account: `${via}:${handle}`, reason: `${via} ${name} (${handle})` },
    },
  ]);
  if (outcome !== 'added') return 'taken';
  house.log.info({ account: `${via}:${handle}`, person: personId }, 'account linked');
  await carryOutLate(house, act, { caller, invocation });
  return 'linked';
}

/** Takes an account (`slack:U012ABC`) from whoever linked it, and writes that down. */
export async function unlinkAccount(
  house: Pick<Needs, 'links' | 'incidents'>,
  account: string,
  stamp: Stamp,
): Promise<boolean> {
  const [via = '', handle = ''] = account.split(/:(.*)/su);
  const removed = await house.links.remove(via, handle);
  if (removed)
    await house.incidents.audit([
      {
        atMs: stamp.atMs,
        ensemble: ownEnsemble,
        who: stamp.by,
        name: stamp.name,
        via: stamp.via,
        what: 'unlink',
        outcome: 'done',
        facts: { account, reason: account },
      },
    ]);
  return removed;
}

/** A person whose account the configuration names has no other one. */
function isTaken(settings: Settings, via: string, handle: string, personId: string): boolean {
  return settings.people.some(
    ({ id, handles }) => handles[via] === handle || (id === personId && handles[via] !== undefined),
  );
}

async function carryOutLate(
  house: Needs,
  act: Act,
  { caller, invocation }: LinkOffer,
): Promise<void> {
  const reply = await act(invocation, caller);
  const link = await house.links.find(caller.via, caller.handle);
  const person = house.settings().people.find(({ id }) => id === link?.person);
  const language =
    person === undefined
      ? house.settings().language
      : languageOf(person, caller, house.settings().language);
  await house.channel(caller.via)?.answer?.(caller.answerTo ?? '', reply, language);
}
