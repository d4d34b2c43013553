import type { EnsembleId, ServerId } from '../../model/ensemble.ts';
import type { IncidentId } from '../../model/incident.ts';

/**
 * The names of everything kept in Redis; no key is built anywhere else. All keys of an ensemble carry its name in braces, so that
 * Redis Cluster keeps them on one node and one Lua step may touch them together. What belongs to no ensemble is under `{~}`: no
 * ensemble can be called that.
 */
export interface Keys {
  readonly prefix: string;
  /** What is shared by all ensembles. */
  readonly shared: {
    /** Counter: the last incident number. */
    readonly incidentNumber: string;
    /** Hash: incident number → ensemble. */
    readonly incidentEnsembles: string;
    /** Set: every ensemble that has had an incident. */
    readonly ensembles: string;
    /** Counter: the last recovery number. */
    readonly recoveryNumber: string;
    /** Counter: the last silence number. */
    readonly silenceNumber: string;
    /** Hash: silence → JSON. */
    readonly silences: string;
    /** Sorted set: silences by the time they end. */
    readonly silenceEnds: string;
    /** Hash: silence → who ended it before its time. */
    readonly silencesEnded: string;
    /** Hash: ensemble (or `*`) → who switched automation off there, as JSON. */
    readonly automationOff: string;
    /** Beginning of the key of each occurrence of a window, ended by its name: the silence. */
    readonly silenceKeys: string;
    /** Hash: incident → pinned card as JSON. */
    readonly boardCards: string;
    /** Sorted set: incidents with a pinned card, by number. */
    readonly boardOrder: string;
    /** Sorted set: those of them whose card is resolved. */
    readonly boardResolved: string;
    /** Sorted set: delivery keys that were pinned or noted, by time. */
    readonly boardKeys: string;
    /** Beginning of the key of each thread (a list), ended by the incident number. */
    readonly boardThreads: string;
    /** Sorted set: replicas by the time (ms, of Redis) until which they live. */
    readonly replicas: string;
    /** Hash: ensemble → the replica that runs its sensors. */
    readonly owners: string;
    /** Hash: on-call schedule → the last good reading of its calendar as JSON. */
    readonly calendars: string;
    /** Hash: account of a chat → link as JSON; person in that chat → account. */
    readonly accountLinks: string;
    readonly accountOwners: string;
    /** Hash: ensemble → what is remembered of its backups, as JSON. */
    readonly backups: string;
  };
  /** The pub/sub channel of hints between replicas. */
  readonly bulletins: string;
  ensemble(id: EnsembleId): EnsembleKeys;
  /** All keys of a destination are in one slot of their own. */
  destination(id: string): DestinationKeys;
  /** Counter: messages of a channel in a month. */
  quota(channel: string, month: string): string;
  /** String: something known for a while. */
  brief(key: string): string;
}

export interface DestinationKeys {
  /** Sorted sets: what waits, by the time it is ripe, most urgent lane first. */
  readonly lanes: readonly [string, string, string];
  /** Hash: what waits → `lane:asked:since`. */
  readonly waiting: string;
  /** Counter: everything ever asked for. */
  readonly counter: string;
  /** String: set while somebody was called and has not come yet. */
  readonly woken: string;
  /** String: the token of whoever sends there. */
  readonly lease: string;
  /** Hash with one field: what is known of the destination, as JSON. */
  readonly record: string;
  /** Hash: `tokens`, `atMs` of the budget. */
  readonly bucket: string;
}

