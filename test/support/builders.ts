import { defaultTiming, type Ensemble, type Server } from '../../src/model/ensemble.ts';
import type { EnsembleView, Finding } from '../../src/model/finding.ts';
import type { GridCell, Incident, RecoveryMark, Stamp, Symptom } from '../../src/model/incident.ts';
import type { IncidentEvent, Intent } from '../../src/model/incident-event.ts';
import type { DeliveryRecord, Destination } from '../../src/model/notification.ts';
import type { Person } from '../../src/model/person.ts';
import type { Recovery } from '../../src/model/recovery.ts';
import type {
  Failure,
  FailureReason,
  Mode,
  Notice,
  Reading,
  Sample,
} from '../../src/model/sample.ts';
import type { EnsembleSettings, RouteSettings, Settings } from '../../src/model/settings.ts';

/** The moment every builder speaks of, unless it is told otherwise: 21 November 2026, 3 a.m. */
export const nightMs = Date.UTC(2026, 10, 21, 3, 0, 0);

/** A voter `zk1` with its own port, so that no two of an ensemble meet. */
export function aServer(overrides: Partial<Server> = {}): Server {
  const id = overrides.id ?? 'zk1';
  const number = Number(/\d+$/u.exec(id)?.[0] ?? 1);
  return {
    id,
    client: { host: '10.0.0.' + String(number), port: 2181 },
    sid: number,
    role: 'voter',
    ...overrides,
  };
}

/** `orders`: three voters zk1, zk2, zk3 unless told otherwise; observers are numbered on. */
export function anEnsemble(
  overrides: Partial<Ensemble> & { readonly voters?: number; readonly observers?: number } = {},
): Ensemble {
  const { voters = 3, observers = 0, ...rest } = overrides;
  const servers = Array.from({ length: voters + observers }, (_, index) =>
    aServer({ id: `zk${index + 1}`, role: index < voters ? 'voter' : 'observer' }),
  );
  return { id: 'orders', servers, timing: defaultTiming, ...rest };
}

/** What a healthy follower answers. */
export function aReading(overrides: Partial<Reading> = {}): Reading {
  return {
    kind: 'reading',
    server: 'zk1',
    atMs: nightMs,
    tookMs: 3,
    mode: 'follower',
    source: 'mntr',
    metrics: { uptime: 3_600_000, looking_count: 1, num_alive_connections: 4 },
    zxid: '0x100000005',
    version: '3.8.0',
    ...overrides,
  };
}

/** A refused connection. A timeout is one of a standing connection unless `connected` says otherwise. */
export function aFailure(overrides: Partial<Failure> = {}): Failure {
  const { server = 'zk1', reason = 'refused' } = overrides;
  return {
    kind: 'failure',
    server,
    atMs: nightMs,
    tookMs: 1,
    reason,
    connected: reason === 'timeout' || reason === 'reset' || reason === 'not-serving',
    detail: `${server} ${reason}`,
    ...overrides,
  };
}

/** What a server shows: a mode, why it says nothing, or `cut` (the connection itself times out). */
export type State = Mode | FailureReason | 'cut';

/** One sample in that state. */
export function aSample(server: string, state: State, atMs = nightMs): Sample {
  if (state === 'cut') return aFailure({ server, reason: 'timeout', connected: false, atMs });
  return isMode(state)
    ? aReading({ server, mode: state, atMs })
    : aFailure({ server, reason: state, atMs });
}

const modes: readonly string[] = ['leader', 'follower', 'observer', 'standalone', 'read-only'];

function isMode(state: Mode | FailureReason): state is Mode {
  return modes.includes(state);
}

/** One look: `samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'refused' })`. A leader counts the followers of the look as in sync. */
export function samplesOf(
  states: Readonly<Record<string, State>>,
  atMs = nightMs,
): Record<string, Sample> {
  const followers = Object.values(states).filter((state) => state === 'follower').length;
  return Object.fromEntries(
    Object.entries(states).map(([server, state]) => {
      const sample = aSample(server, state, atMs);
      return [
        server,
        sample.kind === 'reading' && sample.mode === 'leader'
          ? { ...sample, metrics: { ...sample.metrics, synced_followers: followers } }
          : sample,
      ];
    }),
  );
}

/** Three servers, zk1 leads, all is well. `states` draws another look. */
export function aView(
  overrides: Partial<EnsembleView> & { readonly states?: Readonly<Record<string, State>> } = {},
): EnsembleView {
  const { states = { zk1: 'leader', zk2: 'follower', zk3: 'follower' }, ...rest } = overrides;
  const atMs = overrides.atMs ?? nightMs;
  return {
    ensemble: anEnsemble(),
    atMs,
    samples: samplesOf(states, atMs),
    history: {},
    notices: [],
    thresholds: {},
    ...rest,
  };
}

export function aNotice(overrides: Partial<Notice> = {}): Notice {
  return {
    kind: 'broken',
    server: 'zk1',
    atMs: nightMs,
    detail: 'connection closed',
    ...overrides,
  };
}

