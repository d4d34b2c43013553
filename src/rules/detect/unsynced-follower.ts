import { defaultTiming, type Server, type ServerId, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import { accountOf } from './signs/account.ts';
import { type Census, censusOf, votersThatAre } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { stalledLearners } from './signs/learners.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'unsynced-follower';

/** A server may take initLimit to get in sync; ten seconds more are too long. */
function holdOf({ initLimit, tickTimeMs }: Timing): number {
  return initLimit * tickTimeMs + 10_000;
}

const thresholds = { holdMs: holdOf(defaultTiming) };

/**
 * A voter runs, and the leader does not count it in sync: it serves old data, or none while it takes over the leader's. By the leader's own
 * account (Zabbix: followers in sync must be one less than servers); a voter that is down is none of this.
 */
export const unsyncedFollower: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs', holdOf(view.ensemble.timing)),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    const unsynced = unsyncedOf(view, census);
    return view.ensemble.servers
      .filter(({ role }) => role === 'voter')
      .map((server) => judge(view, server, { census, unsynced }));
  },
};

function judge(
  view: EnsembleView,
  server: Server,
  { census, unsynced }: { readonly census: Census; readonly unsynced: Unsynced | undefined },
): Finding {
  const { standing, conditions, facts } = census;
  const sample = view.samples[server.id];
  const isUnsynced = unsynced?.located.includes(server.id) === true;
  const leader = standing.leader === undefined ? [] : [standing.leader];
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isUnsynced ? 'firing' : withoutIt(unsynced, conditions.get(server.id) === 'serving'),
    severity: 'warn',
    conclusive: false,
    facts: {
      ...facts,
      role: server.role,
      synced: standing.synced ?? -1,
      peerState: (sample?.kind === 'reading' && sample.peerState) || '',
    },
    evidence: evidenceOf(view, [server.id, ...leader]),
  };
}

function withoutIt(unsynced: Unsynced | undefined, serves: boolean): Verdict {
  if (unsynced === undefined || !serves) return 'unknown';
  return unsynced.count <= unsynced.located.length ? 'clear' : 'unknown';
}

interface Unsynced {
  /** Voters that run and are not counted in sync. */
  readonly count: number;
  /** Those of them that are known by name. */
  readonly located: readonly ServerId[];
}

/** Undefined where no leader tells how many are in sync. */
function unsyncedOf(view: EnsembleView, census: Census): Unsynced | undefined {
  const { standing } = census;
  const { voters } = accountOf(view, standing);
  if (voters === undefined) return undefined;
  const joining = joiningOf(view, census);
  const count = voters.missing - voters.out - voters.silent;
  if (count <= 0) return { count: joining.length, located: joining };
  const serving = votersThatAre(census, 'serving').filter((id) => id !== standing.leader);
  const syncing = serving.filter((id) => isSyncing(view, id));
  if (serving.length <= count) return { count, located: [...serving, ...joining] };
  if (syncing.length > 0) return { count, located: [...syncing, ...joining] };
  const stalled = stalledLearners(view, standing).filter((id) => serving.includes(id));
  return { count, located: [...stalled, ...joining] };
}

/** A follower that takes over the leader's data says so from 3.6 on: `following - synchronization`. */
function isSyncing({ samples }: EnsembleView, id: ServerId): boolean {
  const sample = samples[id];
  return sample?.kind === 'reading' && sample.peerState?.includes('synchronization') === true;
}

/** A voter that serves nobody while the leader has a learner more than are in sync: it is being brought up to date. */
function joiningOf(view: EnsembleView, census: Census): readonly ServerId[] {
  const { leader } = census.standing;
  const sample = leader === undefined ? undefined : view.samples[leader];
  const metrics = sample?.kind === 'reading' ? sample.metrics : {};
  const learners = metrics['learners'] ?? metrics['followers'];
  const synced = metrics['synced_followers'];
  if (learners === undefined || synced === undefined) return [];
  const looking = votersThatAre(census, 'looking');
  const more = learners - synced - (metrics['synced_observers'] ?? 0);
  return more > 0 && looking.length <= more ? looking : [];
}
