import { isOpen } from '../../src/model/incident.ts';
import type { Invocation } from '../../src/model/invocation.ts';
import {
  allServers,
  type RecoveryActionName,
  recoveryActionNames,
} from '../../src/model/recovery-action.ts';
import { type Refusal, refuse } from '../../src/model/refusal.ts';
import { serverLineOf } from '../../src/model/server-line.ts';
import { sessionIdOf } from '../../src/model/session.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import type { Desk } from '../../src/ports/command.ts';
import { choices } from './closest.ts';
import { findEnsemble, findServer, isRefusal } from './find.ts';

/** A recovery that a person asks for, every part of it found. */
export interface Asked {
  readonly action: RecoveryActionName;
  readonly ensemble: string;
  readonly server: string;
  /** What is asked for besides: a member, a number, the name of a command. */
  readonly argument?: string;
  readonly incident?: number;
  /** An earlier recovery to go on with. */
  readonly resume?: string;
  /** The words behind the name of the action, as they would be typed again. */
  readonly words: readonly string[];
}

const actions: readonly string[] = recoveryActionNames;

/** Recoveries that choose their servers themselves. */
export function takesAll(action: string | undefined): boolean {
  return action === 'rolling-restart' || action === 'move-leader';
}

/** Recoveries of a client's session. */
export function isOfSession(action: string): boolean {
  return action === 'kill-session' || action === 'drop-connection';
}

/** Words behind the name of an action. */
function wordsOf(action: string): number {
  if (takesAll(action)) return 1;
  return action === 'run-command' ? 3 : 2;
}

/** What is asked for: every part is found, and the person may have it. */
export async function readRequest(
  { args, options }: Invocation,
  desk: Desk,
  usage: string,
): Promise<Asked | Refusal> {
  const isNamed = actions.includes(args[0] ?? '');
  if (!isNamed && args.length === 3)
    return refuse('unknown-action', { action: args[0] ?? '', ...choices(args[0] ?? '', actions) });
  const [action = '', ...rest] = isNamed ? args : ['restart-server', ...args];
  if (rest.length !== wordsOf(action)) return refuse('bad-arguments', { usage });
  const [name = '', serverName = '', command] = rest;
  if (actions.includes(name)) return refuse('bad-arguments', { usage });
  const ensemble = findEnsemble(desk, name);
  if (isRefusal(ensemble)) return ensemble;
  const who = await whom(action, desk, ensemble, serverName);
  if (isRefusal(who)) return who;
  const argument = command ?? who.argument ?? (options['keep'] || undefined);
  const denied = mayAsk(desk, ensemble, action, argument);
  if (denied !== undefined) return denied;
  if (ensemble.restart === undefined && !isOfSession(action))
    return refuse('no-executor', { ensemble: ensemble.id });
  const incident = await concerned(options['incident'], ensemble, desk);
  if (isRefusal(incident)) return incident;
  const { resume } = options;
  return {
    action: action as RecoveryActionName,
    ensemble: ensemble.id,
    server: who.server,
    words: [ensemble.id, ...(takesAll(action) ? [] : [who.word]), ...rest.slice(2)],
    ...(argument === undefined ? {} : { argument }),
    ...(resume === undefined ? {} : { resume }),
    ...incident,
  };
}

/** The server it is about: a member, or for an addition one that is written out. */
async function whom(
  action: string,
  desk: Desk,
  ensemble: EnsembleSettings,
  name: string,
): Promise<
  { readonly server: string; readonly word: string; readonly argument?: string } | Refusal
> {
  if (takesAll(action)) return { server: allServers, word: '' };
  if (action === 'add-member' && name.includes('=')) {
    const client = serverLineOf(`server.${name.replace(/^server\./u, '')}`)?.client;
    return client === undefined
      ? refuse('joiner-unknown', { ensemble: ensemble.id, server: name })
      : { server: `${client.host}:${client.port}`, word: name, argument: name };
  }
  if (isOfSession(action)) {
    const session = sessionIdOf(name);
    return session === undefined
      ? refuse('unknown-session', { ensemble: ensemble.id, session: name })
      : { server: session, word: session };
  }
  const found = await findServer(desk, ensemble, name);
  return isRefusal(found) ? found : { server: found.id, word: found.id };
}

/** A command of the configuration may want more of a person than other recoveries do. */
function mayAsk(
  desk: Desk,
  ensemble: EnsembleSettings,
  action: string,
  argument: string | undefined,
): Refusal | undefined {
  const denied = desk.permit('operator', ensemble.id);
  if (denied !== undefined || action !== 'run-command') return denied;
  const commands = ensemble.tools?.commands ?? {};
  const command = Object.hasOwn(commands, argument ?? '') ? commands[argument ?? ''] : undefined;
  return command === undefined
    ? refuse('unknown-named-command', {
        ensemble: ensemble.id,
        command: argument ?? '',
        known: Object.keys(commands),
      })
    : desk.permit(command.role, ensemble.id);
}

/** The incident it is for, where one is named. */
async function concerned(
  id: string | undefined,
  ensemble: EnsembleSettings,
  desk: Desk,
): Promise<{ readonly incident?: number } | Refusal> {
  if (id === undefined) return {};
  const incident = await desk.incident(Number(id.replace(/^#/u, '')));
  if (incident === undefined || incident.ensemble !== ensemble.id)
    return refuse('unknown-incident', { incident: id });
  if (isOpen(incident)) return { incident: incident.id };
  // The fault goes on under another number; any other end means that a button is pressed which no card shows any more.
  return incident.foldedInto === undefined
    ? refuse('already-resolved', { incident: incident.id, atMs: incident.resolvedMs ?? 0 })
    : { incident: incident.foldedInto };
}
