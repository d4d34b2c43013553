import type { Facts } from '../../../../model/finding.ts';
import type { Role } from '../../../../model/person.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { usagesOf } from '../../usages.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import { approvalRefusalsEn } from './approvals-en.ts';
import { drillRefusalsEn } from './drills.ts';
import { guardRefusalsEn } from './guards-en.ts';
import { limitRefusalsEn } from './limits-en.ts';
import { recoveryRefusalsEn } from './recoveries-en.ts';
import { silenceRefusalsEn } from './silences-en.ts';

/** Why a person does not get what was asked, and what to do next. */
export interface RefusalText {
  readonly text: string;
  readonly next: string;
}

const { list, time, via } = commonEn;

/** `Did you mean orders?` and what there is to choose from. */
function choice(facts: Facts, none: string): string {
  const suggestion = textOf(facts, 'suggestion');
  const known = listOf(facts, 'known');
  const meant = suggestion === '' ? '' : `Did you mean ${suggestion}?`;
  return commonEn.sentences([meant, known.length === 0 ? none : `There are: ${list(known)}.`]);
}

/** One way to write it; where there are more, how to see them. */
function howToWrite(usage: string): string {
  const [first = '', ...others] = usagesOf(usage);
  if (first === '') return 'See: /zk help';
  const [name] = first.split(' ');
  return `Write: /zk ${first}${others.length === 0 ? '' : `; all ways: /zk help ${name}`}`;
}

function who(facts: Facts): string {
  const name = textOf(facts, 'name') || textOf(facts, 'by');
  const way = textOf(facts, 'via');
  const atMs = numberOf(facts, 'atMs');
  return [
    name === '' ? '' : ` by ${name}`,
    way === '' ? '' : ` via ${via(way)}`,
    atMs === 0 ? '' : ` at ${time(atMs)}`,
  ].join('');
}

function incident(facts: Facts): string {
  const id = textOf(facts, 'incident');
  return id === '' ? 'This incident' : `Incident #${id}`;
}

/** ` 12`, behind a command. */
function number(facts: Facts): string {
  const id = textOf(facts, 'incident');
  return id === '' ? '' : ` ${id}`;
}

/** Administrators, by name where there are any. */
function helpers(facts: Facts): string {
  const names = listOf(facts, 'who');
  return names.length === 0 ? 'an administrator' : `an administrator (${list(names)})`;
}

function role(facts: Facts): string {
  return commonEn.personRoles[textOf(facts, 'role') as Role] ?? 'operator';
}

const asked: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'unknown-command'
  | 'bad-arguments'
  | 'unknown-ensemble'
  | 'unknown-server'
  | 'unknown-metric'
  | 'unknown-incident'
  | 'unknown-person'
  | 'unknown-action'
  | 'ambiguous-incident'
  | 'not-permitted'
  | 'stranger'
> = {
  'unknown-command': (facts) => ({
    text: `There is no command "${textOf(facts, 'command')}".`,
    next: choice(facts, 'See all commands: /zk help'),
  }),
  'bad-arguments': (facts) => ({
    text: 'Something is missing or too much in this command.',
    next: howToWrite(textOf(facts, 'usage')),
  }),
  'unknown-ensemble': (facts) => ({
    text: `There is no ensemble "${textOf(facts, 'ensemble')}".`,
    next: choice(facts, 'See all ensembles: /zk status'),
  }),
  'unknown-server': (facts) => ({
    text: `The ensemble ${textOf(facts, 'ensemble')} has no server "${textOf(facts, 'server')}".`,
    next: choice(facts, `See its servers: /zk status ${textOf(facts, 'ensemble')}`),
  }),
  'unknown-metric': (facts) => ({
    text: `There is no chart of "${textOf(facts, 'metric')}".`,
    next: choice(facts, `See what can be drawn: /zk chart ${textOf(facts, 'ensemble')}`),
  }),
  'unknown-incident': (facts) => ({
    text:
      textOf(facts, 'incident') === ''
        ? `Nothing is open in ${textOf(facts, 'ensemble') || 'any ensemble'}.`
        : `There is no incident #${textOf(facts, 'incident')}.`,
    next: 'See what is open: /zk incidents',
  }),
  'unknown-person': (facts) => ({
    text: `Nobody called "${textOf(facts, 'person')}" is in the configuration.`,
    next: choice(facts, 'An administrator adds people to the configuration file.'),
  }),
  'unknown-action': (facts) => ({
    text: `There is no recovery "${textOf(facts, 'action')}".`,
    next: choice(facts, 'Write: /zk recover restart-server <ensemble> <server>'),
  }),
  'ambiguous-incident': (facts) => ({
    text: `More than one incident is open in ${textOf(facts, 'ensemble')}.`,
    next: `Say which by its number: ${list(listOf(facts, 'incidents'))}`,
  }),
  'not-permitted': (facts) => ({
    text: `This needs the role ${role(facts)} in ${textOf(facts, 'ensemble') || 'this ensemble'}${textOf(facts, 'has') === '' ? '' : `; yours is ${textOf(facts, 'has')}`}.`,
    next:
      listOf(facts, 'who').length === 0
        ? 'Ask an administrator to give you the role.'
        : `Ask one of those who have it: ${list(listOf(facts, 'who'))}.`,
  }),
  stranger: (facts) => ({
    text: 'The bot does not know you, so you can read and nothing else.',
    next: `Ask ${helpers(facts)} to add you to people in the configuration${textOf(facts, 'handle') === '' ? '' : `, with this id: ${textOf(facts, 'handle')}`}.`,
  }),
};

