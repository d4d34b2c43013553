import type { EnsembleId, Server } from '../../model/ensemble.ts';
import type { CommandSettings } from '../../model/settings.ts';

/**
 * Fills `{server}`, `{host}`, `{port}` and `{ensemble}` into an argv template. Each argument stays one argument, whatever is
 * filled in; undefined when a value would turn an argument into an option (`-rf`).
 */
export function fillArgv(
  settings: CommandSettings,
  ensemble: EnsembleId,
  server: Server,
): readonly string[] | undefined {
  const values: Readonly<Record<string, string>> = {
    server: server.id,
    host: server.client.host,
    port: String(server.client.port),
    ensemble,
  };
  const argv = settings.argv.map((argument) =>
    argument.replace(/\{(server|host|port|ensemble)\}/gu, (_, word: string) => values[word] ?? ''),
  );
  const turned = argv.some(
    (argument, index) =>
      argument.includes('\0') ||
      (argument.startsWith('-') && settings.argv[index]?.startsWith('-') !== true),
  );
  return turned ? undefined : argv;
}

/** An argv as a person would type it, for reading only. */
export function argvText(argv: readonly string[]): string {
  return argv
    .map((argument) =>
      /^[\w@%+=:,./-]+$/u.test(argument)
        ? argument
        : `'${argument.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}
