import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCommandExecutor } from '../../../src/edges/executors/command.ts';
import type { Server } from '../../../src/model/ensemble.ts';
import type { Order } from '../../../src/model/order.ts';
import { outputCharsMax } from '../../../src/model/recovery.ts';
import type { CommandSettings } from '../../../src/model/settings.ts';

const zk2: Server = { id: 'zk2', client: { host: 'zk2.example.com', port: 2181 }, role: 'voter' };
const restart: Order = { kind: 'restart' };
const env = { ...process.env, SLACK_BOT_TOKEN: 'xoxb-hush-hush', LANG: 'C' };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-command-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function command(argv: readonly string[], timeoutMs = 20_000): CommandSettings {
  return { kind: 'command', argv, timeoutMs };
}

/** A program of Node, run without a shell. */
function node(code: string, ...args: readonly string[]): readonly string[] {
  return [process.execPath, '-e', code, '--', ...args];
}

function run(
  settings: CommandSettings,
  options: {
    readonly server?: Server;
    readonly order?: Order;
    readonly signal?: AbortSignal;
    readonly env?: Record<string, string>;
  } = {},
) {
  const executor = createCommandExecutor(options.env ?? env);
  const signal = options.signal ?? new AbortController().signal;
  const { server = zk2, order = restart } = options;
  return executor.run(settings, 'orders', server, order, signal);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidIn(file: string): Promise<number> {
  return vi.waitFor(
    async () => {
      const pid = Number(await readFile(file, 'utf8'));
      expect(pid).toBeGreaterThan(0);
      return pid;
    },
    { timeout: 10_000, interval: 20 },
  );
}

describe('a command', () => {
  it('gets the server filled in, each argument whole', async () => {
    const settings = command(
      node(
        'console.log(JSON.stringify(process.argv.slice(1)))',
        'zookeeper@{server}',
        '{host}:{port}',
        '{ensemble} of many; rm -rf $HOME',
      ),
    );

    const done = await run(settings);

    expect(done.kind).toBe('done');
    expect(done.exitCode).toBe(0);
    expect(JSON.parse(done.output)).toEqual([
      'zookeeper@zk2',
      'zk2.example.com:2181',
      'orders of many; rm -rf $HOME',
    ]);
  });

  it('that ends with another code has failed, and what it said is kept', async () => {
    const settings = command(['sh', '-c', 'echo out; echo err >&2; exit 3']);

    const failed = await run(settings);

    expect(failed.kind).toBe('failed');
    expect(failed.exitCode).toBe(3);
    expect(new Set(failed.output.split('\n'))).toEqual(new Set(['', 'err', 'out']));
  });

  it('that is killed by somebody else has failed without a code', async () => {
    const failed = await run(command(['sh', '-c', 'kill -9 $$']));

    expect(failed.kind).toBe('failed');
    expect(failed.exitCode).toBeUndefined();
  });

  it('that does not exist is unavailable, with the remedy', async () => {
    const none = await run(command(['no-such-program-here']), { env: { PATH: '/usr/bin' } });

    expect(none.kind).toBe('unavailable');
    expect(none.output).toBe(
      'there is no program "no-such-program-here" (PATH is /usr/bin): install it, or write its whole path in restart.command',
    );
  });

  it('that may not be run is unavailable', async () => {
    const file = join(folder, 'restart.sh');
    await writeFile(file, '#!/bin/sh\n', { mode: 0o644 });

    const none = await run(command([file]));

    expect(none.kind).toBe('unavailable');
    expect(none.output).toContain('may not be run');
  });

  it('never takes a server for an option', async () => {
    const odd: Server = { ...zk2, id: '-rf' };

    const none = await run(command(['echo', '{server}']), { server: odd });
    const whole = await run(command(['echo', 'zk@{server}']), { server: odd });

    expect(none.kind).toBe('unavailable');
    expect(whole.output).toBe('zk@-rf\n');
  });
});

describe('the time of a command', () => {
  it('ends with the whole group, even what ignores the polite signal', async () => {
    const pidFile = join(folder, 'pid');
    const stubborn = `trap '' TERM; echo $$ > ${pidFile}; while :; do sleep 1; done`;
    const settings = command(
      ['sh', '-c', `sh -c "${stubborn.replaceAll('$', '\\$')}" & wait`],
      500,
    );

    const run1 = run(settings);
    const grandchild = await pidIn(pidFile);
    const late = await run1;

    expect(late.kind).toBe('timeout');
    expect(late.tookMs).toBeGreaterThanOrEqual(450);
    expect(late.tookMs).toBeLessThan(5000);
    await vi.waitFor(() => expect(alive(grandchild)).toBe(false), { timeout: 5000 });
  });

  it('lets it tidy up for a moment', async () => {
    const settings = command(
      node(
        `process.on('SIGTERM', () => { console.log('tidied'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up');`,
      ),
      1500,
    );

    const late = await run(settings);

    expect(late.kind).toBe('timeout');
    expect(late.output).toContain('tidied');
  });

  it('ends when the bot stops', async () => {
    const pidFile = join(folder, 'pid');
    const stop = new AbortController();
    const settings = command(['sh', '-c', `echo $$ > ${pidFile}; exec sleep 60`]);

    const running = run(settings, { signal: stop.signal });
    const pid = await pidIn(pidFile);
    stop.abort();
    const stopped = await running;

    expect(stopped.kind).toBe('timeout');
    expect(alive(pid)).toBe(false);
  });

  it('does not begin when the bot has stopped already', async () => {
    const stopped = await run(command(['touch', join(folder, 'x')]), {
      signal: AbortSignal.abort(),
    });

    expect(stopped.kind).toBe('unavailable');
    await expect(readFile(join(folder, 'x'))).rejects.toThrow('ENOENT');
  });

  it('does not wait for a server that was started and holds the output open', async () => {
    const pidFile = join(folder, 'pid');
    const settings = command(['sh', '-c', `sleep 60 & echo $! > ${pidFile}; echo started`]);

    const done = await run(settings);
    const pid = await pidIn(pidFile);

    expect(done.kind).toBe('done');
    expect(done.output).toBe('started\n');
    expect(done.tookMs).toBeLessThan(5000);
    expect(alive(pid)).toBe(true);
    process.kill(pid);
  });
});

describe('the output of a command', () => {
  it('is its end, however long it was', { timeout: 120_000 }, async () => {
    const settings = command(
      ['sh', '-c', 'head -c 1000000000 /dev/zero | tr "\\0" x; echo; echo the end'],
      100_000,
    );
    const before = process.memoryUsage().rss;

    const done = await run(settings);

    expect(done.kind).toBe('done');
    expect(done.output).toHaveLength(outputCharsMax);
    expect(done.output.endsWith('x\nthe end\n')).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('is without colours and control characters', async () => {
    const done = await run(
      command(node(String.raw`process.stdout.write('\u001b[31mred\u001b[0m\u0007\ttab\r\nnext')`)),
    );

    expect(done.output).toBe('red\ttab\nnext');
  });

  it('hides secrets, also where the cut goes through one', async () => {
    const secret = Array.from({ length: 30 }, (_, index) => `k${index}`).join('');
    const settings = command(
      node(`console.log('a'.repeat(500) + process.argv[1].repeat(200) + 'end')`, '${LONG}'),
    );

    const done = await run(settings, { env: { ...env, LONG: secret } as Record<string, string> });

    expect(done.output.length).toBeLessThanOrEqual(outputCharsMax);
    expect(done.output).toContain('[hidden]end');
    expect(done.output).not.toMatch(/k\d/u);
  });

  it('hides what the environment holds', async () => {
    const done = await run(command(['echo', 'token', 'xoxb-hush-hush', 'and', 'p4ssw0rd']), {
      env: { ...env, REDIS_URL: 'redis://:p4ssw0rd@h:6379' } as Record<string, string>,
    });

    expect(done.output).toBe('token [hidden] and [hidden]\n');
  });
});

describe('the environment of a command', () => {
  it('has nothing of the bot but what finds programs', async () => {
    const done = await run(command(['env']));

    const names = done.output
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['HOME', 'LANG', 'PATH']));
  });
});

describe('an order', () => {
  const settings: CommandSettings = {
    ...command(['echo', 'restart {server}']),
    stop: ['echo', 'stop {server}'],
    on: ['env', 'WHERE={host}'],
  };
  const executor = createCommandExecutor(env);

  it('runs the program written for it', async () => {
    const stopped = await run(settings, { order: { kind: 'stop' } });

    expect(stopped).toMatchObject({ kind: 'done', output: 'stop zk2\n' });
  });

  it('of any program runs behind the prefix, without a shell, and reads what it is given', async () => {
    const order: Order = {
      kind: 'exec',
      argv: ['sh', '-c', 'echo "$WHERE $1"; cat', '--', '{server} $(id); ls'],
      stdin: 'four letters',
    };

    const done = await run(settings, { order });

    expect(done).toMatchObject({
      kind: 'done',
      output: 'zk2.example.com zk2 $(id); ls\nfour letters',
    });
  });

  it('of any program never gets a secret of the bot', async () => {
    const order: Order = { kind: 'exec', argv: ['echo', '${SLACK_BOT_TOKEN}'] };

    expect((await run(settings, { order })).output).toBe('${SLACK_BOT_TOKEN}\n');
  });

  it('has limits of its own', async () => {
    const loud: Order = { kind: 'exec', argv: ['sh', '-c', 'seq 1 100000'], outputMax: 12 };
    const slow: Order = { kind: 'exec', argv: ['sleep', '60'], timeoutMs: 200 };

    expect((await run(settings, { order: loud })).output).toBe('99999\n100000\n'.slice(-12));
    expect((await run(settings, { order: slow })).kind).toBe('timeout');
  });

  it('that goes over the program ssh is quoted for the shell on the other side', () => {
    const on = { ...settings, on: ['ssh', 'zk@{host}'] };

    const text = executor.describe(on, 'orders', zk2, {
      kind: 'exec',
      argv: ['mv', 'a b', 'c'],
    });

    expect(text).toBe(String.raw`ssh zk@zk2.example.com 'mv '\''a b'\'' c'`);
  });

  it('that nothing is configured for cannot be given', async () => {
    const kinds = ['restart', 'stop', 'start', 'exec'] as const;

    expect(kinds.filter((kind) => executor.can(settings, kind))).toEqual([
      'restart',
      'stop',
      'exec',
    ]);
    expect(executor.describe(settings, 'orders', zk2, { kind: 'start' })).toBe('');
    expect(await run(settings, { order: { kind: 'start' } })).toMatchObject({
      kind: 'unavailable',
      output: 'nothing is configured for "start"',
    });
  });
});

describe('describing a command', () => {
  it('shows what will run, as one would type it', () => {
    const executor = createCommandExecutor({});

    expect(
      executor.describe(
        command(['systemctl', 'restart', 'zookeeper@{server}']),
        'orders',
        zk2,
        restart,
      ),
    ).toBe('systemctl restart zookeeper@zk2');
    expect(executor.describe(command(['sh', '-c', "it's {host}"]), 'orders', zk2, restart)).toBe(
      String.raw`sh -c 'it'\''s zk2.example.com'`,
    );
  });

  it('shows the name of a secret, and gives the program its value', async () => {
    const settings = command(['echo', 'Key: ${API_PASS}', '$${HOME}']);
    const executor = createCommandExecutor({ ...env, API_PASS: 'swordfish' });

    const text = executor.describe(settings, 'orders', zk2, restart);
    const done = await executor.run(settings, 'orders', zk2, restart, new AbortController().signal);

    expect(text).toBe("echo 'Key: ${API_PASS}' '$${HOME}'");
    expect(done.output).toBe('Key: [hidden] ${HOME}\n');
  });

  it('does not run without a secret it needs', async () => {
    const none = await run(command(['echo', '${NOT_SET_AT_ALL}']));

    expect(none.kind).toBe('unavailable');
    expect(none.output).toContain('NOT_SET_AT_ALL');
  });
});
