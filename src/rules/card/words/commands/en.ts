import { commonEn } from '../common/en.ts';
import { byCount, counted } from '../plural.ts';
import { recoverEn } from './recover-en.ts';
import { restartFormEn } from './restart-form-en.ts';

const { duration, ago } = commonEn;

/** Name, what it does, and lines a person can copy. */
export interface CommandText {
  readonly about: string;
  readonly examples: readonly string[];
}

const about: Readonly<Record<string, CommandText>> = {
  status: {
    about: 'How the ensembles stand; with a name, the servers of one.',
    examples: ['status', 'status orders'],
  },
  incidents: {
    about: 'What is open; with "all", also what is over.',
    examples: ['incidents', 'incidents orders', 'incidents all'],
  },
  show: { about: 'One incident: its card and its timeline.', examples: ['show 12', 'show orders'] },
  ack: {
    about: 'Takes an incident: you look after it and the escalation stops.',
    examples: ['ack 12', 'ack orders'],
  },
  unack: {
    about: 'Gives an incident back: the escalation goes on.',
    examples: ['unack 12'],
  },
  escalate: {
    about: 'Calls the next people on the escalation now.',
    examples: ['escalate 12', 'escalate orders'],
  },
  note: {
    about: 'Writes down what you know: it stands in the timeline and in every thread.',
    examples: ['note 12 the disk of zk2 was changed at noon'],
  },
  resolve: {
    about: 'Ends an incident whose fault the bot does not see any more, with a reason.',
    examples: ['resolve 12 zk9 was taken out of service'],
  },
  oncall: {
    about: 'Who is on call, until when, and who is next.',
    examples: ['oncall', 'oncall orders'],
  },
  silence: {
    about: 'Keeps faults of an ensemble, a server or a kind from calling anybody for a while.',
    examples: [
      'silence orders zk2 2h new disk',
      'silence orders member-down until 14:00 rolling restart',
      'silence #12 tomorrow known, waits for the vendor',
    ],
  },
  unsilence: {
    about: 'Ends a silence before its time: what is still there speaks.',
    examples: ['unsilence 3'],
  },
  freeze: {
    about: 'Keeps anything from being recovered for a while, by people as by the bot itself.',
    examples: ['freeze orders 2h new disks', 'freeze * until 14:00 work in the data centre'],
  },
  unfreeze: {
    about: 'Lets an ensemble be recovered again, before the freeze is over.',
    examples: ['unfreeze orders'],
  },
  silences: { about: 'What is silenced, by whom, why and until when.', examples: ['silences'] },
  unlink: {
    about: 'Takes an account of a chat from the person who linked it; alone, lists them.',
    examples: ['unlink', 'unlink slack:U012ABC'],
  },
  recover: recoverEn,
  backup: { about: 'Keeps the tree of an ensemble in a file.', examples: ['backup orders'] },
  backups: { about: 'What backups there are.', examples: ['backups', 'backups orders'] },
  doctor: {
    about:
      'Whether everything stands that the bot needs, and the next step where it does not: all of it, a part (slack, redis …), or one ensemble looked at afresh. click: a card to press in each chat.',
    examples: ['doctor', 'doctor orders', 'doctor slack', 'doctor click'],
  },
  drill: {
    about:
      'Plays a recorded incident, marked DRILL everywhere: nothing is real, and nothing is done to any server.',
    examples: ['drill', 'drill quorum-lost orders', 'drill stop orders'],
  },
  evidence: {
    about: 'What a server said right before a recovery acted on it.',
    examples: ['evidence r-12', 'evidence r-12 mntr'],
  },
  approve: {
    about:
      'Agrees to a recovery that somebody else asked for, after showing what has changed since.',
    examples: ['approve r-12', 'approve r-12 --reason "looked at it too" --confirm yes'],
  },
  reject: {
    about: 'Ends the request of a recovery; nothing is done.',
    examples: ['reject r-12 we wait for the disk first'],
  },
  abort: {
    about:
      'Stops a recovery: one to come does not begin, one that runs begins nothing more, a request is withdrawn.',
    examples: ['abort r-12', 'abort r-12 --reason "the disk comes first"'],
  },
  auto: {
    about:
      'What the bot does by itself where nobody is on a fault; off and on switch it for one ensemble or all.',
    examples: ['auto', 'auto off orders new disks', 'auto on'],
  },
  audit: {
    about: 'Who decided what and why, newest first; the refused ones too.',
    examples: ['audit', 'audit orders', 'audit orders 50'],
  },
  export: {
    about: 'One incident as Markdown, for a post-mortem.',
    examples: ['export 12'],
  },
  chart: {
    about:
      'Draws a figure of each server over time; with an ensemble alone, lists what can be drawn.',
    examples: ['chart orders', 'chart orders latency 1h', 'chart 12', 'chart orders znodes 14d'],
  },
  help: { about: 'All commands, or one of them.', examples: ['help', 'help ack'] },
};

