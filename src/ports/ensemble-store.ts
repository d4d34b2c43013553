import type { Ensemble, EnsembleId, ServerId } from '../model/ensemble.ts';
import type { EnsembleMemory } from '../model/memory.ts';
import type { ToldSessions } from '../model/own-sessions.ts';
import type { CanaryResult, Sample } from '../model/sample.ts';
import type { EnsembleStatus } from '../model/status.ts';
import type { Survey } from '../model/survey.ts';
import type { CrawlState, TreeFacts } from '../model/tree.ts';
import type { OpenTrend, Trends } from '../model/trend.ts';

/**
 * Remembers what was seen of ensembles: a bounded ring of samples per server, points of two weeks, the memory of the judgement, the
 * newest status.
 */
export interface EnsembleStore {
  /** The members as last discovered. */
  ensemble(id: EnsembleId): Promise<Ensemble | undefined>;
  saveEnsemble(ensemble: Ensemble): Promise<void>;
  /** Everything a look needs, in one round trip. History is oldest first, at most `limit` per server. */
  recall(
    id: EnsembleId,
    servers: readonly ServerId[],
    limit: number,
  ): Promise<{
    readonly memory: EnsembleMemory;
    readonly history: Readonly<Record<ServerId, readonly Sample[]>>;
    /** The points that still grow. */
    readonly points: Readonly<Record<ServerId, OpenTrend>>;
    /** Of those servers that were surveyed. */
    readonly surveys: Readonly<Record<ServerId, Survey>>;
    /** What a crawl brought, where there was one. */
    readonly tree?: TreeFacts;
    /** What the canary saw, on whichever replica it runs, while that counts. */
    readonly canary?: CanaryResult;
    /** What each replica said of its sessions within the last `ownSessionsKeptMs`. */
    readonly ownSessions: readonly ToldSessions[];
  }>;
  /**
   * Adds the samples to the rings, replaces memory, status and the points that still grow (a new point begins where the last one is of
   * another span; the oldest goes), if the memory still has the expected version and the look is
   * newer than the one remembered. `conflict` otherwise: somebody looked meanwhile, and nothing is written.
   */
  remember(look: {
    readonly ensemble: EnsembleId;
    readonly samples: readonly Sample[];
    readonly memory: EnsembleMemory;
    readonly expectedVersion: number;
    readonly status: EnsembleStatus;
    /** Of servers whose points have changed. */
    readonly points?: Readonly<Record<ServerId, OpenTrend>>;
  }): Promise<'written' | 'conflict'>;
  /** The points of two weeks, of each of these servers. */
  trends(id: EnsembleId, servers: readonly ServerId[]): Promise<Trends>;
  /** Says what the canary saw; it counts for `forMs`. */
  saveCanary(id: EnsembleId, result: CanaryResult, forMs: number): Promise<void>;
  /** Replaces what a replica said of its sessions. */
  saveOwnSessions(id: EnsembleId, replica: string, told: ToldSessions): Promise<void>;
  /** Replaces the slow facts of one server. */
  saveSurvey(id: EnsembleId, survey: Survey): Promise<void>;
  /** Takes the right to survey an ensemble, for `forMs` at most; answers how to give it back, or nothing while another has it. */
  claimSurvey(id: EnsembleId, forMs: number): Promise<(() => Promise<void>) | undefined>;
  /** Where the crawl of an ensemble stands. */
  crawl(id: EnsembleId): Promise<CrawlState | undefined>;
  /** Replaces where it stands, and what it brought. */
  saveCrawl(id: EnsembleId, state: CrawlState, tree: TreeFacts): Promise<void>;
  /** Takes the right to crawl an ensemble, as `claimSurvey` does. */
  claimCrawl(id: EnsembleId, forMs: number): Promise<(() => Promise<void>) | undefined>;
  status(id: EnsembleId): Promise<EnsembleStatus | undefined>;
  /** Samples of one server, oldest first, at most `limit`. */
  history(id: EnsembleId, server: ServerId, limit: number): Promise<readonly Sample[]>;
}

/** How long it is remembered what the replicas said of their sessions, after the last of them said something. */
export const ownSessionsKeptMs = 20 * 60 * 1000;

/** How long the slow facts of servers, and those of a tree, are kept after the last survey or crawl of their ensemble. */
export const surveyKeptMs = 7 * 24 * 60 * 60 * 1000;

/** Samples kept per server: an hour at the default tick of 5 s, about 530 bytes each. */
export const samplesMax = 720;

/**
 * Metrics that survive in the ring: what detectors, trends and charts look back at. The newest reading, as a probe brings it, has
 * all that the server reported. The ring stores them by their place in this list: add at the end, never move or remove.
 */
export const keptMetrics: readonly string[] = [
  'avg_latency',
  'min_latency',
  'max_latency',
  'packets_received',
  'packets_sent',
  'num_alive_connections',
  'outstanding_requests',
  'znode_count',
  'watch_count',
  'ephemerals_count',
  'approximate_data_size',
  'open_file_descriptor_count',
  'max_file_descriptor_count',
  'followers',
  'learners',
  'synced_followers',
  'synced_non_voting_followers',
  'synced_observers',
  'pending_syncs',
  'quorum_size',
  'uptime',
  'leader_uptime',
  'global_sessions',
  'connection_rejected',
  'connection_drop_count',
  'stale_sessions_expired',
  'looking_count',
  'cnt_election_time',
  'sum_election_time',
  'cnt_fsynctime',
  'sum_fsynctime',
  'max_fsynctime',
  'cnt_updatelatency',
  'sum_updatelatency',
  'p99_updatelatency',
  'cnt_readlatency',
  'sum_readlatency',
  'p99_readlatency',
  'sum_jvm_pause_time_ms',
  'auth_failed_count',
  'unsuccessful_handshake',
  'digest_mismatches_count',
  'fsync_threshold_exceed_count',
  'snap_count',
  'diff_count',
  'unrecoverable_error_count',
  'max_jvm_pause_time_ms',
  'cnt_jvm_pause_time_ms',
  'cnt_quorum_ack_latency',
  'sum_quorum_ack_latency',
  'cnt_propagation_latency',
  'sum_propagation_latency',
  'cnt_prep_processor_queue_time_ms',
  'sum_prep_processor_queue_time_ms',
  'cnt_sync_processor_queue_time_ms',
  'sum_sync_processor_queue_time_ms',
  'request_throttle_wait_count',
  'throttled_ops',
];

/**
 * What a leader says of one learner survives, too: how long its queue is, how long packets wait in it, and how long its
 * acknowledgements take. The number of the learner is a part of the name, so the ring stores these by name.
 */
export const keptOfLearners =
  /^(?:cnt|sum|max)_\d{1,3}_(?:learner_handler_qp_(?:size|time_ms)|ack_latency)$/u;
