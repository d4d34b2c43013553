import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, listOf, textOf } from '../facts.ts';
import type { FaultWords } from './en.ts';
import { at } from './parts-en.ts';

const { duration, list, sentences } = commonEn;

/** `zk1, zk2`, or `any server` */
function whom(facts: Facts): string {
  return flagOf(facts, 'all') ? 'any server' : list(listOf(facts, 'servers'));
}

/** Faults of the ways between servers, clients and the bot. */
export const ofPathsEn: Readonly<
  Record<'bot-partitioned' | 'canary-failed' | 'peer-mesh-broken', FaultWords>
> = {
  'bot-partitioned': {
    title: (subject, facts) => `${at(subject)}: the bot cannot reach ${whom(facts)}`,
    meaning: (facts) =>
      flagOf(facts, 'all')
        ? 'Its network is cut, or theirs is. Nobody watches this ensemble now: nothing is known of it, good or bad.'
        : 'The others still count them: ZooKeeper is well, the way of the bot to them is not. A fault there would be seen only through the others.',
    advice: (facts) =>
      flagOf(facts, 'all')
        ? 'Look at the ensemble from another place first, then at the network of the bot: routes, firewall, DNS.'
        : `Look at the network between the bot and ${list(listOf(facts, 'servers'))}: routes, firewall, DNS. Restart nothing.`,
    symptom: (_, facts) => `the bot cannot reach ${whom(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: the bot sees everything again, was cut off ${duration(lastedMs)}`,
  },
  'canary-failed': {
    title: (subject) => `${at(subject)}: writes fail — two of the last three test writes`,
    meaning: () =>
      'The bot writes one znode every second, as a client would. Clients most likely have the same trouble: their writes fail or hang.',
    advice: (facts) => {
      const leader = textOf(facts, 'leader');
      return sentences([
        'See what the servers say in the grid; a cut between them shows there after about 10 s.',
        leader === ''
          ? ''
          : `All writes go through ${leader}: look at its disk, its GC and its network first.`,
      ]);
    },
    symptom: () => 'test writes fail',
    over: (subject, _, lastedMs) =>
      `${at(subject)}: writes pass again, failed for ${duration(lastedMs)}`,
  },
  'peer-mesh-broken': {
    title: (subject, facts) =>
      `${at(subject)}: servers cannot talk to each other — ${list(listOf(facts, 'pairs'))}`,
    meaning: () =>
      'Nobody notices while the leader lives. When it dies, the others cannot elect a new one though they are up.',
    advice: () =>
      'Open port 3888 between them in both directions, and do not restart the leader before that.',
    symptom: (_, facts) => `no connection for elections: ${list(listOf(facts, 'pairs'))}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: all servers are connected again, were not for ${duration(lastedMs)}`,
  },
};
