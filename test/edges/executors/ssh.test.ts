import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSshExecutor } from '../../../src/edges/executors/ssh.ts';
import type { Server } from '../../../src/model/ensemble.ts';
import type { Order } from '../../../src/model/order.ts';
import { outputCharsMax } from '../../../src/model/recovery.ts';
import type { SshSettings } from '../../../src/model/settings.ts';
import { type Sshd, startSshd } from '../../servers/sshd.ts';
import { listenTcp } from '../../servers/tcp.ts';
import { until } from '../../support/until.ts';

const zk2: Server = { id: 'zk2', client: { host: '127.0.0.1', port: 2181 }, role: 'voter' };

const restart: Order = { kind: 'restart' };

let sshd: Sshd;

beforeAll(async () => {
  sshd = await startSshd();
}, 30_000);

afterAll(() => sshd.close());

function over(argv: readonly string[], change: Partial<SshSettings> = {}): SshSettings {
  return {
    kind: 'ssh',
    argv,
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

function run(
  settings: SshSettings,
  {
    env = {},
    order = restart,
    signal = new AbortController().signal,
  }: {
    readonly order?: Order;
    readonly env?: Record<string, string>;
    readonly signal?: AbortSignal;
  } = {},
) {
  return createSshExecutor(env).run(settings, 'orders', zk2, order, signal);
}

describe('a command over SSH', () => {
  it('runs there, each argument whole whatever is in it', async () => {
    const argv = ['printf', '%s|', '{server}', 'two words', "it's", '$HOME; rm -rf *', '`id`', ''];

    const done = await run(over(argv));

    expect(done).toMatchObject({ kind: 'done', exitCode: 0 });
    expect(done.output).toBe("zk2|two words|it's|$HOME; rm -rf *|`id`||");
  });

  it('is shown to the person who is asked with user and machine', () => {
    const text = createSshExecutor({}).describe(
      over(['sudo', '-n', 'systemctl', 'restart', 'zookeeper@{server}']),
      'orders',
      zk2,
      restart,
    );

    expect(text).toBe(`${sshd.user}@127.0.0.1: sudo -n systemctl restart zookeeper@zk2`);
  });

  it.each([
    ['fails with its code', ['sh', '-c', 'echo no; exit 3'], { kind: 'failed', exitCode: 3 }],
    [
      'asks for a password',
      ['sh', '-c', 'echo "sudo: a password is required" >&2; exit 1'],
      { kind: 'failed', why: 'sudo-password' },
    ],
    [
      'is not installed there',
      ['no-such-program-here'],
      { kind: 'failed', exitCode: 127, why: 'no-program' },
    ],
  ])('that %s says so', async (_, argv, expected) => {
    expect(await run(over(argv))).toMatchObject(expected);
  });

  it('that is killed there has failed without a code', async () => {
    const failed = await run(over(['sh', '-c', 'kill -9 $$']));

    expect(failed.kind).toBe('failed');
    expect(failed.exitCode).toBeUndefined();
  });

  it('that prints without end keeps only the last of it', async () => {
    const done = await run(
      over(['sh', '-c', 'yes nightkeeper | head -c 20000000; echo; echo END']),
    );

    expect(done.kind).toBe('done');
    expect(done.output.length).toBeLessThanOrEqual(outputCharsMax);
    expect(done.output.endsWith('END\n')).toBe(true);
  });

  it('that hangs is given up after its time', async () => {
    const hung = await run(over(['sleep', '60'], { connectTimeoutMs: 3000, timeoutMs: 500 }));

    expect(hung.kind).toBe('timeout');
  });

  it('that leaves a server behind is done when it ends itself', async () => {
    const done = await run(over(['sh', '-c', 'sleep 30 & echo started']));

    expect(done).toMatchObject({ kind: 'done', output: 'started\n' });
    expect(done.tookMs).toBeLessThan(15_000);
  });

  it('gets nothing to read, so that a question does not hang it', async () => {
    expect(await run(over(['sh', '-c', 'read x; echo "read: $?"']))).toMatchObject({
      kind: 'done',
      output: 'read: 1\n',
    });
  });
});

describe('an order over SSH', () => {
  it('runs any program behind the prefix, each argument whole, and gives it what it reads', async () => {
    const order: Order = {
      kind: 'exec',
      argv: ['sh', '-c', 'echo "$WHO $1"; cat', '--', '$(id); {server}'],
      stdin: 'four letters',
    };

    const done = await run(over(['false'], { on: ['env', 'WHO=me'] }), { order });

    expect(done).toMatchObject({ kind: 'done', output: 'me $(id); zk2\nfour letters' });
  });

  it('stops and starts by the programs written for it, and has limits of its own', async () => {
    const settings = over(['false'], { stop: ['echo', 'stopped {server}'], on: [] });
    const loud: Order = { kind: 'exec', argv: ['seq', '1', '100000'], outputMax: 7 };

    expect((await run(settings, { order: { kind: 'stop' } })).output).toBe('stopped zk2\n');
    expect((await run(settings, { order: loud })).output).toBe('100000\n');
    expect(await run(settings, { order: { kind: 'start' } })).toMatchObject({
      kind: 'unavailable',
      output: 'nothing is configured for "start"',
    });
  });
});

describe('the machine', () => {
  it.each<[string, () => Partial<SshSettings>]>([
    ['a hashed name', () => ({ trust: { kind: 'known-hosts', file: sshd.hashedKnownHostsFile } })],
    ['its fingerprint', () => ({ trust: { kind: 'fingerprints', sha256: [sshd.fingerprint] } })],
  ])('is known by %s', async (_, change) => {
    expect((await run(over(['true'], change()))).kind).toBe('done');
  });

  it('that is not in the file gets no command', async () => {
    const file = join(sshd.dir, 'empty');
    await writeFile(file, '');

    const refused = await run(over(['true'], { trust: { kind: 'known-hosts', file } }));

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'host-key-unknown' });
    expect(refused.output).toContain(sshd.fingerprint);
  });

  it('whose key has changed gets no command', async () => {
    const known = await readFile(sshd.knownHostsFile, 'utf8');
    const stranger = await readFile(`${sshd.strangerKeyFile}.pub`, 'utf8');
    const file = join(sshd.dir, 'changed');
    await writeFile(file, `${known.split(' ')[0]} ${stranger}`);
    const mark = join(sshd.dir, 'ran');

    const refused = await run(over(['touch', mark], { trust: { kind: 'known-hosts', file } }));

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'host-key-changed' });
    await expect(readFile(mark)).rejects.toThrow('ENOENT');
  });

  it('that shows another fingerprint gets no command', async () => {
    const sha256 = [`SHA256:${'A'.repeat(43)}`];

    const refused = await run(over(['true'], { trust: { kind: 'fingerprints', sha256 } }));

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'host-key-changed' });
  });

  it('that is down, or no SSH server, or silent, is told apart from a failed command', async () => {
    const web = await listenTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const silent = await listenTcp(() => undefined);
    const at = (port: number) =>
      run(
        over(['true'], {
          port,
          connectTimeoutMs: 1000,
          trust: { kind: 'fingerprints', sha256: [sshd.fingerprint] },
        }),
      );

    const answers = await Promise.all([at(1), at(web.port), at(silent.port)]);

    expect(answers.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(answers[0]?.output).toContain('ECONNREFUSED');
    expect(answers[2]?.output).toContain('did not answer within 1000 ms');
    await Promise.all([web.close(), silent.close()]);
  });

  it('that falls over in the middle leaves an unknown outcome', async () => {
    const own = await startSshd();
    const mark = join(own.dir, 'began');
    const settings = over(['sh', '-c', `touch ${mark}; sleep 60`], {
      port: own.port,
      login: { kind: 'key', file: own.keyFile },
      trust: { kind: 'known-hosts', file: own.knownHostsFile },
    });
    const running = run(settings);
    await until('the command to begin', () => readFile(mark).then(() => true), 20_000);

    await own.kill();

    expect((await running).kind).toBe('lost');
    await own.close();
  }, 60_000);
});

