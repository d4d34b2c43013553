import type { Server } from '../../model/ensemble.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import type { Asked, ClockFacts, Survey, SurveyFacts, SurveyPart } from '../../model/survey.ts';
import { surveyWords, type WordPart } from '../../model/survey-words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Surveyor } from '../../ports/surveyor.ts';
import { askAdmin } from './admin-server.ts';
import { askWord, textOfWord } from './four-letter-word.ts';
import { createSocketOpener } from './open-socket.ts';
import { createOwnSessions, type OwnSessionBooks, type SessionBook } from './own-sessions.ts';
import { parseConfFacts } from './parse-conf.ts';
import { parseCons, sessionAddresses } from './parse-cons.ts';
import {
  parseDirs,
  parseEnvi,
  parseHash,
  parseWchc,
  parseWchs,
  watchesListedMax,
} from './parse-facts.ts';
import { parseAdminFacts } from './parse-properties.ts';
import { readDoors, tlsDoors } from './tls-doors.ts';
import { clockOf, type Visit, visitServer } from './visit.ts';

/** The longest one question may take; words like `cons` cost a busy server more than `mntr`. */
export const questionTimeoutMs = 3000;

/** Reasons after which no other word would be answered either. */
const final: readonly string[] = ['refused', 'unreachable', 'unresolved', 'tls'];

