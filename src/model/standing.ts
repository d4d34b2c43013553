import { type Ensemble, quorumSize, type ServerId, votersOf } from './ensemble.ts';
import type { Reading, Sample } from './sample.ts';

/** How an ensemble stands, counted from one set of samples. Every room that counts voters counts them here. */
export interface Standing {
  readonly voters: readonly ServerId[];
  readonly quorum: number;
  /** Voters that answer as leader or follower, or alone where there is only one. */
  readonly serving: readonly ServerId[];
  /** The leader that holds a quorum, by its own count of synced voters. */
  readonly leader?: ServerId;
  /** Servers that say they lead, effective or not. */
  readonly leaders: readonly ServerId[];
  /** Voters in sync, the leader included, by the leader's own account; absent without a leader that says it. */
  readonly synced?: number;
  /** Voters that may be lost before writes stop: synced (or serving) minus quorum. Negative: writes stand still. */
  readonly margin: number;
}

/**
 * Counts an ensemble. `synced_followers` includes followers without a vote (seen after a reconfig), so they are subtracted where
 * the version reports them.
 */
export function standingOf(
  ensemble: Ensemble,
  samples: Readonly<Record<ServerId, Sample>>,
): Standing {
  const voters = votersOf(ensemble).map((server) => server.id);
  const quorum = quorumSize(voters.length);
  const serving = voters.filter((id) => {
    const sample = samples[id];
    return sample?.kind === 'reading' && (sample.mode === 'follower' || leads(sample, voters));
  });
  const leaders = serving.filter((id) => {
    const sample = samples[id];
    return sample?.kind === 'reading' && leads(sample, voters);
  });
  const effective = leaders
    .map((id) => ({ id, synced: syncedBy(samples[id]) }))
    .filter(({ synced }) => (synced ?? serving.length) >= quorum)
    .sort((a, b) => (b.synced ?? 0) - (a.synced ?? 0))[0];
  const standing = { voters, quorum, serving, leaders };
  if (effective === undefined)
    return { ...standing, margin: Math.min(serving.length, quorum - 1) - quorum };
  const { id: leader, synced } = effective;
  return synced === undefined
    ? { ...standing, leader, margin: serving.length - quorum }
    : { ...standing, leader, synced, margin: synced - quorum };
}

/** A server on its own leads itself; one that stands alone among others has lost its configuration. */
function leads(reading: Reading, voters: readonly ServerId[]): boolean {
  return reading.mode === 'leader' || (reading.mode === 'standalone' && voters.length === 1);
}

/** Voters in sync with this leader, itself included; undefined where it does not say. */
export function syncedBy(sample: Sample | undefined): number | undefined {
  if (sample?.kind !== 'reading') return undefined;
  const followers = sample.metrics['synced_followers'];
  if (followers === undefined) return undefined;
  return followers - (sample.metrics['synced_non_voting_followers'] ?? 0) + 1;
}
