import type { Facts } from '../../../../model/finding.ts';
import { actionsEn } from '../actions/en.ts';
import { commonEn } from '../common/en.ts';
import { numberOf } from '../facts.ts';
import { byCount, counted, ordinal } from '../plural.ts';

const { duration, list, time, via } = commonEn;

/** Somebody, the way in, and when. */
export interface Who {
  readonly name: string;
  readonly via: string;
  readonly atMs: number;
}

/** How a recovery ended, by the code of its outcome; refusals have their own words. */
const outcomes: Readonly<Record<string, (facts: Facts) => string>> = {
  'executor-failed': (facts) => {
    const code = numberOf(facts, 'exitCode', -1);
    return code < 0
      ? 'the command was ended by a signal; its output is kept with the recovery'
      : `the command failed with exit code ${code}; its output is kept with the recovery`;
  },
  'executor-timeout': (facts) =>
    `the command did not end within ${duration(numberOf(facts, 'timeoutMs'))} and was stopped`,
  'executor-unavailable': () => 'the command could not be started',
  'executor-lost': () =>
    'the connection to the machine was lost in the middle, and the server did not serve in sync afterwards: look at the machine',
  'executor-host-key-unknown': () =>
    'the machine is not in the known_hosts file, so nothing was run: compare its key and add it',
  'executor-host-key-changed': () =>
    'the machine shows another SSH host key than the trusted one, so nothing was run: find out why before you trust it',
  'executor-login-refused': () =>
    'the machine does not let the bot in with its SSH key, and nothing was run',
  'executor-sudo-password': () =>
    'sudo asks for a password there: allow this one command without one (NOPASSWD in sudoers)',
  'executor-no-program': () => 'the machine does not know the program of the command',
  'executor-no-pod': () =>
    'Kubernetes knows no such pod, and nothing was done: correct restart.kubernetes',
  'executor-no-api': () =>
    'the Kubernetes API could not be reached, and nothing was done: is the way into the cluster right?',
  'executor-api-login': () =>
    'the Kubernetes API does not know the bot, and nothing was done: renew its token or kubeconfig',
  'executor-api-forbidden': () =>
    'the bot may not do this in Kubernetes, and nothing was done: add the verb to its role (the page on executors has it)',
  'executor-api-tls': () =>
    'the Kubernetes API shows a certificate that the kubeconfig does not trust, and nothing was done',
  'executor-no-container': () =>
    'the Docker Engine knows no such container, and nothing was run: correct restart.docker.container',
  'executor-container-stopped': () =>
    'the container does not run, so nothing could be run inside it: start it first',
  'executor-no-engine': () =>
    'the Docker Engine did not answer, and nothing was run: is it up, and is its address right?',
  'executor-engine-forbidden': () =>
    'the bot may not use the Docker Engine, and nothing was run: its user must be allowed to use the socket',
  'executor-engine-tls': () =>
    'the Docker Engine and the bot do not trust each other, and nothing was run: check the certificates of restart.docker',
  'same-leader': () =>
    'the server serves again, but it leads again too: look at what makes the others lose',
  overtaken: () => 'no process worked on it, and another recovery has begun: look at the servers',
  'no-effect': () =>
    'the command ended well, but the server was never restarted: what the command does is not what it should',
  'not-verified': () =>
    'the command ended well, but the server did not serve in sync again: read its log',
};

