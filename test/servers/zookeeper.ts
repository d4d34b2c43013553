import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Timing } from '../../src/model/ensemble.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import { archivedClasses } from './zookeeper-classes.ts';
import {
  configLines,
  type EnsembleOptions,
  planServers,
  type ServerPlan,
  serverLines,
} from './zookeeper-config.ts';
import {
  guardServers,
  restartScript,
  runningPid,
  serverArgv,
  signalProcess,
  startProcess,
} from './zookeeper-process.ts';
import { askWord } from './zookeeper-word.ts';

/** One real server process. */
export interface ZooKeeperServer {
  /** `zk1` */
  readonly id: string;
  readonly sid: number;
  readonly role: 'voter' | 'observer';
  readonly host: string;
  readonly clientPort: number;
  readonly adminPort?: number;
  readonly dir: string;
  /** Undefined while it does not run. */
  pid(): number | undefined;
  running(): boolean;
  /** Sends the signal at once; resolves when the process is gone (SIGKILL, SIGTERM) or right away (SIGSTOP, SIGCONT). */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Starts the process; `ready` of the ensemble waits until it serves. */
  start(): void;
  /** SIGKILL, then start. */
  restart(): Promise<void>;
}

/** A real ensemble, on loopback unless its servers are given addresses. */
export interface ZooKeeperEnsemble {
  readonly servers: readonly ZooKeeperServer[];
  /** `127.0.0.1:21001,127.0.0.1:21002` */
  readonly connect: string;
  readonly dir: string;
  /** The one server that leads; waits up to 90 s for it. */
  leader(): Promise<ZooKeeperServer>;
  /** Running voters that do not lead. */
  followers(): Promise<readonly ZooKeeperServer[]>;
  /** Resolves when every running server serves, one leads and all others are in sync with it. Default deadline 90 s. */
  ready(deadlineMs?: number): Promise<void>;
  settings(overrides?: Partial<EnsembleSettings>): EnsembleSettings;
  /** For the `command` executor: kills what is left of `{server}` and starts it anew. */
  restartArgv(): readonly string[];
  /** The same in two halves, and programs that run on this machine. */
  halves(): {
    readonly stop: readonly string[];
    readonly start: readonly string[];
    readonly on: readonly string[];
  };
  close(): Promise<void>;
}

/** Elections were seen to take 12 s once in 16 boots of five servers, on a machine that did nothing else. */
const readyDeadlineMs = 90_000;

/** Starts again with other ports when somebody was quicker. */
const startAttempts = 4;

/** Starts a real ensemble from Debian's jars and waits until it is ready. */
export async function startEnsemble(options: EnsembleOptions = {}): Promise<ZooKeeperEnsemble> {
  for (let attempt = 1; ; attempt += 1) {
    const { ensemble, boot } = await launch(options);
    try {
      await boot();
      return ensemble;
    } catch (error) {
      const logs = ensemble.servers
        .map(({ id, dir }) => `--- ${id}\n${readFileSync(join(dir, 'log'), 'utf8').slice(-2000)}`)
        .join('\n');
      await ensemble.close();
      const isPortLost = /Address already in use|BindException/.test(logs);
      if (!isPortLost || attempt >= startAttempts)
        throw new Error(`the ensemble did not start\n${logs}\nattempt ${attempt}`, {
          cause: error,
        });
    }
  }
}

interface Launch {
  readonly ensemble: ZooKeeperEnsemble;
  /** Like `ready`, and fails as soon as a server ends. */
  readonly boot: () => Promise<void>;
}

async function launch(options: EnsembleOptions): Promise<Launch> {
  const voters = options.servers ?? 3;
  const observers = options.observers ?? 0;
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nightkeeper-zk-')));
  const callOff = guardServers(dir);
  const timing: Timing = {
    tickTimeMs: options.tickTimeMs ?? 2000,
    initLimit: options.initLimit ?? 10,
    syncLimit: options.syncLimit ?? 5,
  };
  writeFileSync(join(dir, 'restart.mjs'), restartScript);

  const plans = await planServers(voters, observers, options.addresses);
  const lines = plans.length > 1 ? serverLines(plans, options) : [];
  const classes = await archivedClasses();
  const jvmFlags = [
    ...(classes === undefined ? [] : [`-XX:SharedArchiveFile=${classes}`]),
    ...(options.jvmFlags ?? []),
  ];
  const servers = plans.map((plan, index) => {
    const serverDir = join(dir, plan.id);
    mkdirSync(join(serverDir, 'data'), { recursive: true });
    writeFileSync(join(serverDir, 'data', 'myid'), `${plan.sid}\n`);
    writeFileSync(join(serverDir, 'log'), '');
    const configFile = join(serverDir, 'zoo.cfg');
    const own = configLines(options, timing, plan, join(serverDir, 'data'));
    writeFileSync(configFile, [...own, ...lines, ''].join('\n'));
    const argv = serverArgv(configFile, {
      admin: options.admin ?? false,
      netty: options.tls !== undefined || options.extraConfig?.['sslQuorum'] === true,
      jvmFlags,
    });
    writeFileSync(
      join(serverDir, 'argv.json'),
      JSON.stringify([...(options.prefixes?.[index] ?? []), ...argv]),
    );
    return serverIn(serverDir, plan, options.admin ?? false);
  });
  for (const server of servers) server.start();
  return ensembleOf({ dir, servers, timing, options, callOff });
}

