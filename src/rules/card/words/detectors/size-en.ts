import type { Facts, Subject } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import { bytes, thousands } from '../figures.ts';
import { counted, thousandsOf } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, list, sentences } = commonEn;

function at({ ensemble, server }: Subject): string {
  return server === undefined ? ensemble : `${ensemble}/${server}`;
}

/** How sure an estimate is: the value of `confidence`. */
const sure: Readonly<Record<string, string>> = {
  sure: 'surely',
  likely: 'likely',
  rough: 'roughly',
};

function tree(facts: Facts): string {
  const etaMs = numberOf(facts, 'etaMs', -1);
  const limit = thousands(numberOf(facts, 'limit'));
  return etaMs >= 0
    ? `${thousandsOf(numberOf(facts, 'znodes'), 'znode')}, ${sure[textOf(facts, 'confidence')] ?? 'likely'} ${limit} in ${duration(etaMs)}`
    : `${thousandsOf(numberOf(facts, 'znodes'), 'znode')}, limit ${limit}`;
}

/** Where the znodes are, and where more of them come. */
function part(facts: Facts): string {
  const path = textOf(facts, 'path');
  const perDay = numberOf(facts, 'pathPerDay');
  if (path === '') return '';
  const count = numberOf(facts, 'pathZnodes');
  return perDay > 0
    ? `It grows under ${path}: ${thousandsOf(count, 'znode')}, ${thousands(perDay)} more a day.`
    : `Most are under ${path}: ${thousands(count)}.`;
}

/** `/app/a`, `/app/a and 3 more` */
function flapping(facts: Facts): string {
  const [path = ''] = listOf(facts, 'paths');
  const more = numberOf(facts, 'count') - 1;
  return more > 0 ? `${path} and ${more} more` : path;
}

function watches(facts: Facts): string {
  const perDay = numberOf(facts, 'percentPerDay');
  return listOf(facts, 'servers').length > 0
    ? `${thousandsOf(numberOf(facts, 'watches'), 'watch', 'watches')} on ${textOf(facts, 'server')}, limit ${thousands(numberOf(facts, 'limit'))}`
    : `${thousandsOf(numberOf(facts, 'total'), 'watch', 'watches')}, ${perDay} % more every day`;
}

/** Faults of too much: data, watches, connections, transactions. */
export const ofSizeEn: Readonly<
  Record<
    | 'connection-imbalance'
    | 'watch-leak'
    | 'znode-growth'
    | 'data-size'
    | 'ephemeral-flapping'
    | 'zxid-rollover-eta'
    | 'snapshot-sync-storm',
    FaultWords
  >
