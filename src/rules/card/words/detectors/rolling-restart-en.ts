import { commonEn } from '../common/en.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import { counted } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, list } = commonEn;

export const rollingRestartEn: FaultWords = {
  title: ({ ensemble }, facts) => {
    const now = textOf(facts, 'now');
    const count = `${listOf(facts, 'done').length} of ${counted(numberOf(facts, 'servers'), 'server')} restarted`;
    return `${ensemble}: rolling restart — ${count}${now === '' ? '' : `, ${now} is out now`}`;
  },
  meaning: () =>
    'Servers are restarted one after the other, each while all others serve. Their clients connect again elsewhere; writes go on.',
  advice: (facts) =>
    `If nobody planned it, ask who does it. Restarted so far: ${list(listOf(facts, 'done'))}. The next one waits until all serve again, and the leader goes last.`,
  symptom: () => 'rolling restart',
  over: ({ ensemble }, facts, lastedMs) =>
    `${ensemble}: rolling restart is over — ${list(listOf(facts, 'done'))}, took ${duration(lastedMs)}`,
};
