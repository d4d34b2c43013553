import type { ConfigTrouble, Want } from '../../../../model/config-fault.ts';
import type { Facts, FactValue } from '../../../../model/finding.ts';
import { counted } from '../plural.ts';
import { autoTroubleEn, isAutoTrouble } from './auto-trouble.ts';
import { callTroubleEn, isCallTrouble } from './call-trouble-en.ts';

const want: Readonly<Record<Want, string>> = {
  text: 'some text',
  number: 'a whole number',
  'yes-or-no': 'true or false',
  list: 'a list',
  section: 'a section with keys of its own',
  duration: 'a time with its unit, such as 250ms, 5s, 10m or 2h',
  endpoint: 'an address with its port, such as zk1.example.com:2181 or [::1]:2181',
  port: 'a port number from 0 to 65535',
  server: 'an address such as zk1.example.com:2181, or a section with id, client and admin',
  'ensemble-name':
    'a name of lower-case letters, digits and "-", at most 40 characters, other than "nightkeeper"',
  'person-name': 'a name of lower-case letters, digits, ".", "_" and "-", at most 40 characters',
  'destination-name':
    'a name of lower-case letters, digits, ".", "_" and "-", at most 40 characters, other than "console"',
  'redis-url': 'a Redis address such as redis://127.0.0.1:6379, or rediss:// for TLS',
  'key-prefix': 'lower-case letters, digits, "_" and "-", at most 40 characters',
  'http-url': 'an address that begins with http:// or https://',
  'slack-bot-token': 'a Slack bot token, which begins with xoxb-',
  'slack-app-token': 'a Slack app-level token, which begins with xapp-',
  'slack-conversation': 'the id of a Slack channel, such as C024BE91L (not its name)',
  'dingtalk-template': 'the id of a card template, which ends in .schema',
  'dingtalk-group': 'the openConversationId of a DingTalk group, which begins with cid',
  'dingtalk-user': 'the userId of a person in the DingTalk address book',
  'slack-user': 'the member id of a Slack user, such as U012ABC (not the display name)',
  email: 'a mail address',
  'mail-sender': 'a mail address, or a name and an address: Nightkeeper <bot@example.com>',
  'phone-number': 'a phone number with its country, in quotes: "+41791234567"',
  'sms-sender': 'a phone number, or a name of at most 11 letters and digits',
  'sms-template': 'the code of a template of Aliyun, such as SMS_123456789',
  'twilio-account': 'the SID of a Twilio account: AC and 32 hexadecimal digits',
  'twilio-key': 'the SID of an API key of Twilio: SK and 32 hexadecimal digits',
  'twilio-service': 'the SID of a messaging service of Twilio: MG and 32 hexadecimal digits',
  'api-url': 'an address with https:// and no path (http:// on this machine only)',
  'api-token': 'a token of at least 16 characters without spaces',
  cron: 'a cron pattern of five fields, such as "0 3 * * SUN"',
  'time-zone': 'a time zone, such as Europe/Berlin or Asia/Shanghai',
  command: 'a command as a list of arguments',
  zone: 'a time zone such as Europe/Berlin or UTC',
  'wall-time': 'a date such as 2026-11-02 or 2026-11-02T09:00, by the clocks of the zone',
  'time-of-day': 'a time of day such as 09:00',
  weekdays: 'days of the week such as mon-fri or sat,sun',
  'turn-length': 'the length of a turn such as 12h, 1d or 1w, at least 1h',
  'calendar-url': 'an address that begins with https://, http:// or webcal://',
  limit: 'how often within how long, such as 1 per 6h (at most 7d)',
  fingerprint: 'a fingerprint as ssh-keygen -lf prints it, SHA256:…',
  znode: 'a path of ZooKeeper such as /app',
  'zookeeper-login': 'a scheme of ZooKeeper and what it takes, such as digest:user:password',
  callee: 'the name of a person, { group: … } or { oncall: … }',
};

const thing = {
  ensemble: 'ensemble',
  person: 'person',
  destination: 'destination',
  detector: 'detector',
  threshold: 'threshold',
  group: 'group',
  schedule: 'on-call schedule',
  action: 'recovery',
} as const;

const doubled = {
  'server-id': 'server id',
  endpoint: 'address',
  token: 'token',
  handle: 'Slack member id',
} as const;

function known(names: readonly string[]): string {
  return names.length === 0 ? 'none is defined' : `known: ${names.join(', ')}`;
}

function hint(suggestion: string | undefined, names: readonly string[]): string {
  return suggestion === undefined ? known(names) : `did you mean "${suggestion}"?`;
}

