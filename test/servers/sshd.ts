import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/bot-process.ts';
import { until } from '../support/until.ts';

/** Makes keys and forks once for each connection; a loaded machine takes its time. */
const startMsMax = 20_000;

/** A real sshd on 127.0.0.1 that lets one key in, as the user the tests run as. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** The key that is let in, without a passphrase. */
  readonly keyFile: string;
  /** The same key under the passphrase `passphrase`. */
  readonly lockedKeyFile: string;
  readonly passphrase: string;
  /** A key that nobody knows. */
  readonly strangerKeyFile: string;
  /** Names this machine by its key, in the clear. */
  readonly knownHostsFile: string;
  /** The same, but with hashed names. */
  readonly hashedKnownHostsFile: string;
  /** `SHA256:…` of its host key. */
  readonly fingerprint: string;
  /** The folder of it all, for further files of a test. */
  readonly dir: string;
  /** Ends all connections at once, as a machine that falls over, and takes no new ones. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function startSshd(): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-sshd-'));
  const port = await freePort();
  const passphrase = 'open-sesame-42';
  const file = (name: string): string => join(dir, name);
  const makeKey = (name: string, word: string): void => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', word, '-C', name, '-f', file(name)]);
  };
  for (const name of ['host', 'key', 'stranger']) makeKey(name, '');
  copyFileSync(file('key'), file('locked'));
  execFileSync('chmod', ['600', file('locked')]);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', file('locked')]);
  copyFileSync(file('key.pub'), file('authorized_keys'));
  const [type = '', key = ''] = readFileSync(file('host.pub'), 'utf8').split(' ');
  for (const name of ['known_hosts', 'hashed'])
    writeFileSync(file(name), `[127.0.0.1]:${port} ${type} ${key}\n`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file('hashed')], { stdio: 'ignore' });
  writeFileSync(file('sshd_config'), configOf(dir, port));

  // sshd refuses to start without it; Debian's service makes it at boot.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until('sshd to listen', () => said.includes('Server listening'), startMsMax);
  return {
    port,
    user: userInfo().username,
    keyFile: file('key'),
    lockedKeyFile: file('locked'),
    passphrase,
    strangerKeyFile: file('stranger'),
    knownHostsFile: file('known_hosts'),
    hashedKnownHostsFile: file('hashed'),
    fingerprint: execFileSync('ssh-keygen', ['-lf', file('host.pub')], { encoding: 'utf8' }).split(
      ' ',
    )[1] as string,
    dir,
    async kill() {
      const family = descendants(child.pid ?? 0);
      child.kill('SIGKILL');
      for (const pid of family) killQuietly(pid);
      await ended;
    },
    async close() {
      for (const pid of descendants(child.pid ?? 0)) killQuietly(pid);
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Everything a process started, and what that started. */
function descendants(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const pids = children === '' ? [] : children.split(' ').map(Number);
    return pids.flatMap((each) => [each, ...descendants(each)]);
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function configOf(dir: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    `PidFile ${join(dir, 'sshd.pid')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    // The key lies in /tmp, which everybody may write to.
    'StrictModes no',
    'UsePAM no',
    '',
  ].join('\n');
}
