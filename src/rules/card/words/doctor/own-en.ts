import type { Facts } from '../../../../model/finding.ts';
import type { NotSeenWhy } from '../../../../model/not-seen.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { thousands } from '../figures.ts';
import { byCount, counted } from '../plural.ts';
import type { CodesOf, SaidOfCheck, WordsOfChecks } from './said.ts';

const { ago, duration, list, via } = commonEn;

/** `3 s ahead`, `2 min behind` */
function off(f: Facts): string {
  const skewMs = numberOf(f, 'skewMs');
  return `${duration(Math.abs(skewMs))} ${skewMs >= 0 ? 'ahead' : 'behind'}`;
}

/** `16 of 5,000 calls of the API` */
function quota(f: Facts): string {
  const what = textOf(f, 'meter').endsWith('messages') ? 'messages' : 'calls of the API';
  return `${thousands(numberOf(f, 'used'))} of ${thousands(numberOf(f, 'max'))} ${what}`;
}

/** What is known of the last look at an ensemble. */
function unlooked(f: Facts): string {
  const ageMs = numberOf(f, 'ageMs', -2);
  if (ageMs < -1) return textOf(f, 'detail');
  return ageMs < 0 ? 'not once yet' : `the last time ${ago(ageMs)}`;
}

const setClock = 'Let chrony or systemd-timesyncd set the clock: timedatectl set-ntp true';

export const ownChecksEn: WordsOfChecks<
  CodesOf<'bot' | 'chat' | 'timed' | 'check' | 'quota' | 'click' | 'clock'>
> = {
  'bot-runs': (f) => ({ text: `the bot runs at ${textOf(f, 'url')}` }),
  'bot-absent': (f) => ({
    text: `no bot answers at ${textOf(f, 'url')}; this was checked from the configuration alone`,
    next: 'Start it: nightkeeper start -c nightkeeper.yaml',
  }),
  'bot-sees': () => ({ text: 'is looked at in time' }),
  'bot-blind': (f) => ({
    text: `is not looked at: ${unlooked(f)}`,
    next: 'Look at Redis and the log of the bot; the servers may be well.',
  }),
  'chat-connected': () => ({ text: 'is connected' }),
  'chat-away': (f) => ({
    text: `is not connected: ${textOf(f, 'reason')}`,
    next: 'See what is said of this chat below; the bot goes on trying by itself.',
  }),
  'timed-out': (f) => ({
    text: `could not be checked within ${duration(numberOf(f, 'afterMs'))}`,
    next: 'Ask again. Where it stays so, something on the way swallows packets instead of refusing them.',
  }),
  'check-failed': (f) => ({
    text: `could not be checked: ${textOf(f, 'reason')}`,
    next: 'The log of the bot says more.',
  }),
  'quota-left': (f) => ({
    text: `${quota(f)} used this month`,
  }),
  'quota-short': (f) => ({
    text: `${quota(f)} used this month`,
    next: 'At the limit cards go the next way of their route. A larger edition of DingTalk has more; tell the bot with dingtalk.quota.',
  }),
  'quota-over': (f) => ({
    text: `the month is used up: ${quota(f)}`,
    next: 'Until the first of the month nothing comes through here. A larger edition of DingTalk has more; tell the bot with dingtalk.quota.',
  }),
  'quota-organisation': () => ({
    text: 'DingTalk says that the calls of this month are used up, by all applications of the organisation together',
    next: "Until the first of the month no card comes here; paged incidents go to the fallback of their routes. DingTalk's console shows which application uses the calls; a larger edition has more.",
  }),
  'click-posted': () => ({
    text: 'a test card was posted; nobody has pressed its button yet',
    next: 'Press it. Pressed already? Then the click does not reach the bot: in Slack, Interactivity & Shortcuts and Socket Mode (or the Request URL) of the app must be on; in DingTalk the robot must receive by Stream, and the version with it be published.',
  }),
  'click-came-back': (f) => ({
    text: `the click of ${textOf(f, 'name')} came back by ${via(textOf(f, 'via'))}, ${duration(numberOf(f, 'afterMs'))} after the card was posted${textOf(f, 'stranger') === '' ? '' : ` (${textOf(f, 'stranger')} is nobody of the configuration)`}`,
  }),
  'click-missing': (f) => ({
    text: `no click came back within ${duration(numberOf(f, 'waitedMs'))}`,
    next: 'Where somebody did press, the click does not reach the bot: in Slack, Interactivity & Shortcuts and Socket Mode (or the Request URL) of the app must be on; in DingTalk the robot must receive by Stream, and the version with it be published.',
  }),
  'click-not-posted': (f) => ({
    text: `the test card could not be posted: ${textOf(f, 'reason')}`,
    next: 'See what the doctor says of this chat: /zk doctor',
  }),
  'clock-redis': (f) => ({
    text: `the clock of Redis agrees with the bot's (${numberOf(f, 'skewMs')} ms)`,
  }),
  'clock-redis-off': (f) => ({
    text: `the clock of Redis is ${off(f)} of the bot's`,
    next: `On both machines. ${setClock}`,
  }),
  'clock-replicas': (f) => ({
    text: `the clocks of ${counted(numberOf(f, 'count'), 'bot')} agree`,
  }),
  'clock-replica-off': (f) => ({
    text: `the clock of this bot is ${off(f)} of the others'`,
    next: `There: ${setClock}`,
  }),
  'clock-servers': (f) => ({
    text: `${byCount(numberOf(f, 'count'), 'the clock of 1 server agrees', `the clocks of ${numberOf(f, 'count')} servers agree`)} with the bot's`,
  }),
  'clock-server-off': (f) => ({
    text: `the clock is ${off(f)} of the bot's, give or take ${duration(numberOf(f, 'errorMs'))}`,
    next: flagOf(f, 'isEverybody')
      ? `All servers agree against the bot: it is this machine. ${setClock}`
      : `There: ${setClock}`,
  }),
};

