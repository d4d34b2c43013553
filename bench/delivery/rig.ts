import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStores, type Stores } from '../../src/app/stores.ts';
import { DingTalkStandIn } from '../../test/servers/dingtalk.ts';
import { type Postfix, startPostfix } from '../../test/servers/postfix.ts';
import { type RedisServer, startRedis } from '../../test/servers/redis.ts';
import { SlackStandIn } from '../../test/servers/slack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../test/servers/webhook.ts';
import {
  isDingTalkCard,
  isMailText,
  isPost,
  isSlackMessage,
  openWire,
  type Wire,
} from '../../test/servers/wire.ts';
import { seeded } from '../../test/support/seeded.ts';

/** Conversations of each chat that the incidents are spread over: one of Slack takes one message a second. */
export const channelsCount = 20;

/** The far sides that a replica reaches over a wire of its own. */
export type Side = 'slack' | 'dingtalk' | 'webhook' | 'mail';

export const sides: readonly Side[] = ['slack', 'dingtalk', 'webhook', 'mail'];

/** A replica of the bot in a process of its own. */
export interface Replica {
  child: ChildProcess;
  /** Undefined until it listens. */
  url: string | undefined;
}

export interface Rig {
  readonly dir: string;
  readonly ensembles: readonly string[];
  /** Servers that refuse connections now: `e3/zk2`. */
  readonly down: Set<string>;
  readonly redis: RedisServer;
  readonly slack: SlackStandIn;
  readonly dingtalk: DingTalkStandIn;
  readonly webhook: WebhookReceiver;
  readonly postfix: Postfix;
  readonly states: Server;
  readonly replicas: Replica[];
  /** Of each replica. */
  readonly wires: readonly Readonly<Record<Side, Wire>>[];
  /** Every destination but the console's. */
  readonly destinations: readonly string[];
  /** The bench's own look into the stores. */
  readonly stores: Stores;
  /** Incident ids that were seen open, with their ensemble. */
  readonly seen: Map<number, string>;
  /** Faults that were not seen, and ends of faults. */
  readonly unseen: string[];
  /** Replicas that ended without being killed. */
  crashes: number;
  /** Answers the same numbers for the same seed. */
  random(): number;
  start(index: number): void;
}

export async function setUp(options: {
  readonly ensembles: number;
  readonly seed: number;
  /** The window of a storm, as the configuration writes it. */
  readonly within: string;
}): Promise<Rig> {
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-delivery-'));
  const ensembles = Array.from({ length: options.ensembles }, (_, index) => `e${index}`);
  const down = new Set<string>();
  const states = createServer((_request, response) => response.end(JSON.stringify([...down])));
  await new Promise<void>((resolve) => states.listen(0, '127.0.0.1', resolve));
  const slack = new SlackStandIn();
  await slack.up();
  for (let index = 0; index < channelsCount; index += 1)
    slack.addChannel(conversation(index), `ops-${index}`);
  const dingtalk = await startDingTalk();
  const [redis, webhook, postfix] = await Promise.all([
    startRedis({ appendonly: true }),
    startWebhookReceiver(),
    startPostfix(),
  ]);
  const slackPort = Number(new URL(slack.apiUrl).port);
  const wires = await Promise.all(
    [0, 1].map(async () => ({
      slack: await openWire(slackPort, isSlackMessage),
      dingtalk: await openWire(dingtalk.port, isDingTalkCard),
      webhook: await openWire(Number(new URL(webhook.url).port), isPost),
      mail: await openWire(postfix.port, isMailText),
    })),
  );
  const configFiles = wires.map((wire, index) => {
    const file = join(dir, `nightkeeper-${index}.yaml`);
    writeFileSync(
      file,
      yaml({ ensembles, redis, dingtalk, postfix, wire, within: options.within }),
    );
    return file;
  });
  const statesUrl = `http://127.0.0.1:${(states.address() as AddressInfo).port}/`;
  const quiet = () => undefined;
  const rig: Rig = {
    dir,
    ensembles,
    down,
    redis,
    slack,
    dingtalk,
    webhook,
    postfix,
    states,
    replicas: [],
    wires,
    destinations: [
      ...Array.from({ length: channelsCount }, (_, index) => `ops-${index}`),
      ...Array.from({ length: channelsCount }, (_, index) => `duty-${index}`),
      'hook',
      'team',
    ],
    seen: new Map(),
    unseen: [],
    crashes: 0,
    stores: openStores({
      redis: { url: redis.url, prefix: 'nightkeeper' },
      replica: 'bench',
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    }),
    random: seeded(options.seed),
    start(index) {
      rig.replicas[index] = startReplica(
        configFiles[index] ?? '',
        statesUrl,
        {
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_APP_TOKEN: slack.appToken,
          DINGTALK_CLIENT_SECRET: dingtalk.tenant.clientSecret,
          HOOK_SECRET: webhook.secret,
          SMTP_PASSWORD: postfix.password,
        },
        () => {
          rig.crashes += 1;
          rig.start(index);
        },
      );
    },
  };
  rig.start(0);
  rig.start(1);
  return rig;
}

