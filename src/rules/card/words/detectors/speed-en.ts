import type { Facts, Subject } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, latency, list, sentences } = commonEn;

function at(subject: Subject): string {
  return subject.server === undefined ? subject.ensemble : `${subject.ensemble}/${subject.server}`;
}

/** `zk1, zk2`, or `the ensemble` where no server stands out. */
function where(facts: Facts): string {
  const servers = listOf(facts, 'servers');
  return servers.length === 0 ? 'the ensemble' : list(servers);
}

const kinds: Readonly<Record<string, string>> = { write: 'writes', read: 'reads' };

/** The stages of a write on the leader, in plain words. */
const stages: Readonly<Record<string, string>> = {
  prep_processor_queue_time_ms: 'waiting to be prepared (CPU of the leader)',
  sync_processor_queue_time_ms: 'waiting for the disk of the leader',
  fsynctime: 'the disk of the leader',
  quorum_ack_latency: 'waiting for the followers to confirm',
  propagation_latency: 'reaching the followers',
};

function slower(facts: Facts): string {
  const kind = kinds[textOf(facts, 'kind')] ?? 'requests';
  return `${kind} take ${latency(numberOf(facts, 'latencyMs'))}, usual at this hour ${latency(numberOf(facts, 'usualMs'))}`;
}

function paused(facts: Facts): string {
  const longestMs = numberOf(facts, 'longestMs');
  const share = `${numberOf(facts, 'percent')} % of the time`;
  return longestMs > 0
    ? `stands still — ${share}, once for ${latency(longestMs)}`
    : `stands still — ${share}`;
}

function syncs(facts: Facts): string {
  const syncMs = numberOf(facts, 'syncMs');
  return syncMs > 0
    ? `disk slow — a forced write takes ${latency(syncMs)}, limit ${latency(numberOf(facts, 'limitMs'))}`
    : `disk slow — ${counted(numberOf(facts, 'warned'), 'forced write')} took over a second`;
}

/** `1 request waits`, `3 requests wait` */
function waiting(facts: Facts, one: string, other?: string): string {
  const count = numberOf(facts, 'waiting');
  return `${counted(count, one, other)} ${byCount(count, 'waits', 'wait')}`;
}

function expired(facts: Facts): string {
  const sessions = numberOf(facts, 'sessions');
  const count = numberOf(facts, 'expired');
  return sessions > 0
    ? `${count} of ${counted(sessions, 'session')} expired`
    : `${counted(count, 'session')} expired`;
}

/** Faults in which requests take long or cannot be worked off. */
export const ofSpeedEn: Readonly<
  Record<
    | 'jvm-pause'
    | 'fsync-slow'
    | 'latency-degraded'
    | 'overload'
    | 'pending-syncs'
    | 'session-expiry-storm'
    | 'write-rate-anomaly',
    FaultWords
  >
