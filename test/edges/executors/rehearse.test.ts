import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandExecutor } from '../../../src/edges/executors/command.ts';
import { rehearsalOf } from '../../../src/edges/executors/rehearse.ts';
import { createSshExecutor } from '../../../src/edges/executors/ssh.ts';
import type { Server } from '../../../src/model/ensemble.ts';
import type { CommandSettings, SshSettings } from '../../../src/model/settings.ts';
import { examineRestart } from '../../../src/pipeline/examine-restart.ts';
import type { Executor } from '../../../src/ports/executor.ts';
import { type Sshd, startSshd } from '../../servers/sshd.ts';
import { freePort } from '../../support/bot-process.ts';

const zk2: Server = { id: 'zk2', client: { host: '127.0.0.1', port: 2181 }, role: 'voter' };

describe('the rehearsal of a command', () => {
  it.each([
    [
      ['sudo', 'systemctl', 'restart', 'zk'],
      ['sudo', '-n', '-l', 'systemctl', 'restart', 'zk'],
    ],
    [
      ['/usr/bin/sudo', '-u', 'zk', 'x'],
      ['/usr/bin/sudo', '-n', '-l', '-u', 'zk', 'x'],
    ],
  ])('%j asks sudo', (argv, rehearsed) => {
    expect(rehearsalOf(argv)).toEqual({ what: 'sudo', argv: rehearsed });
  });

  it('looks for the program otherwise', () => {
    expect(rehearsalOf(['systemctl', 'restart'])).toMatchObject({ what: 'program' });
    expect(rehearsalOf(['systemctl', 'restart']).argv.at(-1)).toBe('systemctl');
  });
});

describe('the way of a restart', () => {
  let sshd: Sshd;

  beforeAll(async () => {
    sshd = await startSshd();
  }, 30_000);

  afterAll(() => sshd.close());

  function over(change: Partial<SshSettings> = {}): SshSettings {
    return {
      kind: 'ssh',
      argv: ['touch', join(sshd.dir, 'restarted')],
      user: sshd.user,
      host: '{host}',
      port: sshd.port,
      login: { kind: 'key', file: sshd.keyFile },
      trust: { kind: 'known-hosts', file: sshd.knownHostsFile },
      connectTimeoutMs: 20_000,
      timeoutMs: 20_000,
      ...change,
    };
  }

  const local = (argv: readonly string[]): CommandSettings => ({
    kind: 'command',
    argv,
    timeoutMs: 20_000,
  });

  async function examine(restart: SshSettings | CommandSettings) {
    const env = { PATH: process.env['PATH'] };
    const executor = restart.kind === 'ssh' ? createSshExecutor(env) : createCommandExecutor(env);
    const { signal } = new AbortController();
    return await examineRestart(() => executor, { id: 'orders', restart }, [zk2], signal);
  }

  it('is open, and nothing is restarted', async () => {
    expect(await examine(over())).toMatchObject([
      { code: 'restart-ready', about: 'orders zk2', facts: { what: 'program' } },
    ]);
    expect(existsSync(join(sshd.dir, 'restarted'))).toBe(false);
  });

  it('is closed by a key that nobody knows', async () => {
    const login = { kind: 'key', file: sshd.strangerKeyFile } as const;

    expect(await examine(over({ login }))).toMatchObject([{ code: 'restart-login' }]);
  });

  it('is closed where the machine is not the one that is trusted', async () => {
    const trust = { kind: 'fingerprints', sha256: [`SHA256:${'A'.repeat(43)}`] } as const;

    expect(await examine(over({ trust }))).toMatchObject([
      { code: 'restart-host-key', facts: { isNew: false } },
    ]);
  });

  it('is closed where nobody listens', async () => {
    expect(await examine(over({ port: await freePort() }))).toMatchObject([
      { code: expect.stringMatching(/^restart-(?:away|host-key)$/u) as string, outcome: 'wrong' },
    ]);
  });

  it('ends at a program that is not there', async () => {
    const argv = ['/opt/no-such-program', 'restart'];

    expect(await examine(over({ argv }))).toMatchObject([{ code: 'restart-program' }]);
    expect(await examine(local(argv))).toMatchObject([{ code: 'restart-program' }]);
  });

  it('is open on this machine', async () => {
    expect(await examine(local(['true']))).toMatchObject([{ code: 'restart-ready' }]);
  });

  it('is not there where none is configured, nor told where an executor has no check', async () => {
    const { signal } = new AbortController();
    const blind: Executor = {
      kind: 'command',
      can: () => true,
      describe: () => '',
      run: () => Promise.reject(new Error('nothing runs')),
    };

    expect(await examineRestart(() => blind, { id: 'orders' }, [zk2], signal)).toMatchObject([
      { code: 'restart-none' },
    ]);
    const settings = { id: 'orders', restart: local(['true']) };
    expect(await examineRestart(() => blind, settings, [zk2], signal)).toMatchObject([
      { code: 'restart-unchecked', outcome: 'unchecked' },
    ]);
  });
});