function serverIn(dir: string, plan: ServerPlan, hasAdmin: boolean): ZooKeeperServer {
  const start = () => {
    if (runningPid(dir) !== undefined) throw new Error(`${plan.id} runs already`);
    startProcess(dir);
  };
  return {
    id: plan.id,
    sid: plan.sid,
    role: plan.role,
    host: plan.host,
    clientPort: plan.client,
    ...(hasAdmin ? { adminPort: plan.admin } : {}),
    dir,
    pid: () => runningPid(dir),
    running: () => runningPid(dir) !== undefined,
    kill: (signal) => signalProcess(dir, signal),
    start,
    restart: async () => {
      await signalProcess(dir, 'SIGKILL');
      start();
    },
  };
}

function ensembleOf(parts: {
  readonly dir: string;
  readonly servers: readonly ZooKeeperServer[];
  readonly timing: Timing;
  readonly options: EnsembleOptions;
  readonly callOff: () => void;
}): Launch {
  const { dir, servers, timing, options, callOff } = parts;
  const tls = options.tls?.client;
  const ask = (server: ZooKeeperServer, word: string) =>
    askWord(server.host, server.clientPort, word, tls);
  const restartArgv = () => [process.execPath, join(dir, 'restart.mjs'), '{server}'];

  async function modes(): Promise<readonly { server: ZooKeeperServer; mode: string }[]> {
    const running = servers.filter((server) => server.running());
    return Promise.all(
      running.map(async (server) => ({
        server,
        mode: /^Mode: (\S+)/m.exec(await ask(server, 'srvr'))?.[1] ?? '',
      })),
    );
  }

  async function leaderNow(): Promise<ZooKeeperServer | undefined> {
    const leaders = (await modes()).filter(({ mode }) => mode === 'leader');
    return leaders.length === 1 ? leaders[0]?.server : undefined;
  }

  async function isReady(): Promise<boolean> {
    const now = await modes();
    if (now.length === 0 || now.some(({ mode }) => mode === '')) return false;
    if (now.every(({ mode }) => mode === 'standalone')) return true;
    const leaders = now.filter(({ mode }) => mode === 'leader');
    if (leaders.length !== 1 || leaders[0] === undefined) return false;
    const synced = await ask(leaders[0].server, 'mntr');
    if (/not in the whitelist/.test(synced)) return true;
    const followers = now.filter(({ mode }) => mode === 'follower').length;
    const observers = now.filter(({ mode }) => mode === 'observer').length;
    return (
      synced.includes(`zk_synced_followers\t${followers}`) &&
      (observers === 0 || synced.includes(`zk_synced_observers\t${observers}`))
    );
  }

  async function boot(): Promise<void> {
    await poll('the ensemble', readyDeadlineMs, async () => {
      const ended = servers.find((server) => !server.running());
      if (ended !== undefined) throw new Error(`${ended.id} ended`);
      return (await isReady()) ? true : undefined;
    });
  }

  const ensemble: ZooKeeperEnsemble = {
    servers,
    dir,
    connect: servers.map((server) => `${server.host}:${server.clientPort}`).join(','),
    restartArgv,
    halves: () => ({
      stop: [...restartArgv(), 'stop'],
      start: [...restartArgv(), 'start'],
      on: [],
    }),
    leader: () => poll('a leader', readyDeadlineMs, leaderNow),
    followers: async () => {
      const leader = await poll('a leader', readyDeadlineMs, leaderNow);
      return servers.filter((it) => it !== leader && it.role === 'voter' && it.running());
    },
    ready: async (deadlineMs = readyDeadlineMs) => {
      await poll('the ensemble', deadlineMs, async () => ((await isReady()) ? true : undefined));
    },
    settings: (overrides) => ({
      id: 'orders',
      servers: servers.map(({ id, sid, role, host: name, clientPort, adminPort }) => ({
        id,
        sid,
        role,
        client: { host: name, port: clientPort },
        ...(adminPort === undefined ? {} : { admin: { host: name, port: adminPort } }),
      })),
      discover: false,
      timing,
      probe: { everyMs: 5000, timeoutMs: 1000 },
      sensors: { sessions: true, canary: true, pingEveryMs: 500 },
      ...(tls === undefined ? {} : { tls }),
      thresholds: {},
      restart: { kind: 'command', argv: restartArgv(), timeoutMs: 15_000 },
      restartCooldownMs: 60_000,
      ...overrides,
    }),
    close: async () => {
      await Promise.all(servers.map((server) => server.kill('SIGKILL')));
      callOff();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return { ensemble, boot };
}

async function poll<T>(
  what: string,
  deadlineMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await sleep(20);
  }
}