/** zk2 refuses connections: the plainest of faults. */
export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    detector: 'member-down',
    subject: { ensemble: 'orders', server: 'zk2' },
    verdict: 'firing',
    severity: 'warn',
    conclusive: true,
    facts: {
      voters: 3,
      serving: 2,
      quorum: 2,
      missing: ['zk2'],
      role: 'voter',
      reason: 'refused',
      led: false,
    },
    evidence: ['zk2 ECONNREFUSED 10.0.0.2:2181'],
    ...overrides,
  };
}

/** A grid: `aGrid({ zk1: 'leader', zk2: 'refused' })`. */
export function aGrid(
  states: Readonly<Record<string, GridCell['state']>> = {
    zk1: 'leader',
    zk2: 'refused',
    zk3: 'follower',
  },
): readonly GridCell[] {
  return Object.entries(states).map(([server, state]) => ({ server, role: 'voter', state }));
}

export function aSymptom(overrides: Partial<Symptom> = {}): Symptom {
  const { detector, subject, severity, facts } = aFinding();
  return { detector, subject, severity, facts, sinceMs: nightMs, ...overrides };
}

export function aStamp(overrides: Partial<Stamp> = {}): Stamp {
  return { by: 'ann', name: 'Ann', via: 'slack', atMs: nightMs, ...overrides };
}

/** A quiet card about zk2: triggered, nobody called yet. The fingerprint follows detector and subject. */
export function anIncident(overrides: Partial<Incident> = {}): Incident {
  const { detector, subject, severity, facts, evidence } = aFinding();
  const named = { detector, subject, ...overrides };
  return {
    id: 12,
    fingerprint: `${named.subject.ensemble}/${named.detector}/${named.subject.server ?? ''}`,
    ensemble: 'orders',
    detector,
    subject,
    state: 'triggered',
    version: 1,
    severity,
    facts,
    evidence,
    symptoms: [],
    grid: aGrid(),
    sinceMs: nightMs,
    openedMs: nightMs,
    escalationStep: 0,
    ...overrides,
  };
}

type TriggerIntent = Extract<Intent, { readonly kind: 'trigger' }>;
type TriggeredEvent = Extract<IncidentEvent, { readonly kind: 'triggered' }>;

/** Asks for the incident that `anIncident` is. */
export function aTrigger(overrides: Partial<TriggerIntent> = {}): TriggerIntent {
  const { fingerprint, detector, subject, severity, facts, evidence, symptoms, grid, sinceMs } =
    anIncident();
  return {
    kind: 'trigger',
    fingerprint,
    detector,
    subject,
    severity,
    facts,
    evidence,
    symptoms,
    grid,
    sinceMs,
    page: false,
    ...overrides,
  };
}

/** Begins the incident that `anIncident` is. */
export function aTriggeredEvent(overrides: Partial<TriggeredEvent> = {}): TriggeredEvent {
  const { page: _, ...rest } = aTrigger();
  return { ...rest, kind: 'triggered', atMs: nightMs, ...overrides };
}

export function aRecovery(overrides: Partial<Recovery> = {}): Recovery {
  return {
    id: 'r-7',
    action: 'restart-server',
    ensemble: 'orders',
    server: 'zk2',
    requested: aStamp(),
    reason: 'hung since 3 a.m.',
    state: 'requested',
    version: 1,
    fence: 1,
    guards: [],
    ...overrides,
  };
}

/** What a card says of a restart that Ann asked for. */
export function aRecoveryMark(overrides: Partial<RecoveryMark> = {}): RecoveryMark {
  const { id, action, server, reason, requested } = aRecovery();
  return { id, action, server, state: 'running', reason, ...requested, ...overrides };
}

/** Ann may do everything. */
export function aPerson(overrides: Partial<Person> = {}): Person {
  return {
    kind: 'person',
    id: 'ann',
    name: 'Ann',
    roles: { '*': 'admin' },
    handles: { slack: 'U0ANN' },
    ...overrides,
  };
}

export function aDestination(overrides: Partial<Destination> = {}): Destination {
  return { id: 'ops', channel: 'slack', address: 'C0OPS', language: 'en', ...overrides };
}

export function aRoute(overrides: Partial<RouteSettings> = {}): RouteSettings {
  return {
    ensembles: [],
    severities: [],
    when: [],
    destinations: ['ops'],
    escalation: [],
    ...overrides,
  };
}

/** What a destination was told of incident 12: nothing yet. */
export function aDeliveryRecord(overrides: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    ensemble: 'orders',
    incident: 12,
    destination: 'ops',
    spoken: [],
    failures: 0,
    ...overrides,
  };
}

export function anEnsembleSettings(overrides: Partial<EnsembleSettings> = {}): EnsembleSettings {
  return {
    id: 'orders',
    servers: anEnsemble().servers,
    discover: false,
    timing: defaultTiming,
    probe: { everyMs: 5000, timeoutMs: 2000 },
    sensors: { sessions: true, canary: true, pingEveryMs: 500 },
    thresholds: {},
    restartCooldownMs: 600_000,
    ...overrides,
  };
}

/** One ensemble, one person, one destination, one route. */
export function aSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    language: 'en',
    people: [aPerson()],
    ensembles: [anEnsembleSettings()],
    destinations: [aDestination()],
    routes: [aRoute()],
    groups: [],
    onCall: [],
    ...overrides,
  };
}
