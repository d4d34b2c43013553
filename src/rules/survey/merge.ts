import type { ServerId } from '../../model/ensemble.ts';
import {
  type Asked,
  type ClientFacts,
  type ClientsGone,
  clientsGoneMs,
  type HostFacts,
  liveWindowMs,
  type MemoryFacts,
  type Survey,
  type SurveyFacts,
  type SurveyPart,
  surveyClientsMax,
} from '../../model/survey.ts';

/** Minutes with a reading of the heap that a live set needs. */
const liveMinutesMin = 5;

type Trail = readonly (readonly [number, number])[];

/** Puts what one survey brought over what was known: a part that brought nothing keeps its last good answer. */
export function mergeSurvey(
  server: ServerId,
  before: Survey | undefined,
  news: {
    readonly facts: SurveyFacts;
    readonly asked: Readonly<Partial<Record<SurveyPart, Asked>>>;
    /** The transaction the server was last seen with. */
    readonly zxid?: string;
  },
  nowMs: number,
): Survey {
  const { facts, asked, zxid } = news;
  const peak = peakOf(before?.peak, zxid, nowMs);
  return {
    ...before,
    ...facts,
    server,
    atMs: nowMs,
    asked: { ...before?.asked, ...asked },
    ...(facts.clients === undefined ? {} : { clients: clientsOf(before?.clients, facts.clients) }),
    ...(facts.host === undefined ? {} : { host: datedHost(before?.host, facts.host) }),
    ...(facts.memory === undefined ? {} : { memory: memoryOf(before?.memory, facts.memory) }),
    ...(facts.watches !== undefined && before?.watches?.top !== undefined
      ? { watches: { top: before.watches.top, ...facts.watches } }
      : {}),
    ...(peak === undefined ? {} : { peak }),
  };
}

/** The log is read for ten minutes back: what it says may be over since. */
function datedHost(before: HostFacts | undefined, now: HostFacts): HostFacts {
  if (now.logHints === undefined) return now;
  const logHints = now.logHints.map((hint) => {
    const old = before?.logHints?.find(({ kind }) => kind === hint.kind);
    const isNew = old === undefined || hint.count > old.count || hint.line !== old.line;
    return { ...hint, newAtMs: isNew ? now.atMs : (old.newAtMs ?? now.atMs) };
  });
  return { ...now, logHints };
}

/** The highest transaction, as a number: text does not compare. */
function peakOf(
  before: Survey['peak'],
  zxid: string | undefined,
  atMs: number,
): Survey['peak'] | undefined {
  if (zxid === undefined || !/^0x[0-9a-f]{1,16}$/u.test(zxid)) return before;
  return before !== undefined && BigInt(before.zxid) > BigInt(zxid) ? before : { atMs, zxid };
}

/** How fast each address sends, where it was seen before and its connections stayed. */
function clientsOf(before: ClientFacts | undefined, now: ClientFacts): ClientFacts {
  if (before === undefined || now.atMs <= before.atMs) return now;
  const seconds = (now.atMs - before.atMs) / 1000;
  const gone = goneSince(before, now);
  return {
    ...now,
    ...(gone.length === 0 ? {} : { gone }),
    byAddress: now.byAddress.map((client) => {
      const old = before.byAddress.find(({ address }) => address === client.address);
      if (old === undefined || client.received < old.received) return client;
      const rate = (client.received - old.received) / seconds;
      return { ...client, receivedPerSecond: Math.round(rate * 10) / 10 };
    }),
  };
}

/** An address that is none of the biggest any more may have connections left: fewer than the smallest of those listed. */
function goneSince(before: ClientFacts, now: ClientFacts): readonly ClientsGone[] {
  const isCut = now.byAddress.length >= surveyClientsMax;
  const rest = isCut ? (now.byAddress.at(-1)?.connections ?? 0) : 0;
  const lost = before.byAddress
    .map(({ address, connections }) => {
      const left = now.byAddress.find((client) => client.address === address)?.connections ?? rest;
      return { address, connections: connections - left, atMs: now.atMs };
    })
    .filter(({ connections }) => connections > 0);
  const earlier = (before.gone ?? []).filter(({ atMs }) => atMs > now.atMs - clientsGoneMs);
  return [...lost, ...earlier].slice(0, surveyClientsMax);
}

/** The live set is the least of ten minutes of readings: what was left after some collection. */
function memoryOf(before: MemoryFacts | undefined, now: MemoryFacts): MemoryFacts {
  const { liveBytes: _, ...rest } = now;
  const { atMs, usedBytes } = now;
  const earlier = (before?.trail ?? []).filter(([old]) => old > atMs - liveWindowMs && old <= atMs);
  const trail = usedBytes === undefined ? earlier : withLowest(earlier, [atMs, usedBytes]);
  return trail.length < liveMinutesMin
    ? { ...rest, trail }
    : { ...rest, trail, liveBytes: Math.min(...trail.map(([, used]) => used)) };
}

/** One reading of each minute is enough, the lowest. */
function withLowest(trail: Trail, now: Trail[number]): Trail {
  const last = trail.at(-1);
  if (last === undefined || minuteOf(last) !== minuteOf(now)) return [...trail, now];
  return last[1] <= now[1] ? trail : [...trail.slice(0, -1), now];
}

function minuteOf([atMs]: Trail[number]): number {
  return Math.floor(atMs / 60_000);
}
