import type { Endpoint, ServerId } from './ensemble.ts';
import type { LogHint } from './log-hint.ts';

/**
 * The slow facts of one server: what is asked once a minute or more rarely, beside the looks. Every part has its own time, and keeps
 * its last good answer while the server gives none. What is absent is unknown, never zero. Lists are cut to the bounds below, so that
 * all of it is a few kilobytes.
 */
export interface Survey {
  readonly server: ServerId;
  /** When the newest part was learnt, ms since the epoch. */
  readonly atMs: number;
  readonly conf?: ConfFacts;
  readonly clients?: ClientFacts;
  readonly digests?: DigestFacts;
  readonly memory?: MemoryFacts;
  readonly watches?: WatchFacts;
  readonly sizes?: SizeFacts;
  readonly clock?: ClockFacts;
  readonly admin?: AdminFacts;
  readonly certificates?: readonly CertificateFacts[];
  readonly host?: HostFacts;
  readonly canary?: ReadCanary;
  /** The highest transaction the server was ever seen with, and when it was last seen with it. */
  readonly peak?: { readonly atMs: number; readonly zxid: string };
  /** When each part was last asked for, and why it brought nothing, if it did not. */
  readonly asked: Readonly<Partial<Record<SurveyPart, Asked>>>;
}

/** A part of a survey: one question to the server, with a pace of its own. */
export type SurveyPart = (typeof surveyParts)[number];

export const surveyParts = [
  'conf',
  'clients',
  'digests',
  'memory',
  'watches',
  'sizes',
  'clock',
  'canary',
  'admin',
  'certificates',
  'host',
] as const;

/** What one survey brought: whatever was asked and answered. Trails are empty in it; they grow where surveys meet. */
export type SurveyFacts = Partial<Omit<Survey, 'server' | 'atMs' | 'asked' | 'peak'>>;

export interface Asked {
  readonly atMs: number;
  /** `not-allowed`, `timeout`, `no AdminServer`, … */
  readonly failed?: string;
}

/** Clients (by address) and sessions kept, the biggest first. */
export const surveyClientsMax = 10;
/** Digests kept, the newest: a server writes one down every 128 transactions and keeps 1024 of them. */
export const surveyDigestsMax = 64;
/** Members and peers kept; ensembles have rarely more than nine servers. */
export const surveyMembersMax = 32;

/** `conf`: how the running process is configured. */
export interface ConfFacts {
  readonly atMs: number;
  readonly serverId?: number;
  readonly clientPort?: number;
  readonly secureClientPort?: number;
  readonly dataDir?: string;
  readonly dataLogDir?: string;
  readonly tickTimeMs?: number;
  readonly initLimit?: number;
  readonly syncLimit?: number;
  /** -1 is what ZooKeeper says where the limit follows from the tick. */
  readonly minSessionTimeoutMs?: number;
  readonly maxSessionTimeoutMs?: number;
  /** Connections one address may hold; 0 is without a limit. */
  readonly maxClientCnxns?: number;
  readonly electionPort?: number;
  readonly quorumPort?: number;
  /** 0 takes part in the quorum, 1 observes. */
  readonly peerType?: number;
  /** Transaction of the last reconfiguration, as `0x` and hex digits; 0x0 where reconfiguration is off. */
  readonly version?: string;
  /** The servers this server believes in; absent before 3.5. */
  readonly members?: readonly MemberFacts[];
}

/** A `server.N` line as a server believes it. */
export interface MemberFacts {
  readonly sid: number;
  /** Host and quorum port, as written. */
  readonly quorum: Endpoint;
  readonly electionPort: number;
  readonly role: 'voter' | 'observer';
  readonly client?: Endpoint;
}

/** `cons`: who is connected. The bot's own connections are not counted. */
export interface ClientFacts {
  readonly atMs: number;
  /** Connections seen in the answer. */
  readonly total: number;
  /** The busiest addresses, most connections first. */
  readonly byAddress: readonly ClientAddress[];
  /** The address under which the server sees the bot. */
  readonly own?: string;
  /** Addresses that lost connections since the survey before, newest first, at most `surveyClientsMax`. */
  readonly gone?: readonly ClientsGone[];
}

/** Connections of one address that were there at one survey and not at the next, at `atMs`. */
export interface ClientsGone {
  readonly address: string;
  readonly connections: number;
  readonly atMs: number;
}

/** How long it is remembered who lost connections. */
export const clientsGoneMs = 10 * 60_000;

export interface ClientAddress {
  readonly address: string;
  readonly connections: number;
  /** Packets received from it, since its connections stand. */
  readonly received: number;
  /** Packets a second since the last survey; absent on the first. */
  readonly receivedPerSecond?: number;
}