export const cardEn = {
  buttons: {
    acknowledge: 'Acknowledge',
    stillOnIt: 'Still on it',
    unacknowledge: 'Un-acknowledge',
    resolve: 'Resolve…',
    silence: 'Silence…',
    note: 'Note…',
    chart: 'Chart',
    unsilence: 'End the silence',
    escalate: 'Escalate',
    restart: (server: string) => `Restart ${server}`,
    timeline: 'Timeline',
    runbook: 'Runbook',
    open: 'Open in the console',
  },
  escalateConfirm: {
    title: 'Escalate?',
    text: (id: number) => `The next people on the escalation of incident #${id} are called now.`,
    yes: 'Call them',
    no: 'Not now',
  },
  /** Labels of the parts, for channels that need some. */
  labels: {
    meaning: 'What it means',
    advice: 'What to do',
    evidence: 'Evidence',
    symptoms: 'Because of it',
    incident: (id: number) => `Incident #${id}`,
  },
  lag: (transactions: number) =>
    transactions === 0 ? 'in sync' : `${counted(transactions, 'transaction')} behind`,
  symptomOver: (text: string) => `${text} (over)`,
  since: (atMs: number) => `since ${time(atMs)}`,
  silenced: (untilMs: number, name: string, reason: string) =>
    `Silenced until ${time(untilMs)} by ${name}: ${reason}`,
  flapping: (times: number, withinMs: number) =>
    `flapping: ${counted(times, 'time')} in ${duration(withinMs)}`,
  again: (times: number) => `Again: the ${ordinal(times)} time`,
  unseen: (sinceMs: number) =>
    `Not seen since ${time(sinceMs)}: nobody knows whether it is still there`,
  left: (sinceMs: number) =>
    `Not seen since ${time(sinceMs)}: it is not in the configuration any more`,
  expired: (atMs: number) => `Expired ${time(atMs)}, not resolved`,
  freezeOver: 'Servers may be recovered again.',
  silenceOver: 'What it covered is told again.',
  expiredMeaning: 'Nothing is seen of this fault any more. Nobody knows whether it is gone.',
  expiredAdvice: 'Check it yourself; a new card comes if the bot sees it again.',
  /** Who has it of the several people whom the route asks for. */
  joined: (names: readonly string[], needed: number) =>
    `${list(names)} ${byCount(names.length, 'has', 'have')} it, ${counted(needed, 'person', 'people')} ${byCount(needed, 'is', 'are')} needed`,
  joinedBy: (names: readonly string[]) => `with ${list(names)}`,
  reminded: (atMs: number) => `asked ${time(atMs)} whether this still holds`,
  hadBy: (name: string, untilMs: number, lapsed: boolean) =>
    lapsed
      ? `${name} had it until ${time(untilMs)} and did not answer`
      : `${name} had it until ${time(untilMs)}`,
  quiet: 'Not paged: waiting whether it comes back',
  warning: 'A warning: nobody is called, look when it suits',
  forTheRecord: 'For the record: nobody is called',
  paged: (atMs: number) => `Paged ${time(atMs)}, nobody has acknowledged yet`,
  acknowledged: ({ name, via: way, atMs }: Who) =>
    `Acknowledged by ${name} via ${via(way)}, ${time(atMs)}`,
  /** `by` is empty when the bot took the step. */
  escalated: (to: readonly string[], by: string, atMs: number) =>
    `escalated to ${list(to)}${by === '' ? '' : ` by ${by}`}, ${time(atMs)}`,
  called: (to: readonly string[]) => `called: ${list(to)}`,
  calledAgain: (times: number) => `called again ${byCount(times, 'once', `${times} times`)}`,
  nobodyOnCall: (schedules: readonly string[]) => `nobody is on call in ${list(schedules)}`,
  /** A person whom no destination can reach. */
  noContact: (name: string) => `${name} (no contact in the configuration: tell them yourself)`,
  resolved: (atMs: number, lastedMs: number) =>
    `Resolved ${time(atMs)} after ${duration(lastedMs)}`,
  resolvedBy: ({ name, via: way, atMs }: Who, lastedMs: number) =>
    `Resolved by ${name} via ${via(way)}, ${time(atMs)}, after ${duration(lastedMs)}`,
  handledBy: (name: string) => `handled by ${name}`,
  nobodyCalled: 'nobody was called',
  folded: (into: number) => `Part of incident #${into} now`,
  gone: 'The fault is gone.',
  goneAdvice: 'Nothing to do now. The timeline keeps what happened.',
  closedByHand: 'It was closed by hand; a new card comes if the fault shows again.',
  foldedMeaning: (into: number) => `Another fault explains this one: incident #${into}.`,
  foldedAdvice: (into: number) => `Go on with incident #${into}.`,
  action: actionsEn.name,
  outcome: (code: string, facts: Facts): string | undefined =>
    Object.hasOwn(outcomes, code) ? outcomes[code]?.(facts) : actionsEn.outcome(code, facts),
  recovery: {
    running: (what: string, { name, via: way }: Who, reason: string) =>
      `${what} runs now, asked by ${name} via ${via(way)}: ${reason}`,
    verifying: (what: string, { name, via: way }: Who) =>
      `${what} is done, asked by ${name} via ${via(way)}; waiting until it serves and is in sync`,
    succeeded: (what: string, { name, via: way }: Who) =>
      `${what} worked, asked by ${name} via ${via(way)}: it serves and is in sync again`,
    failed: (what: string, { name, via: way }: Who, why: string) =>
      `${what} failed, asked by ${name} via ${via(way)}: ${why}`,
    /** Where it took several orders. */
    worked: (what: string, { name, via: way }: Who, how: string) =>
      `${what} worked, asked by ${name} via ${via(way)}: ${how}`,
    /** `▰▰▱▱▱ step 3 of 5: Start zk3` */
    phase: (bar: string, done: number, total: number, text: string) =>
      `${bar} ${done} of ${counted(total, 'step')} done${text === '' ? '' : `, now: ${text}`}`,
    /** `▰▰▱▱▱ 2 of 5 done, now zk3` */
    progress: (bar: string, done: number, total: number, server: string) =>
      `${bar} ${done} of ${total} done${server === '' ? '' : `, now ${server}`}`,
    rolled: (what: string, { name, via: way }: Who, done: number) =>
      `${what} worked, asked by ${name} via ${via(way)}: ${byCount(done, 'one server was', `${done} servers were`)} restarted, and all serve in sync`,
    unexplained: 'read the audit',
  },
  thread: {
    paged: (title: string) => `Please look: ${title}`,
    named: (title: string) => `The cause is found: ${title}`,
    escalated: (to: readonly string[], by: string) =>
      by === ''
        ? `Nobody has acknowledged, so this goes to ${list(to)}.`
        : `${by} calls ${list(to)}.`,
    again: (times: number) => `Again, for the ${ordinal(times)} time.`,
    unsilenced: (title: string) => `The silence is over and the fault is still there: ${title}`,
    worse: (title: string) => `It got worse, it is a page now: ${title}`,
    reminder: (name: string, title: string) =>
      `${name}, do you still have this? Press "Still on it", or it goes back to everybody: ${title}`,
    lapsed: (name: string, title: string) =>
      `${name} did not answer, so nobody has this now. Please look: ${title}`,
    note: (name: string, text: string) => `${name}: ${text}`,
    has: (name: string, way: string) => `${name} has it, via ${via(way)}.`,
    gaveBack: (name: string) => `${name} gave it back: nobody has it now.`,
    expired: (title: string, sinceMs: number | undefined) =>
      `Expired, not resolved${sinceMs === undefined ? '' : `; not seen since ${time(sinceMs)}`}: ${title}`,
    /** The first step, called with the page. */
    called: (to: readonly string[]) => `Called: ${list(to)}.`,
    callAgain: (to: readonly string[], times: number) =>
      `Still nobody has acknowledged. Calling ${list(to)} again (${times}).`,
    nobodyOnCall: (schedules: readonly string[]) => `Nobody is on call in ${list(schedules)}.`,
    resolved: (title: string, lastedMs: number) => `Resolved after ${duration(lastedMs)}: ${title}`,
    folded: (into: number) => `This is part of incident #${into} now.`,
  },
  timeline: {
    triggered: (title: string) => `seen: ${title}`,
    observed: (title: string) => `changed: ${title}`,
    recognised: (title: string) => `turned out to be: ${title}`,
    paged: 'people called',
    acknowledged: (name: string, way: string) => `acknowledged by ${name} via ${via(way)}`,
    unacknowledged: (name: string, way: string) =>
      `acknowledgement taken back by ${name} via ${via(way)}`,
    lapsed: 'acknowledgement taken back: no answer',
    joined: (name: string, way: string) => `${name} has it via ${via(way)}; more people are needed`,
    reminded: 'asked whether somebody still has it',
    noted: (name: string, text: string) => `${name}: ${text}`,
    unseen: (sinceMs: number) => `not seen since ${time(sinceMs)}`,
    silenced: (untilMs: number, name: string, reason: string) =>
      `silenced until ${time(untilMs)} by ${name}: ${reason}`,
    unsilenced: 'not silenced any more',
    seenAgain: 'seen again',
    expired: 'expired, not resolved',
    reopened: (title: string) => `came back: ${title}`,
    escalated: (to: readonly string[], by: string) =>
      `escalated to ${list(to)}${by === '' ? '' : ` by ${by}`}`,
    called: (to: readonly string[]) => `called ${list(to)}`,
    again: (to: readonly string[], times: number) => `called ${list(to)} again (${times})`,
    folded: (into: number) => `folded into incident #${into}`,
    resolved: 'resolved',
    resolvedBy: (name: string, way: string) => `resolved by ${name} via ${via(way)}`,
  },
};

export type CardWords = typeof cardEn;
