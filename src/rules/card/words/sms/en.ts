import type { Tone } from '../../../../model/card.ts';

const state: Readonly<Record<Tone, string>> = {
  critical: 'open',
  warning: 'open',
  info: 'open',
  acknowledged: 'acknowledged',
  resolved: 'resolved',
};

/** Texts that only SMS needs: each letter counts. */
export const smsEn = {
  /** What an SMS begins with: how bad it is, empty once it is over, and the number to take it by. */
  head: (severity: string, id: number) => `${severity === '' ? '' : `${severity} `}#${id}`,
  state,
  /** Where a template wants one ensemble or one number, and there are many. */
  several: 'several',
};

export type SmsWords = typeof smsEn;
