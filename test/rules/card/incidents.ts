import type { Incident, RecoveryMark } from '../../../src/model/incident.ts';
import type { EnsembleSettings, Settings } from '../../../src/model/settings.ts';

/** 03:12 in the night, UTC. */
export const nightMs = Date.UTC(2026, 10, 21, 3, 12);

/** zk2 of orders is down; nobody was called yet. */
export function aDownServer(overrides: Partial<Incident> = {}): Incident {
  return {
    id: 12,
    fingerprint: 'orders/member-down/zk2',
    ensemble: 'orders',
    detector: 'member-down',
    subject: { ensemble: 'orders', server: 'zk2' },
    state: 'triggered',
    version: 1,
    severity: 'page',
    facts: {
      voters: 3,
      serving: 2,
      quorum: 2,
      missing: ['zk2'],
      role: 'voter',
      reason: 'refused',
      led: false,
    },
    evidence: ['ECONNREFUSED 10.0.0.2:2181'],
    symptoms: [],
    grid: [
      { server: 'zk1', role: 'voter', state: 'leader', lag: 0 },
      { server: 'zk2', role: 'voter', state: 'refused' },
      { server: 'zk3', role: 'voter', state: 'follower', lag: 3 },
    ],
    sinceMs: nightMs,
    openedMs: nightMs,
    escalationStep: 0,
    ...overrides,
  };
}

export function aRecoveryMark(overrides: Partial<RecoveryMark> = {}): RecoveryMark {
  return {
    id: 'r-7',
    action: 'restart-server',
    server: 'zk2',
    state: 'running',
    by: 'ada',
    name: 'Ada',
    via: 'slack',
    reason: 'hung since 3',
    atMs: nightMs + 60_000,
    ...overrides,
  };
}

const orders: EnsembleSettings = {
  id: 'orders',
  servers: ['zk1', 'zk2', 'zk3'].map((id, index) => ({
    id,
    client: { host: `10.0.0.${index + 1}`, port: 2181 },
    role: 'voter' as const,
  })),
  discover: false,
  timing: { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 },
  probe: { everyMs: 5000, timeoutMs: 2000 },
  sensors: { sessions: true, canary: true, pingEveryMs: 500 },
  thresholds: {},
  restart: { kind: 'command', argv: ['restart', '{server}'], timeoutMs: 30_000 },
  restartCooldownMs: 30 * 60_000,
};

/** Ada operates orders, Bo administers everything, Cy reads; the ensemble `orders` can be restarted. */
export function nightSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    language: 'en',
    people: [
      {
        kind: 'person',
        id: 'ada',
        name: 'Ada',
        roles: { orders: 'operator' },
        handles: { slack: 'U0ADA' },
      },
      { kind: 'person', id: 'bo', name: 'Bo', roles: { '*': 'admin' }, handles: { slack: 'U0BO' } },
      {
        kind: 'person',
        id: 'cy',
        name: 'Cy',
        roles: { orders: 'viewer' },
        handles: { slack: 'U0CY', dingtalk: 'cy' },
      },
    ],
    ensembles: [orders],
    destinations: [],
    routes: [],
    publicUrl: 'https://nightkeeper.example/',
    ...overrides,
  };
}