> = {
  'jvm-pause': {
    title: (subject, facts) => `${at(subject)}: ${paused(facts)}`,
    meaning: (facts) =>
      sentences([
        'While it stands still it answers nobody; a pause longer than the session timeout costs its clients their sessions.',
        flagOf(facts, 'led') ? 'It is the leader: everybody waits.' : '',
      ]),
    advice: (_, { server }) =>
      `Look at the GC log and the heap of ${server}, then at CPU steal and swap of its machine.`,
    symptom: ({ server }, facts) => `${server}: ${paused(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: runs smoothly again, had pauses for ${duration(lastedMs)}`,
  },
  'fsync-slow': {
    title: (subject, facts) => `${at(subject)}: ${syncs(facts)}`,
    meaning: (facts) =>
      flagOf(facts, 'stalls')
        ? 'So many servers have a slow disk that every write waits for one.'
        : 'Clients do not feel it yet: a fast majority confirms the writes. One more slow disk may change that.',
    advice: (_, { server }) =>
      `Look for what else writes to the disk of the transaction log of ${server}; give the log (dataLogDir) a disk of its own.`,
    symptom: ({ server }, facts) => `${server}: ${syncs(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: disk fast again, was slow for ${duration(lastedMs)}`,
  },
  'latency-degraded': {
    title: (subject, facts) => `${at(subject)}: slower than usual — ${slower(facts)}`,
    meaning: (facts) =>
      `Seen on ${where(facts)}. Below the limit still, but something has changed.`,
    advice: (facts) => {
      const stage = stages[textOf(facts, 'stage')];
      return sentences([
        stage === undefined ? '' : `Most of the time of a write goes into ${stage}.`,
        'Find out what changed: a new client, a deployment, a neighbour on the machine.',
      ]);
    },
    symptom: (_, facts) => `slower than usual: ${slower(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: as fast as usual again, was slower for ${duration(lastedMs)}`,
  },
  overload: {
    title: (subject, facts) =>
      `${at(subject)}: overloaded — ${waiting(facts, 'request')} on ${textOf(facts, 'worst') || 'a server'}`,
    meaning: (facts) =>
      sentences([
        `Clients send more than ${where(facts)} can work off; requests time out next, then sessions.`,
        flagOf(facts, 'throttled') ? 'ZooKeeper holds clients back already.' : '',
      ]),
    advice: (facts) => {
      const address = textOf(facts, 'address');
      return sentences([
        address === ''
          ? 'Find the client that sends most (cons shows who) and stop or slow it.'
          : `${address} sends most: stop or slow that client.`,
        'Never restart an overloaded leader: all clients come back at once.',
      ]);
    },
    symptom: (_, facts) => `overloaded: ${waiting(facts, 'request')}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: keeps up again, was overloaded ${duration(lastedMs)}`,
  },
  'pending-syncs': {
    title: (subject, facts) =>
      `${at(subject)}: ${waiting(facts, 'call of sync()', 'calls of sync()')} at the leader`,
    meaning: () => 'Clients that read their own writes by sync() hang; a follower lags behind.',
    advice: (facts) =>
      `Look which follower lags (zxid and synced_followers on ${textOf(facts, 'server') || 'the leader'}), then at its disk and network.`,
    symptom: (_, facts) => `${waiting(facts, 'call of sync()', 'calls of sync()')}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: sync() answers again, calls waited for ${duration(lastedMs)}`,
  },
  'session-expiry-storm': {
    title: (subject, facts) => `${at(subject)}: ${expired(facts)}`,
    meaning: (facts) => {
      const gone = numberOf(facts, 'ephemerals');
      return sentences([
        'Services lost what they had registered: locks, leaderships, endpoints.',
        gone > 0 ? `${counted(gone, 'ephemeral znode')} went with them.` : '',
      ]);
    },
    advice: (facts) => {
      const server = textOf(facts, 'server');
      const address = textOf(facts, 'address');
      return sentences([
        address === ''
          ? ''
          : `Most came from ${address}: look there first, at the processes and at the machine.`,
        server === ''
          ? 'Sessions of all servers are concerned: look for a pause of the leader, or a network all clients share.'
          : `Most were connected to ${server}: look at its network and its pauses, then at the host of the clients.`,
        'Check that the services have registered again.',
      ]);
    },
    symptom: (_, facts) => expired(facts),
    over: (subject, facts) => `${at(subject)}: sessions are stable again — ${expired(facts)}`,
  },
  'write-rate-anomaly': {
    title: (subject, facts) =>
      `${at(subject)}: ${counted(numberOf(facts, 'perSecond'), 'write')} a second, usual at this hour ${numberOf(facts, 'usual')}`,
    meaning: () => 'Somebody writes far more than on other days. Nothing is wrong with ZooKeeper.',
    advice: (facts) => {
      const [address, path] = [textOf(facts, 'address'), textOf(facts, 'path')];
      return sentences([
        address === ''
          ? 'Ask the owner of the busiest client whether it is meant.'
          : `${address} sends most, reads included: ask its owner whether it is meant.`,
        path === '' ? '' : `${path} is the part of the tree that grows fastest.`,
      ]);
    },
    symptom: (_, facts) => `${counted(numberOf(facts, 'perSecond'), 'write')} a second`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: as many writes as usual again, more for ${duration(lastedMs)}`,
  },
};
