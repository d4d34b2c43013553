import { z } from 'zod';
import {
  dockerSchema,
  dockerSettingsOf,
  kubernetesSchema,
  kubernetesSettingsOf,
  sshSchema,
  sshSettingsOf,
} from '../edges/executors/config.ts';
import type { CommandTemplates, ExecutorSettings } from '../model/settings.ts';
import type { NamedCommand, ToolSettings } from '../model/tools.ts';
import { duration } from './schema-parts.ts';

const argv = z.array(z.string().min(1)).min(1);

/** A folder on the machine of a server. */
const dir = z.string().regex(/^\//u);

/** Fields that may only be environment references. */
export const restartSecrets = ['zkAuth'] as const;

/** The section `commands` of an ensemble. */
export const commandsSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u),
  z.strictObject({
    argv,
    about: z.exactOptional(z.string().min(1).max(200)),
    role: z.enum(['operator', 'admin']).default('operator'),
    guard: z.enum(['none', 'quorum']).default('none'),
    approvals: z.exactOptional(z.int().min(0).max(2)),
    timeout: z.exactOptional(duration),
  }),
);

/** The section `restart` of an ensemble. */
export const restartSchema = z.strictObject({
  command: z.exactOptional(argv),
  systemd: z.exactOptional(z.string().min(1)),
  supervisor: z.exactOptional(z.string().min(1)),
  docker: z.exactOptional(dockerSchema),
  kubernetes: z.exactOptional(kubernetesSchema),
  stop: z.exactOptional(argv),
  start: z.exactOptional(argv),
  /** Stands before any other program that runs where the server runs. */
  on: z.exactOptional(z.array(z.string().min(1))),
  /** On the machine of the server. */
  logFile: z.exactOptional(z.string().min(1)),
  ssh: z.exactOptional(sshSchema),
  dataDir: z.exactOptional(dir),
  logDir: z.exactOptional(dir),
  zkCli: z.exactOptional(argv),
  zkAuth: z.exactOptional(z.string().regex(/^[^:\s]+:\S+$/u)),
  purge: z.exactOptional(argv),
  timeout: duration.default(60_000),
  cooldown: duration.default(300_000),
});

/** What a restart can be; exactly one of them is needed. */
export const restartWays = ['command', 'systemd', 'supervisor', 'docker', 'kubernetes'] as const;

type Restart = z.output<typeof restartSchema>;

/** The executor's settings: a recipe is a command that is already written. */
export function restartOf(restart: Restart): ExecutorSettings {
  const { ssh, timeout, docker, kubernetes } = restart;
  if (docker !== undefined) return dockerSettingsOf(docker, timeout);
  if (kubernetes !== undefined) return kubernetesSettingsOf(kubernetes, timeout);
  const templates = templatesOf(restart);
  return ssh === undefined
    ? { kind: 'command', ...templates, timeoutMs: timeout }
    : sshSettingsOf(ssh, templates, timeout);
}

/** What is written stands; a recipe knows the rest. A plain command alone does not tell where the server runs. */
function templatesOf(restart: Restart): CommandTemplates {
  const {
    command,
    ssh,
    stop = recipe(restart, 'stop'),
    start = recipe(restart, 'start'),
  } = restart;
  const on = restart.on ?? (command === undefined || ssh !== undefined ? [] : undefined);
  const log = logOf(restart);
  return {
    argv: command ?? recipe(restart, 'restart') ?? [],
    ...(stop === undefined ? {} : { stop }),
    ...(start === undefined ? {} : { start }),
    ...(on === undefined ? {} : { on }),
    ...(log === undefined ? {} : { log }),
  };
}

/** What prints the end of the server's log. The journal is read by members of the group `systemd-journal`. */
function logOf({ logFile, systemd }: Restart): readonly string[] | undefined {
  if (logFile !== undefined) return ['tail', '-n', '{lines}', logFile];
  if (systemd === undefined) return undefined;
  return ['journalctl', '--no-pager', '-o', 'short-iso', '-n', '{lines}', '-u', systemd];
}

/** `sudo -n` fails with a clear word where it would ask for a password. */
function recipe(
  { systemd, supervisor }: Restart,
  order: 'restart' | 'stop' | 'start',
): readonly string[] | undefined {
  if (systemd !== undefined) return ['sudo', '-n', 'systemctl', order, systemd];
  if (supervisor !== undefined) return ['sudo', '-n', 'supervisorctl', order, supervisor];
  return undefined;
}

type Commands = z.output<typeof commandsSchema>;

/** What recoveries that do more than restart need; absent where nothing of it is configured. */
export function toolsOf(
  restart: Restart | undefined,
  commands: Commands,
): { readonly tools?: ToolSettings } {
  const { dataDir, logDir, zkCli, zkAuth, purge } = restart ?? {};
  const named = Object.entries(commands).map(([name, { timeout, ...command }]) => [
    name,
    { ...command, ...(timeout === undefined ? {} : { timeoutMs: timeout }) } satisfies NamedCommand,
  ]);
  const tools: ToolSettings = {
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(logDir === undefined ? {} : { logDir }),
    ...(zkCli === undefined ? {} : { zkCli }),
    ...(zkAuth === undefined ? {} : { zkAuth }),
    ...(purge === undefined ? {} : { purge }),
    ...(named.length === 0 ? {} : { commands: Object.fromEntries(named) }),
  };
  return Object.keys(tools).length === 0 ? {} : { tools };
}

/** The whole of `user:password`, and the password alone. */
export function zkSecretsOf(restart: Restart | undefined): readonly string[] {
  const { zkAuth } = restart ?? {};
  return zkAuth === undefined ? [] : [zkAuth, zkAuth.replace(/^[^:]*:/u, '')];
}
