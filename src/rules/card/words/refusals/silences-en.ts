import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonEn } from '../common/en.ts';
import { numberOf, textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';

const { duration, time } = commonEn;

export const silenceRefusalsEn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'silenced'
  | 'silence-end-missing'
  | 'silence-end-past'
  | 'silence-too-long'
  | 'silence-reason-missing'
  | 'silence-overlaps'
  | 'silences-full'
  | 'unknown-silence'
  | 'silence-over'
> = {
  silenced: (facts) => ({
    text: `Incident #${textOf(facts, 'incident')} is silenced until ${time(numberOf(facts, 'untilMs'))}, so nobody is called.`,
    next: `To end the silence: /zk unsilence ${textOf(facts, 'silence')}`,
  }),
  'silence-end-missing': (facts) => ({
    text: 'A silence needs an end.',
    next: `Say how long, such as 30m, 2h or 1d, or "until 14:00". Write: /zk ${textOf(facts, 'usage')}`,
  }),
  'silence-end-past': (facts) => ({
    text: `The end is over already: ${time(numberOf(facts, 'untilMs'))}.`,
    next: 'Give an end that is still to come, such as 2h or "until 14:00".',
  }),
  'silence-too-long': (facts) => ({
    text: `A silence lasts ${duration(numberOf(facts, 'mostMs'))} at most.`,
    next: 'Take a shorter one; what must be quiet for longer belongs into the configuration.',
  }),
  'silence-reason-missing': () => ({
    text: 'A silence needs a reason: everybody sees it on the card.',
    next: 'Write it at the end: /zk silence orders zk2 2h new disk',
  }),
  'silence-overlaps': (facts) => ({
    text: `${textOf(facts, 'scope')} is silenced already until ${time(numberOf(facts, 'untilMs'))} by ${textOf(facts, 'name')}.`,
    next: `To change that, end it first: /zk unsilence ${textOf(facts, 'silence')}`,
  }),
  'silences-full': () => ({
    text: 'There are too many silences.',
    next: 'End some that are not needed: /zk silences',
  }),
  'unknown-silence': (facts) => ({
    text: `There is no silence ${textOf(facts, 'silence')} in force.`,
    next: 'See what is silenced: /zk silences',
  }),
  'silence-over': (facts) => ({
    text: `Silence ${textOf(facts, 'silence')} is over already.`,
    next: 'See what is silenced: /zk silences',
  }),
};
