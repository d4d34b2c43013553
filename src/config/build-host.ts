import type { HostSettings } from '../model/settings.ts';
import type { ParsedConfig } from './schema.ts';

type Host = NonNullable<ParsedConfig['ensembles'][string]['host']>;

/** How the machines of an ensemble are looked at. */
export function hostOf(host: Host): HostSettings {
  const { command, every, timeout, servers, ...places } = host;
  const own = Object.entries(servers ?? {}).map(([server, { command: argv, ...where }]) => [
    server,
    { ...where, ...(argv === undefined ? {} : { argv }) },
  ]);
  return {
    kind: 'command',
    argv: command,
    everyMs: every,
    timeoutMs: timeout,
    ...places,
    ...(own.length === 0 ? {} : { servers: Object.fromEntries(own) }),
  };
}
