import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, quorumOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { RefusalText } from './en.ts';
import { orderLine } from './order-line.ts';

const { duration, list, time } = commonEn;

function server(facts: Facts): string {
  return textOf(facts, 'server') || 'the server';
}

function wouldBreak(facts: Facts): string {
  const { voters, quorum } = quorumOf(facts);
  const after = numberOf(facts, 'after', numberOf(facts, 'serving') - 1);
  return `Taking ${server(facts)} down would leave ${after} of ${counted(voters, 'voter')}, and ${quorum} are needed: writes would stop.`;
}

const notHelping: Readonly<Record<string, (facts: Facts) => string>> = {
  /** The quorum is lost and the server is one of those that still serve or can serve. */
  'quorum-lost': (facts) =>
    `The quorum is lost and ${server(facts)} is not the one that fails: restarting it changes nothing.`,
  /** Even with this server back there would not be enough. */
  /** Data is copied from a leader, and there is none. */
  'no-leader-to-copy': (facts) =>
    `The quorum is lost: there is no leader from which ${server(facts)} could fetch its data, and emptying a server now may destroy the last copy.`,
  'reconfigure-without-quorum': () =>
    'The quorum is lost, and the members cannot be changed without one: that is no way out of it.',
  'not-enough': (facts) =>
    `Even with ${server(facts)} back, ${numberOf(facts, 'capable')} of ${counted(quorumOf(facts).quorum, 'needed voter')} could serve.`,
  'disk-full': (facts) =>
    `The disk of ${server(facts)} is full${textOf(facts, 'path') === '' ? '' : ` (${textOf(facts, 'path')})`}: after a restart it would end again.`,
  'bot-cut-off': (facts) =>
    `Only the bot cannot reach ${server(facts)}; its leader goes on counting it, so nothing is wrong with it.`,
  unreachable: (facts) =>
    `Neither the bot nor the leader reaches ${server(facts)}: its host or its network is gone, and a restart of the process mends neither.`,
  'network-split': (facts) =>
    `The network between ${list(listOf(facts, 'pairs'))} is cut: a restarted server would not find the others.`,
  certificate: (facts) =>
    `The certificate of ${server(facts)} (port ${numberOf(facts, 'port')}) ended at ${time(numberOf(facts, 'notAfterMs'))}: a restart does not renew it.`,
  'out-of-memory': (facts) =>
    `The heap of ${server(facts)} is full (${numberOf(facts, 'percent')} %): after a restart it loads the same data into the same heap.`,
  overload: (facts) =>
    `${server(facts)} has more requests than it can work off: a restart sends its clients to the others, and they fall next.`,
  'wrong-data': (facts) =>
    `${server(facts)} holds other data than the others: a restart reads the same files again.`,
};

/** What would help instead, by the cause that a restart does not take away. */
const helping: Readonly<Record<string, (facts: Facts) => string>> = {
  'disk-full': () =>
    'Free space on its disk first: logs of the process, then old snapshots (/zk recover purge-snapshots). The card closes when there is room.',
  'bot-cut-off': () => 'Mend the network between the bot and the server.',
  unreachable: () =>
    'Look at its host: power, network, switch. Start the process there if it is down.',
  'network-split': () =>
    'Mend the network (election and quorum ports) between these servers first.',
  certificate: () =>
    'Renew its certificate files; then a rolling restart takes them in, one server after the other.',
  'out-of-memory': () =>
    'Raise -Xmx on all servers or cut the data; then a rolling restart takes it in.',
  overload: (facts) =>
    `Stop or slow down the client that sends so much${textOf(facts, 'address') === '' ? '' : ` (${textOf(facts, 'address')})`}.`,
  'wrong-data': () =>
    'Find out whose data is right; then let it fetch all of it anew from the leader: /zk recover resync-server.',
};

const orderWords: Readonly<Record<string, string>> = {
  restart: 'restart servers',
  stop: 'stop servers',
  start: 'start servers',
  exec: 'run programs beside the servers',
};

export const recoveryRefusalsEn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'no-executor'
  | 'no-order'
  | 'unknown-session'
  | 'own-session'
  | 'no-connection'
  | 'reason-missing'
  | 'not-confirmed'
  | 'would-break-quorum'
  | 'would-not-help'
  | 'recovery-running'
  | 'others-out'
  | 'nothing-to-do'
  | 'cooling-down'
  | 'electing'
  | 'blind'
  | 'redis-unavailable'
  | 'backup-off'
  | 'backup-running'
  | 'busy'
