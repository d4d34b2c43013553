import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';

const ended: Readonly<Record<string, string>> = {
  rejected: 'it was rejected',
  expired: 'nobody agreed in time, so it expired',
  refused: 'the guard refused it',
  failed: 'it ran and failed',
  succeeded: 'it ran and worked',
};

export const approvalRefusalsEn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  'unknown-recovery' | 'not-awaiting' | 'own-request' | 'already-approved'
> = {
  'unknown-recovery': (facts) => ({
    text: `There is no recovery ${textOf(facts, 'recovery')}.`,
    next: 'Its id stands on the card of the request, such as r-12.',
  }),
  'not-awaiting': (facts) => ({
    text: `${textOf(facts, 'recovery')} does not wait for anybody: ${ended[textOf(facts, 'state')] ?? 'it runs already'}.`,
    next: 'Ask for it again if it is still needed.',
  }),
  'own-request': (facts) => ({
    text: `You asked for ${textOf(facts, 'recovery')} yourself; somebody else must agree.`,
    next: `Ask a colleague to write: approve ${textOf(facts, 'recovery')}`,
  }),
  'already-approved': (facts) => ({
    text: `You have agreed to ${textOf(facts, 'recovery')} already; it waits for one more person.`,
    next: `Ask another colleague to write: approve ${textOf(facts, 'recovery')}`,
  }),
};