const what: Readonly<Record<string, string>> = {
  words: 'some four-letter words are refused',
  admin: 'the AdminServer does not answer',
  session: 'no session stands',
  machine: 'the machine is not looked at',
  'machine-part': 'a part of the machine is not seen',
  log: 'the log is not read',
  'jvm-pauses': 'pauses of the JVM are not counted',
  'old-version': 'this version does not tell everything',
  tree: 'the tree is not walked',
};

/** How a question ended that was not answered; whatever else a machine says is told as it stands. */
const failed: Readonly<Record<string, string>> = {
  refused: 'connection refused',
  reset: 'connection reset',
  timeout: 'no answer in time',
  unresolved: 'its host name does not resolve',
  unreachable: 'no route to the host',
  'not-allowed': 'not allowed',
  'not-serving': 'it runs, and does not serve',
  garbled: 'unreadable answer',
  tls: 'the TLS handshake failed',
  'no host probe': 'nobody said how to look at it',
};

const why: Readonly<Record<NotSeenWhy, (said: string) => string>> = {
  words: (said) => `not allowed: ${said}`,
  failed: (said) => failed[said] ?? said,
  'not-configured': () => 'not configured',
  gap: (said) => said,
  'no-log': () => 'the log was not found',
  'no-crawl': () => 'no crawl is configured',
  'crawl-cut': (said) => `cut at its limit of ${said}`,
  'old-version': (said) => `ZooKeeper ${said} does not report it`,
  'no-monitor': () => 'the pause monitor is off',
};

function because(f: Facts): string {
  const said: Readonly<Record<string, (said: string) => string>> = why;
  return said[textOf(f, 'why')]?.(textOf(f, 'said')) ?? textOf(f, 'why');
}

/** A gap: whose, why, what it costs, and the line that closes it. */
function notSeen(f: Facts): SaidOfCheck {
  return {
    text: [
      `${list(listOf(f, 'servers'))}: ${what[textOf(f, 'what')] ?? ''} (${because(f)}).`,
      ...(listOf(f, 'detectors').length === 0
        ? []
        : [`Not recognised, or later, without it: ${list(listOf(f, 'detectors'))}`]),
    ].join(' '),
    next:
      textOf(f, 'where') === ''
        ? 'Only a newer version of ZooKeeper changes that.'
        : textOf(f, 'where') === 'zoo.cfg'
          ? `Write in zoo.cfg of each of them, then restart them one after the other: ${textOf(f, 'line')}`
          : `Write in ${textOf(f, 'where')}: ${textOf(f, 'line')}`,
  };
}

export const zookeeperChecksEn: WordsOfChecks<CodesOf<'zk'>> = {
  'zk-seen': (f) => ({
    text: [
      `answers ${listOf(f, 'words').join(', ') || 'no word'}`,
      flagOf(f, 'hasAdmin') ? 'AdminServer' : 'no AdminServer',
      numberOf(f, 'sessionMs', -1) < 0 ? 'no session' : `session in ${numberOf(f, 'sessionMs')} ms`,
    ].join('; '),
  }),
  'zk-not-seen': notSeen,
  'zk-not-walked': notSeen,
  'zk-walk-failed': (f) => ({
    text: `the last step of the walk over the tree brought nothing: ${textOf(f, 'detail')}`,
    next: 'It is tried again every 20 seconds. If it stays so: look at what is said of the servers here, or ask less of them in nightkeeper.yaml: crawl: { requestsPerSecond: 20 }',
  }),
  'zk-away': (f) => ({
    text: `does not answer: ${failed[textOf(f, 'reason')] ?? textOf(f, 'reason')}${textOf(f, 'detail') === '' ? '' : ` (${textOf(f, 'detail')})`}`,
    next: 'Is it running, and does the bot have the right address? From the machine of the bot: echo srvr | nc HOST PORT',
  }),
  'zk-canary': (f) => ({
    text: `/nightkeeper-canary was written in ${numberOf(f, 'tookMs')} ms`,
  }),
  'zk-canary-off': () => ({
    text: 'the canary write is switched off: that clients cannot write is seen late',
    next: 'Write in nightkeeper.yaml: sensors: { canary: true }',
  }),
  'zk-canary-denied': (f) => ({
    text: `the bot may not write /nightkeeper-canary: ${textOf(f, 'detail')}`,
    next: 'With zkCli.sh, as somebody who may: create /nightkeeper-canary "" world:anyone:cdrwa',
  }),
  'zk-canary-failed': (f) => ({
    text: `nothing can be written: ${textOf(f, 'detail')}`,
    next: 'Is there a quorum? /zk status',
  }),
  'zk-no-time': (f) => ({
    text: `${counted(numberOf(f, 'count'), 'more ensemble')} could not be looked at in the time`,
    next: `Ask for one: /zk doctor ${textOf(f, 'first')}`,
  }),
};
