import { z } from 'zod';
import {
  dockerSchema,
  dockerSettingsOf,
  sshSchema,
  sshSettingsOf,
} from '../edges/executors/config.ts';
import type { CommandTemplates, ExecutorSettings } from '../model/settings.ts';

const argv = z.array(z.string().min(1)).min(1);

/** The section `restart` of an ensemble, given the reader of durations. */
export function restartSchemaOf(duration: z.ZodType<number>) {
  return z.strictObject({
    command: z.exactOptional(argv),
    systemd: z.exactOptional(z.string().min(1)),
    supervisor: z.exactOptional(z.string().min(1)),
    docker: z.exactOptional(dockerSchema),
    stop: z.exactOptional(argv),
    start: z.exactOptional(argv),
    /** Stands before any other program that runs where the server runs. */
    on: z.exactOptional(z.array(z.string().min(1))),
    /** On the machine of the server. */
    logFile: z.exactOptional(z.string().min(1)),
    ssh: z.exactOptional(sshSchema),
    timeout: duration.default(60_000),
    cooldown: duration.default(300_000),
  });
}

/** What a restart can be; exactly one of them is needed. */
export const restartWays = ['command', 'systemd', 'supervisor', 'docker'] as const;

type Restart = z.output<ReturnType<typeof restartSchemaOf>>;

/** The executor's settings: a recipe is a command that is already written. */
export function restartOf(restart: Restart): ExecutorSettings {
  const { ssh, timeout, docker } = restart;
  if (docker !== undefined) return dockerSettingsOf(docker, timeout);
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
