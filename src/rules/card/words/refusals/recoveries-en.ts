import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, quorumOf, textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';
import { orderLine } from './order-line.ts';

const { duration, list, time } = commonEn;

function server(facts: Facts): string {
  return textOf(facts, 'server') || 'the server';
}

function wouldBreak(facts: Facts): string {
  const { voters, quorum } = quorumOf(facts);
  const after = numberOf(facts, 'after', numberOf(facts, 'serving') - 1);
  return `Taking ${server(facts)} down would leave ${after} of ${voters} voters, and ${quorum} are needed: writes would stop.`;
}

const notHelping: Readonly<Record<string, (facts: Facts) => string>> = {
  /** The quorum is lost and the server is one of those that still serve or can serve. */
  'quorum-lost': (facts) =>
    `The quorum is lost and ${server(facts)} is not the one that fails: restarting it changes nothing.`,
  /** Even with this server back there would not be enough. */
  'not-enough': (facts) =>
    `Even with ${server(facts)} back, ${numberOf(facts, 'capable')} of ${quorumOf(facts).quorum} needed voters could serve.`,
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
  | 'busy'
> = {
  'no-executor': (facts) => ({
    text: `The bot has no way to restart servers of ${textOf(facts, 'ensemble') || 'this ensemble'}.`,
    next: 'An administrator adds restart to the ensemble in the configuration file.',
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
      listOf(facts, 'missing').length === 0
        ? 'Look at the network between the servers and at their logs.'
        : `Bring these back first: ${list(listOf(facts, 'missing'))}.`,
  }),
  'recovery-running': (facts) => ({
    text: `Another recovery runs in ${textOf(facts, 'ensemble') || 'this ensemble'}${textOf(facts, 'recovery') === '' ? '' : ` (${textOf(facts, 'recovery')})`}; only one may at a time.`,
    next: 'Wait until it has finished; its card says so.',
  }),
  'others-out': (facts) => ({
    text: `${list(listOf(facts, 'out'))} ${listOf(facts, 'out').length === 1 ? 'does' : 'do'} not serve in sync, and servers are taken one after the other only while all others do.`,
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
    text: `The bot cannot see enough of ${textOf(facts, 'ensemble') || 'the ensemble'} to know that this is safe: ${numberOf(facts, 'seen')} of ${quorumOf(facts).voters} voters gave a sign.`,
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
};
