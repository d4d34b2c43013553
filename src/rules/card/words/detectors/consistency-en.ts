import { commonEn } from '../common/en.ts';
import { listOf, numberOf, placeOf, textOf } from '../facts.ts';
import { counted } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, list, sentences } = commonEn;

export const consistencyEn = {
  'digest-mismatch': {
    title: (subject) =>
      subject.server === undefined
        ? `${subject.ensemble}: servers hold different data, and no majority says which is right`
        : `${placeOf(subject)}: holds other data than the other servers`,
    meaning: () =>
      'Clients read different answers, depending on which server they are connected to. This does not heal by itself.',
    advice: (_, { server }) =>
      server === undefined
        ? 'Freeze all changes of servers. Copy version-2 of every server aside, then compare the trees.'
        : `Move clients away from ${server} and keep a copy of its data directory. Then let it fetch its data anew; never do that with the leader.`,
    symptom: ({ server }) => `${server ?? 'servers'}: different data`,
    over: (subject) => `${placeOf(subject)}: the data agree again`,
  },
  'zxid-regression': {
    title: ({ ensemble }, facts) =>
      `${ensemble}: history is lost — at ${textOf(facts, 'zxid')}, was at ${textOf(facts, 'before')}`,
    meaning: (facts) =>
      `Writes that were acknowledged are gone. Clients that saw them refuse the servers ("our last zxid is …"). ${textOf(facts, 'seenOn')} was seen with the later history.`,
    advice: (facts) => {
      const restarted = listOf(facts, 'restarted');
      return sentences([
        'Stop all automation. Copy version-2 of every server aside now, before anything else starts; the longest history wins.',
        restarted.length === 0 ? '' : `Restarted or wiped since: ${list(restarted)}.`,
      ]);
    },
    symptom: (_, facts) => `history fell back to ${textOf(facts, 'zxid')}`,
    over: ({ ensemble }, _, lastedMs) =>
      `${ensemble}: history goes on from an earlier point, found ${duration(lastedMs)} ago`,
  },
  'znode-count-divergence': {
    title: (subject, facts) =>
      `${placeOf(subject)}: counts ${numberOf(facts, 'nodes')} nodes, the others ${numberOf(facts, 'othersNodes')} at the same transaction`,
    meaning: () => 'Its data may differ from the rest: clients of it may read something else.',
    advice: () =>
      'Compare the digests (hash) of the servers at a common transaction. If they differ, treat it as data that differ.',
    symptom: ({ server }, facts) => `${server}: counts ${numberOf(facts, 'nodes')} nodes`,
    over: (subject) => `${placeOf(subject)}: counts the same nodes as the others again`,
  },
  'epoch-mismatch': {
    title: (subject, facts) =>
      `${placeOf(subject)}: serves at epoch ${numberOf(facts, 'epoch')}, the leader is at ${numberOf(facts, 'leaderEpoch')}`,
    meaning: () =>
      'It does not follow the leader that the others follow: its clients may read old data.',
    advice: (facts, { server }) =>
      `Ask ${server} and ${textOf(facts, 'leader')} whom they follow, and read the log of ${server}.`,
    symptom: ({ server }, facts) => `${server}: epoch ${numberOf(facts, 'epoch')}`,
    over: (subject) => `${placeOf(subject)}: is at the epoch of the leader again`,
  },
  'membership-drift': {
    title: (subject, facts) =>
      `${placeOf(subject)}: knows other servers than the rest — ${listOf(facts, 'differences')[0] ?? ''}`,
    meaning: (facts) =>
      facts['otherSet'] === true
        ? `It counts ${counted(numberOf(facts, 'listed'), 'server')}, the others ${numberOf(facts, 'expected')}. Nothing shows now; the next election may find no leader.`
        : 'The lists name the same servers with other ports, hosts or roles: links between servers may be missing in the next election.',
    advice: (_, { server }) =>
      `Correct the server lines on ${server} and restart it. Do not restart another server before.`,
    symptom: ({ server }, facts) => `${server}: ${listOf(facts, 'differences')[0] ?? 'other list'}`,
    over: (subject) => `${placeOf(subject)}: knows the same servers as the rest again`,
  },
  'myid-mismatch': {
    title: (subject, facts) =>
      `${placeOf(subject)}: has the number ${numberOf(facts, 'number')}, ${numberOf(facts, 'expected') < 0 ? 'as another server has' : `and should be ${numberOf(facts, 'expected')}`}`,
    meaning: (facts) =>
      sentences([
        'It cannot take its place in the ensemble: it fails to bind, or answers for another server.',
        textOf(facts, 'twin') === '' ? '' : `${textOf(facts, 'twin')} has this number, too.`,
      ]),
    advice: (_, { server }) =>
      `Correct the file myid in the data directory of ${server}, or its server line; then start it. Never copy a data directory with its myid.`,
    symptom: ({ server }, facts) => `${server}: has the number ${numberOf(facts, 'number')}`,
    over: (subject) => `${placeOf(subject)}: has its own number again`,
  },
  'config-param-drift': {
    title: ({ ensemble }, facts) =>
      `${ensemble}: servers run with different settings — ${list(listOf(facts, 'settings'))}`,
    meaning: () => 'Servers behave differently, and with the next leader the ensemble may, too.',
    advice: () => 'Make the settings alike with the next planned restart. There is no hurry.',
    symptom: (_, facts) => `different settings: ${list(listOf(facts, 'settings'))}`,
    over: ({ ensemble }) => `${ensemble}: the settings agree again`,
  },
  'version-skew': {
    title: ({ ensemble }, facts) =>
      `${ensemble}: servers run different versions — ${list(listOf(facts, 'versions'))}`,
    meaning: (facts) =>
      numberOf(facts, 'youngestMs') > 86_400_000
        ? `Nobody has gone on with the upgrade for ${duration(numberOf(facts, 'youngestMs'))}.`
        : 'This is normal in the middle of an upgrade.',
    advice: () => 'Finish the upgrade or take it back, one server at a time, the leader last.',
    symptom: (_, facts) => `versions ${list(listOf(facts, 'versions'))}`,
    over: ({ ensemble }) => `${ensemble}: all servers run the same version again`,
  },
} satisfies Record<string, FaultWords>;
