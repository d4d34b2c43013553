import type { Severity } from './finding.ts';

/**
 * What is wrong with the configuration, as data: the words are in the language catalogue under `setup.fault`. Values of secret
 * fields are never in it.
 */
export interface ConfigFault {
  /** A `warning` is shown and lived with; a `fault` keeps the configuration from being used. */
  readonly level: 'fault' | 'warning';
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  /** `ensembles.orders.servers[1].client` */
  readonly path: string;
  readonly what: ConfigTrouble;
}

/** What a value should have been; the words for each are in the catalogue. */
export type Want =
  | 'text'
  | 'number'
  | 'yes-or-no'
  | 'list'
  | 'section'
  | 'duration'
  | 'endpoint'
  | 'port'
  | 'server'
  | 'ensemble-name'
  | 'person-name'
  | 'destination-name'
  | 'redis-url'
  | 'key-prefix'
  | 'http-url'
  | 'slack-bot-token'
  | 'slack-app-token'
  | 'slack-conversation'
  | 'slack-user'
  | 'dingtalk-template'
  | 'dingtalk-group'
  | 'dingtalk-user'
  | 'email'
  | 'mail-sender'
  | 'phone-number'
  | 'sms-sender'
  | 'sms-template'
  | 'twilio-account'
  | 'twilio-key'
  | 'twilio-service'
  | 'api-url'
  | 'api-token'
  | 'cron'
  | 'time-zone'
  | 'command'
  | 'zone'
  | 'wall-time'
  | 'time-of-day'
  | 'weekdays'
  | 'turn-length'
  | 'calendar-url'
  | 'callee'
  | 'zookeeper-login'
  | 'znode'
  | 'fingerprint'
  | 'limit';

export type ConfigTrouble =
  /** The file is not YAML; `reason` comes from the parser. */
  | { readonly kind: 'syntax'; readonly reason: string }
  /** The file is gone or may not be read. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'wrong-value'; readonly value: string; readonly want: Want }
  | {
      readonly kind: 'out-of-range';
      readonly value: string;
      readonly least?: string;
      readonly most?: string;
    }
  | { readonly kind: 'not-one-of'; readonly value: string; readonly choices: readonly string[] }
  | { readonly kind: 'missing'; readonly key: string; readonly want: Want | 'any' }
  | { readonly kind: 'empty-list' }
  | {
      readonly kind: 'unknown-key';
      readonly key: string;
      readonly suggestion?: string;
      readonly known: readonly string[];
    }
  | {
      readonly kind: 'unknown-name';
      readonly of:
        | 'ensemble'
        | 'person'
        | 'destination'
        | 'detector'
        | 'threshold'
        | 'group'
        | 'schedule'
        | 'action';
      readonly name: string;
      readonly suggestion?: string;
      readonly known: readonly string[];
    }
  /** An action that no rule may begin by itself. */
  | {
      readonly kind: 'auto-forbidden';
      readonly action: string;
      readonly automatic: readonly string[];
    }
  /** An action that does not end this fault; `ofTheEnsemble` when there is no server to act on. */
  | {
      readonly kind: 'auto-unfit';
      readonly action: string;
      readonly detector: string;
      readonly ofTheEnsemble: boolean;
      readonly fits: readonly string[];
    }
  /** A second rule for the same fault. */
  | { readonly kind: 'auto-twice'; readonly detector: string; readonly firstLine: number }
  /** An action to which people must agree does not begin by itself. */
  | { readonly kind: 'auto-agreed'; readonly action: string; readonly needed: number }
  | { readonly kind: 'unset-variable'; readonly variable: string }
  | { readonly kind: 'literal-secret' }
  | {
      readonly kind: 'duplicate';
      readonly of: 'server-id' | 'endpoint' | 'token' | 'handle';
      readonly value: string;
      readonly firstLine: number;
    }
  | { readonly kind: 'open-console'; readonly host: string }
  | { readonly kind: 'one-channel'; readonly channels: readonly string[] }
  | { readonly kind: 'section-missing'; readonly section: string; readonly because: string }
  | { readonly kind: 'slack-way-in' }
  /** Exactly one of these keys is needed. */
  | {
      readonly kind: 'not-one';
      readonly keys: readonly string[];
      readonly given: readonly string[];
    }
  | { readonly kind: 'sentinel-pair' }
  | { readonly kind: 'redis-two-ways' }
  | { readonly kind: 'timeout-too-long'; readonly timeout: string; readonly every: string }
  | { readonly kind: 'tls-pair' }
  /** User without password, or the other way round. */
  | { readonly kind: 'sign-in-pair' }
  /** A password for a server beyond this machine, over a connection that anybody on the way can read. */
  | { readonly kind: 'open-password'; readonly host: string }
  | {
      readonly kind: 'unknown-placeholder';
      readonly placeholder: string;
      readonly known: readonly string[];
    }
  | { readonly kind: 'unreachable-person'; readonly person: string }
  /** The next one begins before this one is over. */
  | { readonly kind: 'window-overlaps'; readonly gapMs: number }
  /** Two maintenance windows of which each covers some of the same, at the same time: once at `atMs`. */
  | {
      readonly kind: 'windows-meet';
      readonly window: string;
      readonly other: string;
      readonly otherLine: number;
      readonly atMs: number;
    }
  | { readonly kind: 'even-voters'; readonly voters: number }
  /** Groups that hold each other: `platform`, `infra`, `platform`. */
  | { readonly kind: 'group-cycle'; readonly groups: readonly string[] }
  /** A step or a group that names nobody. */
  | { readonly kind: 'names-nobody' }
  /** A repeat without a step to repeat. */
  | { readonly kind: 'nothing-to-repeat' }
  /** A schedule without rotation, calendar or override. */
  | { readonly kind: 'empty-schedule' }
  | { readonly kind: 'one-calendar' }
  | { readonly kind: 'ends-before'; readonly from: string; readonly to: string }
  /** Hours of the week in which no rotation holds: `weekday` 0 for Monday, `minute` since midnight. */
  | {
      readonly kind: 'on-call-hole';
      readonly schedule: string;
      readonly weekday: number;
      readonly minute: number;
    }
  | { readonly kind: 'matches-nothing' }
  /** Incidents that no route leads to a chat or a hook, of which the console alone tells. */
  | {
      readonly kind: 'unheard';
      readonly ensembles: readonly string[];
      readonly severities: readonly Severity[];
      /** Empty: all. */
      readonly detectors: readonly string[];
      /** Only at some times of the week: the first such minute. Absent: always. */
      readonly from?: { readonly weekday: number; readonly minute: number };
    };
