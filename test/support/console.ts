import type { Breakers } from '../../src/edges/http/breakers.ts';
import type { HttpConfig } from '../../src/edges/http/config.ts';
import type { HealthReport } from '../../src/edges/http/health.ts';
import type { PersonToken } from '../../src/edges/http/identity.ts';
import type { ConsoleOptions } from '../../src/edges/http/options.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { IncidentEvent } from '../../src/model/incident-event.ts';
import type { Invocation } from '../../src/model/invocation.ts';
import type { OnCallNow } from '../../src/model/on-call.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Caller } from '../../src/ports/act.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { aPerson, aSettings, aTriggeredEvent } from './builders.ts';
import { createMemoryStores, type MemoryStores } from './memory/stores.ts';

/** What the console asked of the bot, in order. */
export interface Asked {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly dedupeId: string | undefined;
}

export interface ConsoleParts {
  readonly options: ConsoleOptions;
  readonly stores: MemoryStores;
  readonly asked: Asked[];
}

/** Commands of every kind that completion tells apart. */
export const someCommands: ConsoleOptions['commands'] = [
  { name: 'status', aliases: [], usage: 'status [ensemble]', completes: ['ensemble'] },
  { name: 'show', aliases: [], usage: 'show <incident>', completes: ['incident'] },
  { name: 'ack', aliases: ['acknowledge'], usage: 'ack <incident>', completes: ['incident'] },
  {
    name: 'recover',
    aliases: [],
    usage: 'recover <action> <ensemble> <server>',
    completes: ['action', 'ensemble', 'server'],
  },
  { name: 'approve', aliases: [], usage: 'approve <recovery>', completes: ['recovery'] },
  { name: 'unsilence', aliases: [], usage: 'unsilence <silence>', completes: ['silence'] },
  { name: 'help', aliases: ['?', '帮助'], usage: 'help [command]', completes: ['command'] },
];

/** The console's surroundings in memory. `answer` is what the bot replies. */
export function aConsole(given: {
  readonly clock: Clock;
  readonly http?: Partial<HttpConfig>;
  readonly tokens?: readonly PersonToken[];
  readonly settings?: Settings;
  readonly health?: () => HealthReport;
  readonly answer?: (invocation: Invocation, caller: Caller) => Promise<Reply> | Reply;
  readonly breakers?: Breakers;
  readonly stores?: MemoryStores;
  readonly onCall?: readonly OnCallNow[];
}): ConsoleParts {
  const stores = given.stores ?? createMemoryStores(given.clock);
  const settings =
    given.settings ??
    aSettings({ people: [aPerson(), aPerson({ id: 'bo', name: 'Bo', roles: {} })] });
  const asked: Asked[] = [];
  const options: ConsoleOptions = {
    http: { host: '127.0.0.1', port: 0, openMetrics: true, ...given.http },
    tokens: () => given.tokens ?? [],
    settings: () => settings,
    board: stores.board,
    bulletins: stores.bulletins,
    silences: () => stores.silences.list(),
    onCall: () => Promise.resolve(given.onCall ?? []),
    incidents: stores.incidents,
    ensembles: stores.ensembles,
    act: async (invocation, caller, dedupeId) => {
      asked.push({ invocation, caller, dedupeId });
      return (await given.answer?.(invocation, caller)) ?? aReply('Done as asked.');
    },
    commands: someCommands,
    actions: ['restart-server'],
    health: given.health ?? (() => ({ alive: true, ready: true, checks: [] })),
    metrics: async () => 'nightkeeper_incidents_open 1\n',
    runbooks: new URL('../../docs/runbooks/', import.meta.url).pathname,
    clock: given.clock,
    log: quietLog,
    linking: {
      question: () => Promise.resolve(undefined),
      answer: () => Promise.resolve('over'),
    },
    ...(given.breakers === undefined ? {} : { breakers: given.breakers }),
  };
  return { options, stores, asked };
}

export function aReply(text: string, outcome: Reply['outcome'] = 'done'): Reply {
  return { outcome, visibility: 'private', blocks: [{ kind: 'text', text }] };
}

/** Keeps an incident with its timeline, and hangs its card. */
export async function pinIncident(
  stores: MemoryStores,
  incident: Incident,
  settings: Settings,
  events: readonly IncidentEvent[] = [aTriggeredEvent({ atMs: incident.openedMs })],
): Promise<void> {
  const known = await stores.incidents.get(incident.id);
  await stores.incidents.commit({
    incident,
    expectedVersion: known?.version ?? 0,
    events,
    audit: [],
  });
  const card = incidentCard(incident, { language: settings.language, settings });
  await stores.board.pin(card, `pin-${incident.id}-${incident.version}`, incident.openedMs);
  stores.bulletins.publish({ kind: 'card', incident: incident.id });
}

const quietLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
