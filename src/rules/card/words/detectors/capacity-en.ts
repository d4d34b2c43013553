import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { bytesOf, flagOf, listOf, numberOf, placeOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, list, sentences } = commonEn;

/** `, 51 connections from 10.0.0.7`, where an address is known. */
function most(facts: Facts): string {
  const address = textOf(facts, 'address');
  if (address === '') return '';
  const count = numberOf(facts, 'connections');
  return count === 0 ? `, from ${address}` : `, ${counted(count, 'connection')} from ${address}`;
}

function full(facts: Facts): string {
  const where = textOf(facts, 'mount') || textOf(facts, 'path');
  const disk = textOf(facts, 'disk') === 'dataLogDir' ? 'transaction log' : 'data';
  switch (textOf(facts, 'cause')) {
    case 'inodes':
      return `no inodes left for the ${disk} on ${where}`;
    case 'log':
      return 'its log says that no space is left';
    default:
      return `disk full for the ${disk} — ${bytesOf(facts, 'freeBytes')} left on ${where}`;
  }
}

export const capacityEn = {
  'disk-full-now': {
    title: (subject, facts) => `${placeOf(subject)}: ${full(facts)}`,
    meaning: () =>
      'ZooKeeper ends or loops when it cannot write its log. A follower ends with exit code 10, a leader keeps losing its place.',
    advice: (facts) =>
      sentences([
        'Free room before anything is restarted: old snapshots and logs (zkCleanup.sh -n 3), then the own log.',
        numberOf(facts, 'snapshotBytes', -1) >= 0
          ? `Snapshots take ${bytesOf(facts, 'snapshotBytes')}, transaction logs ${bytesOf(facts, 'logBytes')}.`
          : '',
        'Never delete the newest snapshot or any log after it.',
      ]),
    symptom: ({ server }, facts) => `${server}: ${full(facts)}`,
    over: (subject, _, lastedMs) =>
      `${placeOf(subject)}: has room again, the disk was full for ${duration(lastedMs)}`,
  },
  'disk-full-eta': {
    title: (subject, facts) =>
      `${placeOf(subject)}: disk full in about ${duration(numberOf(facts, 'etaMs'))} — ${bytesOf(facts, 'freeBytes')} left on ${textOf(facts, 'mount')}`,
    meaning: (facts) =>
      `Every hour ${bytesOf(facts, 'bytesPerHour')} less are free, steadily. Nothing is broken yet.`,
    advice: () =>
      'Switch autopurge on or purge now; look for the writer that grew, or for another program on the same disk.',
    symptom: ({ server }, facts) =>
      `${server}: disk full in about ${duration(numberOf(facts, 'etaMs'))}`,
    over: (subject) => `${placeOf(subject)}: the disk no longer fills up`,
  },
  'fd-exhaustion': {
    title: (subject, facts) =>
      `${placeOf(subject)}: file descriptors run out — ${numberOf(facts, 'open')} of ${numberOf(facts, 'max')} open${most(facts)}`,
    meaning: (facts) =>
      numberOf(facts, 'etaMs', -1) >= 0
        ? `At this pace none is left in ${duration(numberOf(facts, 'etaMs'))}. Then no client can connect any more; those connected go on.`
        : 'Without a free one no client can connect any more; those connected go on.',
    advice: (_, { server }) =>
      `Raise the limit of the running process (prlimit --nofile) on ${server}, then stop the client that leaks. A restart moves the flood to the next server.`,
    symptom: ({ server }, facts) =>
      `${server}: ${numberOf(facts, 'open')} of ${counted(numberOf(facts, 'max'), 'descriptor')} open`,
    over: (subject) => `${placeOf(subject)}: has free file descriptors again`,
  },
  'heap-pressure': {
    title: (subject, facts) =>
      flagOf(facts, 'ended')
        ? `${placeOf(subject)}: ran out of heap (OutOfMemoryError)`
        : `${placeOf(subject)}: heap ${numberOf(facts, 'percent')} % full after garbage collection — ${bytesOf(facts, 'liveBytes')} of ${bytesOf(facts, 'maxBytes')}`,
    meaning: (facts) =>
      sentences([
        'Pauses for garbage collection grow until sessions are lost; at the end the process ends, with exit code 0.',
        numberOf(facts, 'etaMs', -1) >= 0
          ? `At this pace it is full in ${duration(numberOf(facts, 'etaMs'))}.`
          : '',
      ]),
    advice: () =>
      'Raise -Xmx on all servers, not on one: the next leader carries the same data. Then find what grew: data, watches or sessions.',
    symptom: ({ server }, facts) => `${server}: heap ${numberOf(facts, 'percent')} % full`,
    over: (subject) => `${placeOf(subject)}: the heap has room again`,
  },
  'connection-limit-hit': {
    title: (subject, facts) =>
      textOf(facts, 'kind') === 'near'
        ? `${placeOf(subject)}: connection limit near${most(facts)}, limit ${numberOf(facts, 'max')}`
        : `${placeOf(subject)}: refuses connections, the limit of one address is reached${most(facts)}`,
    meaning: (facts) =>
      sentences([
        'Clients at that address cannot connect to this server, or soon cannot.',
        numberOf(facts, 'max') > 0
          ? `One address may hold ${numberOf(facts, 'max')} (maxClientCnxns).`
          : '',
      ]),
    advice: () =>
      'Find the client that opens sessions and forgets them. Many clients behind one gateway are one address: then raise maxClientCnxns.',
    symptom: ({ server }, facts) => `${server}: connection limit${most(facts)}`,
    over: (subject) => `${placeOf(subject)}: refuses no connections any more`,
  },
  'session-concentration': {
    title: ({ ensemble }, facts) =>
      `${ensemble}: ${numberOf(facts, 'percent')} % of all connections come from ${textOf(facts, 'address')}`,
    meaning: (facts) =>
      `${numberOf(facts, 'connections')} of ${counted(numberOf(facts, 'total'), 'connection')}: whatever happens to this client, happens to the ensemble.`,
    advice: () => 'Talk to its owner. One session per process is enough for most clients.',
    symptom: (_, facts) =>
      `${numberOf(facts, 'percent')} % of connections from ${textOf(facts, 'address')}`,
    over: ({ ensemble }) => `${ensemble}: connections are spread over more clients again`,
  },
  'unpurged-snapshots': {
    title: (subject, facts) =>
      `${placeOf(subject)}: ${counted(numberOf(facts, 'count'), 'old snapshot')} ${byCount(numberOf(facts, 'count'), 'is', 'are')} kept, ${bytesOf(facts, 'bytes')} with the logs`,
    meaning: (facts) =>
      flagOf(facts, 'isOff')
        ? 'autopurge.purgeInterval is 0, so nothing is ever removed: one day the disk is full.'
        : 'More are kept than autopurge should leave: it does not run, or fails.',
    advice: () =>
      'Set autopurge.purgeInterval=24 and autopurge.snapRetainCount=3 with the next restart; until then run zkCleanup.sh -n 3.',
    symptom: ({ server }, facts) =>
      `${server}: ${counted(numberOf(facts, 'count'), 'snapshot')} kept`,
    over: (subject) => `${placeOf(subject)}: old snapshots were removed`,
  },
  'snapshot-too-big-to-sync': {
    title: (subject, facts) =>
      `${placeOf(subject)}: a restart may not come back — data take ${duration(numberOf(facts, 'needMs'))}, allowed are ${duration(numberOf(facts, 'initMs'))}`,
    meaning: () =>
      'A server that starts must load or fetch all data within initLimit, or it is dropped and begins anew, for ever.',
    advice: (facts) =>
      `Raise initLimit (now ${numberOf(facts, 'initLimit')}) on all servers before the next restart, and find out what made the data so large.`,
    symptom: ({ server }) => `${server}: data too large for initLimit`,
    over: (subject) => `${placeOf(subject)}: its data fit into initLimit again`,
  },
  'node-too-big': {
    title: (subject, facts) =>
      textOf(facts, 'path') === ''
        ? `${placeOf(subject)}: requests larger than jute.maxbuffer${textOf(facts, 'address') === '' ? '' : `, from ${textOf(facts, 'address')}`}`
        : `${placeOf(subject)}: ${textOf(facts, 'path')} is nearly too big — ${bytesOf(facts, 'bytes')} of ${bytesOf(facts, 'limitBytes')}`,
    meaning: (facts) =>
      sentences([
        textOf(facts, 'what') === 'children'
          ? `The list of its ${counted(numberOf(facts, 'children'), 'child', 'children')} is one answer, and must fit into jute.maxbuffer.`
          : '',
        'The server closes the connection of who sends or asks for more. That client sees ConnectionLoss, again and again.',
      ]),
    advice: (facts) => {
      const path = textOf(facts, 'path') || textOf(facts, 'suspect');
      return path === ''
        ? 'Find the node: large data, or a directory with very many children. Split it; if the limit is raised, then on all servers and clients alike.'
        : `Split ${path}; if the limit is raised, then on all servers and clients alike.`;
    },
    symptom: ({ server }, facts) =>
      textOf(facts, 'path') === ''
        ? `${server}: requests too large`
        : `${textOf(facts, 'path')}: ${numberOf(facts, 'percent')} % of jute.maxbuffer`,
    over: (subject) => `${placeOf(subject)}: no requests too large any more`,
  },
  'quota-exceeded': {
    title: ({ ensemble }, facts) => `${ensemble}: quota exceeded — ${list(listOf(facts, 'paths'))}`,
    meaning: () =>
      'More is stored there than was agreed. A hard quota refuses the next write; a soft one only says so in the log.',
    advice: () =>
      'Ask the owner of the path to clean up, or raise the quota (setquota) on purpose.',
    symptom: (_, facts) => `quota exceeded: ${list(listOf(facts, 'paths'))}`,
    over: ({ ensemble }) => `${ensemble}: all paths are within their quota again`,
  },
} satisfies Record<string, FaultWords>;
