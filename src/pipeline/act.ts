import type { AuditEntry } from '../model/audit.ts';
import type { EnsembleId } from '../model/ensemble.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { IncidentId } from '../model/incident.ts';
import type { Invocation } from '../model/invocation.ts';
import type { Actor, Language } from '../model/person.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { Reply } from '../model/reply.ts';
import type { Act, Caller } from '../ports/act.ts';
import type { Command } from '../ports/command.ts';
import { completionsReply, refusalReply } from '../rules/card/refusal-reply.ts';
import { words } from '../rules/card/words/words.ts';
import { completeLine } from './complete-line.ts';
import { createDesk } from './desk.ts';
import type { House } from './house.ts';
import { identifyLinked, languageOf } from './identify.ts';
import { type LinkOffer, offerLink } from './link-account.ts';
import type { Recoverer } from './recover.ts';
import { refuseStranger } from './refuse-stranger.ts';

/** Answers kept so that a chat that sends the same click twice gets the same answer. */
export const answersMax = 1_000;

/** The one way in: who is it, may they, do it, answer, write it down. */
export function createAct(house: House, recoverer: Recoverer): Act {
  const answers = new Map<string, Promise<Reply>>();

  return async function act(invocation, caller, dedupeId) {
    if (dedupeId === undefined) return await answer(house, recoverer, invocation, caller);
    const key = `${caller.via}:${caller.handle}:${dedupeId}`;
    const given = answers.get(key);
    if (given !== undefined) return await given;
    const fresh = answer(house, recoverer, invocation, caller);
    answers.set(key, fresh);
    const oldest = answers.keys().next();
    if (answers.size > answersMax && oldest.done !== true) answers.delete(oldest.value);
    return await fresh;
  };
}

async function answer(
  house: House,
  recoverer: Recoverer,
  invocation: Invocation,
  caller: Caller,
): Promise<Reply> {
  const settings = house.settings();
  const actor = await identifyLinked(house, caller);
  const language = languageOf(actor, caller, settings.language);
  const command = find(house.commands, invocation.command);
  const result = await run(house, recoverer, { invocation, caller, actor, language, command });
  const outcome = result.kind === 'refusal' ? 'refused' : result.reply.outcome;
  house.telemetry.count('invocations_total', {
    command: command?.name ?? 'unknown',
    via: caller.via,
    outcome,
  });
  house.log.info(
    { command: invocation.command, args: invocation.args, who: actor.id, via: caller.via, outcome },
    'invocation answered',
  );
  await note(house, { invocation, caller, actor, result });
  if (result.kind === 'reply') return result.reply;
  const lines = await completeLine(house, invocation, result, language);
  if (lines.length > 0) return completionsReply(result, lines, language);
  const reply = refusalReply(result, language);
  if (result.code !== 'stranger' || caller.answerTo === undefined) return reply;
  return await withLink(house, reply, { invocation, caller }, language);
}

/** A stranger is offered to say who they are, where that can be; what they wanted is carried out then. */
async function withLink(
  house: House,
  reply: Reply,
  offer: LinkOffer,
  language: Language,
): Promise<Reply> {
  const url = await offerLink(house, offer);
  if (url === undefined) return reply;
  const { link } = words(language).commands;
  const ask = { kind: 'text', text: link.offer } as const;
  return { ...reply, blocks: [...reply.blocks, ask, { kind: 'link', label: link.label, url }] };
}

interface Call {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly actor: Actor;
  readonly language: Language;
  readonly command: Command | undefined;
}

type Result = Refusal | { readonly kind: 'reply'; readonly reply: Reply };

async function run(house: House, recoverer: Recoverer, call: Call): Promise<Result> {
  const { invocation, command, actor } = call;
  if (command === undefined) return await guess(house, recoverer, call);
  if (command.role !== 'everyone' && actor.kind === 'stranger') {
    return refuseStranger(house.settings(), { command: command.name, handle: actor.id });
  }
  try {
    const desk = createDesk(house, recoverer, {
      origin: { via: call.caller.via, actor },
      language: call.language,
    });
    const result = await command.run(invocation, desk);
    return 'outcome' in result ? { kind: 'reply', reply: result } : result;
  } catch (error) {
    house.log.error({ command: command.name, err: error }, 'invocation failed');
    const blind = error instanceof NightkeeperError && error.code === 'redis-unavailable';
    return refuse(blind ? 'redis-unavailable' : 'busy', { command: command.name });
  }
}

/** A word that is no command is for `help`, which knows what was likely meant. */
async function guess(house: House, recoverer: Recoverer, call: Call): Promise<Result> {
  const word = call.invocation.command.slice(0, 40);
  const help = find(house.commands, 'help');
  if (help === undefined) {
    const known = house.commands.map((each) => each.name);
    return refuse('unknown-command', { command: word, known });
  }
  const invocation = { command: help.name, args: [word], options: {} };
  return await run(house, recoverer, { ...call, invocation, command: help });
}

/** Writes down what was asked of an ensemble and refused; what was done is written with the change itself. */
async function note(
  house: House,
  call: Omit<Call, 'language' | 'command'> & { readonly result: Result },
): Promise<void> {
  const { result } = call;
  if (result.kind !== 'refusal' || result.code === 'unknown-command') return;
  try {
    const about = await aboutOf(house, call.invocation, result);
    if (about !== undefined) await house.incidents.audit([entryOf(house, call, result, about)]);
  } catch (error) {
    house.log.warn({ err: error }, 'a refusal could not be written to the audit');
  }
}

interface About {
  readonly ensemble: EnsembleId;
  readonly incident?: IncidentId;
}

/** What a refused invocation was about: an incident by its number, or an ensemble by its name. */
async function aboutOf(
  house: House,
  { args }: Invocation,
  { facts }: Refusal,
): Promise<About | undefined> {
  const number = args.map((word) => /^#?([1-9]\d{0,8})$/u.exec(word)?.[1]).find(Boolean);
  const incident = number === undefined ? undefined : await house.incidents.get(Number(number));
  if (incident !== undefined) return { ensemble: incident.ensemble, incident: incident.id };
  const { ensembles } = house.settings();
  const named = [facts['ensemble'], ...args].find((word) =>
    ensembles.some(({ id }) => id === word),
  );
  return typeof named === 'string' ? { ensemble: named } : undefined;
}

function entryOf(
  house: House,
  call: Pick<Call, 'invocation' | 'caller' | 'actor'>,
  result: Refusal,
  about: About,
): AuditEntry {
  return {
    ...about,
    atMs: house.clock.now(),
    who: call.actor.id,
    name: call.actor.name,
    via: call.caller.via,
    what: call.invocation.command,
    outcome: 'refused',
    why: result.code,
    facts: { ...result.facts, args: call.invocation.args.slice(0, 10) },
  };
}

function find(commands: readonly Command[], name: string): Command | undefined {
  return commands.find((command) => command.name === name || command.aliases.includes(name));
}
