import type { Facts, Subject } from '../../../../model/finding.ts';
import type { GridCell } from '../../../../model/incident.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, quorumOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import { ofTheBotEn } from './bot-en.ts';
import { capacityEn } from './capacity-en.ts';
import { consistencyEn } from './consistency-en.ts';
import { ofMembersEn } from './members-en.ts';
import { at, loss, standing, those, voters } from './parts-en.ts';
import { ofPathsEn } from './paths-en.ts';
import { ofPeersEn } from './peers-en.ts';
import { probeDegradedEn } from './probe-degraded-en.ts';
import { rollingRestartEn } from './rolling-restart-en.ts';
import { securityEn } from './security-en.ts';
import { ofSizeEn } from './size-en.ts';
import { ofSpeedEn } from './speed-en.ts';

/** What the words of one fault must say. `over` is the title once it is gone; `lastedMs` how long it was there. */
export interface FaultWords {
  title(subject: Subject, facts: Facts): string;
  /** What it means for the people who use the ensemble, in one line. */
  meaning(facts: Facts): string;
  /** What to do, in one line. */
  advice(facts: Facts, subject: Subject): string;
  /** One line on the card of the fault that explains it. */
  symptom(subject: Subject, facts: Facts): string;
  over(subject: Subject, facts: Facts, lastedMs: number): string;
}

export type FaultName =
  | 'member-down'
  | 'member-hung'
  | 'member-not-serving'
  | 'member-restarted'
  | 'quorum-lost'
  | 'electing'
  | 'quorum-at-risk'
  | 'latency-high'
  | 'probe-degraded'
  | 'rolling-restart'
  | 'detector-failed'
  | 'config-broken'
  | keyof typeof ofSpeedEn
  | keyof typeof ofSizeEn
  | keyof typeof capacityEn
  | keyof typeof consistencyEn
  | keyof typeof securityEn
  | keyof typeof ofMembersEn
  | keyof typeof ofPeersEn
  | keyof typeof ofPathsEn
  | keyof typeof ofTheBotEn;

const { duration, latency, list, sentences } = commonEn;

const member: Pick<
  Record<FaultName, FaultWords>,
  'member-down' | 'member-hung' | 'member-not-serving' | 'member-restarted'
