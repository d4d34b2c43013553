import type { Server, ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView, Facts } from '../../../model/finding.ts';
import type { Failure, Sample } from '../../../model/sample.ts';
import { type Standing, standingOf } from '../../../model/standing.ts';
import { type Account, accountOf, isCounted, patienceMs } from './account.ts';
import { ledLast } from './led.ts';
import { isTimeout, looksAt, noticed, trailing } from './looks.ts';
import { perView } from './per-view.ts';

/**
 * What a server is, as far as a look tells. `serving`: answers as part of a quorum; `looking`: the process runs outside of one;
 * `down`: no process on the port; `hung`: takes connections and does not answer; `starved`: the same, but the others go on counting
 * it for longer than they would count a hung one; `unreachable`: no way to it, and the leader does not count it either; `unseen`:
 * anything that may be the bot's own path.
 */
export type Condition =
  | 'serving'
  | 'looking'
  | 'down'
  | 'hung'
  | 'starved'
  | 'unreachable'
  | 'unseen';

/** The voters of a view, sorted by condition, and what all findings say of them. */
export interface Census {
  readonly standing: Standing;
  readonly conditions: ReadonlyMap<ServerId, Condition>;
  /** The facts that every finding carries. */
  readonly facts: Facts;
  /**
   * Voters that may still be lost before no election can help: those that run (or may run) minus the quorum. Steadier than a count
   * of those that serve, which is zero during every election.
   */
  readonly spare: number;
}

/** Counts the voters of a view. */
export const censusOf: (view: EnsembleView) => Census = perView(count);

function count(view: EnsembleView): Census {
  const standing = standingOf(view.ensemble, view.samples);
  const account = accountOf(view, standing);
  const conditions = new Map(
    view.ensemble.servers.map((server) => [server.id, conditionOf(view, server, account)]),
  );
  const missing = standing.voters.filter((id) => conditions.get(id) !== 'serving');
  const gone = votersThatAre({ standing, conditions }, 'down', 'hung', 'unreachable').length;
  return {
    standing,
    conditions,
    spare: standing.voters.length - gone - standing.quorum,
    facts: {
      voters: standing.voters.length,
      serving: standing.voters.length - missing.length,
      quorum: standing.quorum,
      missing,
    },
  };
}

/** The voters that are in one of these conditions. */
export function votersThatAre(
  { standing, conditions }: Pick<Census, 'standing' | 'conditions'>,
  ...wanted: readonly Condition[]
): readonly ServerId[] {
  return standing.voters.filter((id) =>
    wanted.some((condition) => condition === conditions.get(id)),
  );
}

/** How many voters may still be lost. */
export function spareVoters({ spare }: Census): number {
  return spare;
}

function conditionOf(view: EnsembleView, server: Server, account: Account): Condition {
  const sample = view.samples[server.id];
  if (sample === undefined) return 'unseen';
  if (sample.kind === 'reading')
    return isPart(sample, server, account.standing) ? 'serving' : 'looking';
  switch (sample.reason) {
    case 'refused':
      return 'down';
    case 'not-serving':
      return 'looking';
    case 'timeout':
      if (isHung(view, sample)) return isStarved(view, server, account) ? 'starved' : 'hung';
      return sample.connected ? 'unseen' : withoutWay(server, account);
    case 'unreachable':
    case 'unresolved':
      return withoutWay(server, account);
    case 'reset':
    case 'not-allowed':
    case 'garbled':
    case 'tls':
      return 'unseen';
  }
}

function withoutWay(server: Server, account: Account): Condition {
  return isCounted(server, account) === false ? 'unreachable' : 'unseen';
}

/**
 * A process that answers nobody new and still takes part: the leader goes on counting it after the time it gives a silent follower.
 * Of a leader itself, its followers tell: they would have left it by then.
 */
function isStarved(view: EnsembleView, server: Server, account: Account): boolean {
  const [first] = silenceOf(view, server.id);
  if (first === undefined || view.atMs - first.atMs <= patienceMs(view.ensemble)) return false;
  const { standing } = account;
  if (standing.leader !== undefined) return isCounted(server, account) === true;
  return (
    server.role === 'voter' &&
    ledLast(view, server.id) &&
    standing.serving.length >= standing.quorum - 1
  );
}

/** A leader without a quorum still says that it leads, for a second or so: it is outside. */
function isPart(
  reading: Extract<Sample, { readonly kind: 'reading' }>,
  server: Server,
  standing: Standing,
): boolean {
  switch (reading.mode) {
    case 'leader':
    case 'standalone':
      return standing.leader === server.id;
    case 'follower':
    case 'observer':
      return true;
    case 'read-only':
      return false;
  }
}

/** Between the first and the last unanswered probe of a server that is named hung without a sensor's word. */
export const silenceMinMs = 1000;

/**
 * A process that takes connections and answers none: a sensor's pings went unanswered too, or two probes at least `silenceMinMs`
 * apart did. Later connects may time out as well (the backlog of 50 is full): the same fault under a new name.
 */
function isHung(view: EnsembleView, sample: Failure): boolean {
  if (sample.connected && noticed(view, sample.server, 'silent')) return true;
  if (!sample.connected && everyPathIsCut(view)) return false;
  const unanswered = silenceOf(view, sample.server).filter(({ connected }) => connected);
  const [first, last] = [unanswered[0], unanswered.at(-1)];
  return first !== undefined && last !== undefined && last.atMs - first.atMs >= silenceMinMs;
}

/** The timeouts since the server last said anything, oldest first. */
export function silenceOf(view: EnsembleView, server: ServerId): readonly Failure[] {
  return trailing(looksAt(view, server), isTimeout);
}

/** How long a server has said nothing: from the first question that went unanswered to the end of the last. */
export function silentMsOf(view: EnsembleView, server: ServerId): number {
  const silence = silenceOf(view, server);
  const [first, last] = [silence[0], silence.at(-1)];
  return first === undefined || last === undefined ? 0 : last.atMs - first.atMs + first.tookMs;
}

/** Connections to all servers time out: the network of the bot, not theirs. */
function everyPathIsCut(view: EnsembleView): boolean {
  return view.ensemble.servers.every(({ id }) => {
    const sample = view.samples[id];
    return sample?.kind === 'failure' && sample.reason === 'timeout' && !sample.connected;
  });
}

/**
 * Between the first and the last of several servers that come back from one cut: what was cut off together comes back together, one look
 * after the other, at the default tick. [guess]
 */
export const backTogetherMs = 5000;

/** The other servers in the same condition: what one cut did to several is told together. */
export function othersThatAre(
  view: EnsembleView,
  { conditions }: Pick<Census, 'conditions'>,
  server: Server,
  condition: Condition,
): readonly ServerId[] {
  return view.ensemble.servers
    .map(({ id }) => id)
    .filter((id) => id !== server.id && conditions.get(id) === condition);
}
