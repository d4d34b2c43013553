import type { EnsembleId, Server, Timing } from './ensemble.ts';
import type { Severity } from './finding.ts';
import type { Destination } from './notification.ts';
import type { Language, Person } from './person.ts';

/** Files for TLS to a server, PEM. The key file is read by the edge and never logged. */
export interface TlsSettings {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name the certificate must carry where it differs from the host. */
  readonly serverName?: string;
}

/** How a restart reaches a machine: an argv template, run without a shell; `{server}`, `{host}`, `{port}`, `{ensemble}` are filled in. */
export interface CommandSettings {
  readonly kind: 'command';
  readonly argv: readonly string[];
  readonly timeoutMs: number;
}

export type ExecutorSettings = CommandSettings;

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
  /** Overrides by detector and threshold name. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly restart?: ExecutorSettings;
  /** How long after a restart of a server the next one of the same server is refused. */
  readonly restartCooldownMs: number;
}

/** A step of an escalation: whom to call when nobody has acknowledged `afterMs` after the page. */
export interface EscalationStep {
  readonly afterMs: number;
  /** Person ids. */
  readonly people: readonly string[];
}

/** Which incidents are shown where. All routes that match are used. */
export interface RouteSettings {
  /** Ensembles it is for; empty: all. */
  readonly ensembles: readonly EnsembleId[];
  /** Severities it is for; empty: all. */
  readonly severities: readonly Severity[];
  /** Destination ids. */
  readonly destinations: readonly string[];
  readonly escalation: readonly EscalationStep[];
}

/** What the inside needs of the configuration. Edges have their own settings beside this. */
export interface Settings {
  readonly language: Language;
  readonly people: readonly Person[];
  readonly ensembles: readonly EnsembleSettings[];
  readonly destinations: readonly Destination[];
  readonly routes: readonly RouteSettings[];
  /** Where people reach the console, for links on cards. */
  readonly publicUrl?: string;
  /** Where runbooks are read, ending in `/`; the console serves them otherwise. */
  readonly runbookUrl?: string;
}
