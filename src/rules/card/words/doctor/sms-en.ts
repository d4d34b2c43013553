import { textOf } from '../facts.ts';
import type { CodesOf, WordsOfChecks } from './said.ts';

export const smsChecksEn: WordsOfChecks<CodesOf<'sms'>> = {
  sms: (f) => ({
    text: `${textOf(f, 'provider')} lets the bot in${textOf(f, 'balance') === '' ? '' : `; ${textOf(f, 'balance')} left`}`,
  }),
  'sms-balance-low': (f) => ({
    text: `${textOf(f, 'provider')} lets the bot in, but only ${textOf(f, 'balance')} is left`,
    next: 'Pay in, and let the provider refill the account by itself: when nothing is left, every SMS is refused.',
  }),
  'sms-away': (f) => ({
    text: `${textOf(f, 'provider')} cannot be reached: ${textOf(f, 'reason')}`,
    next: 'May the machine of the bot connect to it? Is apiUrl right, where it is set?',
  }),
  'sms-login': (f) => ({
    text: `${textOf(f, 'provider')} does not take the credentials (${textOf(f, 'reason')})`,
    next: 'Check the account of the section sms and the variable of its secret; was the key renewed or withdrawn?',
  }),
  'sms-cannot-look': (f) => ({
    text: `the key of ${textOf(f, 'provider')} may not ask what became of an SMS (${textOf(f, 'reason')})`,
    next: 'Allow dysms:QuerySendDetails besides dysms:SendSms: without it, an SMS whose answer got lost is sent twice.',
  }),
  'sms-sender': (f) => ({ text: `${textOf(f, 'provider')} knows the sender` }),
  'sms-sender-waiting': (f) => ({
    text: `${textOf(f, 'provider')} has not approved the signature`,
    next: 'Look at the signature in its console: until it is approved, every SMS is refused.',
  }),
  'sms-sender-unknown': (f) => ({
    text: `${textOf(f, 'provider')} does not know this sender`,
    next: 'It must be a number, a messaging service or a signature of this very account.',
  }),
  'sms-sender-unchecked': (f) => ({
    text: `whether ${textOf(f, 'provider')} takes this sender could not be found out${textOf(f, 'reason') === '' ? '' : ` (${textOf(f, 'reason')})`}`,
    next: 'A name depends on the country of the receiver; a key may be allowed to send and not to look. The first SMS shows it.',
  }),
  'sms-template': (f) => ({ text: `${textOf(f, 'provider')} has approved the template` }),
  'sms-template-waiting': (f) => ({
    text: `${textOf(f, 'provider')} has not approved the template`,
    next: 'Look at the template in its console: until it is approved, every SMS in its language is refused.',
  }),
  'sms-template-unknown': (f) => ({
    text: `${textOf(f, 'provider')} does not know the template`,
    next: 'Copy its code from the console (SMS_ and digits); it must be of this very account.',
  }),
  'sms-template-variables': () => ({
    text: 'the template has variables that the bot does not fill in',
    next: 'Register it as docs/channels/sms.md has it: level, code, ensemble, what, state.',
  }),
  'sms-template-unchecked': (f) => ({
    text: `whether the template is approved could not be found out (${textOf(f, 'reason')})`,
    next: 'Allow dysms:GetSmsTemplate and dysms:GetSmsSign for the doctor, or look into the console.',
  }),
};
