import type { ConfigTrouble } from '../../../../model/config-fault.ts';
import { commonEn } from '../common/en.ts';
import { clock } from '../durations.ts';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `Monday 18:00` */
function weekTime(at: { readonly weekday: number; readonly minute: number }): string {
  return `${weekdays[at.weekday]} ${clock(at.minute)}`;
}

const callTroubles = [
  'unreachable-person',
  'window-overlaps',
  'windows-meet',
  'group-cycle',
  'names-nobody',
  'nothing-to-repeat',
  'empty-schedule',
  'one-calendar',
  'ends-before',
  'on-call-hole',
  'matches-nothing',
  'unheard',
] as const;

/** Of what is wrong with a configuration, the part about who is called when. */
export type CallTrouble = Extract<ConfigTrouble, { kind: (typeof callTroubles)[number] }>;

export function isCallTrouble(what: ConfigTrouble): what is CallTrouble {
  return callTroubles.some((kind) => kind === what.kind);
}

/** What is wrong with windows, routes, escalations and on-call schedules. */
export function callTroubleEn(what: CallTrouble): string {
  switch (what.kind) {
    case 'unreachable-person':
      return `${what.person} cannot be called here: add the Slack member id ("slack: U…") to this person`;
    case 'window-overlaps':
      return `the next window begins ${commonEn.duration(what.gapMs)} after this one does, before it is over; shorten "for" or repeat it less often`;
    case 'windows-meet':
      return `the windows ${what.window} and ${what.other} (line ${what.otherLine}) meet, the first time at ${commonEn.time(what.atMs)}: what both cover stays quiet until the later one ends`;
    case 'group-cycle':
      return `these groups hold each other: ${what.groups.join(' → ')}`;
    case 'names-nobody':
      return 'this step calls nobody: say whom in "to", as people, { group: … } or { oncall: … }';
    case 'nothing-to-repeat':
      return 'there is no escalation here that could be repeated';
    case 'empty-schedule':
      return 'this schedule has nobody: give it a rotation, layers, overrides or ical';
    case 'one-calendar':
      return 'a calendar is read from one place: set either url or file';
    case 'ends-before':
      return `${what.to} is not after ${what.from}`;
    case 'on-call-hole':
      return `nobody is on call in ${what.schedule} from ${weekTime(what)} of every week on: fill the hole, or name a fallback`;
    case 'matches-nothing':
      return 'this route matches nothing: it leaves every detector out';
    case 'unheard':
      return unheard(what);
  }
}

/** `These incidents would be heard by nobody but the console: orders, users; warn; from Monday 18:00.` */
function unheard(what: Extract<ConfigTrouble, { kind: 'unheard' }>): string {
  const parts = [
    what.ensembles.join(', '),
    what.severities.join(' and '),
    ...(what.detectors.length === 0 ? [] : [what.detectors.join(', ')]),
    ...(what.from === undefined
      ? []
      : [`some hours of the week, the first from ${weekTime(what.from)}`]),
  ];
  return `these incidents would be heard by nobody but the console: ${parts.join('; ')}`;
}
