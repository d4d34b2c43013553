import type { AutoRule } from './automation.ts';
import type { DockerSettings, KubernetesSettings } from './container-settings.ts';
import type { Grouping } from './destination.ts';
import type { EnsembleId, Server, Timing } from './ensemble.ts';
import type { Severity } from './finding.ts';
import type { BackupSettings } from './kept-backup.ts';
import type { Destination } from './notification.ts';
import type { Callee, GroupSettings, OnCallSettings } from './on-call.ts';
import type { Language, Person } from './person.ts';
import type { Scope } from './silence.ts';
import type { ToolSettings } from './tools.ts';
import type { WeekWindow } from './week-window.ts';

/** Files for TLS to a server, PEM. The key file is read by the edge and never logged. */
export interface TlsSettings {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name the certificate must carry where it differs from the host. */
  readonly serverName?: string;
}

/** Programs for a server: argv templates, run without a shell; `{server}`, `{host}`, `{port}`, `{ensemble}` are filled in. */
export interface CommandTemplates {
  /** Restarts it. */
  readonly argv: readonly string[];
  /** Absent: there is no way to stop it alone. */
  readonly stop?: readonly string[];
  readonly start?: readonly string[];
  /**
   * Stands before any other program that is to run where the server runs: `[]` when it runs there anyway. Absent: there is no way to
   * run one.
   */
  readonly on?: readonly string[];
  /** Prints the last lines of the server's log, `{lines}` of them; runs behind `on`. */
  readonly log?: readonly string[];
}

/** How a machine is reached by programs on the machine of the bot. */
export interface CommandSettings extends CommandTemplates {
  readonly kind: 'command';
  readonly timeoutMs: number;
}

/** How the bot proves who it is to a machine: keys of the running agent, or one key file, whose passphrase comes from the environment. */
export type SshLogin =
  | { readonly kind: 'agent' }
  | { readonly kind: 'key'; readonly file: string; readonly passphrase?: string };

/** How a machine proves who it is: a `known_hosts` file, or fingerprints as `ssh-keygen -lf` prints them (`SHA256:…`). */
export type SshTrust =
  | { readonly kind: 'known-hosts'; readonly file: string }
  | { readonly kind: 'fingerprints'; readonly sha256: readonly string[] };

/** How a machine is reached over SSH. Each argument is quoted for the shell of the other side, and so stays one argument. */
export interface SshSettings extends CommandTemplates {
  readonly kind: 'ssh';
  readonly user: string;
  /** With `{server}`, `{host}` and `{ensemble}` to fill in. */
  readonly host: string;
  readonly port: number;
  readonly login: SshLogin;
  readonly trust: SshTrust;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
}

export type ExecutorSettings = CommandSettings | SshSettings | DockerSettings | KubernetesSettings;

/**
 * How the machines of an ensemble are looked at: a command that runs `sh` there, such as `ssh zk1` or `ip netns exec zk1`, with the
 * same words in braces as a restart. Empty: this machine. What is not said is taken from the running server.
 */
export interface HostSettings extends HostPlaces {
  readonly kind: 'command';
  readonly argv: readonly string[];
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Where the machines differ: by server. */
  readonly servers?: Readonly<Record<string, HostPlaces & { readonly argv?: readonly string[] }>>;
}

/** How the tree of an ensemble is walked: one round not sooner than `everyMs` after the one before began, and within these limits. */
export interface CrawlSettings {
  readonly everyMs: number;
  readonly requestsPerSecond: number;
  /** Znodes visited, answers read and time taken by one round, at the most. */
  readonly nodes: number;
  readonly bytes: number;
  readonly timeMs: number;
  /** Levels below the root. */
  readonly depth: number;
}

/** Where things are on a machine. */
export interface HostPlaces {
  readonly dataDir?: string;
  readonly dataLogDir?: string;
  readonly pidFile?: string;
  readonly configFile?: string;
  readonly logFile?: string;
}

/** One ensemble as the configuration wants it watched. */
export interface EnsembleSettings {
  readonly id: EnsembleId;
  /** At least one; with `discover` the others are read from the ensemble itself. */
  readonly servers: readonly Server[];
  readonly discover: boolean;
  readonly timing: Timing;
  readonly probe: { readonly everyMs: number; readonly timeoutMs: number };
  readonly sensors: {
    readonly sessions: boolean;
    readonly canary: boolean;
    readonly pingEveryMs: number;
  };
  readonly tls?: TlsSettings;
  /** Whether the servers speak TLS to each other; found out where absent. */
  readonly quorumTls?: boolean;
  /** How often the slow facts of a server are asked for; absent: never. */
  readonly survey?: { readonly everyMs: number };
  readonly host?: HostSettings;
  /** Absent: the tree is not walked. */
  readonly crawl?: CrawlSettings;
  readonly backup?: BackupSettings;
  /** Who the bot is to ZooKeeper when it reads and writes whole trees. */
  readonly login?: { readonly scheme: string; readonly credential: string };
  /** Overrides by detector and threshold name. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly restart?: ExecutorSettings;
  readonly tools?: ToolSettings;
  /** How long after a restart of a server the next one of the same server is refused. */
  readonly restartCooldownMs: number;
  /** Recoveries that may begin within an hour; 0: any number. A default of the rules when absent. */
  readonly recoveriesPerHour?: number;
  /** What the bot does by itself; nothing when absent. */
  readonly auto?: readonly AutoRule[];
  /** How many other people must agree, by action; nobody where an action is not named. */
  readonly approvals?: {
    readonly needed: Readonly<Record<string, number>>;
    /** How long a request waits for them. */
    readonly withinMs: number;
  };
}