describe('the key', () => {
  it('may have a passphrase, which is in no output', async () => {
    const login = { kind: 'key', file: sshd.lockedKeyFile, passphrase: sshd.passphrase } as const;

    const done = await run(over(['echo', `it is ${sshd.passphrase}`], { login }));

    expect(done).toMatchObject({ kind: 'done', output: 'it is [hidden]\n' });
  });

  it('with a wrong passphrase cannot be used, and the passphrase is not told', async () => {
    const login = { kind: 'key', file: sshd.lockedKeyFile, passphrase: 'wrong-word-7' } as const;

    const refused = await run(over(['true'], { login }));

    expect(refused.kind).toBe('unavailable');
    expect(refused.output).toContain('the key of restart.ssh cannot be used');
    expect(refused.output).not.toContain('wrong-word-7');
  });

  it('that the machine does not know is not let in', async () => {
    const login = { kind: 'key', file: sshd.strangerKeyFile } as const;

    expect(await run(over(['true'], { login }))).toMatchObject({
      kind: 'unavailable',
      why: 'login-refused',
    });
  });

  it('that cannot be read is named by its setting', async () => {
    const login = { kind: 'key', file: join(sshd.dir, 'none') } as const;

    expect(await run(over(['true'], { login }))).toMatchObject({
      kind: 'unavailable',
      output: 'the key file of restart.ssh cannot be read',
    });
  });

  it('may be held by an agent', async () => {
    const socket = join(sshd.dir, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const env = { SSH_AUTH_SOCK: socket };
    await until('the agent to take the key', async () => {
      const add = spawn('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, ...env } });
      const [code] = (await once(add, 'exit')) as [number];
      return code === 0;
    });

    const done = await run(over(['true'], { login: { kind: 'agent' } }), { env });
    const without = await run(over(['true'], { login: { kind: 'agent' } }));

    expect(done.kind).toBe('done');
    expect(without.output).toContain('SSH_AUTH_SOCK is not set');
    agent.kill();
  });
});
