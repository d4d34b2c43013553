import type { Facts } from './finding.ts';

/** What the doctor looks at, in the order in which it tells. */
export const parts = [
  'bot',
  'redis',
  'clocks',
  'slack',
  'dingtalk',
  'mail',
  'sms',
  'webhook',
  'zookeeper',
  'recovery',
] as const;

export type Part = (typeof parts)[number];

/** How a check ended; `unchecked` is neither good nor bad: nobody knows. */
export type Outcome = 'ok' | 'warning' | 'wrong' | 'unchecked';

/**
 * What somebody may meet, in the order of docs/troubleshooting.md: each is a heading there, in each language, and the anchor of its
 * section on the page of the console.
 */
export const symptoms = [
  'no-cards-in-the-channel',
  'the-card-has-no-buttons',
  'buttons-do-nothing',
  'commands-are-unknown',
  'the-bot-does-not-know-me',
  'charts-are-missing',
  'slack-refuses',
  'dingtalk-says',
  'no-mail',
  'no-sms',
  'webhooks-hear-nothing',
  'the-bot-is-blind',
  'something-is-not-recognised',
  'cards-come-late',
  'incidents-are-forgotten',
  'times-are-wrong',
  'a-restart-does-not-run',
  'the-bot-does-not-answer',
] as const;

export type Symptom = (typeof symptoms)[number];