export async function tearDown(rig: Rig): Promise<void> {
  for (const { child } of rig.replicas) child.kill('SIGKILL');
  await rig.stores.link.close();
  await rig.redis.close();
  for (const wire of rig.wires) await Promise.all(sides.map((side) => wire[side].down()));
  await rig.slack.close();
  await rig.dingtalk.close();
  await rig.webhook.close();
  await rig.postfix.close();
  rig.states.close();
  rmSync(rig.dir, { recursive: true, force: true });
}

function startReplica(
  configFile: string,
  statesUrl: string,
  env: Readonly<Record<string, string>>,
  onCrash: () => void,
): Replica {
  const script = fileURLToPath(new URL('../delivery-replica.js', import.meta.url));
  const child = spawn(process.execPath, [script, configFile, statesUrl], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const replica: Replica = { child, url: undefined };
  child.stdout?.on('data', (chunk: Buffer) => {
    const ready = /^ready (\S+)$/mu.exec(chunk.toString());
    if (ready?.[1] !== undefined) replica.url = ready[1];
    else process.stdout.write(chunk);
  });
  child.once('exit', (_code, signal) => {
    replica.url = undefined;
    if (signal === null) onCrash();
  });
  return replica;
}

export function conversation(index: number): string {
  return `C0BENCH${String(index).padStart(3, '0')}`;
}

/** Which conversation shows an ensemble. */
export function conversationOf(ensemble: string): number {
  return Number(ensemble.slice(1)) % channelsCount;
}

export function group(index: number): string {
  return `cidBenchGroup${String(index).padStart(3, '0')}==`;
}

/** An organisation that may call as often as it likes in a month; twenty times a second and API is all the same the most. */
async function startDingTalk(): Promise<DingTalkStandIn> {
  const dingtalk = new DingTalkStandIn();
  dingtalk.tenant.quota = { calls: 10_000_000, messages: 10_000_000 };
  dingtalk.addPeople('ann0001');
  for (let index = 0; index < channelsCount; index += 1) dingtalk.addGroup(group(index));
  await dingtalk.up();
  return dingtalk;
}

function yaml(rig: {
  readonly ensembles: readonly string[];
  readonly redis: RedisServer;
  readonly dingtalk: DingTalkStandIn;
  readonly postfix: Postfix;
  readonly wire: Readonly<Record<Side, Wire>>;
  readonly within: string;
}): string {
  const { postfix, wire, within } = rig;
  const { clientId, template, quota } = rig.dingtalk.tenant;
  const servers = [1, 2, 3, 4, 5].map((id) => `{ id: zk${id}, client: "10.0.0.${id}:2181" }`);
  const indexes = Array.from({ length: channelsCount }, (_, index) => index);
  const at = (side: Side) => `http://127.0.0.1:${wire[side].port}`;
  return [
    `redis: { url: "${rig.redis.url}" }`,
    'http: { host: 127.0.0.1, port: 0 }',
    'people: { ann: { name: Ann, roles: { "*": admin }, slack: U0ANN, dingtalk: ann0001, email: ann@ops.test } }',
    // Each fault is counted: none may be taken for the same one that comes and goes.
    'incidents: { flap: { times: 0 } }',
    'ensembles:',
    ...rig.ensembles.map(
      // Servers that break one after the other are no restart of all of them here, but faults of their own.
      (id) =>
        `  ${id}: { servers: [${servers.join(', ')}], probe: { every: 2s }, thresholds: { rolling-restart: { windowMs: 1 } } }`,
    ),
    `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}", apiUrl: "${at('slack')}/api/" }`,
    `dingtalk: { clientId: ${clientId}, clientSecret: "\${DINGTALK_CLIENT_SECRET}", cardTemplateId: ${template}, apiUrl: "${at('dingtalk')}", quota: { calls: ${quota.calls}, messages: ${quota.messages} } }`,
    `email: { host: ${postfix.host}, port: ${wire.mail.port}, user: ${postfix.user}, password: "\${SMTP_PASSWORD}", from: "bot@ops.test", caFile: "${postfix.certificates.caFile}" }`,
    'destinations:',
    '  team: { email: [team@ops.test] }',
    ...indexes.map((index) => `  ops-${index}: { slack: ${conversation(index)} }`),
    ...indexes.map((index) => `  duty-${index}: { dingtalk: "${group(index)}" }`),
    `  hook: { webhook: { url: "${at('webhook')}/nightkeeper", secret: "\${HOOK_SECRET}" } }`,
    'routes:',
    ...indexes.map((index) => {
      const own = rig.ensembles.filter((id) => conversationOf(id) === index);
      return own.length === 0
        ? ''
        : // Every card of a chat is counted on its own, as long as its budget lasts.
          `  - { ensembles: [${own.join(', ')}], to: [ops-${index}, duty-${index}, hook], grouping: { above: 1000, within: ${within} }, escalation: [ { after: 1h, people: [ann] } ] }`;
    }),
    `  - { ensembles: [${rig.ensembles.join(', ')}], to: [team], grouping: { above: 5, within: ${within} } }`,
    '',
  ].join('\n');
}
