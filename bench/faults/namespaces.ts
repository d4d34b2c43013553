import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The network of the lab: one bridge, no way out. Documentation of the ranges: RFC 1918. */
const subnet = '10.224.0';

/** Where Redis, the bot and the clients live, and the addresses they have on the bridge. */
export const hubHosts = [1, 21, 22, 23] as const;

/** Namespaces and folders of the lab begin so, followed by the pid of the process that made them. */
const namePrefix = 'nkfaults';

/** The longest a member waits between two tries of TCP, where the kernel can be told (6.15): healed links heal at once. */
const rtoMaxMs = 1000;

/** A network of its own: namespaces for the servers around a hub with a bridge. Nothing outside of it is touched. */
export interface Namespaces {
  readonly prefix: string;
  readonly members: number;
  /** Temporary files of all that runs inside. */
  readonly dir: string;
}

export function hubOf({ prefix }: Pick<Namespaces, 'prefix'>): string {
  return `${prefix}-hub`;
}

/** The namespace of the n-th server, counted from 1. */
export function memberOf({ prefix }: Pick<Namespaces, 'prefix'>, index: number): string {
  return `${prefix}-${index}`;
}

export function memberAddress(index: number): string {
  return `${subnet}.${100 + index}`;
}

export function hubAddress(host: (typeof hubHosts)[number]): string {
  return `${subnet}.${host}`;
}

/** Why namespaces cannot be made here; undefined where they can. */
export function whyNot(): string | undefined {
  const name = `${namePrefix}${process.pid}-try`;
  const added = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (added.error !== undefined)
    return `ip cannot be run (${added.error.message}): install iproute2`;
  if (added.status !== 0) return `"ip netns add" failed: ${added.stderr.trim()}`;
  const tried = spawnSync('ip', ['-n', name, 'link', 'add', 'br0', 'type', 'bridge'], {
    encoding: 'utf8',
  });
  spawnSync('ip', ['netns', 'del', name]);
  return tried.status === 0 ? undefined : `a bridge cannot be made: ${tried.stderr.trim()}`;
}

/** Makes the network, and the guard that removes it however this process ends. */
export function makeNamespaces(members: number): { readonly lab: Namespaces; remove(): void } {
  removeLeftovers();
  const prefix = `${namePrefix}${process.pid}`;
  const dir = mkdtempSync(join(tmpdir(), `${prefix}-`));
  const lab = { prefix, members, dir };
  const callOff = guard(lab);
  const hub = hubOf(lab);
  ip('netns', 'add', hub);
  ip('-n', hub, 'link', 'set', 'lo', 'up');
  ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
  for (const host of hubHosts) ip('-n', hub, 'addr', 'add', `${hubAddress(host)}/24`, 'dev', 'br0');
  ip('-n', hub, 'link', 'set', 'br0', 'up');
  for (let index = 1; index <= members; index += 1) addMember(lab, index);
  return {
    lab,
    remove() {
      removeAll(prefix);
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
      callOff();
    },
  };
}

function addMember(lab: Namespaces, index: number): void {
  const [hub, member] = [hubOf(lab), memberOf(lab, index)];
  ip('netns', 'add', member);
  ip(
    '-n',
    hub,
    'link',
    'add',
    portOf(index),
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    member,
  );
  ip('-n', hub, 'link', 'set', portOf(index), 'master', 'br0', 'up');
  ip('-n', member, 'link', 'set', 'lo', 'up');
  ip('-n', member, 'addr', 'add', `${memberAddress(index)}/24`, 'dev', 'eth0');
  ip('-n', member, 'link', 'set', 'eth0', 'up');
  const setting = ['sysctl', '-qw', `net.ipv4.tcp_rto_max_ms=${rtoMaxMs}`];
  spawnSync('ip', ['netns', 'exec', member, ...setting], { stdio: 'ignore' });
}

/** The end of a member's cable at the bridge. */
export function portOf(index: number): string {
  return `m${index}`;
}

export function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Kills whatever runs in the namespaces of a lab, and removes them. */
function removeAll(prefix: string): void {
  const names = namespaces().filter((name) => name.startsWith(`${prefix}-`));
  for (const name of names) {
    for (const pid of spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout.split(
      '\n',
    ))
      if (/^\d+$/u.test(pid)) tryTo(() => process.kill(Number(pid), 'SIGKILL'));
  }
  for (const name of names) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
}

/** What an earlier run left that could not tidy up: its pid is gone, or belongs to somebody else now. */
function removeLeftovers(): void {
  const made = new RegExp(`^${namePrefix}(\\d+)-`, 'u');
  for (const name of namespaces()) {
    const pid = made.exec(name)?.[1];
    if (pid !== undefined && !isLab(pid)) removeAll(`${namePrefix}${pid}`);
  }
  for (const name of readdirSync(tmpdir())) {
    const pid = made.exec(name)?.[1];
    const folder = join(tmpdir(), name);
    if (pid !== undefined && !isLab(pid) && statSync(folder).isDirectory())
      rmSync(folder, { recursive: true, force: true });
  }
}

function isLab(pid: string): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').includes('faults');
}

function namespaces(): readonly string[] {
  const listed = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return (listed.stdout ?? '').split('\n').flatMap((line) => line.split(' ')[0] || []);
}

/** Waits for its standard input to close, then removes the lab `$0` with its folder `$1`; the line `off` calls it off. */
const guardScript =
  'read line; [ "$line" = off ] && exit; ' +
  'for name in $(ip netns list | cut -d" " -f1 | grep "^$0-"); do ' +
  'for pid in $(ip netns pids "$name"); do kill -9 "$pid"; done; ip netns del "$name"; done; rm -rf "$1"';

function guard({ prefix, dir }: Namespaces): () => void {
  const child = spawn('/bin/sh', ['-c', guardScript, prefix, dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  child.stdin.on('error', () => undefined);
  return () => child.stdin.end('off\n');
}

function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // It is gone already.
  }
}
