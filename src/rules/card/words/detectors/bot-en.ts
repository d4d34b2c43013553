import type { Facts, Subject } from '../../../../model/finding.ts';
import { cardEn } from '../card/en.ts';
import { commonEn } from '../common/en.ts';

import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { counted } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, list, time } = commonEn;

/** `destination ops (slack)` */
function placeOf(subject: Subject, facts: Facts): string {
  const channel = textOf(facts, 'channel');
  const name = subject.server ?? textOf(facts, 'destination');
  return `destination ${name || '(unnamed)'}${channel === '' ? '' : ` (${channel})`}`;
}

/** `DingTalk: the 5000 API calls` */
function quotaOf(facts: Facts): string {
  const what = textOf(facts, 'what') === 'calls' ? 'API calls' : 'messages';
  return `${commonEn.via(textOf(facts, 'channel'))}: the ${numberOf(facts, 'max')} ${what}`;
}

/** `Slack` */
function chatOf(subject: Subject, facts: Facts): string {
  return commonEn.via(textOf(facts, 'chat') || (subject.server ?? ''));
}

/** A silence that silences nothing, and keeps anything from being recovered. */
function isFreeze(facts: Facts): boolean {
  return textOf(facts, 'freezes') === 'only';
}

function covers(facts: Facts): string {
  const told = 'Until then nobody is told of what it covers; the console shows it.';
  const recovered = 'Until then recoveries are refused, by people as by the bot itself.';
  return isFreeze(facts)
    ? recovered
    : textOf(facts, 'freezes') === 'too'
      ? `${told} ${recovered}`
      : told;
}

/** Faults that are about the ground the bot stands on. */
export const ofTheBotEn: Readonly<
  Record<
    | 'redis-at-risk'
    | 'calendar-broken'
    | 'backup-overdue'
    | 'channel-broken'
    | 'quota-short'
    | 'chat-down'
    | 'self-test'
    | 'silence'
    | 'recovery',
    FaultWords
  >