> = {
  'no-executor': (facts) => ({
    text: `The bot has no way to restart servers of ${textOf(facts, 'ensemble') || 'this ensemble'}.`,
    next: 'An administrator adds restart to the ensemble in the configuration file.',
  }),
  'unknown-session': (facts) => ({
    text: `No server of ${textOf(facts, 'ensemble')} knows the session ${textOf(facts, 'session')}${listOf(facts, 'blind').length === 0 ? '' : `, as far as they say (${listOf(facts, 'blind').join(', ')} did not)`}.`,
    next: 'Its number stands in cons, such as 0x1000011cf1b0003; it may have ended by itself. The words cons and dump must be allowed.',
  }),
  'own-session': (facts) => ({
    text: `${textOf(facts, 'session')} is a session of the bot itself.`,
    next: 'Take the number of a client from cons.',
  }),
  'no-connection': (facts) => ({
    text: `${textOf(facts, 'session')} has no connection: its client is away.`,
    next: 'Wait until it expires, or end it: recover kill-session.',
  }),
  'no-order': (facts) => ({
    text: `The bot has no way to ${orderWords[textOf(facts, 'order')] ?? 'do that for servers'} of ${textOf(facts, 'ensemble') || 'this ensemble'}.`,
    next: `An administrator adds to the section restart of the ensemble: ${orderLine(textOf(facts, 'order'))}`,
  }),
  'reason-missing': () => ({
    text: 'A recovery needs a reason: it is kept in the audit.',
    next: 'Add: --reason "why"',
  }),
  'not-confirmed': () => ({
    text: 'This was not confirmed, so nothing was done.',
    next: 'Add: --confirm yes',
  }),
  'would-break-quorum': (facts) => ({
    text: wouldBreak(facts),
    next:
      listOf(facts, 'missing').length === 0
        ? 'Wait until another voter is in sync.'
        : `First bring back: ${list(listOf(facts, 'missing'))}.`,
  }),
  'would-not-help': (facts) => ({
    text:
      notHelping[textOf(facts, 'why')]?.(facts) ??
      `Restarting ${server(facts)} would not bring the quorum back.`,
    next:
      helping[textOf(facts, 'why')]?.(facts) ??
      (listOf(facts, 'missing').length === 0
        ? 'Look at the network between the servers and at their logs.'
        : `Bring these back first: ${list(listOf(facts, 'missing'))}.`),
  }),
  'recovery-running': (facts) => ({
    text: `Another recovery runs in ${textOf(facts, 'ensemble') || 'this ensemble'}${textOf(facts, 'recovery') === '' ? '' : ` (${textOf(facts, 'recovery')})`}; only one may at a time.`,
    next: 'Wait until it has finished; its card says so.',
  }),
  'others-out': (facts) => ({
    text: `${list(listOf(facts, 'out'))} ${byCount(listOf(facts, 'out').length, 'does', 'do')} not serve in sync, and servers are taken one after the other only while all others do.`,
    next: 'Bring it back first, or restart just that one.',
  }),
  'nothing-to-do': (facts) => ({
    text: `There is nothing to do in ${textOf(facts, 'ensemble')}: no server is left to take, or nobody leads.`,
    next: 'Look at the status of the ensemble.',
  }),
  'cooling-down': (facts) => ({
    text: `${server(facts)} was restarted not long ago${numberOf(facts, 'cooldownMs') === 0 ? '' : `; the next restart is allowed ${duration(numberOf(facts, 'cooldownMs'))} after the last`}.`,
    next:
      numberOf(facts, 'untilMs') === 0
        ? 'Look at the log first: a second restart seldom helps where the first did not.'
        : `Not before ${time(numberOf(facts, 'untilMs'))}. Look at the log meanwhile.`,
  }),
  electing: (facts) => ({
    text: 'The ensemble is electing a leader right now.',
    next:
      numberOf(facts, 'untilMs') === 0
        ? 'Look again in a moment.'
        : `An election takes under a second as a rule. If there is no leader at ${time(numberOf(facts, 'untilMs'))}, try again.`,
  }),
  blind: (facts) => ({
    text: `The bot cannot see enough of ${textOf(facts, 'ensemble') || 'the ensemble'} to know that this is safe: ${numberOf(facts, 'seen')} of ${counted(quorumOf(facts).voters, 'voter')} gave a sign.`,
    next: 'Check the network between the bot and the servers, then try again.',
  }),
  'redis-unavailable': () => ({
    text: 'The bot cannot reach its memory (Redis), so nothing was done.',
    next: 'Try again in a moment; if it lasts, check Redis.',
  }),
  busy: () => ({
    text: 'Several people changed this at the same moment, so nothing was done.',
    next: 'Look at it again, then try once more.',
  }),
  'backup-off': (facts) => ({
    text: `Backups of ${textOf(facts, 'ensemble')} are not set up.`,
    next: `An administrator adds to the configuration: ensembles.${textOf(facts, 'ensemble')}.backup: { dir: /var/backups/nightkeeper, every: 24h }`,
  }),
  'backup-running': (facts) => ({
    text: `A backup of ${textOf(facts, 'ensemble')} is being made already.`,
    next: `How far it is: backups ${textOf(facts, 'ensemble')}`,
  }),
};
