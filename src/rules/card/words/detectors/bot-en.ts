import { commonEn } from '../common/en.ts';
import { listOf, numberOf } from '../facts.ts';
import type { FaultWords } from './en.ts';

const { list } = commonEn;

/** Faults that are about the ground the bot stands on. */
export const ofTheBotEn: Readonly<Record<'redis-at-risk' | 'calendar-broken', FaultWords>> = {
  'redis-at-risk': {
    title: (_, facts) => {
      const count = numberOf(facts, 'count');
      return `Redis may lose what the bot remembers — ${count} ${count === 1 ? 'setting' : 'settings'} to mend`;
    },
    meaning: () =>
      'Incidents, acknowledgements and what was told to whom are kept in Redis; a crash or full memory could cost them.',
    advice: (facts) =>
      `Mend what the evidence names (${list(listOf(facts, 'codes'))}); the bot looks again every minute.`,
    symptom: () => 'Redis may lose what the bot remembers',
    over: () => 'Redis keeps everything it should',
  },
  'calendar-broken': {
    title: (_, facts) => `on-call calendar of ${list(listOf(facts, 'schedules'))} cannot be read`,
    meaning: (facts) =>
      numberOf(facts, 'readMs') === 0
        ? 'It was never read: the bot does not know who is on call there, and calls the fallback or the next step.'
        : `The bot goes on with the copy of ${commonEn.time(numberOf(facts, 'readMs'))}; changes since then are not known.`,
    advice: () => 'See why below; check the address of the calendar and that the bot can reach it.',
    symptom: (_, facts) => `on-call calendar of ${list(listOf(facts, 'schedules'))} cannot be read`,
    over: () => 'on-call calendars can be read again',
  },
};
