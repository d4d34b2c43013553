import { kubernetesTargets } from '../edges/executors/config.ts';
import type { ConfigFault } from '../model/config-fault.ts';
import type { ConfigDocument, Path } from './document.ts';
import { get, list, section } from './look.ts';
import { placeholders } from './schema.ts';
import { restartWays } from './schema-restart.ts';

/** Words in braces that a purge may carry besides. */
const purgeWords = ['dataDir', 'logDir', 'keep'];

/** What the section `restart` of an ensemble says that cannot be, and its named commands. */
export function restartFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
): readonly ConfigFault[] {
  const path = [...above, 'restart'];
  const restart = get(ensemble, 'restart');
  const named = namedFaults(document, [...above, 'commands'], get(ensemble, 'commands'));
  if (restart === undefined) return named;
  return [
    ...named,
    ...notOne(document, path, restart, restartWays),
    // A machine that is not known by its key could be any machine.
    ...notOne(document, [...path, 'ssh'], get(restart, 'ssh'), ['knownHosts', 'hostKeys']),
    ...dockerFaults(document, path, restart),
    ...notOne(document, [...path, 'kubernetes'], get(restart, 'kubernetes'), kubernetesTargets),
    ...placeholderFaults(document, path, restart),
  ];
}

/** An engine that anybody may reach gives the whole machine away: over TCP both sides must show a certificate. */
function dockerFaults(
  document: ConfigDocument,
  above: Path,
  restart: unknown,
): readonly ConfigFault[] {
  const docker = get(restart, 'docker');
  if (docker === undefined) return [];
  const path = [...above, 'docker'];
  if (get(docker, 'host') === undefined) return [];
  const missing = ['caFile', 'certFile', 'keyFile'].filter((key) => get(docker, key) === undefined);
  return [
    ...missing.map((key) => document.at(path, { kind: 'missing', key, want: 'text' })),
    ...(get(docker, 'socket') === undefined
      ? []
      : notOne(document, path, docker, ['host', 'socket'])),
  ];
}

/** A section, where there is one, in which another number of these keys is given than one. */
function notOne(
  document: ConfigDocument,
  path: Path,
  section: unknown,
  keys: readonly string[],
): readonly ConfigFault[] {
  if (section === undefined) return [];
  const given = keys.filter((key) => get(section, key) !== undefined);
  return given.length === 1 ? [] : [document.at(path, { kind: 'not-one', keys, given })];
}

/** Words in single braces; what stands in double braces belongs to the program that is called. */
function placeholderFaults(
  document: ConfigDocument,
  above: Path,
  restart: unknown,
): readonly ConfigFault[] {
  const texts = [
    ...['command', 'stop', 'start', 'on', 'zkCli'].flatMap((key) =>
      list(get(restart, key)).map((value, index) => ({ path: [key, index], value })),
    ),
    { path: ['systemd'], value: get(restart, 'systemd') },
    { path: ['supervisor'], value: get(restart, 'supervisor') },
    ...['namespace', 'container', ...kubernetesTargets].map((key) => ({
      path: ['kubernetes', key],
      value: get(restart, 'kubernetes', key),
    })),
    { path: ['docker', 'container'], value: get(restart, 'docker', 'container') },
    { path: ['docker', 'host'], value: get(restart, 'docker', 'host') },
    { path: ['logFile'], value: get(restart, 'logFile') },
    { path: ['ssh', 'host'], value: get(restart, 'ssh', 'host') },
  ];
  return [
    ...texts.flatMap(({ path, value }) => strangeWords(document, [...above, ...path], value)),
    ...list(get(restart, 'purge')).flatMap((value, index) =>
      strangeWords(document, [...above, 'purge', index], value, purgeWords),
    ),
  ];
}

function namedFaults(
  document: ConfigDocument,
  above: Path,
  commands: unknown,
): readonly ConfigFault[] {
  return Object.entries(section(commands)).flatMap(([name, command]) =>
    list(get(command, 'argv')).flatMap((value, index) =>
      strangeWords(document, [...above, name, 'argv', index], value),
    ),
  );
}

/** Words in single braces of a text that nothing is filled in for. */
export function strangeWords(
  document: ConfigDocument,
  path: Path,
  value: unknown,
  more: readonly string[] = [],
): readonly ConfigFault[] {
  const known = [...placeholders, ...more];
  return [...(typeof value === 'string' ? value : '').matchAll(/(?<![{$])\{([a-zA-Z]+)\}(?!\})/gu)]
    .map((match) => match[1] ?? '')
    .filter((word) => !known.includes(word))
    .map((placeholder) => document.at(path, { kind: 'unknown-placeholder', placeholder, known }));
}
