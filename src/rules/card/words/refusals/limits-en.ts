import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { RefusalText } from './en.ts';

const { list, time } = commonEn;

function ensemble(facts: Facts): string {
  const id = textOf(facts, 'ensemble');
  return id === '' ? 'this ensemble' : id === '*' ? 'all ensembles' : id;
}

/** What keeps every recovery back for a while, and what it waits for. */
export const limitRefusalsEn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'frozen'
  | 'not-frozen'
  | 'freeze-end-missing'
  | 'freeze-reason-missing'
  | 'freeze-overlaps'
  | 'too-many-recoveries'
  | 'breaker-open'
  | 'data-alarm'
  | 'others-syncing'
  | 'others-lag'
  | 'syncs-pending'
> = {
  frozen: (facts) => ({
    text: `Nothing is recovered in ${ensemble(facts)} until ${time(numberOf(facts, 'untilMs'))}: ${textOf(facts, 'window') === '' ? `frozen by ${textOf(facts, 'name')}` : `maintenance window ${textOf(facts, 'window')}`} (${textOf(facts, 'reason')}).`,
    next: `Talk to them first. To end it sooner: /zk unsilence ${numberOf(facts, 'silence')}`,
  }),
  'not-frozen': (facts) => ({
    text: `Nothing keeps ${ensemble(facts)} from being recovered.`,
    next: 'See what is in force: /zk silences',
  }),
  'freeze-end-missing': (facts) => ({
    text: 'A freeze needs an end.',
    next: `Write: /zk ${textOf(facts, 'usage')}`,
  }),
  'freeze-reason-missing': () => ({
    text: 'A freeze needs a reason: whoever is refused by it reads it.',
    next: 'Write it at the end: /zk freeze orders 2h new disks',
  }),
  'freeze-overlaps': (facts) => ({
    text: `${textOf(facts, 'scope')} is frozen already until ${time(numberOf(facts, 'untilMs'))} by ${textOf(facts, 'name')}.`,
    next: `To change that, end it first: /zk unsilence ${textOf(facts, 'silence')}`,
  }),
  'too-many-recoveries': (facts) => ({
    text: `${ensemble(facts)} has had ${counted(numberOf(facts, 'count'), 'recovery', 'recoveries')} within an hour, and ${numberOf(facts, 'max')} are allowed: one more would hide the cause, not end it.`,
    next: `Look for the cause in the logs. Not before ${time(numberOf(facts, 'untilMs'))}, or an administrator changes recoveriesPerHour.`,
  }),
  'breaker-open': (facts) => ({
    text:
      listOf(facts, 'elsewhere').length === 0
        ? `${list(listOf(facts, 'out'))} are out: too much of the ensemble for the bot to go on by itself.`
        : `Something is wrong in ${list(listOf(facts, 'elsewhere'))} too: what hits several ensembles is no server's fault, so the bot does nothing by itself.`,
    next: 'A person decides: look at what they have in common (network, host, storage).',
  }),
  'data-alarm': (facts) => ({
    text: `There is doubt about the data of the ensemble: ${list(listOf(facts, 'alarms'))}.`,
    next: 'Find out whose data is right first; the cards say how.',
  }),
  'others-syncing': (facts) => ({
    text: `${list(listOf(facts, 'syncing'))} ${byCount(listOf(facts, 'syncing').length, 'is', 'are')} being brought into sync right now; another server is not taken away from that.`,
    next: `Look again at ${time(numberOf(facts, 'untilMs'))}.`,
  }),
  'others-lag': (facts) => ({
    text: `${textOf(facts, 'server')} is ${counted(numberOf(facts, 'lag'), 'transaction')} ahead of all the others: they must catch up first.`,
    next: `Look again at ${time(numberOf(facts, 'untilMs'))}; if it lasts, find out what holds the others up.`,
  }),
  'syncs-pending': (facts) => ({
    text: `${counted(numberOf(facts, 'pending'), 'call of sync', 'calls of sync')} ${byCount(numberOf(facts, 'pending'), 'waits', 'wait')} at the leader: the followers do not keep up.`,
    next: `Look again at ${time(numberOf(facts, 'untilMs'))}; if it lasts, find the follower that lags.`,
  }),
};
