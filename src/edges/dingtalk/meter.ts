/** The counts of a month, as they are kept: DingTalk has a quota of each. */
export const callsMeter = 'dingtalk-calls';
export const messagesMeter = 'dingtalk-messages';

/** Counts what DingTalk counts: calls of its API, and messages that webhooks and the stream carry. */
export interface Meter {
  count(what: 'calls' | 'messages'): void;
}
