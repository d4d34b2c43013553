import type { Server, ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { latenessOf } from './signs/lateness.ts';
import { type LearnerFigures, leaderReadings, learnerFigures } from './signs/learners.ts';
import { evidenceOf } from './signs/looks.ts';
import { perView } from './signs/per-view.ts';
import { looksBackOf, thresholdOf } from './signs/thresholds.ts';

const name = 'follower-link-slow';

/**
 * With 40 % of the packets lost, packets to that follower waited 2620 ms and 17965 queued up, and none to the other, while clients saw
 * 2 ms (measured). An acknowledgement takes some milliseconds in one place and about the round trip between two. The leader stops to
 * count when a quorum has acknowledged, so a single slow link shows on the other side only: with 20 % lost, transactions took 70 to
 * 130 ms to reach that follower and 7 ms to reach the others; with 200 ms of delay, 205 (measured). The limits are guesses.
 */
const thresholds = {
  holdMs: 60_000,
  queueMs: 500,
  queueMax: 1000,
  ackMs: 250,
  lateMs: 50,
  windowMs: 60_000,
  packetsMin: 5,
};

/**
 * The leader cannot get rid of its packets to a server, or waits long for its acknowledgements, or what it sends arrives late: reads
 * there are old, and it is about to drop out. Where it is so with all of them, it is the leader's own link. Told from 3.6 on.
 */
export const followerLinkSlow: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  // Requests are slow at once; that it is the link is known a window later.
  continues: ['latency-high'],
  continuesMs: 2 * 60_000,
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  looksBackMs: (view) => looksBackOf(view, { name, thresholds }),
  thresholds,
  candidates: (view) => (linksOf(view).length > 0 ? view.ensemble.servers : []),
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    const links = linksOf(view);
    const slow = links.filter(({ isSlow }) => isSlow).map(({ id }) => id);
    const ofAll = links.length > 1 && slow.length === links.length;
    return servers.map((server) => judge(view, server, { census, links, ofAll }));
  },
};

interface Link {
  readonly id: ServerId;
  readonly figures: LearnerFigures;
  /** How much longer than usual transactions take to reach it, beyond what they take on the leader itself. */
  readonly lateMs: number | undefined;
  readonly isSlow: boolean;
}

function judge(
  view: EnsembleView,
  server: Server,
  what: { readonly census: Census; readonly links: readonly Link[]; readonly ofAll: boolean },
): Finding {
  const { census, links, ofAll } = what;
  const { leader } = census.standing;
  const leads = server.id === leader;
  const link = leads ? worstOf(links) : links.find(({ id }) => id === server.id);
  const { queue, ack, longest } = link?.figures ?? {};
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: verdictOf(link, leads === ofAll),
    severity: 'warn',
    conclusive: false,
    facts: {
      ...census.facts,
      role: server.role,
      ofAll: leads && ofAll,
      // Every write waits for that link.
      led: leads && ofAll,
      leader: leader ?? '',
      queueMs: Math.round(queue?.mean ?? 0),
      ackMs: Math.round(ack?.mean ?? 0),
      queued: longest?.now ?? 0,
      lateMs: Math.max(0, Math.round(link?.lateMs ?? 0)),
    },
    evidence:
      link === undefined || leader === undefined
        ? []
        : [
            `${leader}: packets to ${link.id} waited ${Math.round(queue?.mean ?? 0)} ms, acknowledgements took ${Math.round(ack?.mean ?? 0)} ms, at most ${longest?.now ?? 0} queued`,
            ...(link.lateMs === undefined
              ? []
              : [`${link.id}: transactions arrive ${Math.round(link.lateMs)} ms later than usual`]),
            ...evidenceOf(view, [server.id]),
          ],
  };
}

/** `isMeant`: the link of a follower where it is its own, that of the leader where all are slow. */
function verdictOf(link: Link | undefined, isMeant: boolean): Verdict {
  if (link === undefined) return 'unknown';
  return link.isSlow && isMeant ? 'firing' : 'clear';
}

function worstOf(links: readonly Link[]): Link | undefined {
  const weight = ({ figures, lateMs = 0 }: Link): number =>
    Math.max(figures.queue?.mean ?? 0, figures.ack?.mean ?? 0, lateMs);
  return [...links].sort((a, b) => weight(b) - weight(a))[0];
}

/** The links of which the leader told something lately: asked for the candidates first, and again to judge them. */
const linksOf: (view: EnsembleView) => readonly Link[] = perView((view) => {
  const { standing } = censusOf(view);
  const limit = (threshold: keyof typeof thresholds): number =>
    thresholdOf(view, { name, thresholds }, threshold);
  const readings = leaderReadings(view, standing, limit('windowMs'));
  const late = latenessBeyond(view, standing.leader, limit);
  return view.ensemble.servers.flatMap(({ id, sid }) => {
    if (id === standing.leader) return [];
    const figures = sid === undefined ? nothing : learnerFigures(readings, sid);
    const { queue, ack, longest } = figures;
    const lateMs = late(id);
    if (queue === undefined && ack === undefined && longest === undefined && lateMs === undefined)
      return [];
    const isSlow =
      isLong(queue, limit('queueMs'), 1) ||
      isLong(ack, limit('ackMs'), limit('packetsMin')) ||
      (longest !== undefined && longest.now > limit('queueMax') && longest.now > longest.before) ||
      (lateMs !== undefined && lateMs > limit('lateMs'));
    return [{ id, figures, lateMs, isSlow }];
  });
});

const nothing: LearnerFigures = { queue: undefined, ack: undefined, longest: undefined };

/** What is late everywhere is late on the leader, too: then the write itself takes long, and no link. */
function latenessBeyond(
  view: EnsembleView,
  leader: ServerId | undefined,
  limit: (threshold: keyof typeof thresholds) => number,
): (server: ServerId) => number | undefined {
  const span = { windowMs: limit('windowMs'), offMs: limit('lateMs') };
  const excess = (server: ServerId): number | undefined => {
    const late = latenessOf(view, server, span);
    return late === undefined || late.count < limit('packetsMin')
      ? undefined
      : late.meanMs - late.usualMs;
  };
  const ofLeader = leader === undefined ? undefined : excess(leader);
  return (server) => {
    const late = ofLeader === undefined ? undefined : excess(server);
    return late === undefined || ofLeader === undefined ? undefined : late - Math.max(0, ofLeader);
  };
}

function isLong(growth: LearnerFigures['queue'], limitMs: number, countMin: number): boolean {
  return growth !== undefined && growth.count >= countMin && growth.mean > limitMs;
}
