import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { numberOf, quorumOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { FaultWords } from './en.ts';
import { at, loss, standing, those } from './parts-en.ts';

const { duration, sentences } = commonEn;

/** Why there is no way to a server. */
function cut(facts: Facts): string {
  switch (textOf(facts, 'reason')) {
    case 'unresolved':
      return 'its name does not resolve';
    case 'unreachable':
      return 'no route to its host';
    default:
      return 'connections time out';
  }
}

/** `64 of 64 files open`, where it was told. */
function files(facts: Facts): string {
  const open = numberOf(facts, 'openFiles', -1);
  const max = numberOf(facts, 'maxFiles', -1);
  return open < 0 || max <= 0
    ? ''
    : `${open} of ${counted(max, 'file')} were open when it last answered.`;
}

/** Faults of one server that is out, or half out, in a way of its own. */
export const ofMembersEn: Readonly<
  Record<
    | 'leader-unresponsive'
    | 'member-unreachable'
    | 'member-accept-starved'
    | 'member-rejoin-loop'
    | 'member-crash-loop'
    | 'read-only-mode'
    | 'standalone-in-ensemble'
    | 'observer-down',
    FaultWords
  >
> = {
  'leader-unresponsive': {
    title: (subject, facts) => {
      const next = textOf(facts, 'successor');
      return next === ''
        ? `${at(subject)}: the leader does not answer — writes hang`
        : `${at(subject)}: the leader hung — ${next} leads now, ${standing(facts)}`;
    },
    meaning: (facts) =>
      textOf(facts, 'successor') === ''
        ? 'It takes connections and answers nothing. Every write waits for it; followers still serve reads. The others drop it after about 10 s, then elect.'
        : sentences([
            'The others have elected another leader and writes go on. It still hangs: when it wakes up, it follows.',
            quorumOf(facts).margin <= 0 ? 'There is no spare voter left.' : '',
          ]),
    advice: (_, { server }) =>
      `Save a jstack and the GC log of ${server}, then kill it with SIGKILL and start it: that shortens the outage. SIGTERM does nothing to a stopped process.`,
    symptom: ({ server }) => `${server}: the leader does not answer`,
    over: (subject, _, lastedMs) => `${at(subject)}: answers again, hung ${duration(lastedMs)}`,
  },
  'member-unreachable': {
    title: (subject, facts) =>
      `${those(subject, facts)}: unreachable — ${cut(facts)}, ${standing(facts)}`,
    meaning: (facts) =>
      `The bot finds no way to it, and the leader has lost it too: its host is dead, or its network is cut for all. ${loss(facts)}`,
    advice: (_, { server }) =>
      `Ping ${server} from another member of the ensemble and look at its neighbours in the rack: several gone at once are the network, one alone is the host.`,
    symptom: ({ server }, facts) => `${server}: unreachable — ${cut(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: can be reached again, was gone ${duration(lastedMs)}`,
  },
  'member-accept-starved': {
    title: (subject) =>
      `${at(subject)}: takes no new clients — part of the quorum, but new connections get no answer`,
    meaning: (facts) =>
      sentences([
        'Clients that are connected go on; new ones time out. Most likely it has no file descriptors left.',
        files(facts),
      ]),
    advice: (_, { server }) =>
      `Raise the limit of ${server} while it runs (prlimit --nofile) and stop the client that opens too many connections. A restart only moves the flood to the next server.`,
    symptom: ({ server }) => `${server}: takes no new clients`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: takes new clients again, took none for ${duration(lastedMs)}`,
  },
  'member-rejoin-loop': {
    title: (subject, facts) =>
      `${at(subject)}: joins and fails again and again — ${standing(facts)}`,
    meaning: (facts) =>
      `Its process lives, joins the leader, fails, and begins anew many times a minute. Its log fills the disk meanwhile. ${loss(facts)}`,
    advice: (_, { server }) =>
      `Look at the disk of ${server} first (df), then at the end of its log: no space, out of memory while loading, or packets lost to the leader. With the cause gone it joins by itself.`,
    symptom: ({ server }) => `${server}: joins and fails again and again`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: has joined for good, it took ${duration(lastedMs)}`,
  },
  'member-crash-loop': {
    title: (subject, facts) =>
      `${at(subject)}: crashes after every start — ${numberOf(facts, 'starts')} starts in ${duration(numberOf(facts, 'windowMs'))}`,
    meaning: (facts) =>
      sentences([
        'Something starts it again each time, and it ends soon after.',
        exit(facts),
        loss(facts),
      ]),
    advice: (_, { server }) =>
      `Stop the restarts of ${server}, then read the first error of its first start. Exit 10 is the disk, 13 a log it could not cut back, 14 an address it cannot bind.`,
    symptom: ({ server }, facts) =>
      `${server}: crashes after every start, ${counted(numberOf(facts, 'starts'), 'time')}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: stays up again, crashed again and again for ${duration(lastedMs)}`,
  },
  'read-only-mode': {
    title: (subject, facts) => `${at(subject)}: read-only — it refuses writes, ${standing(facts)}`,
    meaning: (facts) =>
      `It has no quorum and serves old data to the clients that asked for that. ${loss(facts)}`,
    advice: (_, { server }) =>
      `Find out why ${server} cannot join the others: its log, and its way to their ports 2888 and 3888.`,
    symptom: ({ server }) => `${server}: read-only`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: is part of the quorum again, was read-only ${duration(lastedMs)}`,
  },
  'standalone-in-ensemble': {
    title: (subject) => `${at(subject)}: runs alone — it takes writes that nobody else has`,
    meaning: (facts) =>
      `It was started without the other ${byCount(numberOf(facts, 'others'), 'server', `${numberOf(facts, 'others')} servers`)} in its configuration. Clients that land on it see and write data of its own.`,
    advice: (_, { server }) =>
      `Stop ${server} before clients write to it, and mend the server lines in its zoo.cfg. Compare its tree with the others before anything of it is thrown away.`,
    symptom: ({ server }) => `${server}: runs alone`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: is part of the ensemble again, ran alone for ${duration(lastedMs)}`,
  },
  'observer-down': {
    title: (subject) => `${at(subject)}: observer lost — the leader does not count it`,
    meaning: () =>
      'An observer has no vote: writes go on. Those who read from it get old data, or none.',
    advice: (_, { server }) =>
      `See whether ${server} runs and whether it reaches the leader's port 2888; a restart does no harm.`,
    symptom: ({ server }) => `${server}: observer lost`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: observes again, was lost ${duration(lastedMs)}`,
  },
};

function exit(facts: Facts): string {
  const code = numberOf(facts, 'exitCode', -1);
  return code < 0 ? '' : `It ended with exit code ${code}.`;
}
