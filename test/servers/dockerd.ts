import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../support/bot-process.ts';
import { until } from '../support/until.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

/** Unpacks its own tools and containerd first; a loaded machine takes its time. */
const startMsMax = 60_000;

/** A real Docker Engine of its own on a private socket and a TLS port, and one container with the tools of busybox. */
export interface Dockerd {
  readonly socket: string;
  readonly port: number;
  readonly certificates: Certificates;
  /** Its one container: it logs a hundred lines and then sleeps. */
  readonly container: string;
  readonly docker: (...args: readonly string[]) => string;
  close(): Promise<void>;
}

/** Starts it; or says why not. The container shares the network of this machine, so no rule of a firewall is touched. */
export async function startDockerd(): Promise<Dockerd | { readonly why: string }> {
  const busybox = '/bin/busybox';
  const missing = ['dockerd', 'docker', 'containerd', 'runc'].filter((name) => !isThere(name));
  if (process.getuid?.() !== 0) return { why: 'the tests do not run as root' };
  if (missing.length > 0)
    return { why: `${missing.join(', ')} not installed: apt-get install docker.io` };
  if (!existsSync(busybox) || !isStatic(busybox))
    return { why: 'no static busybox: apt-get install busybox-static' };

  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-docker-'));
  const certificates = makeCertificates();
  const port = await freePort();
  const socket = join(dir, 'engine');
  const daemon = launch(dir, socket, port, certificates);
  const docker = (...args: readonly string[]): string =>
    execFileSync('docker', ['-H', `unix://${socket}`, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const close = async (): Promise<void> => {
    try {
      docker('rm', '-f', 'zk-zk2');
    } catch {
      // It never came to be.
    }
    daemon.process.kill('SIGTERM');
    await until('the engine to end', () => daemon.process.exitCode !== null, 30_000);
    // The engine leaves the network of this machine bound to a file of its own.
    spawnSync('umount', [join(dir, 'exec', 'netns', 'default')], { stdio: 'ignore' });
    rmSync(dir, { recursive: true, force: true });
    certificates.remove();
  };
  try {
    await until(
      'the engine to answer',
      () => daemon.process.exitCode !== null || canPing(docker),
      startMsMax,
    );
    fill(dir, busybox, docker);
  } catch (error) {
    await close().catch(() => undefined);
    const last = `${daemon.said()}\n${String(error)}`.trim().split('\n').at(-1) ?? '';
    return { why: `no engine can be started here: ${last.slice(0, 200)}` };
  }
  return { socket, port, certificates, container: 'zk-zk2', docker, close };
}

function launch(
  dir: string,
  socket: string,
  port: number,
  { caFile, serverFile }: Certificates,
): { readonly process: ChildProcess; said(): string } {
  const place = (name: string): string => join(dir, name);
  const child = spawn(
    'dockerd',
    [
      '--data-root',
      place('data'),
      '--exec-root',
      place('exec'),
      '--pidfile',
      place('pid'),
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      '--storage-driver=vfs',
      '-H',
      `unix://${socket}`,
      '-H',
      `tcp://127.0.0.1:${port}`,
      '--tlsverify',
      '--tlscacert',
      caFile,
      '--tlscert',
      serverFile,
      '--tlskey',
      serverFile,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  return { process: child, said: () => said };
}

function canPing(docker: Dockerd['docker']): boolean {
  try {
    return docker('version').length > 0;
  } catch {
    return false;
  }
}

/** No image can be had from afar: one is made of the tools of busybox. */
function fill(dir: string, busybox: string, docker: Dockerd['docker']): void {
  const bin = join(dir, 'root', 'bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(busybox, join(bin, 'busybox'));
  for (const name of ['sh', 'seq', 'sleep', 'cat', 'echo', 'yes', 'head', 'env', 'trap'])
    symlinkSync('busybox', join(bin, name));
  const archive = join(dir, 'root.tar');
  execFileSync('tar', ['-C', join(dir, 'root'), '-cf', archive, '.']);
  docker('import', archive, 'nightkeeper/busybox:1');
  docker(
    'run',
    '-d',
    '--name',
    'zk-zk2',
    '--network',
    'host',
    '--stop-timeout',
    '1',
    'nightkeeper/busybox:1',
    'sh',
    '-c',
    'seq 1 100; exec sleep 100000',
  );
}

function isThere(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, name)));
}

function isStatic(program: string): boolean {
  try {
    return !execFileSync('ldd', [program], { encoding: 'utf8', stdio: 'pipe' }).includes('=>');
  } catch {
    // What ldd does not take for a dynamic executable.
    return true;
  }
}
