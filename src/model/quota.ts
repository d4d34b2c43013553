/** What a platform lets an organisation have in a month. */
export interface Quota {
  /** The count of what was used: `dingtalk-calls`. */
  readonly meter: string;
  readonly channel: string;
  /** Calls of an API, or messages. */
  readonly what: 'calls' | 'messages';
  readonly max: number;
}

/** Shares of a quota, in percent, from which on it is told how much is used. Between two of them nothing new is said. */
export const quotaSteps = [80, 90, 95, 100] as const;

/** The last step that was reached; 0 before the first. */
export function quotaStep(used: number, max: number): number {
  return quotaSteps.findLast((step) => used * 100 >= max * step) ?? 0;
}
