import { basename } from 'node:path';
import type { EnsembleId, Server } from '../../model/ensemble.ts';
import type { Order } from '../../model/order.ts';
import type { CommandTemplates } from '../../model/settings.ts';

/** The template of an order, before anything is filled in; undefined where there is no way to do it. */
export function templateOf(
  settings: CommandTemplates,
  order: Order,
): { readonly argv: readonly string[]; readonly exec: readonly string[] } | undefined {
  const whole = (argv: readonly string[] | undefined) =>
    argv === undefined ? undefined : { argv, exec: [] };
  switch (order.kind) {
    case 'restart':
      return whole(settings.argv);
    case 'stop':
      return whole(settings.stop);
    case 'start':
      return whole(settings.start);
    case 'log':
      return settings.on === undefined || settings.log === undefined
        ? undefined
        : {
            argv: settings.on,
            exec: settings.log.map((word) => word.replaceAll('{lines}', String(order.lines))),
          };
    case 'exec':
      return settings.on === undefined ? undefined : { argv: settings.on, exec: order.argv };
  }
}

/**
 * A program behind its prefix. The program `ssh` hands its arguments to a shell on the other side, so there they are quoted for that
 * shell, as one argument.
 */
export function behind(prefix: readonly string[], argv: readonly string[]): readonly string[] {
  if (argv.length === 0) return prefix;
  const isSsh = prefix.some((word) => basename(word) === 'ssh');
  return [...prefix, ...(isSsh ? [argvText(argv)] : argv)];
}

/**
 * Fills `{server}`, `{host}`, `{port}` and `{ensemble}` into an argv template. Each argument stays one argument, whatever is
 * filled in; undefined when a value would turn an argument into an option (`-rf`). References `${NAME}` stay as they are.
 */
export function fillArgv(
  template: readonly string[],
  ensemble: EnsembleId,
  server: Server,
): readonly string[] | undefined {
  const argv = template.map((argument) => fillText(argument, ensemble, server));
  const turned = argv.some(
    (argument, index) =>
      argument.includes('\0') ||
      (argument.startsWith('-') && template[index]?.startsWith('-') !== true),
  );
  return turned ? undefined : argv;
}

/** Fills `{server}`, `{host}`, `{port}` and `{ensemble}` into one text. */
export function fillText(text: string, ensemble: EnsembleId, server: Server): string {
  const values: Readonly<Record<string, string>> = {
    server: server.id,
    host: server.client.host,
    port: String(server.client.port),
    ensemble,
  };
  return text.replace(/\{(server|host|port|ensemble)\}/gu, (_, word: string) => values[word] ?? '');
}

/** Fills `${NAME}` from the environment and answers the values used, which are secret, and the names that are not set. */
export function fillReferences(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): {
  readonly argv: readonly string[];
  readonly values: readonly string[];
  readonly unset: readonly string[];
} {
  const values: string[] = [];
  const unset: string[] = [];
  const filled = argv.map((argument) =>
    argument.replace(/\$\$\{|\$\{([^}]*)\}/gu, (_, name: string | undefined) => {
      if (name === undefined) return '${';
      const value = env[name] ?? '';
      if (value === '') unset.push(name);
      else values.push(value);
      return value;
    }),
  );
  return { argv: filled, values, unset };
}

/** An argv as one line of a POSIX shell: every argument stays one, whatever is in it. */
export function argvText(argv: readonly string[]): string {
  return argv
    .map((argument) =>
      /^[\w@%+=:,./-]+$/u.test(argument)
        ? argument
        : `'${argument.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}
