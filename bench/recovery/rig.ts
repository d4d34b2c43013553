import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStores, type Stores } from '../../src/app/stores.ts';
import { type RedisServer, startRedis } from '../../test/servers/redis.ts';
import { type Sshd, startSshd } from '../../test/servers/sshd.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../test/servers/zookeeper.ts';
import { type BotProcess, startBotProcess } from '../../test/support/bot-process.ts';
import { seeded } from '../../test/support/seeded.ts';
import { startWriter, type Writer } from './writer.ts';

/** A server that the bench itself took down, from when to when; still down where no end is. */
export interface Outage {
  readonly server: string;
  readonly fromMs: number;
  toMs?: number;
}

/** The command of the bot, as it ran. */
export interface Run {
  readonly ensemble: string;
  readonly server: string;
  readonly atMs: number;
  /** Process that started it. */
  readonly by: number;
}

/** One real ensemble, somebody who writes to it all the time, and what the bench did to it. */
export interface Place {
  readonly name: string;
  readonly ensemble: ZooKeeperEnsemble;
  readonly writer: Writer;
  readonly outages: Outage[];
  readonly quorum: number;
  /** How many other people must agree to a restart. */
  readonly approvals: number;
}

export type Person = 'ann' | 'bo' | 'vic';

export interface Rig {
  readonly redis: RedisServer;
  readonly places: readonly Place[];
  /** Two replicas of the bot. One that was killed is replaced. */
  readonly bots: BotProcess[];
  readonly stores: Stores;
  /** What was done to replicas while they restarted a server; `before`: the command had not run yet, and did not while they were away. */
  readonly struck: { readonly how: 'killed' | 'frozen'; readonly before: boolean }[];
  /** Answers the same numbers for the same seed. */
  random(): number;
  /** What a chat line is answered, by one of the replicas. */
  ask(person: Person, line: string, replica?: number): Promise<Answer>;
  /** Every command of the bot so far. */
  runs(): readonly Run[];
  /** Replaces a replica that was killed. */
  revive(index: number): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  /** `done`, `refused`, …; `lost` when the replica died while it answered. */
  readonly outcome: string;
  readonly text: string;
}

/** A server may be restarted again so soon after it was restarted; a real configuration waits minutes. */
export const cooldownMs = 3000;

/** How long a request waits for others. */
export const approvalMs = 6000;

const tokens: Readonly<Record<Person, string>> = {
  ann: 'token-of-ann-0123456789',
  bo: 'token-of-bo-0123456789',
  vic: 'token-of-vic-0123456789',
};

export async function setUp(seed: number): Promise<Rig> {
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-recovery-'));
  const runsFile = join(dir, 'runs');
  const [redis, sshd, three, five] = await Promise.all([
    startRedis({ appendonly: true }),
    startSshd(),
    startEnsemble({ servers: 3, whitelist: '*' }),
    startEnsemble({ servers: 5, whitelist: '*' }),
  ]);
  const places = await Promise.all([
    placeOf('three', three, { approvals: 0 }),
    placeOf('five', five, { approvals: 1 }),
  ]);
  const yaml = yamlOf(redis, places, { dir, runsFile, sshd });
  const env = { ANN_TOKEN: tokens.ann, BO_TOKEN: tokens.bo, VIC_TOKEN: tokens.vic };
  const start = () => startBotProcess({ yaml, env, readyWithinMs: 60_000 });
  const bots = await Promise.all([start(), start()]);
  const quiet = () => undefined;
  const stores = openStores({
    redis: { url: redis.url, prefix: 'nightkeeper' },
    replica: 'bench',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const rig: Rig = {
    redis,
    places,
    bots,
    stores,
    struck: [],
    random: seeded(seed),
    ask: async (person, line, replica = 0) =>
      await answered(bots[replica % bots.length]?.url ?? '', tokens[person], line),
    runs: () => (existsSync(runsFile) ? readRuns(readFileSync(runsFile, 'utf8')) : []),
    async revive(index) {
      await bots[index]?.close();
      bots[index] = await start();
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.close()));
      await stores.link.close();
      await Promise.all(places.map(({ writer }) => writer.close()));
      await Promise.all(places.map(({ ensemble }) => ensemble.close()));
      await redis.close();
      await sshd.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return rig;
}

async function placeOf(
  name: string,
  ensemble: ZooKeeperEnsemble,
  { approvals }: { readonly approvals: number },
): Promise<Place> {
  const quorum = Math.floor(ensemble.servers.length / 2) + 1;
  return { name, ensemble, writer: await startWriter(ensemble), outages: [], quorum, approvals };
}

function yamlOf(
  redis: RedisServer,
  places: readonly Place[],
  { dir, runsFile, sshd }: { readonly dir: string; readonly runsFile: string; readonly sshd: Sshd },
): string {
  const { user, port, keyFile, knownHostsFile } = sshd;
  const ssh = `, ssh: { user: ${user}, host: 127.0.0.1, port: ${port}, keyFile: ${keyFile}, knownHosts: ${knownHostsFile} }`;
  const sections = places.map(({ name, ensemble, approvals }) => {
    const [node = '', script = ''] = ensemble.restartArgv();
    const file = join(dir, `restart-${name}.sh`);
    // The bench counts every run, whoever ran it; the parent of the shell is the replica, or the sshd that it asked.
    writeFileSync(
      file,
      `echo "${name} $1 $(date +%s%3N) $PPID" >> ${runsFile}\nexec ${node} ${script} $1\n`,
    );
    const servers = ensemble.servers.map(
      ({ id, host, clientPort }) => `{ id: ${id}, client: "${host}:${clientPort}" }`,
    );
    return [
      `  ${name}:`,
      `    servers: [${servers.join(', ')}]`,
      '    probe: { every: 2s, timeout: 1s }',
      `    restart: { command: [/bin/sh, ${file}, "{server}"], cooldown: ${cooldownMs}ms${approvals > 0 ? ssh : ''} }`,
      `    approvals: { restart-server: ${approvals} }`,
      '    recoveriesPerHour: 0',
      `    approvalWithin: ${approvalMs}ms`,
    ].join('\n');
  });
  return [
    `redis: { url: "${redis.url}" }`,
    'people:',
    '  ann: { name: Ann, roles: { "*": operator }, token: "${ANN_TOKEN}" }',
    '  bo: { name: Bo, roles: { "*": operator }, token: "${BO_TOKEN}" }',
    '  vic: { name: Vic, roles: { "*": viewer }, token: "${VIC_TOKEN}" }',
    'ensembles:',
    ...sections,
    '',
  ].join('\n');
}

/** How long a replica may take to answer: it looks at all servers afresh before it does. */
const askMsMax = 30_000;

async function answered(url: string, token: string, line: string): Promise<Answer> {
  try {
    const response = await fetch(`${url}/api/v1/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ line }),
      signal: AbortSignal.timeout(askMsMax),
    });
    const body = (await response.json()) as { outcome?: string; blocks?: readonly unknown[] };
    return { outcome: body.outcome ?? 'broken', text: JSON.stringify(body.blocks ?? body) };
  } catch (error) {
    return { outcome: 'lost', text: String(error) };
  }
}

function readRuns(text: string): readonly Run[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ensemble = '', server = '', atMs = '', by = ''] = line.split(' ');
      return { ensemble, server, atMs: Number(atMs), by: Number(by) };
    });
}