/** What belongs together, or excludes each other. */
const together = {
  'slack-way-in':
    'clicks in Slack have no way in: set appToken (socket mode), or signingSecret and port',
  'sentinel-pair':
    'sentinels and master belong together: the addresses of the sentinels, and the name they know the master by',
  'redis-two-ways': 'Redis is reached by sentinels or as a cluster, not both: remove one of them',
  'tls-pair': 'certFile and keyFile belong together: set both or neither',
  'sign-in-pair': 'user and password belong together: set both or neither',
};

/** What is wrong with the configuration, in a sentence that says what would be right. */
function trouble(what: ConfigTrouble): string {
  if (isCallTrouble(what)) return callTroubleEn(what);
  if (isAutoTrouble(what)) return autoTroubleEn(what);
  switch (what.kind) {
    case 'syntax':
      return `this is not YAML: ${what.reason}`;
    case 'unreadable':
      return `the file cannot be used: ${what.reason}`;
    case 'wrong-value':
      return `"${what.value}" should be ${want[what.want]}`;
    case 'out-of-range':
      return what.least === undefined
        ? `${what.value} is too much; at most ${what.most}`
        : `${what.value} is too little; at least ${what.least}`;
    case 'not-one-of':
      return `"${what.value}" should be one of ${what.choices.join(', ')}`;
    case 'missing':
      return what.want === 'any'
        ? `"${what.key}" is missing`
        : `"${what.key}" is missing; it should be ${want[what.want]}`;
    case 'empty-list':
      return 'this is empty; name at least one, or leave the key out';
    case 'unknown-key':
      return `"${what.key}" is not a key here; ${hint(what.suggestion, what.known)}`;
    case 'unknown-name':
      return `there is no ${thing[what.of]} "${what.name}"; ${hint(what.suggestion, what.known)}`;
    case 'unset-variable':
      return `the environment variable ${what.variable} is not set`;
    case 'literal-secret':
      return 'a secret stands here in the clear; write ${NAME} and set the environment variable NAME';
    case 'duplicate':
      return `the ${doubled[what.of]} ${what.value} is used already, in line ${what.firstLine}`;
    case 'open-console':
      return `the console would be open to everybody who reaches ${what.host}: give the people who may use it a token, or listen on 127.0.0.1`;
    case 'one-channel':
      return what.channels.length === 0
        ? 'a destination needs a way to get there: slack, dingtalk, dingtalkRobot, email, sms or webhook'
        : `a destination has one way to get there, not ${what.channels.join(' and ')}: make it two destinations`;
    case 'section-missing':
      return `${what.because} needs the section "${what.section}"`;
    case 'slack-way-in':
    case 'sentinel-pair':
    case 'redis-two-ways':
    case 'tls-pair':
    case 'sign-in-pair':
      return together[what.kind];
    case 'not-one':
      return what.given.length === 0
        ? `one of these is needed: ${what.keys.join(', ')}`
        : `only one of these may be set, not ${what.given.join(' and ')}`;
    case 'timeout-too-long':
      return `a probe may not take longer (${what.timeout}) than the time to the next one (${what.every}), and not 0`;
    case 'open-password':
      return `the password would go to ${what.host} in the clear: set security to starttls or tls`;
    case 'unknown-placeholder':
      return `{${what.placeholder}} cannot be filled in; known: ${what.known.map((word) => `{${word}}`).join(', ')}`;
    case 'even-voters':
      return `${counted(what.voters, 'voter')} survive no more failures than ${what.voters - 1}; an odd number is better`;
  }
}

/** What the look at Redis found: a code of `edges/redis/startup-check.ts` with its facts. */
export interface StartupFinding {
  readonly code: string;
  readonly level: 'ok' | 'risk' | 'unknown';
  readonly facts: Facts;
}

/** What is at risk with this Redis, and the setting that mends it; a short word where all is well. */
function redisFinding({ code, level, facts }: StartupFinding): string {
  if (level === 'ok') return `${code}: fine`;
  if (level === 'unknown')
    return `${code}: Redis does not say, so nobody knows whether incidents survive a restart`;
  switch (code) {
    case 'redis-version':
      return `Redis ${textOf(facts['version'])} is older than the bot needs (${textOf(facts['wanted'])}). Please upgrade it.`;
    case 'redis-append-only':
      return 'Redis keeps nothing across a restart or a power cut (appendonly is off): open incidents would be forgotten. Set "appendonly yes".';
    case 'redis-append-fsync':
      return 'Redis leaves writing to the system (appendfsync no): a power cut may cost half a minute. Set "appendfsync everysec" or "always".';
    case 'redis-append-failing':
      return 'Redis could not write its append-only file: look at its disk and its log.';
    case 'redis-eviction':
      return `Redis throws keys away when its memory is full (maxmemory-policy ${textOf(facts['policy'])}): jobs and incidents would vanish. Set "maxmemory-policy noeviction".`;
    case 'redis-role':
      return 'This Redis is a replica and takes no writes: set redis.url to the master.';
    default:
      return code;
  }
}