> = {
  'redis-at-risk': {
    title: (_, facts) => {
      const count = numberOf(facts, 'count');
      return `Redis may lose what the bot remembers — ${counted(count, 'setting')} to mend`;
    },
    meaning: () =>
      'Incidents, acknowledgements and what was told to whom are kept in Redis; a crash or full memory could cost them.',
    advice: (facts) =>
      `Mend what the evidence names (${list(listOf(facts, 'codes'))}); the bot looks again every minute.`,
    symptom: () => 'Redis may lose what the bot remembers',
    over: () => 'Redis keeps everything it should',
  },
  'calendar-broken': {
    title: (_, facts) => `on-call calendar of ${list(listOf(facts, 'schedules'))} cannot be read`,
    meaning: (facts) =>
      numberOf(facts, 'readMs') === 0
        ? 'It was never read: the bot does not know who is on call there, and calls the fallback or the next step.'
        : `The bot goes on with the copy of ${commonEn.time(numberOf(facts, 'readMs'))}; changes since then are not known.`,
    advice: () => 'See why below; check the address of the calendar and that the bot can reach it.',
    symptom: (_, facts) => `on-call calendar of ${list(listOf(facts, 'schedules'))} cannot be read`,
    over: () => 'on-call calendars can be read again',
  },
  'backup-overdue': {
    title: (_, facts) => `no fresh backup of ${textOf(facts, 'ensemble')}`,
    meaning: (facts) =>
      numberOf(facts, 'lastMs') === 0
        ? 'There is none at all: what is deleted by mistake cannot be brought back.'
        : `The last one is of ${commonEn.time(numberOf(facts, 'lastMs'))}: what was written since then could not be brought back.`,
    advice: (facts) =>
      textOf(facts, 'why') === ''
        ? 'See whether the bot runs and reaches the ensemble; the runbook says how to make one by hand.'
        : 'See the reason below. It is tried again every quarter of an hour, and goes on where it stopped.',
    symptom: (_, facts) => `no fresh backup of ${textOf(facts, 'ensemble')}`,
    over: (_, facts) => `${textOf(facts, 'ensemble')} is backed up again`,
  },
  'channel-broken': {
    title: (subject, facts) =>
      `${placeOf(subject, facts)}: ${flagOf(facts, 'refused') ? 'refuses our messages' : flagOf(facts, 'limited') ? 'takes no messages for long' : 'cannot be reached'}`,
    meaning: () =>
      'Cards and calls for this destination wait; none is lost. People who only look there hear nothing now.',
    advice: (facts) =>
      flagOf(facts, 'refused')
        ? 'See the evidence for the reason: a token that was revoked, a conversation that is gone, a bot that was not invited. It heals by itself once that is put right.'
        : 'See whether the service is down or the network to it; it heals by itself. Tell those concerned by another way meanwhile.',
    symptom: (subject, facts) => `${placeOf(subject, facts)} takes no messages`,
    over: (subject, facts, lastedMs) =>
      `${placeOf(subject, facts)}: works again, took no messages for ${duration(lastedMs)}`,
  },
  'quota-short': {
    title: (_, facts) =>
      numberOf(facts, 'percent') >= 100
        ? `${quotaOf(facts)} of this month are used up`
        : `${numberOf(facts, 'percent')} % of ${quotaOf(facts)} of this month are used`,
    meaning: (facts) =>
      numberOf(facts, 'percent') >= 100
        ? 'No cards and calls go there until the month ends or there is more; paged incidents go to the fallback destinations of their routes.'
        : 'From 90 % on cards are no longer redrawn there, from 98 % on no new ones come; people who press or write are answered to the end.',
    advice: () =>
      'See what used it, get more or route less there, and say in the configuration what you have. A fallback in another channel keeps people called.',
    symptom: (_, facts) => `${quotaOf(facts)} run short`,
    over: (_, facts) => `${quotaOf(facts)}: there is enough again`,
  },
  'chat-down': {
    title: (subject, facts) =>
      flagOf(facts, 'refused')
        ? `${chatOf(subject, facts)} does not let the bot in — ${textOf(facts, 'reason')}`
        : `the bot is not connected to ${chatOf(subject, facts)} — ${textOf(facts, 'reason')}`,
    meaning: () =>
      'Buttons and commands there are not heard, and cards may not come through. Nothing is lost: the console and the other ways work.',
    advice: (facts) =>
      flagOf(facts, 'refused')
        ? 'Look whether the app is still installed and its tokens are those of the configuration; put new ones in and the bot connects by itself.'
        : 'Look at the status page of the service and at the network to it; the bot connects by itself.',
    symptom: (subject, facts) => `no connection to ${chatOf(subject, facts)}`,
    over: (subject, facts, lastedMs) =>
      `${chatOf(subject, facts)} is connected again, was not for ${duration(lastedMs)}`,
  },
  'self-test': {
    title: (_, facts) => `daily test card of ${textOf(facts, 'day')} — nothing is wrong`,
    meaning: (facts) =>
      `Cards come through to here. Nightkeeper watches ${counted(numberOf(facts, 'servers'), 'configured server')} in ${counted(numberOf(facts, 'ensembles'), 'ensemble')}.`,
    advice: () => 'Nothing to do. Look after the bot on a day this card does not come.',
    symptom: () => 'daily test card',
    over: (_, facts) => `daily test card of ${textOf(facts, 'day')} — cards come through`,
  },
  recovery: {
    title: (subject, facts) =>
      `${subject.ensemble}: ${cardEn.action(textOf(facts, 'action'), subject.server ?? '')} — asked by ${textOf(facts, 'name')}`,
    meaning: (facts) => `Asked for without a fault: ${textOf(facts, 'reason')}.`,
    advice: () => 'Look at the sum before you agree; the guard asks again before anything runs.',
    symptom: (subject, facts) => cardEn.action(textOf(facts, 'action'), subject.server ?? ''),
    over: (subject, facts) =>
      `${subject.ensemble}: ${cardEn.action(textOf(facts, 'action'), subject.server ?? '')} — over`,
  },
  silence: {
    title: (_, facts) =>
      `${textOf(facts, 'scope')}: ${isFreeze(facts) ? 'nothing is recovered' : 'silenced'} until ${time(numberOf(facts, 'untilMs'))}`,
    meaning: (facts) =>
      `${textOf(facts, 'window') === '' ? `Set by ${textOf(facts, 'name')}` : `Maintenance window ${textOf(facts, 'window')}`}: ${textOf(facts, 'reason')}. ${covers(facts)}`,
    advice: (facts) =>
      `Nothing to do; to end it sooner: /zk unsilence ${numberOf(facts, 'silence')}.${isFreeze(facts) ? '' : ' What is still there then speaks.'}`,
    symptom: (_, facts) =>
      `${textOf(facts, 'scope')}: ${isFreeze(facts) ? 'nothing is recovered' : 'silenced'}`,
    over: (_, facts) =>
      `${textOf(facts, 'scope')}: ${isFreeze(facts) ? 'recoveries are possible again' : 'the silence is over'}`,
  },
};
