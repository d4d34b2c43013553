import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandExecutor } from '../../../src/edges/executors/command.ts';
import { createHostProbe } from '../../../src/edges/executors/host-probe.ts';
import { hostScript } from '../../../src/edges/executors/host-script.ts';
import { parseHost } from '../../../src/edges/executors/parse-host.ts';
import { socketOf } from '../../../src/edges/executors/proc-net.ts';
import type { HostSettings } from '../../../src/model/settings.ts';
import type { HostFacts } from '../../../src/model/survey.ts';
import { anEnsembleSettings, aServer, nightMs } from '../../support/builders.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';

let dir: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "nightkeeper 'host' "));
});

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  rmSync(dir, { recursive: true, force: true });
});

async function look(host: Partial<HostSettings> = {}, port = 2181) {
  const probe = createHostProbe({
    executors: [createCommandExecutor(process.env)],
    clock: realClock,
  });
  return probe.look(
    anEnsembleSettings({
      host: { kind: 'command', argv: [], everyMs: 60_000, timeoutMs: 20_000, ...host },
    }),
    aServer({ client: { host: '127.0.0.1', port } }),
    undefined,
  );
}

/** A data directory as ZooKeeper leaves it, in a path that needs quoting. */
function dataDir(): string {
  const data = join(dir, 'data $HOME `id`');
  mkdirSync(join(data, 'version-2'), { recursive: true });
  const file = (name: string, text: string): void => writeFileSync(join(data, name), text);
  file('myid', '3\n');
  file('version-2/currentEpoch', '4\n');
  file('version-2/acceptedEpoch', '5\n');
  file('version-2/snapshot.ff', 'x'.repeat(10));
  file('version-2/snapshot.100000001', 'x'.repeat(2000));
  file('version-2/log.100000001', 'x'.repeat(300));
  return data;
}

function facts(seen: Awaited<ReturnType<typeof look>>): HostFacts {
  if (seen === undefined || 'failed' in seen) throw new Error(`no facts: ${JSON.stringify(seen)}`);
  return seen;
}

describe('the host probe', () => {
  it('sees disk, files and numbers of a data directory, and changes nothing there', async () => {
    const data = dataDir();
    const before = JSON.stringify([readdirSync(data), statSync(join(data, 'myid')).mtimeMs]);

    const seen = facts(await look({ dataDir: data }));

    expect(seen.disks).toHaveLength(1);
    expect(seen.disks[0]).toMatchObject({ what: 'dataDir', path: data });
    expect(seen.disks[0]!.totalBytes).toBeGreaterThan(seen.disks[0]!.freeBytes);
    expect(seen).toMatchObject({
      myid: 3,
      epochs: { current: 4, accepted: 5 },
      snapshots: { count: 2, newestBytes: 2000, totalBytes: 2010 },
      logs: { count: 1, newestBytes: 300 },
    });
    expect(JSON.stringify([readdirSync(data), statSync(join(data, 'myid')).mtimeMs])).toBe(before);
  });

  it('finds the process that listens on the client port, its descriptors, configuration and log', async () => {
    const config = join(dir, 'zoo.cfg');
    writeFileSync(
      config,
      [
        'tickTime=2000',
        'ssl.keyStore.password=hunter2',
        'autopurge.purgeInterval=0',
        `dataDir=${dataDir()}`,
        'server.1=127.0.0.1:2888:3888',
        'server.2=10.0.0.2:2888:3888:observer;2181',
      ].join('\r\n'),
    );
    const now = new Date().toISOString().slice(0, 10);
    writeFileSync(
      join(dir, 'zookeeper.log'),
      [
        '2001-01-01 00:00:00,000 [myid:1] - ERROR No space left on device',
        `${now} 23:59:59,000 [myid:1] - WARN Too many connections from /10.0.0.7 - max is 60`,
        `${now} 23:59:59,100 [myid:1] - WARN Too many connections from /10.0.0.7 - max is 60`,
        `${now} 23:59:59,200 [myid:1] - WARN [AcceptThread:/10.0.0.99:2181] - Too many connections from /10.0.0.8 - max is 60`,
        `${now} 23:59:59,300 [myid:1] - INFO got auth packet /10.0.0.9:40000`,
        `${now} 23:59:59,301 [myid:1] - WARN No authentication provider for scheme: x has digest`,
        `${now} 23:59:59,400 [QuorumPeer[myid=1](plain=10.0.0.99:2181)] - WARN Client /10.0.0.9:4711 failed to SASL authenticate: x`,
        '',
      ].join('\n'),
    );
    const server =
      "const s = require('net').createServer().listen(0, () => console.log(s.address().port))";
    const running = spawn(process.execPath, [
      '-e',
      server,
      '--',
      `-Dzookeeper.log.dir=${dir}`,
      '-Dzookeeper.log.file=zookeeper.log',
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      config,
    ]);
    child = running;
    let port = '';
    running.stdout.on('data', (data: Buffer) => {
      port += data.toString();
    });
    await until('the server listens', () => port.endsWith('\n'));

    const seen = facts(await look({}, Number(port)));

    expect(seen.process).toMatchObject({ pid: running.pid, state: expect.stringMatching(/[RS]/u) });
    expect(Math.abs(seen.process!.startedAtMs! - Date.now())).toBeLessThan(60_000);
    expect(seen.descriptors!.open).toBeGreaterThan(3);
    expect(seen.descriptors!.max).toBeGreaterThan(seen.descriptors!.open);
    expect(seen.settings).toMatchObject({ tickTime: '2000', 'autopurge.purgeInterval': '0' });
    expect(seen.members).toMatchObject([{ sid: 1 }, { sid: 2, role: 'observer' }]);
    expect(seen.myid).toBe(3);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
    expect(seen.logHints).toEqual([
      expect.objectContaining({
        kind: 'too-many-connections',
        count: 3,
        addresses: ['10.0.0.7 2', '10.0.0.8 1'],
      }),
      expect.objectContaining({ kind: 'auth-failed', count: 2, addresses: ['10.0.0.9 2'] }),
    ]);
  });

  it('knows no process where none listens there', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));

    const seen = facts(await look({ dataDir: dataDir(), pidFile: join(dir, 'no.pid') }, port));

    expect(seen.process).toBeUndefined();
    expect(seen.descriptors).toBeUndefined();
    expect(seen.gaps).toContainEqual(expect.stringMatching(/^pidFile .* cannot be read$/u));
  });

  it('runs the script with the words of the command in front, as ssh would', async () => {
    const wrapper = join(dir, 'far');
    writeFileSync(wrapper, `#!/bin/sh\necho "banner of $1"\nshift\nexec /bin/sh -c "$*"\n`);
    chmodSync(wrapper, 0o755);

    const seen = facts(await look({ argv: [wrapper, '{server}'], dataDir: dataDir() }));

    expect(seen.myid).toBe(3);
  });

  it('says why it saw nothing', async () => {
    expect(await look({ argv: ['sh', '-c', 'echo no route to host >&2; exit 255'] })).toEqual({
      failed: 'failed: no route to host',
    });
    expect(await look({ argv: ['/nowhere/ssh'] })).toEqual({
      failed: expect.stringMatching(/^unavailable: /u),
    });
    const late = await look({ argv: ['sh', '-c', 'sleep 60'], timeoutMs: 200 });
    expect(late).toEqual({ failed: 'timeout' });
  });
});

