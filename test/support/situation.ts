import type { Situation } from '../../src/model/recovery-action.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import type { ConfFacts, MemberFacts } from '../../src/model/survey.ts';
import { anEnsembleSettings, aServer, aView, nightMs } from './builders.ts';

/** A healthy ensemble of three that zk1 leads, as somebody sees it who wants to do something to zk2. */
export function aSituation(
  overrides: Partial<Omit<Situation, 'server' | 'settings'>> & {
    readonly server?: string | Situation['server'];
    readonly settings?: Partial<EnsembleSettings>;
  } = {},
): Situation {
  const { server: who = 'zk2', settings, view = aView(), ...rest } = overrides;
  const server =
    typeof who === 'string'
      ? (view.ensemble.servers.find(({ id }) => id === who) ?? aServer({ id: who }))
      : who;
  return {
    ensemble: view.ensemble,
    view,
    server,
    settings: anEnsembleSettings({
      restart: {
        kind: 'command',
        argv: ['true'],
        stop: ['true'],
        start: ['true'],
        on: [],
        timeoutMs: 1000,
      },
      ...settings,
    }),
    running: undefined,
    recent: [],
    confs: {},
    ...rest,
  };
}

/** What `conf` of a server says: its folders, and the members as of a version. */
export function aConf(
  serverId: number,
  overrides: Partial<ConfFacts> & { readonly sids?: readonly number[] } = {},
): ConfFacts {
  const { sids = [1, 2, 3], ...rest } = overrides;
  return {
    atMs: nightMs,
    serverId,
    dataDir: '/data/version-2',
    dataLogDir: '/data/version-2',
    version: '0x100000000',
    members: sids.map(aMember),
    ...rest,
  };
}

export function aMember(sid: number): MemberFacts {
  const host = `10.0.0.${sid}`;
  return {
    sid,
    quorum: { host, port: 2888 },
    electionPort: 3888,
    role: 'voter',
    client: { host, port: 2181 },
  };
}
