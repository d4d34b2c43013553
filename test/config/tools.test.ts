import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { ConfigFault } from '../../src/model/config-fault.ts';

function load(ensemble: string, env: Record<string, string> = {}) {
  const text = `ensembles: { o: { servers: [a:1], ${ensemble} } }\n`;
  return loadConfig(text, { env, detectorThresholds: {} });
}

function sound(ensemble: string, env?: Record<string, string>) {
  const result = load(ensemble, env);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

function faults(ensemble: string, env?: Record<string, string>): readonly string[] {
  const result = load(ensemble, env);
  const list: readonly ConfigFault[] = result.ok ? [] : result.faults;
  return list.map(({ path, what }) => `${path} ${what.kind}`);
}

describe('what recoveries need besides a restart', () => {
  it('is read with its defaults', () => {
    const config = sound(
      `restart: { command: [r], dataDir: "/data/{server}", logDir: /log, zkCli: [zkCli.sh, -server, "{host}:{port}"],
        zkAuth: "\${ZK_AUTH}", purge: [purge, "{dataDir}", "{logDir}", "{keep}"] },
      commands: { threads: { argv: [jcmd, "\${PID}"], about: Threads },
        flush: { argv: [f], role: admin, guard: quorum, approvals: 2, timeout: 5s } }`,
      { ZK_AUTH: 'super:s3cret', PID: 'not looked at' },
    );

    expect(config.settings.ensembles[0]?.tools).toEqual({
      dataDir: '/data/{server}',
      logDir: '/log',
      zkCli: ['zkCli.sh', '-server', '{host}:{port}'],
      zkAuth: 'super:s3cret',
      purge: ['purge', '{dataDir}', '{logDir}', '{keep}'],
      commands: {
        threads: { argv: ['jcmd', '${PID}'], about: 'Threads', role: 'operator', guard: 'none' },
        flush: { argv: ['f'], role: 'admin', guard: 'quorum', approvals: 2, timeoutMs: 5000 },
      },
    });
    expect(config.secrets).toEqual(expect.arrayContaining(['super:s3cret', 's3cret']));
  });

  it('is absent where nothing of it is written', () => {
    expect(sound('restart: { command: [r] }').settings.ensembles[0]?.tools).toBeUndefined();
  });

  it('may set how many must agree, for each recovery', () => {
    const { approvals } = sound('approvals: { remove-member: 1, run-command: 2 }').settings
      .ensembles[0] ?? { approvals: undefined };

    expect(approvals?.needed).toEqual({ 'remove-member': 1, 'run-command': 2 });
  });

  it.each<[string, string, Record<string, string>?]>([
    [
      'restart: { command: [r], zkAuth: super:secret }',
      'ensembles.o.restart.zkAuth literal-secret',
    ],
    [
      'restart: { command: [r], zkAuth: "${A}" }',
      'ensembles.o.restart.zkAuth wrong-value',
      { A: 'no colon' },
    ],
    ['restart: { command: [r], dataDir: data }', 'ensembles.o.restart.dataDir wrong-value'],
    [
      'restart: { command: [r], zkCli: ["{hots}"] }',
      'ensembles.o.restart.zkCli[0] unknown-placeholder',
    ],
    [
      'restart: { command: [r], purge: ["{dataDri}"] }',
      'ensembles.o.restart.purge[0] unknown-placeholder',
    ],
    ['commands: { a: { argv: ["{hots}"] } }', 'ensembles.o.commands.a.argv[0] unknown-placeholder'],
    ['commands: { a: { argv: [] } }', 'ensembles.o.commands.a.argv empty-list'],
    ['commands: { a: { argv: [x], guard: maybe } }', 'ensembles.o.commands.a.guard not-one-of'],
    [
      'commands: { a: { argv: [x], approvals: 3 } }',
      'ensembles.o.commands.a.approvals out-of-range',
    ],
    ['approvals: { remove-members: 1 }', 'ensembles.o.approvals.remove-members unknown-key'],
  ])('is a fault where it cannot be: %s', (ensemble, wanted, env) => {
    expect(faults(ensemble, env)).toContain(wanted);
  });
});
