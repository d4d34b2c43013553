import type { Incident, RecoveryMark } from '../../../src/model/incident.ts';
import type { Settings } from '../../../src/model/settings.ts';
import { anEnsembleSettings, anIncident, aPerson, aSettings } from '../../support/builders.ts';

/** 03:12 in the night, UTC. */
export const nightMs = Date.UTC(2026, 10, 21, 3, 12);

/** zk2 of orders is down; nobody was called yet. */
export function aDownServer(overrides: Partial<Incident> = {}): Incident {
  return anIncident({
    severity: 'page',
    grid: [
      { server: 'zk1', role: 'voter', state: 'leader', lag: 0 },
      { server: 'zk2', role: 'voter', state: 'refused' },
      { server: 'zk3', role: 'voter', state: 'follower', lag: 3 },
    ],
    sinceMs: nightMs,
    openedMs: nightMs,
    ...overrides,
  });
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

/** Ada operates orders, Bo administers everything, Cy reads; the ensemble `orders` can be restarted. */
export function nightSettings(overrides: Partial<Settings> = {}): Settings {
  const restart = { kind: 'command', argv: ['restart', '{server}'], timeoutMs: 30_000 } as const;
  return aSettings({
    people: [
      aPerson({
        id: 'ada',
        name: 'Ada',
        roles: { orders: 'operator' },
        handles: { slack: 'U0ADA' },
      }),
      aPerson({ id: 'bo', name: 'Bo', roles: { '*': 'admin' }, handles: { slack: 'U0BO' } }),
      aPerson({
        id: 'cy',
        name: 'Cy',
        roles: { orders: 'viewer' },
        handles: { slack: 'U0CY', dingtalk: 'cy' },
      }),
    ],
    ensembles: [anEnsembleSettings({ restart })],
    publicUrl: 'https://nightkeeper.example/',
    ...overrides,
  });
}
