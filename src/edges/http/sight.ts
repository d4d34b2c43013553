import type { Card } from '../../model/card.ts';
import type { EnsembleId, ServerId } from '../../model/ensemble.ts';
import type { GridCell, Incident, IncidentId } from '../../model/incident.ts';
import type { OnCallNow } from '../../model/on-call.ts';
import type { Language } from '../../model/person.ts';
import type { Sample } from '../../model/sample.ts';
import type { EnsembleSettings, Settings } from '../../model/settings.ts';
import type { Silence } from '../../model/silence.ts';
import type { EnsembleStatus } from '../../model/status.ts';
import type { Board, PinnedCard } from '../../ports/board.ts';
import type { EnsembleStore } from '../../ports/ensemble-store.ts';
import type { IncidentStore } from '../../ports/incident-store.ts';
import { namesOf } from '../../rules/card/card-lines.ts';
import { incidentCard } from '../../rules/card/incident-card.ts';
import { type TimelineRow, timeline } from '../../rules/card/timeline.ts';
import { faultWords } from '../../rules/card/words/faults.ts';
import { words } from '../../rules/card/words/words.ts';
import type { HealthReport } from './health.ts';

/** Where the pages and the API read. */
export interface Sources {
  readonly settings: () => Settings;
  readonly board: Board;
  readonly incidents: IncidentStore;
  readonly ensembles: EnsembleStore;
  /** Those that are in force. */
  readonly silences: () => Promise<readonly Silence[]>;
  readonly onCall: () => Promise<readonly OnCallNow[]>;
  readonly health: () => HealthReport;
}

/** Recent values of one server, oldest first; `undefined` where it did not answer or does not report the metric. */
export interface ServerSparks {
  readonly latency: readonly (number | undefined)[];
  readonly connections: readonly (number | undefined)[];
  readonly outstanding: readonly (number | undefined)[];
}

export interface EnsembleSight {
  readonly id: EnsembleId;
  readonly status: EnsembleStatus | undefined;
  readonly grid: readonly GridCell[];
  readonly sparks: Readonly<Record<ServerId, ServerSparks>>;
  /** A look older than this is no news any more. */
  readonly staleMs: number;
}

/** Everything the watch shows at one moment. */
export interface Sight {
  readonly ensembles: readonly EnsembleSight[];
  /** Open ones first, each group newest first. */
  readonly cards: readonly PinnedCard[];
  /** What is silenced, by people or by a maintenance window, the first to end first. */
  readonly silences: readonly Silence[];
  /** Who is on call, schedule by schedule. */
  readonly onCall: readonly NamedOnCall[];
  readonly health: HealthReport;
}

/** Who is on call, by name. */
export interface NamedOnCall extends Pick<OnCallNow, 'schedule' | 'untilMs'> {
  readonly now: readonly string[];
  readonly next: readonly string[];
}

export interface IncidentSight {
  readonly incident: Incident;
  /** What happened, in words, oldest first. */
  readonly rows: readonly TimelineRow[];
  readonly pinned: PinnedCard;
  /** Every symptom in words; the card shows the first few. */
  readonly symptoms: readonly string[];
}

/** Samples behind a sparkline: five minutes at the default tick of 5 s, and about two pixels a sample on a tile. */
export const sparkSamplesMax = 60;

/** Cards on the watch; older ones are reached by `/zk incidents` and their address. */
export const cardsShownMax = 40;

/** Ticks without a look before an ensemble counts as unseen: one may be late, three are not. */
const staleTicks = 3;

/** Looks never go stale quicker than this: a page redraws once a second. */
const staleMsMin = 10_000;

export async function see(sources: Sources, language: Language): Promise<Sight> {
  const [ensembles, pinned, silences, onCall] = await Promise.all([
    Promise.all(sources.settings().ensembles.map((settings) => seeEnsemble(settings, sources))),
    sources.board.list(cardsShownMax),
    sources.silences(),
    sources.onCall(),
  ]);
  const cards = await Promise.all(pinned.map((one) => inLanguage(one, language, sources)));
  const order = (one: PinnedCard) => (one.card.tone === 'resolved' ? 1 : 0);
  return {
    ensembles,
    cards: cards.toSorted((a, b) => order(a) - order(b) || b.card.sinceMs - a.card.sinceMs),
    silences: silences.toSorted((a, b) => a.endMs - b.endMs),
    onCall: onCall.map((each) => named(each, sources)),
    health: sources.health(),
  };
}

function named({ schedule, people, next = [], untilMs }: OnCallNow, sources: Sources): NamedOnCall {
  const all = sources.settings().people;
  return {
    schedule,
    now: namesOf(people, all),
    next: namesOf(next, all),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

async function seeEnsemble(settings: EnsembleSettings, sources: Sources): Promise<EnsembleSight> {
  const status = await sources.ensembles.status(settings.id);
  const grid =
    status?.grid ??
    settings.servers.map(({ id, role }) => ({ server: id, role, state: 'unknown' as const }));
  const histories = await Promise.all(
    grid.map(async ({ server }) => {
      const samples = await sources.ensembles.history(settings.id, server, sparkSamplesMax);
      return [server, sparksOf(samples)] as const;
    }),
  );
  const staleMs = Math.max(staleMsMin, settings.probe.everyMs * staleTicks);
  return { id: settings.id, status, grid, sparks: Object.fromEntries(histories), staleMs };
}

export async function seeIncident(
  id: IncidentId,
  sources: Sources,
  language: Language,
): Promise<IncidentSight | undefined> {
  const [incident, events, pinned] = await Promise.all([
    sources.incidents.get(id),
    sources.incidents.events(id),
    sources.board.get(id),
  ]);
  if (incident === undefined) return undefined;
  const card = draw(incident, language, sources);
  const blank = { key: '', atMs: incident.openedMs, thread: [] };
  const all = words(language);
  return {
    incident,
    rows: timeline(events, language, sources.settings().people),
    pinned: { ...(pinned ?? blank), card: { ...card, ...noticeOf(pinned, language) } },
    symptoms: incident.symptoms.map(({ detector, subject, facts, clearedMs }) => {
      const text = faultWords(all, detector).symptom(subject, facts);
      return clearedMs === undefined ? text : all.card.symptomOver(text);
    }),
  };
}

/** That the card came late is known of the pinned one alone, in its own language. */
function noticeOf(pinned: PinnedCard | undefined, language: Language): Pick<Card, 'notice'> {
  const { notice, language: own } = pinned?.card ?? {};
  return notice === undefined || own !== language ? {} : { notice };
}

/** A card that hangs on the board in another language is drawn afresh, where its incident is still kept. */
async function inLanguage(
  pinned: PinnedCard,
  language: Language,
  sources: Sources,
): Promise<PinnedCard> {
  if (pinned.card.language === language) return pinned;
  const incident = await sources.incidents.get(pinned.card.incident);
  return incident === undefined ? pinned : { ...pinned, card: draw(incident, language, sources) };
}

function draw(incident: Incident, language: Language, sources: Sources): Card {
  return incidentCard(incident, { language, settings: sources.settings() });
}

function sparksOf(samples: readonly Sample[]): ServerSparks {
  const metric = (name: string) =>
    samples.map((sample) => (sample.kind === 'reading' ? sample.metrics[name] : undefined));
  return {
    latency: metric('avg_latency'),
    connections: metric('num_alive_connections'),
    outstanding: metric('outstanding_requests'),
  };
}
