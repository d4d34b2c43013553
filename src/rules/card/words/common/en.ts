import type { ServerRole } from '../../../../model/ensemble.ts';
import type { Severity } from '../../../../model/finding.ts';
import type { GridCell, IncidentState } from '../../../../model/incident.ts';
import type { Role } from '../../../../model/person.ts';
import type { EnsembleStatus } from '../../../../model/status.ts';
import { bounded, listedMax } from '../bounds.ts';
import { duration, latency, momentParts, type Units } from '../durations.ts';

const units: Units = { ms: ' ms', s: ' s', min: ' min', h: ' h', d: ' d' };
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const severity: Readonly<Record<Severity, string>> = {
  page: 'Page',
  warn: 'Warning',
  info: 'Info',
};

const roles: Readonly<Record<ServerRole, string>> = { voter: 'voter', observer: 'observer' };

const states: Readonly<Record<GridCell['state'], string>> = {
  leader: 'leader',
  follower: 'follower',
  observer: 'observer',
  standalone: 'standalone',
  'read-only': 'read-only',
  refused: 'down: connection refused',
  reset: 'down: connection reset',
  unreachable: 'unreachable: no route to the host',
  timeout: 'no answer',
  unresolved: 'host name does not resolve',
  'not-allowed': 'not readable: no word is whitelisted',
  'not-serving': 'running, not serving',
  garbled: 'unreadable answer',
  tls: 'TLS handshake failed',
  unknown: 'not seen yet',
};

const health: Readonly<Record<EnsembleStatus['health'], string>> = {
  healthy: 'healthy',
  degraded: 'degraded',
  down: 'no quorum',
  unknown: 'unknown',
};

const incidentStates: Readonly<Record<IncidentState, string>> = {
  triggered: 'open',
  acknowledged: 'acknowledged',
  resolved: 'resolved',
};

const personRoles: Readonly<Record<Role | 'everyone', string>> = {
  viewer: 'viewer',
  operator: 'operator',
  admin: 'admin',
  everyone: 'everyone',
};

const vias: Readonly<Record<string, string>> = {
  slack: 'Slack',
  dingtalk: 'DingTalk',
  console: 'the console',
  cli: 'the command line',
  api: 'the API',
  timer: 'the escalation clock',
  auto: 'automatic recovery',
  drill: 'the end of the DRILL',
  configuration: 'the configuration',
  nightkeeper: 'Nightkeeper',
};

export const commonEn = {
  duration: (ms: number) => duration(ms, units),
  latency: (ms: number) => latency(ms, units),
  ago: (ms: number) => `${duration(ms, units)} ago`,
  /** `21 Nov 03:12 UTC` */
  time: (atMs: number) => {
    const { day, month, clock } = momentParts(atMs);
    return `${day} ${months[month - 1]} ${clock} UTC`;
  },
  /** `27 Nov 09:00 Europe/Berlin` */
  timeIn: (atMs: number, zone: string) => {
    const { day, month, clock } = momentParts(atMs, zone);
    return `${day} ${months[month - 1]} ${clock} ${zone}`;
  },
  list: (items: readonly string[]) => bounded(items, listedMax, commonEn.more).join(', '),
  more: (count: number) => `… ${count} more`,
  via: (via: string) => vias[via] ?? via,
  /** Above lines that a typed one can become. */
  youCouldWrite: 'You could write:',
  asksTheRest: 'asks for the rest',
  /** Parts of one line. */
  join: (parts: readonly string[]) => parts.filter((part) => part !== '').join(' · '),
  /** Sentences of one paragraph. */
  sentences: (parts: readonly string[]) => parts.filter((part) => part !== '').join(' '),
  severity,
  roles,
  states,
  health,
  incidentStates,
  personRoles,
};

export type CommonWords = typeof commonEn;