/** A step of an escalation: whom to call when nobody has acknowledged `afterMs` after the page. */
export interface EscalationStep {
  readonly afterMs: number;
  /** Who that is, is found out when the step is taken. */
  readonly to: readonly Callee[];
}

/** How often the last step calls again while nobody has acknowledged. */
export interface RepeatSettings {
  readonly everyMs: number;
  readonly times: number;
}

/** Detectors a route is for: those of the list, or all but those of the list. */
export interface DetectorChoice {
  readonly kind: 'only' | 'not';
  readonly names: readonly string[];
}

/** Which incidents are shown where. All routes that match are used. */
export interface RouteSettings {
  /** Ensembles it is for; empty: all. */
  readonly ensembles: readonly EnsembleId[];
  /** Severities it is for; empty: all. */
  readonly severities: readonly Severity[];
  /** Absent: all. */
  readonly detectors?: DetectorChoice;
  /** Parts of the week it is for; empty: always. */
  readonly when: readonly WeekWindow[];
  /** Destination ids. */
  readonly destinations: readonly string[];
  readonly escalation: readonly EscalationStep[];
  /** People who must have an incident before the others are left in peace; 1 when absent. */
  readonly acknowledgers?: number;
  /** Replaces the general one; 0 is off. */
  readonly ackReminderMs?: number;
  readonly repeat?: RepeatSettings;
  /** Destinations that are asked when none of `destinations` could call anybody for a minute. */
  readonly fallback?: readonly string[];
  /** Where it differs from that of the settings. */
  readonly grouping?: Grouping;
}

/** When a fault that comes and goes becomes one card that says so. */
export interface FlapSettings {
  /** Beginnings within the window; 0: never. */
  readonly times: number;
  readonly withinMs: number;
  /** How long such a fault must stay away before its card is over. */
  readonly quietMs: number;
}

/** Four times in ten minutes, and over after five quiet ones. [guess] Two or three are a restart that did not go well. */
export const defaultFlap: FlapSettings = {
  times: 4,
  withinMs: 10 * 60_000,
  quietMs: 5 * 60_000,
};

/** How long the parts of an incident's life take. */
export interface IncidentSettings {
  /** How long after the end the same fault opens the same incident again; 0: it is always a new one. */
  readonly reopenMs: number;
  /** How long after an acknowledgement its person is asked whether they still have it; 0: never. */
  readonly ackReminderMs: number;
  /** How long they have to answer. */
  readonly ackReminderGraceMs: number;
  /** How long nothing may be known of a fault before its card says so. */
  readonly unseenAfterMs: number;
  /** How long nothing may be known of a fault before its incident expires. */
  readonly staleAfterMs: number;
  /** The default when absent. */
  readonly flap?: FlapSettings;
}

/** A silence that repeats: from each time its pattern names, for a while. */
export interface MaintenanceWindow {
  readonly name: string;
  readonly scope: Scope;
  /** Cron of five fields, in `timeZone`. */
  readonly cron: string;
  readonly timeZone: string;
  readonly forMs: number;
  readonly reason: string;
  /** Whether nothing is recovered meanwhile. */
  readonly freezes?: true;
}

/** Recoveries of one ensemble within an hour, where the configuration does not say: who needs a fourth has not found the cause. */
export const defaultRecoveriesPerHour = 3;

/** How long a request waits for others, where the configuration does not say: a colleague is found in that time or asleep. */
export const defaultApprovalMs = 15 * 60_000;

export const defaultIncidentSettings: IncidentSettings = {
  reopenMs: 0,
  ackReminderMs: 0,
  ackReminderGraceMs: 10 * 60_000,
  unseenAfterMs: 5 * 60_000,
  staleAfterMs: 7 * 24 * 3_600_000,
  flap: defaultFlap,
};

/** What the inside needs of the configuration. Edges have their own settings beside this. */
export interface Settings {
  readonly language: Language;
  readonly people: readonly Person[];
  readonly ensembles: readonly EnsembleSettings[];
  readonly destinations: readonly Destination[];
  readonly routes: readonly RouteSettings[];
  /** Defaults where absent. */
  readonly incidents?: IncidentSettings;
  /** When a storm becomes one card; a default of the rules otherwise. */
  readonly grouping?: Grouping;
  readonly groups: readonly GroupSettings[];
  readonly onCall: readonly OnCallSettings[];
  /** The daily card that proves that cards come through: minutes after midnight, in a zone. */
  readonly selfTest?: { readonly minute: number; readonly zone: string };
  readonly maintenance?: readonly MaintenanceWindow[];
  /** In which people mean times of the day; UTC when absent. */
  readonly timeZone?: string;
  /** Where people reach the console, for links on cards. */
  readonly publicUrl?: string;
  /** Where runbooks are read, ending in `/`; the console serves them otherwise. */
  readonly runbookUrl?: string;
}
