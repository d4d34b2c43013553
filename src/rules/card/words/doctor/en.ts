import type { DiagnosisCode, Outcome, Part, Symptom } from '../../../../model/diagnosis.ts';
import { counted } from '../plural.ts';
import { dingtalkChecksEn, slackChecksEn } from './chats-en.ts';
import { reachChecksEn, redisChecksEn, restartChecksEn } from './edges-en.ts';
import { ownChecksEn, zookeeperChecksEn } from './own-en.ts';
import type { WordsOfChecks } from './said.ts';
import { smsChecksEn } from './sms-en.ts';

const part: Readonly<Record<Part, string>> = {
  bot: 'The bot',
  redis: 'Redis',
  clocks: 'Clocks',
  slack: 'Slack',
  dingtalk: 'DingTalk',
  mail: 'Mail',
  sms: 'SMS',
  webhook: 'Webhooks',
  zookeeper: 'ZooKeeper',
  recovery: 'Restarts',
};

const outcome: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  warning: 'warning',
  wrong: 'wrong',
  unchecked: 'could not be checked',
};

/** Headings of docs/troubleshooting.md. */
const symptom: Readonly<Record<Symptom, string>> = {
  'no-cards-in-the-channel': 'No cards in the channel',
  'the-card-has-no-buttons': 'The card has no buttons',
  'buttons-do-nothing': 'Buttons do nothing',
  'commands-are-unknown': 'Commands are unknown',
  'the-bot-does-not-know-me': 'The bot does not know me',
  'charts-are-missing': 'Charts are missing',
  'slack-refuses': 'Slack refuses',
  'dingtalk-says': 'DingTalk refuses',
  'no-mail': 'No mail',
  'no-sms': 'No SMS',
  'webhooks-hear-nothing': 'Webhooks hear nothing',
  'the-bot-is-blind': 'The bot says it is blind',
  'something-is-not-recognised': 'Something is not recognised',
  'cards-come-late': 'Cards come late',
  'incidents-are-forgotten': 'Incidents are forgotten',
  'times-are-wrong': 'Times are wrong',
  'a-restart-does-not-run': 'A restart does not run',
  'the-bot-does-not-answer': 'The bot does not answer',
};

const checks: WordsOfChecks<DiagnosisCode> = {
  ...ownChecksEn,
  ...redisChecksEn,
  ...slackChecksEn,
  ...dingtalkChecksEn,
  ...reachChecksEn,
  ...smsChecksEn,
  ...zookeeperChecksEn,
  ...restartChecksEn,
};

/** Texts of the command doctor. */
export const doctorEn = {
  part,
  outcome,
  symptom,
  checks,
  /** Of docs/troubleshooting.md. */
  title: 'When something does not work',
  well: (count: number) => `All is well: ${counted(count, 'check')}.`,
  sum: (n: Readonly<Record<Outcome, number>>) =>
    [
      `${n.wrong} wrong`,
      counted(n.warning, 'warning'),
      `${n.ok} ok`,
      ...(n.unchecked === 0 ? [] : [`${n.unchecked} could not be checked`]),
    ].join(', '),
  line: (place: string, text: string) => `${place}: ${text}`,
  next: '→',
  read: (title: string, where: string) => `Read: ${title} (${where})`,
  more: (all: string, click: string, ensemble: string) =>
    `Everything: ${all} · a card to press in each chat: ${click} · one ensemble, looked at afresh: ${ensemble}`,
  noChats: 'No destination is a chat that takes clicks: there is nothing to post a test card to.',
  posted: (round: string) =>
    `Press the button of each test card; each says what came of it. How it stands: /zk doctor clicks ${round}`,
  over: 'This test is over, or was none. Begin another one: /zk doctor click',
  cameBack: 'Your click came back. Thank you.',
  test: {
    title: 'Test card: please press the button',
    meaning: 'Somebody asks whether clicks in this chat come back to the bot. Nothing is wrong.',
    advice: 'Press the button. Nothing else happens.',
    nothing: 'There is nothing to do.',
    button: 'It works',
    waiting: 'Waiting for a click',
    pressed: (name: string, after: string) =>
      `The click of ${name} came back, ${after} after the card`,
    over: 'No click came back. What to look at: docs/troubleshooting.md, "Buttons do nothing"',
  },
  mail: {
    subject: 'Nightkeeper: test mail',
    body: 'Somebody asked Nightkeeper (doctor --send-to) to send a mail to this address. It came. There is nothing to do.',
  },
  cli: {
    about:
      'check everything the bot needs: chats, ZooKeeper, Redis, mail, restarts; what to do where something is wrong',
    what: 'one ensemble or one part (slack, dingtalk, redis, zookeeper, mail …); everything otherwise',
    config:
      'check from this configuration file, whether or not a bot runs; otherwise the running bot is asked',
    click:
      'post a card with a button into each chat and wait until somebody presses it (needs the running bot)',
    wait: 'how long to wait for the presses, such as 90s or 5m',
    sendTo: 'also send a test mail to this address',
    after:
      'Ends with 0 when nothing is wrong, 1 when something is, 2 when nothing could be asked.\nNothing is changed or posted, but by --click and --send-to.',
    waiting: (destination: string) => `Waiting for a press in ${destination} …`,
    badWait: (text: string) => `"${text}" is no time: write 90s or 5m.`,
    from: (file: string) => `No bot answers; checked from ${file}.`,
  },
};

export type DoctorWords = typeof doctorEn;