/** What the parts of one survey share. */
interface Round {
  readonly settings: EnsembleSettings;
  readonly server: Server;
  readonly book: SessionBook;
  readonly before: Survey | undefined;
  readonly leftMs: () => number;
  readonly facts: Mutable<SurveyFacts>;
  readonly asked: Partial<Record<SurveyPart, Asked>>;
  /** Why nobody need ask any more. */
  hopeless?: string;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const opener = createSocketOpener();

/** Surveys servers: a visit over a session, the four-letter words that cost little, the AdminServer, certificates. */
export function createSurveyor({
  clock,
  ownSessions = createOwnSessions(() => clock.now()),
}: {
  readonly clock: Clock;
  readonly ownSessions?: OwnSessionBooks;
}): Surveyor {
  return {
    async survey({ settings, server, parts, before, timeoutMs }) {
      const endMs = performance.now() + timeoutMs;
      const round: Round = {
        settings,
        server,
        book: ownSessions.book(settings.id),
        before,
        leftMs: () => Math.min(questionTimeoutMs, Math.round(endMs - performance.now())),
        facts: {},
        asked: {},
      };
      const wants = (part: SurveyPart): boolean => parts.includes(part);
      await visit(round, clock, wants);
      for (const part of parts) {
        if (part in round.asked) continue;
        if (round.hopeless !== undefined && part !== 'admin' && part !== 'clock')
          note(round, clock, part, round.hopeless);
        else if (round.leftMs() < 1) note(round, clock, part, 'no time left');
        else await ask[part](round, clock);
      }
      return { facts: round.facts, asked: round.asked };
    },
  };
}

function note(round: Round, clock: Clock, part: SurveyPart, failed?: string): void {
  round.asked[part] = { atMs: clock.now(), ...(failed === undefined ? {} : { failed }) };
}

/** The read through this server, and while its session stands, who else is connected and what the server's clock shows. */
async function visit(
  round: Round,
  clock: Clock,
  wants: (part: SurveyPart) => boolean,
): Promise<void> {
  if (!round.settings.sensors.sessions || !(wants('canary') || wants('clock'))) return;
  const { tls } = round.settings;
  const seen = await visitServer({
    server: round.server,
    ...(tls === undefined ? {} : { tls }),
    opener,
    book: round.book,
    clock,
    timeoutMs: Math.max(1, round.leftMs()),
    withAccess: wants('admin'),
    during: async (now) => {
      if (wants('clients') || wants('clock')) await askClients(round, clock, now);
    },
  });
  round.facts.canary = seen.canary;
  note(round, clock, 'canary');
  if (seen.rootOpen !== undefined)
    round.facts.admin = { atMs: clock.now(), open: false, rootOpen: seen.rootOpen };
}

async function askClients(round: Round, clock: Clock, visit?: Visit): Promise<void> {
  const text = await word(round, clock, 'clients');
  if (text === undefined) return;
  const cons = parseCons(text, clock.now(), visit?.session?.id);
  if (cons === undefined) return note(round, clock, 'clients', 'unreadable');
  round.facts.clients = cons.facts;
  const established = cons.own?.establishedMs;
  if (visit?.session === undefined || established === undefined) return;
  round.facts.clock = clockOf(visit.session, established, clock.now());
  note(round, clock, 'clock');
}

/** The word of a part; notes what became of the question. */
async function word(round: Round, clock: Clock, part: WordPart): Promise<string | undefined> {
  const { settings, server } = round;
  const answer = await askWord({
    endpoint: server.client,
    word: surveyWords[part],
    timeoutMs: Math.max(1, round.leftMs()),
    ...(settings.tls === undefined ? {} : { tls: settings.tls }),
  });
  if (answer.kind === 'text') {
    note(round, clock, part);
    return answer.text;
  }
  const isHung = answer.reason === 'timeout';
  if (isHung || final.includes(answer.reason)) round.hopeless = answer.reason;
  note(round, clock, part, answer.reason);
  return undefined;
}

/** Asks one word and keeps what can be read of it. */
function byWord<Part extends WordPart>(
  part: Part,
  parse: (text: string, atMs: number) => SurveyFacts[Part] | undefined,
): (round: Round, clock: Clock) => Promise<void> {
  return async (round, clock) => {
    const text = await word(round, clock, part);
    if (text === undefined) return;
    const facts = parse(text, clock.now());
    if (facts === undefined) note(round, clock, part, 'unreadable');
    else round.facts[part] = facts;
  };
}

const ask: Readonly<Record<SurveyPart, (round: Round, clock: Clock) => Promise<void>>> = {
  conf: byWord('conf', parseConfFacts),
  clients: askClients,
  digests: byWord('digests', parseHash),
  memory: byWord('memory', (text, atMs) => {
    const heap = parseEnvi(text);
    return heap === undefined ? undefined : { atMs, ...heap, trail: [] };
  }),
  watches: askWatches,
  sizes: byWord('sizes', parseDirs),
  clock: askClock,
  canary: async (round, clock) => note(round, clock, 'canary', 'sensors.sessions is off'),
  admin: askProperties,
  certificates: askCertificates,
  // The machine is somebody else's to ask.
  host: async () => undefined,
};

/** How many watches make it worth asking whose they are. */
const watchesManyMin = 1000;

/** How often they are listed: it costs the server what they are many. */
const watchesListedEveryMs = 10 * 60_000;

async function askWatches(round: Round, clock: Clock): Promise<void> {
  const text = await word(round, clock, 'watches');
  if (text === undefined) return;
  const facts = parseWchs(text, clock.now());
  if (facts === undefined) return note(round, clock, 'watches', 'unreadable');
  round.facts.watches = facts;
  const known = round.before?.watches?.top;
  const isFresh = known !== undefined && clock.now() - known.atMs < watchesListedEveryMs;
  if (facts.total < watchesManyMin || facts.total > watchesListedMax || isFresh) return;
  const listed = await aside(round, 'wchc');
  const top = listed === undefined ? undefined : parseWchc(listed, clock.now());
  if (top === undefined) return;
  const address = sessionAddresses((await aside(round, 'cons')) ?? '').get(top.session);
  round.facts.watches = {
    ...facts,
    top: { ...top, ...(address === undefined ? {} : { address }) },
  };
}

function aside({ settings, server, leftMs }: Round, name: string): Promise<string | undefined> {
  return textOfWord(settings, server, name, Math.max(1, leftMs()));
}

/** The date of an AdminServer's answer: whole seconds, but known without a session. */
async function askClock(round: Round, clock: Clock): Promise<void> {
  const { admin } = round.server;
  if (admin === undefined) return note(round, clock, 'clock', 'no AdminServer');
  const beganMs = clock.now();
  const answer = await askAdmin(admin, 'ruok', Math.max(1, round.leftMs()));
  if (answer.kind === 'failure') return note(round, clock, 'clock', answer.reason);
  if (answer.dateMs === undefined) return note(round, clock, 'clock', 'no date');
  const endedMs = clock.now();
  const facts: ClockFacts = {
    atMs: endedMs,
    skewMs: Math.round(answer.dateMs + 500 - (beganMs + endedMs) / 2),
    errorMs: Math.ceil(500 + (endedMs - beganMs) / 2),
    source: 'date',
  };
  round.facts.clock = facts;
  note(round, clock, 'clock');
}

async function askProperties(round: Round, clock: Clock): Promise<void> {
  const { admin } = round.server;
  if (admin === undefined) return note(round, clock, 'admin', 'no AdminServer');
  const answer = await askAdmin(admin, 'system_properties', Math.max(1, round.leftMs()));
  if (answer.kind === 'failure') return note(round, clock, 'admin', answer.reason);
  const rootOpen = round.facts.admin?.rootOpen;
  round.facts.admin = {
    ...parseAdminFacts(answer.text, clock.now()),
    ...(rootOpen === undefined ? {} : { rootOpen }),
  };
  note(round, clock, 'admin');
}

async function askCertificates(round: Round, clock: Clock): Promise<void> {
  const { settings, server, before, facts } = round;
  const doors = tlsDoors(settings, server, { ...before, ...facts });
  if (doors.length === 0) return note(round, clock, 'certificates', 'no TLS port');
  const read = await readDoors(doors, {
    ...(settings.tls === undefined ? {} : { tls: settings.tls }),
    known: before?.certificates ?? [],
    leftMs: round.leftMs,
    now: () => clock.now(),
  });
  if (read.known.length > 0) round.facts.certificates = read.known;
  note(round, clock, 'certificates', read.known.length > 0 ? undefined : read.failed);
}
