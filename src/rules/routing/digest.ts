import {
  type DestinationRecord,
  type Digest,
  type DigestCall,
  defaultGrouping,
  digestMembersMax,
  firstsMax,
  type Grouping,
  type MemberState,
} from '../../model/destination.ts';
import type { Incident } from '../../model/incident.ts';
import type { Destination } from '../../model/notification.ts';
import type { Settings } from '../../model/settings.ts';
import { routesFor } from './routes.ts';

/** How long the budget of a chat may keep new cards waiting before they go to a digest. */
export const overBudgetMs = 10_000;

/** How often a digest is drawn at most: a storm changes it faster than people read. */
export const digestEveryMs = 5_000;

/** How often a digest is drawn and calls people at most, and how long it gathers before it is drawn first. */
export interface DigestPace {
  readonly gatherMs: number;
  readonly drawMs: number;
  readonly callMs: number;
}

const edited: DigestPace = { gatherMs: 0, drawMs: digestEveryMs, callMs: digestEveryMs };

/** Where nothing can be edited, as with mail, each drawing is one more message. */
const sentAgain: DigestPace = { gatherMs: 10_000, drawMs: 120_000, callMs: 15_000 };

/** Where each message wakes somebody, and a number may get one a minute only; nothing is drawn there. */
const calling: DigestPace = { gatherMs: 10_000, drawMs: 120_000, callMs: 60_000 };

export function digestPace(edits: boolean, calls = false): DigestPace {
  if (calls) return calling;
  return edits ? edited : sentAgain;
}

/** When an incident that is new at a destination would be one too many there: as its first route that goes there has it. */
export function groupingFor(settings: Settings, incident: Incident, to: Destination): Grouping {
  const routes = routesFor(settings, incident).filter((route) => leadsTo(route, to));
  return groupingOf(settings, routes);
}

/** The same for the destination as a whole. */
export function groupingAt(settings: Settings, to: Destination): Grouping {
  return groupingOf(
    settings,
    settings.routes.filter((route) => leadsTo(route, to)),
  );
}

function leadsTo(route: Settings['routes'][number], to: Destination): boolean {
  return route.destinations.includes(to.id) || route.fallback?.includes(to.id) === true;
}

function groupingOf(settings: Settings, routes: Settings['routes']): Grouping {
  const own = routes.find(({ grouping }) => grouping !== undefined)?.grouping;
  return own ?? settings.grouping ?? defaultGrouping;
}

/**
 * Whether a new card would be one too many: a storm is under way, as many were posted within the window as one reads, or the chat
 * takes no more for now.
 */
export function isStorm(record: DestinationRecord, grouping: Grouping, nowMs: number): boolean {
  const { digest, limitedMs } = record;
  if (digest !== undefined && !isOver(digest, grouping, nowMs)) return true;
  if (limitedMs !== undefined && nowMs - limitedMs > overBudgetMs) return true;
  const recent = record.firsts.filter((atMs) => atMs > nowMs - grouping.withinMs);
  return recent.length >= grouping.above;
}

/** A storm is over when nothing new has come for as long as its window. */
export function isOver(digest: Digest, grouping: Grouping, nowMs: number): boolean {
  return nowMs - digest.joinedMs >= grouping.withinMs;
}

/** The posts to remember after one more. */
export function withFirst(firsts: readonly number[], nowMs: number): readonly number[] {
  return [...firsts, nowMs].slice(-firstsMax);
}

/** The digest with these incidents as they are now; a new one when there is none. Only who is new keeps the storm going. */
export function join(
  digest: Digest | undefined,
  joining: readonly { readonly incident: Incident; readonly calls: readonly DigestCall[] }[],
  nowMs: number,
): Digest {
  const before: Digest = digest ?? {
    id: nowMs,
    joinedMs: nowMs,
    members: {},
    beyond: 0,
    calls: [],
    said: [],
    sends: 0,
  };
  const members: Record<string, MemberState> = { ...before.members };
  let { beyond } = before;
  let isNew = false;
  let size = Object.keys(members).length;
  for (const { incident } of joining) {
    const known = members[String(incident.id)];
    isNew ||= (known === undefined || known === 'own') && incident.state !== 'resolved';
    if (known === undefined && size >= digestMembersMax) {
      beyond += 1;
      continue;
    }
    if (known === undefined) size += 1;
    members[String(incident.id)] = memberStateOf(incident);
  }
  const { overMs, ...rest } = before;
  return {
    ...rest,
    ...(isNew || overMs === undefined ? {} : { overMs }),
    joinedMs: isNew ? nowMs : before.joinedMs,
    changedMs: nowMs,
    members,
    beyond,
    calls: callsAfter(
      before,
      joining.map(({ incident }) => incident.id),
      joining.flatMap(({ calls }) => calls),
    ),
  };
}

/** What is still to be said: what these incidents have to say by now replaces what they had, and nothing is said twice. */
function callsAfter(
  digest: Digest,
  of: readonly number[],
  calls: readonly DigestCall[],
): readonly DigestCall[] {
  const renewed = new Set(of);
  const said = new Set([...digest.said, ...(digest.attempt?.calls ?? [])].map(callText));
  return [
    ...digest.calls.filter(({ incident }) => !renewed.has(incident)),
    ...calls.filter((call) => !said.has(callText(call))),
  ];
}

export function callText({ incident, signal }: DigestCall): string {
  return `${incident} ${signal}`;
}

function memberStateOf(incident: Incident): MemberState {
  return incident.state === 'triggered' ? incident.severity : incident.state;
}

const worst: readonly MemberState[] = ['page', 'warn', 'info', 'acknowledged', 'own', 'resolved'];

/** Members, the worst first, and among equals the oldest first. */
export function worstFirst(
  digest: Digest,
): readonly { readonly id: number; readonly state: MemberState }[] {
  return Object.entries(digest.members)
    .map(([id, state]) => ({ id: Number(id), state }))
    .sort((a, b) => worst.indexOf(a.state) - worst.indexOf(b.state) || a.id - b.id);
}

/** Members that are not over and have no card of their own. */
export function openMembers(digest: Digest): readonly number[] {
  return worstFirst(digest)
    .filter(({ state }) => state !== 'resolved' && state !== 'own')
    .map(({ id }) => id);
}