> = {
  'connection-imbalance': {
    title: (subject, facts) =>
      `${at(subject)}: ${numberOf(facts, 'connections')} of ${counted(numberOf(facts, 'total'), 'connection')} are on ${textOf(facts, 'server')}`,
    meaning: (facts) =>
      `The others have ${numberOf(facts, 'mean')} on average; its loss would throw most clients out at once.`,
    advice: (facts) =>
      sentences([
        'Let the clients use all servers in random order; they spread again when they reconnect.',
        textOf(facts, 'emptiest') === ''
          ? ''
          : `${textOf(facts, 'emptiest')} has fewest, as a server has that was restarted last.`,
      ]),
    symptom: (_, facts) => `most connections are on ${textOf(facts, 'server')}`,
    over: (subject) => `${at(subject)}: connections are spread again`,
  },
  'watch-leak': {
    title: (subject, facts) => `${at(subject)}: ${watches(facts)}`,
    meaning: () =>
      'A client sets watches and never comes back for them. They fill the heap, and the server stops for garbage collection.',
    advice: (facts) => {
      const session = textOf(facts, 'session');
      const address = textOf(facts, 'address');
      return session === ''
        ? 'Find the client: wchs for the sums, then wchc once, on the server with most of them, in a quiet hour.'
        : `Most belong to the session ${session}${address === '' ? '' : ` from ${address}`}: mend or restart that client.`;
    },
    symptom: (_, facts) => watches(facts),
    over: (subject) => `${at(subject)}: watches are few again`,
  },
  'znode-growth': {
    title: (subject, facts) => `${at(subject)}: ${tree(facts)}`,
    meaning: (facts) => {
      const perDay = numberOf(facts, 'perDay');
      return sentences([
        'Snapshots, restarts and syncs take longer with every znode.',
        perDay > 0 ? `It grows by ${thousands(perDay)} a day.` : '',
        part(facts),
      ]);
    },
    advice: (facts) => {
      const path = textOf(facts, 'path');
      return path === ''
        ? 'Find the part of the tree that grows (count the children of the second level, or switch the crawl on) and let its owner clean up, or use container and TTL znodes.'
        : `Let the owner of ${path} clean up, or use container and TTL znodes there.`;
    },
    symptom: (_, facts) => tree(facts),
    over: (subject, facts) =>
      `${at(subject)}: ${thousandsOf(numberOf(facts, 'znodes'), 'znode')}, below the limit again`,
  },
  'data-size': {
    title: (subject, facts) =>
      `${at(subject)}: ${bytes(numberOf(facts, 'bytes'))} of data in ${thousandsOf(numberOf(facts, 'znodes'), 'znode')}`,
    meaning: (facts) =>
      sentences([
        `The limit is ${bytes(numberOf(facts, 'limitBytes'))}. All of it is in memory, in every snapshot, and goes over the network to a server that joins anew.`,
        textOf(facts, 'path') === ''
          ? ''
          : `Most of it is under ${textOf(facts, 'path')} (${bytes(numberOf(facts, 'pathBytes'))}).`,
      ]),
    advice: (facts) =>
      `Find the largest znodes${textOf(facts, 'largest') === '' ? '' : ` (${textOf(facts, 'largest')} first)`} and move their content elsewhere; raise the heap of all servers meanwhile.`,
    symptom: (_, facts) => `${bytes(numberOf(facts, 'bytes'))} of data`,
    over: (subject, facts) =>
      `${at(subject)}: ${bytes(numberOf(facts, 'bytes'))} of data, below the limit again`,
  },
  'ephemeral-flapping': {
    title: (subject, facts) => `${at(subject)}: comes and goes — ${flapping(facts)}`,
    meaning: (facts) =>
      `Whoever is registered there was gone and back ${counted(numberOf(facts, 'times'), 'time')} in ${duration(numberOf(facts, 'windowMs'))}: those who look for it see it vanish each time.`,
    advice: (facts) => {
      const addresses = listOf(facts, 'addresses');
      return addresses.length === 0
        ? 'Look at the client that creates it: long pauses (GC), a session timeout that is too short, or a process that restarts in a loop.'
        : `Look at the client at ${list(addresses)}: long pauses (GC), a session timeout that is too short, or a process that restarts in a loop.`;
    },
    symptom: (_, facts) => `comes and goes: ${flapping(facts)}`,
    over: (subject) => `${at(subject)}: nothing comes and goes any more`,
  },
  'zxid-rollover-eta': {
    title: (subject, facts) =>
      `${at(subject)}: the transaction counter is used up in ${duration(numberOf(facts, 'etaMs'))}`,
    meaning: (facts) =>
      `${thousandsOf(numberOf(facts, 'left'), 'transaction')} are left at ${thousands(numberOf(facts, 'perSecond'))} a second; then the leader steps down and an election begins.`,
    advice: (facts) =>
      sentences([
        `Restart the leader${textOf(facts, 'server') === '' ? '' : ` (${textOf(facts, 'server')})`} in a quiet hour before: the election starts a new counter, at a time of your choice.`,
        textOf(facts, 'address') === ''
          ? ''
          : `${textOf(facts, 'address')} sends most, reads included: ask its owner whether so many writes are meant.`,
      ]),
    symptom: (_, facts) =>
      `the transaction counter is used up in ${duration(numberOf(facts, 'etaMs'))}`,
    over: (subject) => `${at(subject)}: the transaction counter has begun anew`,
  },
  'snapshot-sync-storm': {
    title: (subject, facts) =>
      `${at(subject)}: the leader sent ${counted(numberOf(facts, 'snapshots'), 'whole snapshot')} within an hour`,
    meaning: (facts) => {
      const servers = listOf(facts, 'servers');
      return sentences([
        'Servers that join are too far behind for the difference alone; network and disks are busy meanwhile.',
        servers.length === 0 ? '' : `Joined lately: ${list(servers)}.`,
      ]);
    },
    advice: () => 'Find out why they leave; then raise zookeeper.commitLogCount on all servers.',
    symptom: (_, facts) =>
      `${counted(numberOf(facts, 'snapshots'), 'whole snapshot')} within an hour`,
    over: (subject) => `${at(subject)}: the leader sends no more whole snapshots`,
  },
};
