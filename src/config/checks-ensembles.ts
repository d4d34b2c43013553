import type { ConfigFault } from '../model/config-fault.ts';
import { autoFaults } from './checks-auto.ts';
import { backupFaults } from './checks-backup.ts';
import { restartFaults, strangeWords } from './checks-restart.ts';
import { type ConfigDocument, type Path } from './document.ts';
import { durationMs } from './duration.ts';
import { endpointText, parseEndpoint, serverIds } from './endpoint.ts';
import { get, list, section, tooShort, twice, unknownName, warn } from './look.ts';

/** Detectors with the thresholds a person may override and their defaults. */
export type DetectorThresholds = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Shortest probe interval taken: what happens faster is the sensors' to see. */
export const everyMsMin = 500;

/** What an ensemble's section says that cannot be. */
export function ensembleFaults(
  document: ConfigDocument,
  detectors: DetectorThresholds,
): readonly ConfigFault[] {
  const ensembles = Object.entries(section(get(document.values, 'ensembles')));
  if (ensembles.length === 0) {
    const present = get(document.values, 'ensembles') !== undefined;
    return present ? [document.at(['ensembles'], { kind: 'empty-list' })] : [];
  }
  return ensembles.flatMap(([id, ensemble]) => {
    const path = ['ensembles', id];
    return [
      ...serverFaults(document, path, ensemble),
      ...thresholdFaults(document, path, ensemble, detectors),
      ...probeFaults(document, path, ensemble),
      ...tlsFaults(document, path, ensemble),
      ...paceFaults(document, path, ensemble),
      ...backupFaults(document, path, ensemble),
      ...restartFaults(document, path, ensemble),
      ...autoFaults(document, path, ensemble, Object.keys(detectors)),
      ...list(get(ensemble, 'host', 'command')).flatMap((value, index) =>
        strangeWords(document, [...path, 'host', 'command', index], value),
      ),
    ];
  });
}

function serverFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
): readonly ConfigFault[] {
  const servers = list(get(ensemble, 'servers')).flatMap((server, index) => {
    const path = [...above, 'servers', index];
    const client = parseEndpoint(typeof server === 'string' ? server : get(server, 'client'));
    if (client === undefined) return [];
    return [{ path, client, id: get(server, 'id'), observer: get(server, 'role') === 'observer' }];
  });
  const names = serverIds(servers.map(({ client }) => client));
  const ids = servers.map(({ path, id }, index) => ({
    path,
    value: typeof id === 'string' ? id : (names[index] ?? ''),
  }));
  const endpoints = servers.map(({ path, client }) => ({ path, value: endpointText(client) }));
  const voters = servers.filter(({ observer }) => !observer).length;
  const doubled = twice(document, 'endpoint', endpoints);
  const even =
    get(ensemble, 'discover') === false && voters > 0 && voters % 2 === 0
      ? [warn(document.at([...above, 'servers'], { kind: 'even-voters', voters }))]
      : [];
  // Equal endpoints have equal default names: one fault for one mistake.
  const sameIds = twice(document, 'server-id', ids).filter(
    (fault) => !doubled.some((other) => other.path === fault.path),
  );
  return [...doubled, ...sameIds, ...even];
}

function thresholdFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
  detectors: DetectorThresholds,
): readonly ConfigFault[] {
  return Object.entries(section(get(ensemble, 'thresholds'))).flatMap(([detector, overrides]) => {
    const path = [...above, 'thresholds', detector];
    const known = Object.hasOwn(detectors, detector) ? detectors[detector] : undefined;
    if (known === undefined)
      return [unknownName(document, path, 'detector', detector, Object.keys(detectors))];
    return Object.entries(section(overrides)).flatMap(([name, value]) => {
      if (!Object.hasOwn(known, name))
        return [unknownName(document, [...path, name], 'threshold', name, Object.keys(known))];
      const most = thresholdMax(name);
      if (typeof value !== 'number' || (value >= 0 && value <= most)) return [];
      const range = { least: '0', ...(Number.isFinite(most) && { most: String(most) }) };
      return [
        document.at([...path, name], { kind: 'out-of-range', value: String(value), ...range }),
      ];
    });
  });
}

/** The most a threshold may be, by the unit its name ends with: a month, all, the whole. None is below 0. */
function thresholdMax(name: string): number {
  if (name.endsWith('Ms')) return 30 * 24 * 3_600_000;
  if (/percent$/iu.test(name)) return 100;
  return name.endsWith('Part') ? 1 : Number.POSITIVE_INFINITY;
}

function probeFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
): readonly ConfigFault[] {
  const path = [...above, 'probe'];
  const every = text(get(ensemble, 'probe', 'every') ?? '5s');
  const timeout = text(get(ensemble, 'probe', 'timeout') ?? '1s');
  const everyMs = durationMs(every);
  const timeoutMs = durationMs(timeout);
  if (everyMs === undefined || timeoutMs === undefined) return [];
  if (everyMs < everyMsMin)
    return [
      document.at([...path, 'every'], {
        kind: 'out-of-range',
        value: every,
        least: `${everyMsMin}ms`,
      }),
    ];
  if (timeoutMs > 0 && timeoutMs < everyMs) return [];
  const key = get(ensemble, 'probe', 'timeout') === undefined ? 'every' : 'timeout';
  return [
    document.at([...path, key], {
      kind: 'timeout-too-long',
      timeout: timeout,
      every: every,
    }),
  ];
}

/** A survey opens a session on every server, or a shell on every machine: more often it would be a burden. */
const surveyLeast = '1s';

/** A round may take long, and the next one begins after it. */
const crawlLeast = '1m';

function paceFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
): readonly ConfigFault[] {
  const times = [
    { key: ['survey', 'every'], least: surveyLeast },
    { key: ['host', 'every'], least: surveyLeast },
    { key: ['crawl', 'every'], least: crawlLeast },
    { key: ['crawl', 'time'], least: crawlLeast },
  ];
  return times.flatMap(({ key, least }) =>
    tooShort(document, [...above, ...key], get(ensemble, ...key), least),
  );
}

function tlsFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
): readonly ConfigFault[] {
  const cert = get(ensemble, 'tls', 'certFile') !== undefined;
  const key = get(ensemble, 'tls', 'keyFile') !== undefined;
  return cert === key ? [] : [document.at([...above, 'tls'], { kind: 'tls-pair' })];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
