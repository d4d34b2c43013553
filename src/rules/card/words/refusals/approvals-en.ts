import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { flagOf, textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';

const ended: Readonly<Record<string, string>> = {
  rejected: 'it was rejected',
  expired: 'nobody agreed in time, so it expired',
  refused: 'the guard refused it',
  failed: 'it ran and failed',
  aborted: 'it was stopped',
  scheduled: 'it begins by itself',
  succeeded: 'it ran and worked',
};

export const approvalRefusalsEn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'unknown-recovery'
  | 'not-awaiting'
  | 'own-request'
  | 'already-approved'
  | 'already-stopping'
  | 'nothing-to-stop'
  | 'no-recovery'
  | 'automation-on'
  | 'automation-off'
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
  'already-stopping': (facts) => ({
    text: `${textOf(facts, 'name')} is stopping ${textOf(facts, 'recovery')} already.`,
    next: 'Its card says how far it came.',
  }),
  'automation-on': (facts) => ({
    text: flagOf(facts, 'everywhere')
      ? 'Automatic recovery is switched off everywhere, not there alone.'
      : 'Automatic recovery is not switched off there.',
    next: flagOf(facts, 'everywhere') ? 'Switch it on again: auto on' : 'How it stands: auto',
  }),
  'automation-off': (facts) => ({
    text: `${textOf(facts, 'name')} has switched automatic recovery off there already.`,
    next: 'Switch it on again: auto on',
  }),
  'no-recovery': (facts) => ({
    text: `No recovery is on the card of incident #${textOf(facts, 'incident')}.`,
    next: 'Name the recovery itself, such as r-12.',
  }),
  'nothing-to-stop': (facts) => ({
    text:
      textOf(facts, 'name') === ''
        ? `There is nothing to stop of ${textOf(facts, 'recovery')}: ${ended[textOf(facts, 'state')] ?? 'it is over'}.`
        : `There is nothing to stop of ${textOf(facts, 'recovery')}: ${ended[textOf(facts, 'state')] ?? 'it is over'} (${textOf(facts, 'name')}).`,
    next: `What was done: audit`,
  }),
};
