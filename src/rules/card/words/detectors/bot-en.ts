import { commonEn } from '../common/en.ts';
import { listOf, numberOf } from '../facts.ts';
import type { FaultWords } from './en.ts';

const { list } = commonEn;

/** Faults that are about the ground the bot stands on. */
export const ofTheBotEn: Readonly<Record<'redis-at-risk', FaultWords>> = {
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
};