/** Every result a check can have: where it belongs, how good that is, and where it is read about. The words are in the catalogue. */
export const diagnoses = {
  'bot-runs': ['bot', 'ok'],
  'bot-absent': ['bot', 'warning', 'the-bot-does-not-answer'],
  'bot-sees': ['bot', 'ok'],
  'bot-blind': ['bot', 'wrong', 'the-bot-is-blind'],
  'chat-connected': ['bot', 'ok'],
  'chat-away': ['bot', 'wrong', 'buttons-do-nothing'],
  'timed-out': ['bot', 'unchecked', 'the-bot-does-not-answer'],
  'check-failed': ['bot', 'unchecked', 'the-bot-does-not-answer'],

  'redis-answers': ['redis', 'ok'],
  'redis-slow': ['redis', 'warning', 'cards-come-late'],
  'redis-away': ['redis', 'wrong', 'the-bot-is-blind'],
  'redis-keeps': ['redis', 'ok'],
  'redis-risk': ['redis', 'wrong', 'incidents-are-forgotten'],
  'redis-silent': ['redis', 'unchecked', 'incidents-are-forgotten'],
  'redis-disk': ['redis', 'wrong', 'incidents-are-forgotten'],

  'clock-redis': ['clocks', 'ok'],
  'clock-redis-off': ['clocks', 'warning', 'times-are-wrong'],
  'clock-replicas': ['clocks', 'ok'],
  'clock-replica-off': ['clocks', 'warning', 'times-are-wrong'],
  'clock-servers': ['clocks', 'ok'],
  'clock-server-off': ['clocks', 'warning', 'times-are-wrong'],

  'slack-token': ['slack', 'ok'],
  'slack-token-refused': ['slack', 'wrong', 'slack-refuses'],
  'slack-away': ['slack', 'wrong', 'slack-refuses'],
  'slack-scopes': ['slack', 'ok'],
  'slack-scopes-missing': ['slack', 'wrong', 'slack-refuses'],
  'slack-scopes-unknown': ['slack', 'unchecked', 'slack-refuses'],
  'slack-socket': ['slack', 'ok'],
  'slack-socket-refused': ['slack', 'wrong', 'buttons-do-nothing'],
  'slack-socket-unchecked': ['slack', 'unchecked', 'buttons-do-nothing'],
  'slack-http': ['slack', 'ok'],
  'slack-http-wrong': ['slack', 'wrong', 'buttons-do-nothing'],
  'slack-http-public': ['slack', 'unchecked', 'buttons-do-nothing'],
  'slack-channel': ['slack', 'ok'],
  'slack-channel-unknown': ['slack', 'wrong', 'no-cards-in-the-channel'],
  'slack-channel-archived': ['slack', 'wrong', 'no-cards-in-the-channel'],
  'slack-channel-outside': ['slack', 'wrong', 'no-cards-in-the-channel'],
  'slack-channel-closed': ['slack', 'wrong', 'no-cards-in-the-channel'],
  'slack-channel-unchecked': ['slack', 'unchecked', 'no-cards-in-the-channel'],
  'slack-email': ['slack', 'ok'],
  'slack-email-unknown': ['slack', 'warning', 'the-bot-does-not-know-me'],
  'slack-email-unchecked': ['slack', 'unchecked', 'the-bot-does-not-know-me'],

  'dingtalk-app': ['dingtalk', 'ok'],
  'dingtalk-app-refused': ['dingtalk', 'wrong', 'dingtalk-says'],
  'dingtalk-away': ['dingtalk', 'wrong', 'dingtalk-says'],
  'dingtalk-stream': ['dingtalk', 'ok'],
  'dingtalk-stream-refused': ['dingtalk', 'wrong', 'buttons-do-nothing'],
  'dingtalk-stream-unchecked': ['dingtalk', 'unchecked', 'buttons-do-nothing'],
  'dingtalk-group': ['dingtalk', 'ok'],
  'dingtalk-group-outside': ['dingtalk', 'wrong', 'no-cards-in-the-channel'],
  'dingtalk-group-other': ['dingtalk', 'wrong', 'no-cards-in-the-channel'],
  'dingtalk-group-unknown': ['dingtalk', 'wrong', 'no-cards-in-the-channel'],
  'dingtalk-group-unchecked': ['dingtalk', 'unchecked', 'no-cards-in-the-channel'],
  'dingtalk-template': ['dingtalk', 'ok'],
  'dingtalk-template-none': ['dingtalk', 'warning', 'the-card-has-no-buttons'],
  'dingtalk-template-refused': ['dingtalk', 'wrong', 'the-card-has-no-buttons'],
  'dingtalk-template-unchecked': ['dingtalk', 'unchecked', 'the-card-has-no-buttons'],
  'dingtalk-robot': ['dingtalk', 'ok'],
  'dingtalk-robot-refused': ['dingtalk', 'wrong', 'dingtalk-says'],
  'dingtalk-robot-unchecked': ['dingtalk', 'unchecked', 'dingtalk-says'],
  'quota-left': ['dingtalk', 'ok'],
  'quota-short': ['dingtalk', 'warning', 'dingtalk-says'],
  'quota-over': ['dingtalk', 'wrong', 'dingtalk-says'],
  'quota-organisation': ['dingtalk', 'wrong', 'dingtalk-says'],

  'click-posted': ['bot', 'unchecked', 'buttons-do-nothing'],
  'click-came-back': ['bot', 'ok'],
  'click-missing': ['bot', 'wrong', 'buttons-do-nothing'],
  'click-not-posted': ['bot', 'wrong', 'no-cards-in-the-channel'],

  mail: ['mail', 'ok'],
  'mail-away': ['mail', 'wrong', 'no-mail'],
  'mail-tls': ['mail', 'wrong', 'no-mail'],
  'mail-login': ['mail', 'wrong', 'no-mail'],
  'mail-open': ['mail', 'warning', 'no-mail'],
  'mail-sent': ['mail', 'ok'],
  'mail-refused': ['mail', 'wrong', 'no-mail'],
  'mail-none': ['mail', 'unchecked', 'no-mail'],

  sms: ['sms', 'ok'],
  'sms-balance-low': ['sms', 'warning', 'no-sms'],
  'sms-away': ['sms', 'wrong', 'no-sms'],
  'sms-login': ['sms', 'wrong', 'no-sms'],
  'sms-cannot-look': ['sms', 'warning', 'no-sms'],
  'sms-sender': ['sms', 'ok'],
  'sms-sender-waiting': ['sms', 'wrong', 'no-sms'],
  'sms-sender-unknown': ['sms', 'wrong', 'no-sms'],
  'sms-sender-unchecked': ['sms', 'unchecked', 'no-sms'],
  'sms-template': ['sms', 'ok'],
  'sms-template-waiting': ['sms', 'wrong', 'no-sms'],
  'sms-template-unknown': ['sms', 'wrong', 'no-sms'],
  'sms-template-variables': ['sms', 'wrong', 'no-sms'],
  'sms-template-unchecked': ['sms', 'unchecked', 'no-sms'],

  webhook: ['webhook', 'ok'],
  'webhook-away': ['webhook', 'wrong', 'webhooks-hear-nothing'],
  'webhook-tls': ['webhook', 'wrong', 'webhooks-hear-nothing'],

  'zk-seen': ['zookeeper', 'ok'],
  'zk-not-seen': ['zookeeper', 'warning', 'something-is-not-recognised'],
  'zk-not-walked': ['zookeeper', 'unchecked', 'something-is-not-recognised'],
  'zk-walk-failed': ['zookeeper', 'warning', 'something-is-not-recognised'],
  'zk-away': ['zookeeper', 'wrong', 'the-bot-is-blind'],
  'zk-canary': ['zookeeper', 'ok'],
  'zk-canary-off': ['zookeeper', 'unchecked', 'something-is-not-recognised'],
  'zk-canary-denied': ['zookeeper', 'warning', 'something-is-not-recognised'],
  'zk-canary-failed': ['zookeeper', 'wrong', 'the-bot-is-blind'],
  'zk-no-time': ['zookeeper', 'unchecked', 'something-is-not-recognised'],

  'restart-ready': ['recovery', 'ok'],
  'restart-none': ['recovery', 'unchecked', 'the-card-has-no-buttons'],
  'restart-unchecked': ['recovery', 'unchecked', 'a-restart-does-not-run'],
  'restart-away': ['recovery', 'wrong', 'a-restart-does-not-run'],
  'restart-host-key': ['recovery', 'wrong', 'a-restart-does-not-run'],
  'restart-login': ['recovery', 'wrong', 'a-restart-does-not-run'],
  'restart-sudo': ['recovery', 'wrong', 'a-restart-does-not-run'],
  'restart-program': ['recovery', 'wrong', 'a-restart-does-not-run'],
} as const satisfies Readonly<
  Record<
    string,
    readonly [part: Part, outcome: 'ok'] | readonly [part: Part, outcome: Outcome, symptom: Symptom]
  >
>;

export type DiagnosisCode = keyof typeof diagnoses;

/** One check of the doctor and what came of it. */
export interface Diagnosis {
  readonly part: Part;
  readonly code: DiagnosisCode;
  readonly outcome: Outcome;
  /** What it is about: a destination, a server, an ensemble; empty for the part as a whole. */
  readonly about: string;
  /** For the words. Free of anything secret. */
  readonly facts: Facts;
  /** Where it is read about, where there is something to do. */
  readonly symptom?: Symptom;
}

/** Fills in what the code says already; a check that failed in general belongs to the part it was made for. */
export function diagnose(
  code: DiagnosisCode,
  about = '',
  facts: Facts = {},
  part?: Part,
): Diagnosis {
  const [usual, outcome, symptom] = diagnoses[code];
  return {
    part: part ?? usual,
    code,
    outcome,
    about,
    facts,
    ...(symptom === undefined ? {} : { symptom }),
  };
}

/** What was asked of a platform: it said something, refused in its own word, or was not heard at all. */
export type Said<T> =
  | { readonly kind: 'said'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'silent'; readonly reason: string };