function textOf(value: FactValue | undefined): string {
  return value === undefined ? '?' : String(value);
}

/** Texts of setting up: configuration, start, command line. */
export const setupEn = {
  trouble,
  fault: 'fault',
  warning: 'warning',
  checkedFine: (file: string) => `${file} is fine.`,
  checkedFaults: (faults: number, warnings: number) =>
    `${counted(faults, 'fault')}, ${counted(warnings, 'warning')}.`,
  checkedSum: (sum: {
    readonly ensembles: number;
    readonly servers: number;
    readonly people: number;
    readonly destinations: number;
    readonly routes: number;
  }) =>
    `ensembles ${sum.ensembles}, servers ${sum.servers}, people ${sum.people}, destinations ${sum.destinations}, routes ${sum.routes}`,
  unreadable: (file: string, reason: string) => `${file} cannot be read: ${reason}`,
  configKept: (file: string, faults: number) =>
    `${file} has ${counted(faults, 'fault')} and is not used; the bot goes on with the configuration it had`,
  configTaken: (file: string) => `${file} was read again and is in use`,
  redisFinding,
  detectors: {
    defaults: 'Defaults',
    of: (ensemble: string) => `Ensemble ${ensemble}`,
    head: ['detector', 'severity', 'hold', 'thresholds [where the defaults come from]'],
    overridden: '* set in the configuration; the default in brackets',
    unknownEnsemble: (name: string, known: readonly string[]) =>
      known.length === 0
        ? `There is no ensemble "${name}": name the configuration file with --config.`
        : `There is no ensemble "${name}". There are: ${known.join(', ')}`,
    sources: {
      'awesome-alerts': 'samber/awesome-prometheus-alerts',
      cloudera: 'health tests of Cloudera',
      huawei: 'alarm reference of Huawei MRS',
      judgement: 'our judgement: nobody has measured it; set it as you need',
      measured: 'measured by us on real ensembles',
      nagios: 'Nagios checks in the ZooKeeper repository',
      'schema.ai': 'guide of schema.ai',
      strimzi: 'alert rules of Strimzi',
      zabbix: 'template of Zabbix',
      zookeeper: 'documents, alert file and sources of ZooKeeper',
    },
  },
  cli: {
    detectors: 'list what is recognised, with thresholds in force, severity, hold and source',
    detectorsEnsemble: 'as it is for this ensemble of the configuration',
    about: 'Chat-ops for Apache ZooKeeper.',
    start: 'start the bot',
    slackGroup: 'set up Slack: slack manifest',
    slackManifest: 'print the manifest of the Slack app, to paste where Slack makes an app of it',
    slackCommand: 'name of the slash command, where /zk is taken',
    slackUrl: 'address at which Slack reaches the bot, for requests over HTTP; socket mode without',
    configGroup: 'check the configuration: config check FILE',
    configCheck: 'check a configuration file and say everything that is wrong with it',
    configFile: 'the configuration file',
    envFile: 'a file with NAME=value lines, read beside the environment',
    noEnv: 'accept variables that are not set here, and only warn of them',
    json: 'print the answer as JSON',
    command: 'ask the running bot: status, incidents, show, ack, escalate, recover, help …',
    after:
      'Every other command goes to the running bot, exactly as typed in a chat:\n  nightkeeper status orders\n  nightkeeper ack 12\n  nightkeeper help\nEnvironment: NIGHTKEEPER_URL (where the bot is), NIGHTKEEPER_TOKEN (who you are).',
    noBot: (url: string) =>
      `No bot answers at ${url}. Start it with "nightkeeper start", or set NIGHTKEEPER_URL to where it runs.`,
    wrongToken: (url: string) =>
      `The bot at ${url} does not know you: set NIGHTKEEPER_TOKEN to your token from the configuration.`,
    strangeAnswer: (url: string, status: number) =>
      `What answers at ${url} is not Nightkeeper (HTTP ${status}). Check NIGHTKEEPER_URL.`,
    lateAnswer: (url: string, seconds: number) =>
      `The bot at ${url} did not answer within ${seconds} s. It may still do what was asked: look before you ask again.`,
    badUrl: (url: string) => `NIGHTKEEPER_URL is not an http address: ${url}`,
    notWritten: (file: string, reason: string) => `${file} could not be written: ${reason}`,
    repeat: 'To go on, repeat it with a reason:',
    reasonPlaceholder: 'why',
    confirm: (submit: string) => `${submit}? Type "yes" to go on:`,
    yes: 'yes',
    notDone: 'Nothing was done.',
  },
};

export type SetupWords = typeof setupEn;
