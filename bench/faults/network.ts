import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  hubAddress,
  hubHosts,
  hubOf,
  ip,
  memberAddress,
  memberOf,
  type Namespaces,
  portOf,
} from './namespaces.ts';

/** What can be done to the cables of the lab. Everything is undone by `heal`. */
export interface Network {
  /** No packet passes between two members, either way. */
  cut(one: number, other: number): void;
  /** Packets of one member to another get lost; the other direction works. */
  cutOneWay(from: number, to: number): void;
  /** Nothing passes between a member and the bot; clients reach it. */
  cutBot(member: number): void;
  /** Nothing passes between a member and the bot, nor the clients. */
  cutHub(member: number): void;
  /** Nothing passes at all: the cable is pulled. */
  isolate(member: number): void;
  /** A part of the packets of a member get lost, coming and going: 0 to 1. */
  lose(member: number, share: number): void;
  /** Every packet of a member takes this much longer, coming and going. */
  delay(member: number, ms: number): Promise<void>;
  heal(): void;
}

/** Packets held back between two ends of cables, where the kernel has no netem. */
const wire = fileURLToPath(new URL('../../../bench/faults/wire.py', import.meta.url));

/** Why packets cannot be dropped here; undefined where they can. */
export function whyNoCuts(lab: Namespaces): string | undefined {
  const tried = spawnSync('ip', ['netns', 'exec', hubOf(lab), 'iptables', '-L', '-n'], {
    encoding: 'utf8',
  });
  return tried.status === 0
    ? undefined
    : `iptables does not work: ${tried.stderr.trim() || 'install iptables'}`;
}

/** Why packets cannot be delayed here; undefined where they can. */
export function whyNoDelay(lab: Namespaces): string | undefined {
  if (hasNetem(lab)) return undefined;
  const tried = spawnSync('python3', ['--version'], { stdio: 'ignore' });
  return tried.status === 0
    ? undefined
    : 'the kernel has no netem, and python3 is missing to do its work';
}

function hasNetem(lab: Namespaces): boolean {
  const args = ['qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'];
  const tried = spawnSync('ip', ['netns', 'exec', hubOf(lab), 'tc', ...args], { stdio: 'ignore' });
  if (tried.status === 0) run(hubOf(lab), 'tc', 'qdisc', 'del', 'dev', 'lo', 'root');
  return tried.status === 0;
}

export function networkOf(lab: Namespaces): Network {
  const wires = new Map<number, ChildProcess>();
  const shaped = new Set<number>();
  const filtered = new Set<number>();

  function drop(member: number, ...match: readonly string[]): void {
    filtered.add(member);
    run(memberOf(lab, member), 'iptables', '-A', ...match, '-j', 'DROP');
  }

  function unwire(member: number, child: ChildProcess): void {
    child.kill('SIGKILL');
    ip('-n', hubOf(lab), 'link', 'del', `wa${member}`);
    ip('-n', hubOf(lab), 'link', 'set', portOf(member), 'master', 'br0');
  }

  return {
    cut(one, other) {
      drop(one, 'INPUT', '-s', memberAddress(other));
      drop(other, 'INPUT', '-s', memberAddress(one));
    },
    cutOneWay(from, to) {
      drop(to, 'INPUT', '-s', memberAddress(from));
    },
    cutBot(member) {
      drop(member, 'INPUT', '-s', hubAddress(1));
      drop(member, 'OUTPUT', '-d', hubAddress(1));
    },
    cutHub(member) {
      for (const host of hubHosts) drop(member, 'INPUT', '-s', hubAddress(host));
    },
    isolate(member) {
      drop(member, 'INPUT', '-i', 'eth0');
      drop(member, 'OUTPUT', '-o', 'eth0');
    },
    lose(member, share) {
      for (const chain of ['INPUT', 'OUTPUT'])
        drop(member, chain, '-m', 'statistic', '--mode', 'random', '--probability', String(share));
    },
    async delay(member, ms) {
      if (hasNetem(lab)) {
        const add = ['qdisc', 'add', 'dev'];
        run(hubOf(lab), 'tc', ...add, portOf(member), 'root', 'netem', 'delay', `${ms}ms`);
        run(memberOf(lab, member), 'tc', ...add, 'eth0', 'root', 'netem', 'delay', `${ms}ms`);
        shaped.add(member);
        return;
      }
      wires.set(member, await layWire(lab, member, ms));
    },
    heal() {
      for (const [member, child] of wires) unwire(member, child);
      wires.clear();
      for (const member of shaped) {
        run(hubOf(lab), 'tc', 'qdisc', 'del', 'dev', portOf(member), 'root');
        run(memberOf(lab, member), 'tc', 'qdisc', 'del', 'dev', 'eth0', 'root');
      }
      shaped.clear();
      for (const member of filtered) run(memberOf(lab, member), 'iptables', '-F');
      filtered.clear();
    },
  };
}

/** Takes a member's cable off the bridge and puts a program between the two that hands every frame on later. */
async function layWire(lab: Namespaces, member: number, ms: number): Promise<ChildProcess> {
  const hub = hubOf(lab);
  // Checksums that nobody computed would reach the other side as they are.
  for (let index = 1; index <= lab.members; index += 1)
    run(memberOf(lab, index), 'python3', wire, '--off', 'eth0');
  run(hub, 'python3', wire, '--off', 'br0');
  ip('-n', hub, 'link', 'add', `wa${member}`, 'type', 'veth', 'peer', 'name', `wb${member}`);
  ip('-n', hub, 'link', 'set', `wb${member}`, 'master', 'br0', 'up');
  ip('-n', hub, 'link', 'set', `wa${member}`, 'up');
  const child = spawn(
    'ip',
    ['netns', 'exec', hub, 'python3', wire, portOf(member), `wa${member}`, String(ms)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the wire ended with ${code}`)));
  });
  ip('-n', hub, 'link', 'set', portOf(member), 'nomaster');
  return child;
}

function run(namespace: string, ...argv: readonly string[]): void {
  execFileSync('ip', ['netns', 'exec', namespace, ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
