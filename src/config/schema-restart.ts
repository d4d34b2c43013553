import { z } from 'zod';
import { sshSchema, sshSettingsOf } from '../edges/executors/config.ts';
import type { ExecutorSettings } from '../model/settings.ts';

/** The section `restart` of an ensemble, given the reader of durations. */
export function restartSchemaOf(duration: z.ZodType<number>) {
  return z.strictObject({
    command: z.exactOptional(z.array(z.string().min(1)).min(1)),
    systemd: z.exactOptional(z.string().min(1)),
    supervisor: z.exactOptional(z.string().min(1)),
    ssh: z.exactOptional(sshSchema),
    timeout: duration.default(60_000),
    cooldown: duration.default(300_000),
  });
}

/** What a restart can be; exactly one of them is needed. */
export const restartWays = ['command', 'systemd', 'supervisor'] as const;

type Restart = z.output<ReturnType<typeof restartSchemaOf>>;

/** The executor's settings: a recipe is a command that is already written. */
export function restartOf(restart: Restart): ExecutorSettings {
  const { ssh, timeout } = restart;
  const argv = argvOf(restart);
  return ssh === undefined
    ? { kind: 'command', argv, timeoutMs: timeout }
    : sshSettingsOf(ssh, argv, timeout);
}

/** `sudo -n` fails with a clear word where it would ask for a password. */
function argvOf({ command, systemd, supervisor }: Restart): readonly string[] {
  if (systemd !== undefined) return ['sudo', '-n', 'systemctl', 'restart', systemd];
  if (supervisor !== undefined) return ['sudo', '-n', 'supervisorctl', 'restart', supervisor];
  return command ?? [];
}