> = {
  'member-down': {
    title: (subject, facts) => `${at(subject)}: down — ${refusal(facts)}, ${standing(facts)}`,
    meaning: (facts) => `No process answers on the client port. ${loss(facts)}`,
    advice: (_, { server }) =>
      `Read the exit code and the last log lines of ${server}, free its disk if it is full, then start it.`,
    symptom: ({ server }, facts) => `${server}: down — ${refusal(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}: back, was down ${duration(lastedMs)}`,
  },
  'member-hung': {
    title: (subject, facts) =>
      `${at(subject)}: hung — accepts connections and does not answer, ${standing(facts)}`,
    meaning: (facts) =>
      `The process lives and says nothing: its clients stall until they time out. ${loss(facts)}`,
    advice: (_, { server }) =>
      `Take a jstack and look at the GC log, swap and disk of ${server} first. A stopped process ignores SIGTERM: only SIGKILL ends it.`,
    symptom: ({ server }) => `${server}: hung — connects and does not answer`,
    over: (subject, _, lastedMs) => `${at(subject)}: answers again, was hung ${duration(lastedMs)}`,
  },
  'member-not-serving': {
    title: (subject, facts) =>
      `${those(subject, facts)}: running, but not serving — it cannot join the leader, ${standing(facts)}`,
    meaning: (facts) =>
      `The process answers that it serves nobody while the others have a leader. ${loss(facts)}`,
    advice: (_, { server }) =>
      `Read the log of ${server}: "Cannot open channel" is port or DNS, BindException is address or myid, IOException is disk.`,
    symptom: ({ server }) => `${server}: running, not serving`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: serves again, was out for ${duration(lastedMs)}`,
  },
  'member-restarted': {
    title: (subject, facts) => `${at(subject)}: restarted${away(facts)}`,
    meaning: () => 'Its clients were disconnected for a moment and have connected again.',
    advice: () => 'If nobody planned it, ask who restarted it and read its log for the reason.',
    symptom: ({ server }, facts) => `${server}: restarted${away(facts)}`,
    over: (subject, facts) => `${at(subject)}: restarted${away(facts)}`,
  },
};

function refusal(facts: Facts): string {
  return textOf(facts, 'reason') === 'reset' ? 'connection reset' : 'connection refused';
}

function away(facts: Facts): string {
  const blinkMs = numberOf(facts, 'blinkMs', -1);
  const uptimeMs = numberOf(facts, 'uptimeMs', -1);
  if (blinkMs >= 0) return `, was away ${duration(blinkMs)}`;
  return uptimeMs >= 0 ? `, first seen ${duration(uptimeMs)} after its start` : '';
}

function classes(facts: Facts): string {
  const part = (key: string, word: string): string => {
    const servers = listOf(facts, key);
    return servers.length === 0 ? '' : `${word}: ${list(servers)}.`;
  };
  return sentences([
    part('down', 'Down'),
    part('hung', 'Hung'),
    part('notServing', 'Running, not serving'),
    part('unreachable', 'Unreachable'),
  ]);
}

const ensemble: Pick<
  Record<FaultName, FaultWords>,
  'quorum-lost' | 'electing' | 'quorum-at-risk'
> = {
  'quorum-lost': {
    title: ({ ensemble: id }, facts) => {
      const { voters: all, serving } = quorumOf(facts);
      return `${id}: quorum lost — ${serving} of ${voters(all)} serving`;
    },
    meaning: (facts) =>
      sentences([
        'No writes and no new sessions: clients hang in CONNECTING.',
        needed(numberOf(facts, 'need')),
      ]),
    advice: (facts) =>
      sentences([
        'Bring back the cheapest server first: a stopped process, then a full disk, then a dead host. Never wipe data, never reconfigure.',
        classes(facts),
      ]),
    symptom: (_, facts) => `quorum lost, ${numberOf(facts, 'need')} more needed`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: quorum is back, was lost ${duration(lastedMs)}`,
  },
  electing: {
    title: ({ ensemble: id }) => `${id}: electing a leader — writes pause`,
    meaning: () =>
      'There is no leader at the moment. Clients see a short ConnectionLoss; an election normally takes under a second.',
    advice: (facts) => {
      const last = textOf(facts, 'lastLeader');
      return last === ''
        ? 'If it lasts, look at the network between the servers.'
        : `If it lasts, look at the last leader first: ${last} (${stateOf(textOf(facts, 'lastLeaderState'))}). GC, disk, network.`;
    },
    symptom: () => 'electing a leader',
    over: (subject, _, lastedMs) =>
      `${at(subject)}: has a leader again, the election took ${duration(lastedMs)}`,
  },
  'quorum-at-risk': {
    title: ({ ensemble: id }, facts) => {
      const { voters: all, quorum } = quorumOf(facts);
      return `${id}: quorum at risk — ${numberOf(facts, 'synced', quorum)} of ${voters(all)} in sync, one more failure stops writes`;
    },
    meaning: (facts) =>
      sentences([
        `Nothing is broken for clients yet, but exactly ${counted(quorumOf(facts).quorum, 'voter')} ${byCount(quorumOf(facts).quorum, 'is', 'are')} in sync and that many are needed.`,
        numberOf(facts, 'voters') % 2 === 0
          ? 'An even number of voters tolerates no more failures than one voter less.'
          : '',
      ]),
    advice: (facts) => {
      const missing = listOf(facts, 'missing');
      return sentences([
        'Stop all maintenance and bring one voter back.',
        missing.length === 0 ? '' : `Missing: ${list(missing)}.`,
      ]);
    },
    symptom: () => 'quorum at risk: no spare voter',
    over: (subject, _, lastedMs) =>
      `${at(subject)}: has a spare voter again, was at risk ${duration(lastedMs)}`,
  },
};