export const commandsEn = {
  about,
  heads: {
    ensemble: 'Ensemble',
    health: 'Health',
    voters: 'Voters serving',
    leader: 'Leader',
    open: 'Open',
    seen: 'Seen',
    incident: 'Incident',
    what: 'What',
    state: 'State',
    since: 'Since',
    time: 'Time',
    quorum: 'Quorum',
    margin: 'May still fail',
    canary: 'Test write',
    version: 'Version',
    connections: 'Connections',
    silence: 'Silence',
    by: 'By',
    reason: 'Why',
    command: 'Command',
    about: 'What it does',
    schedule: 'Schedule',
    onCall: 'On call',
    until: 'Until',
    next: 'Then',
  },
  onCall: {
    none: 'No on-call schedule is configured. Add one under onCall in nightkeeper.yaml.',
    nobody: 'nobody',
    always: 'always',
    override: (schedule: string) => `${schedule}: an override is in force.`,
    fallback: (schedule: string) => `${schedule}: nobody has the turn; this is the fallback.`,
    gap: (schedule: string) =>
      `${schedule}: nobody is on call. Escalations pass over it to the next step.`,
    strangers: (schedule: string, titles: readonly string[]) =>
      `${schedule}: the calendar names somebody who is not in the configuration: ${commonEn.list(titles)}`,
    unread: (schedule: string, why: string) =>
      `${schedule}: the calendar was not read yet${why === '' ? '' : `: ${why}`}.`,
    stale: (schedule: string, ageMs: number, why: string) =>
      `${schedule}: the calendar cannot be read (${why}); this is the copy of ${ago(ageMs)}.`,
  },
  none: '—',
  count: (part: number, whole: number) => `${part} of ${whole}`,
  openCount: (count: number) => `${count} open`,
  notSeen: 'not looked at yet',
  noEnsembles: 'No ensemble is configured. Add one to nightkeeper.yaml.',
  noIncidents: 'Nothing is open.',
  openTitle: (count: number) =>
    byCount(count, 'One incident is open.', `${count} incidents are open.`),
  noSilences: 'Nothing is silenced.',
  silencesTitle: 'Silenced',
  noIncidentsEver: 'There has been no incident yet.',
  timelineTitle: 'Timeline',
  canaryWritten: (ms: number, agoMs: number) => `written in ${duration(ms)}, ${ago(agoMs)}`,
  canaryFailed: (agoMs: number) => `failed ${ago(agoMs)}`,
  versions: (version: string, servers: string) => `${version} (${servers})`,
  done: {
    ack: (id: number, title: string) => `You have incident #${id}: ${title}`,
    joined: (id: number, needed: number) =>
      `You have incident #${id} too; ${counted(needed, 'person', 'people')} must have it, so others are still called.`,
    note: (id: number) => `Your note stands with incident #${id}.`,
    resolve: (id: number) => `Incident #${id} is resolved.`,
    silence: (id: number, scope: string, untilMs: number) =>
      `${scope} is silenced until ${commonEn.time(untilMs)}. To end it sooner: /zk unsilence ${id}`,
    /** Another silence that covers some of the same. */
    silenceBeside: (id: number, scope: string, untilMs: number) =>
      `Silence ${id} covers some of it too: ${scope}, until ${commonEn.time(untilMs)}. What is under both stays quiet until the later end.`,
    freeze: (ensemble: string, untilMs: number) =>
      `Nothing is recovered in ${ensemble === '*' ? 'any ensemble' : ensemble} until ${commonEn.time(untilMs)}. To end it sooner: /zk unfreeze ${ensemble}`,
    unfreeze: (ensemble: string) =>
      `${ensemble === '*' ? 'All ensembles' : ensemble} may be recovered again.`,
    /** Behind what a silence covers, in the list. */
    freezes: { too: 'and nothing is recovered', only: 'nothing is recovered' },
    unsilence: (id: number, scope: string) => `Silence ${id} of ${scope} is over.`,
    unack: (id: number) => `Incident #${id} is given back; the escalation goes on.`,
    escalate: (id: number, to: readonly string[]) =>
      `Incident #${id} escalated to ${commonEn.list(to)}.`,
    dryRun: (what: string, command: string) =>
      `Dry run: ${what} would be allowed now and would run: ${command}. Nothing was done.`,
    recover: (what: string, id: string) => `${what} begins (${id}). Its card says how it goes.`,
  },
  form: restartFormEn,
  silenceForm: {
    title: (scope: string) => `Silence ${scope}?`,
    about: 'Meanwhile nobody is told of it, and its card says so.',
    until: (untilMs: number) => `Until ${commonEn.time(untilMs)} nobody is told of it.`,
    forLabel: 'For how long?',
    for: { '30m': '30 minutes', '2h': '2 hours', '8h': '8 hours', tomorrow: 'Until tomorrow 9:00' },
    untilLabel: 'Or until this moment, in place of the choice above',
    reasonLabel: 'Why? Everybody sees it.',
    submit: 'Silence',
    cancel: 'Not now',
    danger: false,
  },
  noteForm: {
    title: (id: string) => `Note on #${id}`,
    reasonLabel: 'What should the others know? It stands in the timeline and in every thread.',
    submit: 'Write it down',
    cancel: 'Not now',
    danger: false,
  },
  resolveForm: {
    title: (id: string) => `Resolve #${id}?`,
    reasonLabel: 'Why? It is kept in the timeline.',
    submit: 'Resolve',
    cancel: 'Leave it',
    danger: false,
  },
  link: {
    offer:
      'Or link this account to yourself: sign in to the console, say that it is you, and what you pressed is done. The link is good once, for 15 minutes.',
    label: 'Link your account',
  },
  accounts: {
    none: 'Nobody has linked an account. Those of the configuration are not listed here.',
    heads: { account: 'Account', person: 'Person', since: 'Since' },
    removed: (account: string) => `${account} is linked to nobody any more.`,
    missing: (account: string) => `${account} is linked to nobody.`,
  },
  help: {
    usage: 'Write',
    aliases: 'Also',
    role: 'Who may',
    examples: 'For example',
    more: 'More about one: /zk help <command>',
  },
};

export type CommandsWords = typeof commandsEn;
