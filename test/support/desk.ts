import { createTimetable } from '../../src/edges/timetable/timetable.ts';
import type { AuditEntry } from '../../src/model/audit.ts';
import { type Diagnosis, diagnose } from '../../src/model/diagnosis.ts';
import type { DrillState } from '../../src/model/drill.ts';
import type { Incident, IncidentId } from '../../src/model/incident.ts';
import type { IncidentEvent } from '../../src/model/incident-event.ts';
import type { OnCallNow } from '../../src/model/on-call.ts';
import { covers, roleIn } from '../../src/model/person.ts';
import type { EvidencePack, Recovery } from '../../src/model/recovery.ts';
import { type Refusal, refuse } from '../../src/model/refusal.ts';
import type { Sample } from '../../src/model/sample.ts';
import type { Silence } from '../../src/model/silence.ts';
import type { EnsembleStatus } from '../../src/model/status.ts';
import type { Trends } from '../../src/model/trend.ts';
import type { AccountLink } from '../../src/ports/account-links.ts';
import type {
  Automation,
  BackupsNow,
  Desk,
  RecoveryPreview,
  TestRound,
} from '../../src/ports/command.ts';
import { scopeText, silenceFault } from '../../src/rules/routing/silences.ts';
import {
  anEnsembleSettings,
  aPerson,
  aRecovery,
  aServer,
  aSettings,
  aStamp,
  nightMs,
} from './builders.ts';

const timetable = createTimetable();

export interface DeskWorld {
  readonly incidents: readonly Incident[];
  readonly events: Readonly<Record<IncidentId, readonly IncidentEvent[]>>;
  readonly statuses: readonly EnsembleStatus[];
  readonly onCall: readonly OnCallNow[];
  /** Newest first. */
  readonly audit: readonly AuditEntry[];
  readonly recoveries: readonly Recovery[];
  readonly evidence: readonly EvidencePack[];
  readonly samples: readonly Sample[];
  readonly diagnoses: readonly Diagnosis[];
  readonly round: TestRound;
  readonly trends: Trends;
  readonly silences: readonly Silence[];
  readonly links: readonly AccountLink[];
  readonly automation: Automation;
  readonly backups: BackupsNow;
  readonly drills: readonly DrillState[];
  /** Answered to every preview. */
  readonly preview: RecoveryPreview | Refusal;
  /** Answered to every request that would change something, in place of doing it. */
  readonly refusal: Refusal;
}

/** A desk in memory: what it was asked to change is in `asked`, in order. */
export interface TestDesk extends Desk {
  readonly asked: readonly string[];
}