function needed(count: number): string {
  if (count <= 0) return 'Enough voters run, but they do not agree on a leader.';
  return byCount(count, 'One more voter is needed.', `${count} more voters are needed.`);
}

function stateOf(state: string): string {
  return commonEn.states[state as GridCell['state']] ?? state;
}

const kinds: Readonly<Record<string, string>> = {
  write: 'writes',
  read: 'reads',
  request: 'requests',
};

function slow(facts: Facts): string {
  const kind = kinds[textOf(facts, 'kind')] ?? 'requests';
  return `${kind} slow — ${latency(numberOf(facts, 'latencyMs'))} on average, limit ${latency(numberOf(facts, 'limitMs'))}`;
}

const others: Pick<
  Record<FaultName, FaultWords>,
  'latency-high' | 'probe-degraded' | 'rolling-restart' | 'detector-failed' | 'config-broken'
> = {
  'latency-high': {
    title: (subject, facts) => `${at(subject)}: ${slow(facts)}`,
    meaning: () => 'Clients of this server wait; sessions may expire if it gets worse.',
    advice: () =>
      'See whether it is one server or all, reads or writes; then look at fsync time, GC pauses and the request queue.',
    symptom: ({ server }, facts) => `${server}: ${slow(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}: fast again, was slow for ${duration(lastedMs)}`,
  },
  'probe-degraded': probeDegradedEn,
  'rolling-restart': rollingRestartEn,
  'detector-failed': {
    title: (subject, facts) =>
      `${at(subject)}: the detector ${textOf(facts, 'detector') || '(unnamed)'} failed`,
    meaning: () =>
      'This is a mistake in the bot, not in ZooKeeper. The other detectors go on; this fault would not be seen now.',
    advice: () => 'Report it with the evidence below, and watch this ensemble by hand meanwhile.',
    symptom: (_, facts) => `the detector ${textOf(facts, 'detector') || '(unnamed)'} failed`,
    over: (subject, facts) =>
      `${at(subject)}: the detector ${textOf(facts, 'detector') || '(unnamed)'} works again`,
  },
  'config-broken': {
    title: (_, facts) => {
      const faults = numberOf(facts, 'count');
      return `configuration not taken over — ${faults === 0 ? 'the file cannot be read' : counted(faults, 'mistake')} in ${textOf(facts, 'file') || 'nightkeeper.yaml'}`;
    },
    meaning: () => 'The bot goes on with the configuration it had before.',
    advice: (facts) =>
      `Correct the file; it is read again when it changes. To see every mistake: nightkeeper config check ${textOf(facts, 'file') || 'nightkeeper.yaml'}`,
    symptom: () => 'configuration not taken over',
    over: () => 'configuration is valid again and in force',
  },
};

const faults: Readonly<Record<FaultName, FaultWords>> = {
  ...member,
  ...ensemble,
  ...others,
  ...ofSpeedEn,
  ...ofSizeEn,
  ...capacityEn,
  ...consistencyEn,
  ...securityEn,
  ...ofMembersEn,
  ...ofPeersEn,
  ...ofPathsEn,
  ...ofTheBotEn,
};

/** For an incident that a newer version of the bot wrote: its name is all we know. */
function unnamed(detector: string): FaultWords {
  const text = (subject: Subject): string => `${at(subject)}: ${detector}`;
  return {
    title: text,
    meaning: () => 'This version of the bot has no words for this fault.',
    advice: () => 'Read the evidence, and update every replica of the bot to the same version.',
    symptom: text,
    over: (subject) => `${text(subject)} is over`,
  };
}

export const detectorsEn = { faults, unnamed };

export type DetectorsWords = typeof detectorsEn;