/** `hash`: digests of the tree, by transaction. */
export interface DigestFacts {
  readonly atMs: number;
  /** `0x…` of the transaction → digest, the newest `surveyDigestsMax`. */
  readonly byZxid: Readonly<Record<string, string>>;
}

/** `envi`: the heap, in bytes. */
export interface MemoryFacts {
  readonly atMs: number;
  readonly maxBytes?: number;
  readonly usedBytes?: number;
  /** The lowest use of the last `liveWindowMs`: what a garbage collection leaves. Absent before there were enough readings. */
  readonly liveBytes?: number;
  readonly javaVersion?: string;
  /** The lowest reading `[atMs, usedBytes]` of each of the last minutes, oldest first. */
  readonly trail: readonly (readonly [number, number])[];
}

/** Over how long the live set is taken. */
export const liveWindowMs = 10 * 60_000;

/** `wchs`. */
export interface WatchFacts {
  readonly atMs: number;
  readonly connections: number;
  readonly paths: number;
  readonly total: number;
  /** The session with the most watches, as last asked for: only of a server that has many. */
  readonly top?: TopWatcher;
}

export interface TopWatcher {
  readonly atMs: number;
  readonly session: string;
  readonly watches: number;
  readonly address?: string;
}

/** `dirs`: apparent sizes, of no use for free space (a new log is preallocated). */
export interface SizeFacts {
  readonly atMs: number;
  readonly dataBytes?: number;
  readonly logBytes?: number;
}

/** By how much the clock of the server is ahead of the bot's (negative: behind), and how exactly that is known. */
export interface ClockFacts {
  readonly atMs: number;
  readonly skewMs: number;
  /** Half the width of what is possible. */
  readonly errorMs: number;
  readonly source: 'cons' | 'date';
}

/** What the AdminServer let the bot see. */
export interface AdminFacts {
  readonly atMs: number;
  /** It answered without a password. */
  readonly open: boolean;
  /** Snapshots may be taken and put back over HTTP (3.9 and later), unless they are switched off. */
  readonly snapshot?: boolean;
  readonly restore?: boolean;
  /** Anybody may do anything to the root, so that any name and password passes as an administrator. */
  readonly rootOpen?: boolean;
  /** `jute.maxbuffer`, where it is set. */
  readonly maxBufferBytes?: number;
  /** The servers have a certificate for each other. */
  readonly quorumTls?: true;
  /** All four-letter words are allowed, those that change the server included. */
  readonly allWords?: boolean;
}

/** The certificate a port presents. */
export interface CertificateFacts {
  readonly atMs: number;
  readonly port: number;
  /** Whom it is shown to; clients where absent. */
  readonly use?: 'servers' | 'admins';
  readonly notAfterMs: number;
  /** SHA-256, hex with colons. */
  readonly fingerprint: string;
  readonly subject: string;
}

/** A read of one node through this server. */
export type ReadCanary =
  | {
      readonly kind: 'read';
      readonly atMs: number;
      readonly tookMs: number;
      /** How long the session took to stand: the server asks the leader for it. */
      readonly sessionMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly atMs: number;
      readonly tookMs: number;
      readonly detail: string;
    };

/** What the probe on the machine found. */
export interface HostFacts {
  readonly atMs: number;
  readonly disks: readonly DiskFacts[];
  readonly descriptors?: { readonly open: number; readonly max: number };
  readonly process?: ProcessFacts;
  readonly snapshots?: FileFacts;
  readonly logs?: FileFacts;
  /** The content of the file `myid`. */
  readonly myid?: number;
  /** The `server.N` lines of the configuration file, and its other settings by name. */
  readonly members?: readonly MemberFacts[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly epochs?: { readonly current?: number; readonly accepted?: number };
  /** Connections on the election ports. */
  readonly peers?: readonly PeerFacts[];
  /** The log that was read for the hints; absent where it was not found. */
  readonly logFile?: string;
  /** Troubles the end of the log names, by kind. */
  readonly logHints?: readonly LogHint[];
  /** What the probe could not see, and why: `fd: permission denied`. */
  readonly gaps?: readonly string[];
}

export interface DiskFacts {
  readonly what: 'dataDir' | 'dataLogDir';
  readonly path: string;
  readonly mount?: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly inodesFree?: number;
  readonly inodesTotal?: number;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly startedAtMs?: number;
  /** The letter of /proc/PID/stat: R, S, D (waits for a disk), T (stopped), Z. */
  readonly state?: string;
  readonly exitCode?: number;
}

export interface FileFacts {
  readonly count: number;
  readonly newestBytes?: number;
  readonly totalBytes?: number;
}

/** A connection on the election port, or a server of the configuration that has none. */
export interface PeerFacts {
  /** Where it is known whose address it is. */
  readonly sid?: number;
  readonly address: string;
  readonly port: number;
  readonly established: boolean;
}