export interface EnsembleKeys {
  /** String: the members as last discovered. */
  readonly ensemble: string;
  /** Hash of the last look: `version`, `atMs`, `token`, `memory`, `status`. */
  readonly look: string;
  /** List: compact samples of a server, oldest first. */
  samples(server: ServerId): string;
  /** Lists: points of five minutes and of hours of a server, oldest first; the last still grows. */
  fine(server: ServerId): string;
  coarse(server: ServerId): string;
  /** Hash: server → its slow facts as JSON. */
  readonly surveys: string;
  /** String: what the canary saw, as JSON, while it counts. */
  readonly canary: string;
  /** Hash: replica → what it said of its sessions as JSON. */
  readonly ownSessions: string;
  /** String: the token of whoever surveys. */
  readonly surveying: string;
  /** Strings: what a crawl brought, and where it stands, as JSON; the token of whoever crawls. */
  readonly tree: string;
  readonly crawl: string;
  readonly crawling: string;
  /** String: the token of whoever makes a backup. */
  readonly backingUp: string;
  /** Hash: incident → JSON. */
  readonly incidents: string;
  /** Hash: incident → `version:token`, what compare-and-set compares; `~` → the token of the newest write. */
  readonly versions: string;
  /** Sorted sets of incident numbers: all and open ones by number, resolved ones by the time they were resolved. */
  readonly order: string;
  readonly open: string;
  readonly resolved: string;
  /** Hash: fingerprint → the open incident that holds it. */
  readonly fingerprints: string;
  /** Hash: incident → version some destination may not show yet. */
  readonly restless: string;
  /** List: audit entries, newest first. */
  readonly audit: string;
  /** Beginning of the keys of timelines (lists) and delivery records (hashes), ended by the incident number. */
  readonly events: string;
  readonly deliveries: string;
  /** String: the token of whoever sends to a destination. */
  lease(incident: IncidentId, destination: string): string;
  /** Hash: `recovery` and `fence` of the running recovery. */
  readonly recoveryLock: string;
  /** Counter: the last fence. */
  readonly fence: string;
  /** Hash: recovery → JSON. */
  readonly recoveries: string;
  /** Hash: recovery → `version:token`. */
  readonly recoveryVersions: string;
  /** Hash: what servers said before recoveries acted on them, by recovery. */
  readonly evidence: string;
  /** String: the id of the last drill; beginning of the key of each (a hash), ended by its id. */
  readonly drill: string;
  /** Sorted set: recoveries by number. */
  readonly recoveryOrder: string;
}

export function createKeys(prefix: string): Keys {
  const shared = `${prefix}:{~}`;
  return {
    prefix,
    shared: {
      incidentNumber: `${shared}:incident-number`,
      incidentEnsembles: `${shared}:incident-ensembles`,
      ensembles: `${shared}:ensembles`,
      recoveryNumber: `${shared}:recovery-number`,
      silenceNumber: `${shared}:silence-number`,
      silences: `${shared}:silences`,
      silenceEnds: `${shared}:silence-ends`,
      silencesEnded: `${shared}:silences-ended`,
      automationOff: `${shared}:automation-off`,
      silenceKeys: `${shared}:silence-key:`,
      boardCards: `${shared}:board`,
      boardOrder: `${shared}:board-order`,
      boardResolved: `${shared}:board-resolved`,
      boardKeys: `${shared}:board-keys`,
      boardThreads: `${shared}:board-thread:`,
      replicas: `${shared}:replicas`,
      owners: `${shared}:owners`,
      calendars: `${shared}:calendars`,
      accountLinks: `${shared}:account-links`,
      accountOwners: `${shared}:account-owners`,
      backups: `${shared}:backups`,
    },
    bulletins: `${prefix}:bulletins`,
    ensemble: (id) => ensembleKeys(`${prefix}:{${id}}`),
    destination: (id) => destinationKeys(`${prefix}:{~to:${id}}`),
    brief: (key) => `${prefix}:{~brief}:${key}`,
    quota: (channel, month) => `${prefix}:{~quota:${channel}}:${month}`,
  };
}

function destinationKeys(base: string): DestinationKeys {
  return {
    lanes: [`${base}:person`, `${base}:call`, `${base}:redraw`],
    waiting: `${base}:waiting`,
    counter: `${base}:counter`,
    woken: `${base}:woken`,
    lease: `${base}:lease`,
    record: `${base}:record`,
    bucket: `${base}:bucket`,
  };
}

function ensembleKeys(base: string): EnsembleKeys {
  return {
    ensemble: `${base}:ensemble`,
    look: `${base}:look`,
    samples: (server) => `${base}:samples:${server}`,
    fine: (server) => `${base}:points-5m:${server}`,
    coarse: (server) => `${base}:points-1h:${server}`,
    surveys: `${base}:surveys`,
    canary: `${base}:canary`,
    ownSessions: `${base}:own-sessions`,
    surveying: `${base}:surveying`,
    tree: `${base}:tree`,
    crawl: `${base}:crawl`,
    crawling: `${base}:crawling`,
    backingUp: `${base}:backing-up`,
    incidents: `${base}:incidents`,
    versions: `${base}:incident-versions`,
    order: `${base}:incident-order`,
    open: `${base}:incidents-open`,
    resolved: `${base}:incidents-resolved`,
    fingerprints: `${base}:fingerprints`,
    restless: `${base}:restless`,
    audit: `${base}:audit`,
    events: `${base}:events:`,
    deliveries: `${base}:deliveries:`,
    lease: (incident, destination) => `${base}:lease:${incident}:${destination}`,
    recoveryLock: `${base}:recovery-lock`,
    fence: `${base}:fence`,
    recoveries: `${base}:recoveries`,
    recoveryVersions: `${base}:recovery-versions`,
    evidence: `${base}:evidence`,
    drill: `${base}:drill`,
    recoveryOrder: `${base}:recovery-order`,
  };
}
