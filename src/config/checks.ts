import { redisUrls } from '../edges/redis/config.ts';
import type { ConfigFault } from '../model/config-fault.ts';
import { ownTroubles } from '../model/own-troubles.ts';
import { type DetectorThresholds, ensembleFaults } from './checks-ensembles.ts';
import { maintenanceFaults } from './checks-maintenance.ts';
import { onCallFaults } from './checks-on-call.ts';
import { routeFaults } from './checks-routes.ts';
import { smsFaults } from './checks-sms.ts';
import { type ConfigDocument, type Path, pathText } from './document.ts';
import { isLoopback } from './endpoint.ts';
import { get, list, section, tooShort, twice, unknownName } from './look.ts';
import { channelKeys, secretPaths } from './schema.ts';
import { heartbeatLeast } from './schema-own.ts';

/**
 * What no field can know by itself: names that point to others, things named twice, secrets in the clear. Works on the values as
 * they stand, sound or not, so that one run tells everything.
 */
export function crossFaults(
  document: ConfigDocument,
  detectors: DetectorThresholds,
): readonly ConfigFault[] {
  return [
    ...secretFaults(document),
    ...peopleFaults(document),
    ...redisFaults(document),
    ...heartbeatFaults(document),
    ...httpFaults(document),
    ...slackFaults(document),
    ...emailFaults(document),
    ...smsFaults(document),
    ...destinationFaults(document),
    ...onCallFaults(document),
    ...routeFaults(document, routedDetectors(detectors)),
    ...maintenanceFaults(document, Object.keys(detectors)),
    ...ensembleFaults(document, detectors),
  ];
}

/** Names a route may choose by: every detector, and the troubles of the bot itself. */
export function routedDetectors(detectors: DetectorThresholds): readonly string[] {
  return [...Object.keys(detectors), ...ownTroubles];
}

/** Every path that a pattern with `*` stands for. */
function expand(values: unknown, pattern: string): readonly Path[] {
  let found: readonly { readonly path: Path; readonly value: unknown }[] = [
    { path: [], value: values },
  ];
  for (const part of pattern.split('.')) {
    found = found.flatMap(({ path, value }) =>
      [...list(value).entries(), ...Object.entries(section(value))]
        .filter(([key]) => part === '*' || key === part)
        .map(([key, inner]) => ({ path: [...path, key], value: inner })),
    );
  }
  return found.map(({ path }) => path);
}

/** True for `${NAME}` and nothing else. */
function isReference(written: string | undefined): boolean {
  return written !== undefined && /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/u.test(written);
}

function secretFaults(document: ConfigDocument): readonly ConfigFault[] {
  const plain = secretPaths
    .flatMap((pattern) => expand(document.values, pattern))
    .filter((path) => !isReference(document.written(path)));
  const addresses = [...redisUrls, 'destinations.*.webhook.url'];
  const urls = addresses
    .flatMap((pattern) => expand(document.values, pattern))
    .filter((path) => /^[a-z]+:\/\/[^/@\s]*:(?!\$\{)[^/@\s]+@/u.test(document.written(path) ?? ''));
  return [...plain, ...urls].map((path) => document.at(path, { kind: 'literal-secret' }));
}

function peopleFaults(document: ConfigDocument): readonly ConfigFault[] {
  const people = Object.entries(section(get(document.values, 'people')));
  const ensembles = Object.keys(section(get(document.values, 'ensembles')));
  const field = (key: string) =>
    people.flatMap(([id, person]) => {
      const value = get(person, key);
      const path = ['people', id, key];
      return typeof value === 'string' && !document.unknown.has(pathText(path))
        ? [{ path, value }]
        : [];
    });
  const strayRoles = people.flatMap(([id, person]) =>
    Object.keys(section(get(person, 'roles')))
      .filter((name) => name !== '*' && !ensembles.includes(name))
      .map((name) =>
        unknownName(document, ['people', id, 'roles', name], 'ensemble', name, ensembles),
      ),
  );
  return [
    ...strayRoles,
    ...twice(document, 'token', field('token')),
    ...twice(document, 'handle', field('slack')),
    ...twice(document, 'handle', field('dingtalk')),
  ];
}

function redisFaults(document: ConfigDocument): readonly ConfigFault[] {
  const redis = get(document.values, 'redis');
  const [sentinels, master, cluster] = ['sentinels', 'master', 'cluster'].map((key) =>
    get(redis, key),
  );
  const faults: ConfigFault[] = [];
  if ((sentinels === undefined) !== (master === undefined))
    faults.push(document.at(['redis'], { kind: 'sentinel-pair' }));
  if (cluster !== undefined && sentinels !== undefined)
    faults.push(document.at(['redis', 'cluster'], { kind: 'redis-two-ways' }));
  return faults;
}

function heartbeatFaults(document: ConfigDocument): readonly ConfigFault[] {
  const path = ['heartbeat', 'every'];
  return tooShort(document, path, get(document.values, ...path), heartbeatLeast);
}

function httpFaults(document: ConfigDocument): readonly ConfigFault[] {
  const people = section(get(document.values, 'people'));
  const host = get(document.values, 'http', 'host');
  const localPerson = get(document.values, 'http', 'localPerson');
  const faults: ConfigFault[] = [];
  if (
    typeof host === 'string' &&
    !isLoopback(host) &&
    !document.unknown.has('http.host') &&
    !Object.values(people).some((person) => get(person, 'token') !== undefined)
  )
    faults.push(document.at(['http', 'host'], { kind: 'open-console', host }));
  if (typeof localPerson === 'string' && !Object.hasOwn(people, localPerson))
    faults.push(
      unknownName(document, ['http', 'localPerson'], 'person', localPerson, Object.keys(people)),
    );
  return faults;
}

function slackFaults(document: ConfigDocument): readonly ConfigFault[] {
  const slack = get(document.values, 'slack');
  if (slack === undefined) return [];
  const byRequests = get(slack, 'signingSecret') !== undefined && get(slack, 'port') !== undefined;
  if (get(slack, 'appToken') !== undefined || byRequests) return [];
  return [document.at(['slack'], { kind: 'slack-way-in' })];
}

function emailFaults(document: ConfigDocument): readonly ConfigFault[] {
  const email = get(document.values, 'email');
  const [host, password] = [get(email, 'host'), get(email, 'password')];
  const faults: ConfigFault[] = [];
  if ((get(email, 'user') === undefined) !== (password === undefined))
    faults.push(document.at(['email'], { kind: 'sign-in-pair' }));
  if (
    get(email, 'security') === 'none' &&
    password !== undefined &&
    typeof host === 'string' &&
    !isLoopback(host)
  )
    faults.push(document.at(['email', 'security'], { kind: 'open-password', host }));
  return faults;
}

function destinationFaults(document: ConfigDocument): readonly ConfigFault[] {
  const destinations = Object.entries(section(get(document.values, 'destinations')));
  return destinations.flatMap(([id, destination]) => {
    const path = ['destinations', id];
    const channels = channelKeys.filter((key) => get(destination, key) !== undefined);
    if (channels.length !== 1) return [document.at(path, { kind: 'one-channel', channels })];
    const [channel] = channels;
    if (channel === undefined || channel === 'webhook' || channel === 'dingtalkRobot') return [];
    if (get(document.values, channel) !== undefined) return [];
    return [
      document.at([...path, channel], {
        kind: 'section-missing',
        section: channel,
        because: pathText(path),
      }),
    ];
  });
}
