/** The name of an ensemble, as written in the configuration: `orders`. Matches /^[a-z0-9][a-z0-9-]{0,39}$/. */
export type EnsembleId = string;

/** The name under which the bot's own troubles are incidents: a broken configuration, a channel that is gone. No ensemble may have it. */
export const ownEnsemble: EnsembleId = 'nightkeeper';

/** The name of a server inside its ensemble: `zk1`, or `host:port` when it was discovered. */
export type ServerId = string;

/** A host (name, IPv4 or IPv6 without brackets) and a TCP port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Voters count for the quorum; observers do not. */
export type ServerRole = 'voter' | 'observer';

/** One process of an ensemble, as configured or as discovered from `/zookeeper/config`. */
export interface Server {
  readonly id: ServerId;
  readonly client: Endpoint;
  /** The AdminServer (`/commands/…`); absent where it is switched off. */
  readonly admin?: Endpoint;
  /** ZooKeeper's own number of the server (`myid`), where known. */
  readonly sid?: number;
  readonly role: ServerRole;
}

/** How long ZooKeeper itself waits, from `conf`: defaults are those of ZooKeeper's sample configuration. */
export interface Timing {
  /** ZooKeeper's basic time unit, default 2000. */
  readonly tickTimeMs: number;
  /** Ticks a follower may take to connect and sync, default 10. */
  readonly initLimit: number;
  /** Ticks a follower may lag before the leader drops it, default 5. */
  readonly syncLimit: number;
}

export const defaultTiming: Timing = { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 };

/** An ensemble: its servers and what they agreed on. */
export interface Ensemble {
  readonly id: EnsembleId;
  readonly servers: readonly Server[];
  readonly timing: Timing;
}

/** The voters of an ensemble. */
export function votersOf(ensemble: Ensemble): readonly Server[] {
  return ensemble.servers.filter((server) => server.role === 'voter');
}

/** Voters that must serve together for writes to pass: floor(N / 2) + 1. */
export function quorumSize(voters: number): number {
  return Math.floor(voters / 2) + 1;
}