/** Ann, who may do everything, at a desk with the ensembles `orders` (can be restarted) and `users` (cannot). */
export function aDesk(world: Partial<DeskWorld> = {}, overrides: Partial<Desk> = {}): TestDesk {
  const asked: string[] = [];
  const incidents = world.incidents ?? [];
  const settings = aSettings({
    ensembles: [
      anEnsembleSettings({
        restart: { kind: 'command', argv: ['systemctl', 'restart', '{server}'], timeoutMs: 30_000 },
        tools: {
          commands: { threaddump: { argv: ['jcmd'], role: 'operator', guard: 'none' } },
        },
        backup: {
          dir: '/var/backups',
          keep: { last: 7, daily: 0, weekly: 0 },
          root: '/',
          perSecondMax: 2000,
        },
      }),
      anEnsembleSettings({ id: 'users', servers: [aServer({ id: 'zk9' })] }),
    ],
  });
  const change = (
    what: string,
    id: IncidentId,
    after: Partial<Incident>,
  ): Promise<Incident | Refusal> => {
    asked.push(`${what} ${id}`);
    const incident = incidents.find((each) => each.id === id);
    if (incident === undefined || world.refusal !== undefined)
      return Promise.resolve(world.refusal ?? refuse('unknown-incident', { incident: id }));
    return Promise.resolve({ ...incident, ...after });
  };
  const desk: TestDesk = {
    asked,
    origin: { via: 'console', actor: aPerson() },
    language: 'en',
    nowMs: nightMs + 60_000,
    settings,
    commands: [],
    ensemble: (id) => desk.settings.ensembles.find((each) => each.id === id),
    status: (id) => Promise.resolve(world.statuses?.find((each) => each.ensemble === id)),
    backups: (ensemble) => Promise.resolve(world.backups ?? { history: { ensemble, kept: [] } }),
    askForBackup: (ensemble) => {
      asked.push(`backup ${ensemble}`);
      return Promise.resolve();
    },
    linkedAccounts: () => Promise.resolve(world.links ?? []),
    unlinkAccount: (via, handle) => {
      asked.push(`unlink ${via}:${handle}`);
      return Promise.resolve(world.links?.some((one) => one.handle === handle) === true);
    },
    person: (id) => settings.people.find((each) => each.id === id),
    permit: (role, ensemble) =>
      covers(roleIn(desk.origin.actor, ensemble), role)
        ? undefined
        : refuse('not-permitted', { role, ensemble }),
    incident: (id) => Promise.resolve(incidents.find((each) => each.id === id)),
    openIncidents: (ensemble) =>
      Promise.resolve(
        incidents.filter(
          (each) =>
            each.state !== 'resolved' && (ensemble === undefined || each.ensemble === ensemble),
        ),
      ),
    recentIncidents: (ensemble, limit) =>
      Promise.resolve(
        incidents
          .filter((each) => ensemble === undefined || each.ensemble === ensemble)
          .slice(0, limit),
      ),
    events: (id) => Promise.resolve(world.events?.[id] ?? []),
    audit: (ensemble, limit) =>
      Promise.resolve(
        (world.audit ?? []).filter((each) => each.ensemble === ensemble).slice(0, limit),
      ),
    recoveries: ({ id }) =>
      Promise.resolve((world.recoveries ?? []).filter((each) => each.incident === id)),
    trends: () => Promise.resolve(world.trends ?? {}),
    paint: (name, svg, alt) => {
      asked.push(`paint ${name}`);
      return Promise.resolve({
        name: `${name}.png`,
        mediaType: 'image/png',
        alt,
        base64: Buffer.from(svg).toString('base64'),
      });
    },
    history: (_ensemble, server, limit) =>
      Promise.resolve((world.samples ?? []).filter((each) => each.server === server).slice(-limit)),
    acknowledge: (id) =>
      change('acknowledge', id, { state: 'acknowledged', acknowledged: aStamp() }),
    unacknowledge: (id) => change('unacknowledge', id, { state: 'triggered' }),
    note: (id, text) => change(`note (${text})`, id, {}),
    resolve: (id, reason) => change(`resolve (${reason})`, id, { state: 'resolved' }),
    silence: (request) => {
      const { scope, untilMs, reason, freezes } = request;
      const verb = freezes === undefined ? 'silence' : 'freeze';
      asked.push(
        `${verb} ${scopeText(scope)} for ${(untilMs - desk.nowMs) / 60_000} min (${reason})`,
      );
      return Promise.resolve(
        silenceFault(request, world.silences ?? [], desk.nowMs) ?? {
          id: 3,
          scope,
          reason,
          set: aStamp(),
          startMs: desk.nowMs,
          endMs: untilMs,
          ...(freezes === undefined ? {} : { freezes }),
        },
      );
    },
    unsilence: (id) => {
      asked.push(`unsilence ${id}`);
      const found = world.silences?.find((each) => each.id === id);
      return Promise.resolve(found ?? refuse('unknown-silence', { silence: id }));
    },
    silences: () => Promise.resolve(world.silences ?? []),
    nextTime: (pattern, afterMs) => timetable.next(pattern, settings.timeZone ?? 'UTC', afterMs),
    escalate: (id) => change('escalate', id, { escalated: { ...aStamp(), to: ['ann'] } }),
    onCall: () =>
      Promise.resolve(
        world.onCall ?? [
          { schedule: 'orders', zone: 'UTC', people: ['ann'], source: 'rotation', strangers: [] },
        ],
      ),
    previewRecovery: (action, ensemble, server) => {
      asked.push(`preview ${action} ${ensemble} ${server}`);
      return Promise.resolve(
        world.preview ?? {
          verdict: { kind: 'allow', facts: {} },
          command: `systemctl restart ${server}`,
        },
      );
    },
    examine: (ensemble) => {
      asked.push(`examine ${ensemble ?? 'everything'}`);
      return Promise.resolve(world.diagnoses ?? []);
    },
    testMail: (to) => {
      asked.push(`mail to ${to}`);
      return Promise.resolve(diagnose('mail-sent', to));
    },
    postTest: (destination) => {
      asked.push(`post a test card to ${destination ?? 'every chat'}`);
      return Promise.resolve(world.round);
    },
    testRound: (id) => Promise.resolve(world.round?.id === id ? world.round.diagnoses : undefined),
    pressTest: (id) => {
      asked.push(`press ${id}`);
      return Promise.resolve(world.diagnoses?.[0]);
    },
    recovery: (id) => Promise.resolve(world.recoveries?.find((each) => each.id === id)),
    evidence: () => Promise.resolve(world.evidence ?? []),
    previewApproval: (id) => {
      asked.push(`preview ${id}`);
      return Promise.resolve(
        world.preview ?? {
          verdict: { kind: 'allow', facts: {} },
          command: 'systemctl restart zk2',
        },
      );
    },
    approve: (id, reason) => {
      asked.push(`approve ${id} (${reason})`);
      const found = world.recoveries?.find((each) => each.id === id);
      return Promise.resolve(
        world.refusal ?? found ?? refuse('unknown-recovery', { recovery: id }),
      );
    },
    reject: (id, reason) => {
      asked.push(`reject ${id} (${reason})`);
      const found = world.recoveries?.find((each) => each.id === id);
      return Promise.resolve(
        world.refusal ?? found ?? refuse('unknown-recovery', { recovery: id }),
      );
    },
    abort: (id, reason) => {
      asked.push(`abort ${id} (${reason})`);
      const found = world.recoveries?.find((each) => each.id === id);
      if (world.refusal !== undefined || found === undefined)
        return Promise.resolve(world.refusal ?? refuse('unknown-recovery', { recovery: id }));
      return Promise.resolve({ recovery: found, how: 'before' });
    },
    drills: () => Promise.resolve(world.drills ?? []),
    startDrill: ({ recording, ensemble, anyway }) => {
      asked.push(`drill ${recording} ${ensemble}${anyway ? ' anyway' : ''}`);
      return Promise.resolve(
        world.refusal ?? {
          id: 'd-1',
          recording,
          ensemble,
          started: aStamp(),
          untilMs: 9e12,
          beside: [],
        },
      );
    },
    stopDrill: (ensemble) => {
      asked.push(`stop drill ${ensemble}`);
      return Promise.resolve(
        world.refusal ?? { atMs: nightMs, why: 'stopped', name: 'Ann', report: {} },
      );
    },
    automation: () => Promise.resolve(world.automation ?? { off: [], coming: [], done: [] }),
    switchAutomation: (scope, to, reason) => {
      asked.push(`auto ${to} ${scope} (${reason})`);
      return Promise.resolve(world.refusal);
    },
    requestRecovery: ({ action, ensemble, server, reason, incident }) => {
      asked.push(
        `${action} ${ensemble} ${server} (${reason})${incident ? ` for #${incident}` : ''}`,
      );
      return Promise.resolve(world.refusal ?? aRecovery({ action, ensemble, server, reason }));
    },
    ...overrides,
  };
  return desk;
}
