import type { Ensemble, Server, ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { Sample } from '../../../model/sample.ts';
import type { Standing } from '../../../model/standing.ts';

/** What the leader says of how many are in sync, set against what the bot sees: a second witness. */
export interface Account {
  readonly standing: Standing;
  /** Undefined where the leader does not say, or none is seen. */
  readonly voters?: Gap;
  readonly observers?: Gap;
}

interface Gap {
  /** Servers that the leader does not count. */
  readonly missing: number;
  /** Of those, as many are seen to be out: down, or running outside of the quorum. */
  readonly out: number;
  /** Servers that tell the bot nothing, so that only the leader knows. */
  readonly silent: number;
}

export function accountOf(view: EnsembleView, standing: Standing): Account {
  const { leader, synced } = standing;
  const reading = leader === undefined ? undefined : view.samples[leader];
  if (reading?.kind !== 'reading') return { standing };
  const observers = reading.metrics['synced_observers'];
  const gap = (role: Server['role'], counted: number): Gap => {
    const servers = view.ensemble.servers.filter((server) => server.role === role);
    const seen = servers.map(({ id }) => view.samples[id]);
    return {
      missing: servers.length - counted,
      out: seen.filter((sample) => isOut(sample, leader)).length,
      silent: seen.filter((sample) => isSilent(sample)).length,
    };
  };
  return {
    standing,
    ...(synced === undefined ? {} : { voters: gap('voter', synced) }),
    ...(observers === undefined ? {} : { observers: gap('observer', observers) }),
  };
}

/** Whether the leader counts this server, of which the bot hears nothing; undefined where its sum fits either. */
export function isCounted({ role }: Server, account: Account): boolean | undefined {
  const gap = role === 'voter' ? account.voters : account.observers;
  if (gap === undefined) return undefined;
  const unexplained = gap.missing - gap.out;
  if (unexplained <= 0) return true;
  return unexplained >= gap.silent ? false : undefined;
}

/** How long a leader goes on counting a silent follower at most: syncLimit ticks, and one to notice. */
export function patienceMs({ timing }: Ensemble): number {
  return (timing.syncLimit + 1) * timing.tickTimeMs;
}

/** Seen to be outside of the quorum. */
function isOut(sample: Sample | undefined, leader: ServerId | undefined): boolean {
  if (sample === undefined) return false;
  if (sample.kind === 'failure')
    return sample.reason === 'refused' || sample.reason === 'not-serving';
  if (sample.mode === 'leader') return sample.server !== leader;
  return sample.mode === 'read-only' || sample.mode === 'standalone';
}

function isSilent(sample: Sample | undefined): boolean {
  if (sample === undefined) return true;
  return (
    sample.kind === 'failure' && sample.reason !== 'refused' && sample.reason !== 'not-serving'
  );
}
