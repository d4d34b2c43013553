import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { counted } from '../plural.ts';
import type { FaultWords } from './en.ts';
import { at, standing } from './parts-en.ts';

const { duration, latency, list, sentences } = commonEn;

/** What is slow on the way to a server. */
function link(facts: Facts): string {
  const queueMs = numberOf(facts, 'queueMs');
  const ackMs = numberOf(facts, 'ackMs');
  const lateMs = numberOf(facts, 'lateMs');
  if (lateMs > Math.max(queueMs, ackMs)) return `transactions arrive ${latency(lateMs)} late`;
  return queueMs >= ackMs
    ? `packets wait ${latency(queueMs)}`
    : `acknowledgements take ${latency(ackMs)}`;
}

/** Faults of servers among each other: who leads, who follows, how far behind. */
export const ofPeersEn: Readonly<
  Record<
    | 'stale-leader'
    | 'two-leaders'
    | 'election-churn'
    | 'slow-election'
    | 'unsynced-follower'
    | 'follower-link-slow'
    | 'follower-lag',
    FaultWords
  >
> = {
  'stale-leader': {
    title: (subject, facts) => {
      const next = textOf(facts, 'successor');
      return `${at(subject)}: leads nobody — ${next === '' ? 'fewer than a quorum follow it' : `${next} leads with a quorum`}`;
    },
    meaning: () =>
      'It is cut off from the others and has not noticed yet: clients connected to it hang. It steps down by itself within about 12 s.',
    advice: (_, { server }) =>
      `Look at the network of ${server} to the others, ports 2888 and 3888, in both directions.`,
    symptom: ({ server }) => `${server}: leads nobody`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: is part of the quorum again, was cut off ${duration(lastedMs)}`,
  },
  'two-leaders': {
    title: ({ ensemble: id }, facts) => `${id}: two leaders — ${list(listOf(facts, 'leaders'))}`,
    meaning: (facts) =>
      listOf(facts, 'effective').length > 1
        ? 'Both have a quorum behind them, which one configuration cannot bring about: the data may get two histories.'
        : 'An old leader steps down within seconds; this one has not. Clients of the wrong one hang, or write what others do not see.',
    advice: () =>
      'Compare the membership of both (conf, voting_view). Stop the one outside of the approved membership and save its data. Start, wipe or reconfigure nothing before that.',
    symptom: (_, facts) => `two leaders: ${list(listOf(facts, 'leaders'))}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: has one leader again, had two for ${duration(lastedMs)}`,
  },
  'election-churn': {
    title: ({ ensemble: id }, facts) =>
      `${id}: the leader changes again and again — ${counted(numberOf(facts, 'changes'), 'time')} in ${duration(numberOf(facts, 'windowMs'))}`,
    meaning: () =>
      'Each change costs all clients their connections for a moment. No server was down: leaders lost their followers and went on.',
    advice: (facts) =>
      `Look at GC pauses, disk and network of those that lost the lead: ${list(listOf(facts, 'leaders'))}. A restart is one more election.`,
    symptom: (_, facts) => `the leader changed ${counted(numberOf(facts, 'changes'), 'time')}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: the leader stays again, it changed for ${duration(lastedMs)}`,
  },
  'slow-election': {
    title: ({ ensemble: id }, facts) =>
      `${id}: no leader after ${duration(numberOf(facts, 'electionMs'))} — enough voters run and cannot agree`,
    meaning: () =>
      'No writes and no new sessions, although enough servers are up. An election normally takes less than a second.',
    advice: (facts) =>
      sentences([
        'See whether each server resolves and reaches the others on port 3888, and whether all list the same servers.',
        listOf(facts, 'looking').length === 0
          ? ''
          : `Looking for a leader: ${list(listOf(facts, 'looking'))}.`,
      ]),
    symptom: (_, facts) => `no leader after ${duration(numberOf(facts, 'electionMs'))}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: has a leader again, looked for one ${duration(lastedMs)} too long`,
  },
  'unsynced-follower': {
    title: (subject, facts) => `${at(subject)}: not in sync with the leader — ${standing(facts)}`,
    meaning: (facts) =>
      sentences([
        'It runs, but the leader does not count it: it serves old data, or none while it catches up.',
        textOf(facts, 'peerState') === '' ? '' : `It says: ${textOf(facts, 'peerState')}.`,
      ]),
    advice: (_, { server }) =>
      `Compare the size of the newest snapshot with the link to ${server} and with initLimit: it must get there in time. Restart nothing else meanwhile.`,
    symptom: ({ server }) => `${server}: not in sync`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: in sync again, was behind ${duration(lastedMs)}`,
  },
  'follower-link-slow': {
    title: (subject, facts) =>
      flagOf(facts, 'ofAll')
        ? `${at(subject)}: the leader's link is slow — ${link(facts)}`
        : `${at(subject)}: its link to the leader is slow — ${link(facts)}`,
    meaning: (facts) =>
      flagOf(facts, 'ofAll')
        ? 'It is slow to every follower: writes take long, and the leader may lose them all.'
        : 'Reads on it are old, and it is about to drop out. Clients of the other servers notice nothing yet.',
    advice: (_, { server }) =>
      `Look for lost packets, a full link or a busy CPU on ${server} (ss -ti, ethtool -S, mtr), and at the switch between.`,
    symptom: ({ server }, facts) => `${server}: slow link, ${link(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: its link is fast again, was slow ${duration(lastedMs)}`,
  },
  'follower-lag': {
    title: (subject, facts) =>
      `${at(subject)}: ${counted(numberOf(facts, 'lag'), 'transaction')} behind the leader`,
    meaning: () => 'Clients that read from it get old data. Writes go on.',
    advice: (_, { server }) =>
      `Look at the disk (fsync), GC pauses and the link of ${server}; it catches up by itself once they are well.`,
    symptom: ({ server }, facts) =>
      `${server}: ${counted(numberOf(facts, 'lag'), 'transaction')} behind`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: has caught up, was behind ${duration(lastedMs)}`,
  },
};