const incidents: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'already-acknowledged'
  | 'not-acknowledged'
  | 'already-resolved'
  | 'still-firing'
  | 'note-missing'
  | 'resolve-reason-missing'
  | 'escalation-exhausted'
  | 'nobody-to-escalate-to'
  | 'nobody-on-call'
  | 'unknown-schedule'
> = {
  'already-acknowledged': (facts) => ({
    text: `${incident(facts)} is acknowledged already${who(facts)}.`,
    next: `Nothing to do. If it needs more people: /zk escalate${number(facts)}`,
  }),
  'not-acknowledged': (facts) => ({
    text: `${incident(facts)} is not acknowledged, so there is nothing to take back.`,
    next: `To take it: /zk ack${number(facts)}`,
  }),
  'already-resolved': (facts) => {
    const into = textOf(facts, 'foldedInto');
    if (into !== '')
      return {
        text: `${incident(facts)} is part of incident #${into} now.`,
        next: `Go on with #${into}.`,
      };
    const atMs = numberOf(facts, 'atMs');
    return {
      text: `${incident(facts)} is resolved${atMs === 0 ? '' : ` since ${time(atMs)}`}.`,
      next: `Nothing to do. To read what happened: /zk show${number(facts)}`,
    };
  },
  'still-firing': (facts) => ({
    text: `${incident(facts)} cannot be resolved by hand: the fault is still there, and a new card would come at once.`,
    next: `To have peace for a while: /zk silence ${textOf(facts, 'incident')} 2h "why"`,
  }),
  'note-missing': () => ({ text: 'A note needs words.', next: 'Write: /zk note 12 what you saw' }),
  'resolve-reason-missing': () => ({
    text: 'Resolving by hand needs a reason: it is kept in the timeline.',
    next: 'Write: /zk resolve 12 why',
  }),
  'escalation-exhausted': (facts) => ({
    text: `Everybody on the escalation of ${incident(facts)} has been called.`,
    next: 'Call somebody yourself, or acknowledge it.',
  }),
  'nobody-to-escalate-to': (facts) => ({
    text: `No route names people to escalate ${textOf(facts, 'ensemble') || 'this ensemble'} to.`,
    next: 'An administrator adds escalation to a route in the configuration file.',
  }),
  'nobody-on-call': (facts) => ({
    text: `Nobody is on call in ${list(listOf(facts, 'schedules'))} now, and no further step calls anybody.`,
    next: 'Call somebody yourself. To see the schedules: /zk oncall',
  }),
  'unknown-schedule': (facts) => ({
    text: `There is no on-call schedule "${textOf(facts, 'schedule')}".`,
    next: choice(facts, 'An administrator adds schedules under onCall in the configuration file.'),
  }),
};

const codes: Readonly<Record<RefusalCode, (facts: Facts) => RefusalText>> = {
  ...asked,
  ...incidents,
  ...silenceRefusalsEn,
  ...approvalRefusalsEn,
  ...drillRefusalsEn,
  ...recoveryRefusalsEn,
  ...limitRefusalsEn,
  ...guardRefusalsEn,
};

export const refusalsEn = { codes };

export type RefusalsWords = typeof refusalsEn;