describe('parseHost', () => {
  const whole =
    'nightkeeper=1\ndisk.dataDir.path=/data\ndisk.dataDir.total=100\ndisk.dataDir.free=5\nend=1\n';

  it('takes a script that was cut for no answer', () => {
    expect(parseHost(whole.replace('end=1\n', ''), nightMs)).toBeUndefined();
    expect(parseHost('', nightMs)).toBeUndefined();
  });

  it('leaves out numbers that nobody can read', () => {
    for (const bad of ['NaN', '-1', '9'.repeat(40), '', 'unlimited', '1e9']) {
      const seen = parseHost(`${whole}fd.open=3\nfd.max=${bad}\nmyid=${bad}\n`, nightMs)!;

      expect(seen.descriptors).toBeUndefined();
      expect(seen.myid).toBeUndefined();
    }
    expect(parseHost(whole.replace('total=100', 'total=0'), nightMs)!.disks).toEqual([]);
  });

  it('says the same with CRLF, and passes over what is not its own', () => {
    const noisy = `Last login: today\r\n${whole.replaceAll('\n', '\r\n')}`;

    expect(parseHost(noisy, nightMs)).toEqual(parseHost(whole, nightMs));
  });

  it('names the server at the other end of an election link', () => {
    const text = `${whole}cfg.server.1=10.0.0.1:2888:3888\ncfg.server.2=10.0.0.2:2888:3888\npeer=0100000A:9C40 0200000A:0F30 01\npeer=0100000A:9C41 0300000A:0F30 06\n`;

    expect(parseHost(text, nightMs)?.peers).toEqual([
      { address: '10.0.0.2', port: 3888, established: true, sid: 2 },
      { address: '10.0.0.3', port: 3888, established: false },
    ]);
  });
});

describe('socketOf', () => {
  it.each([
    ['0100007F:0F38', { address: '127.0.0.1', port: 3896 }],
    ['0000000000000000FFFF00000100007F:1F90', { address: '127.0.0.1', port: 8080 }],
    ['00000000000000000000000001000000:0050', { address: '::1', port: 80 }],
    ['0100007F', undefined],
    ['ZZ00007F:0F38', undefined],
  ])('reads %s', (text, end) => {
    expect(socketOf(text)).toEqual(end);
  });
});

describe('hostScript', () => {
  it('keeps whatever is in a path inside of one word', () => {
    const script = hostScript({ clientPort: 2181, dataDir: `/a'; rm -rf / #` });

    expect(script).toContain(String.raw`data='/a'\''; rm -rf / #'`);
  });
});
