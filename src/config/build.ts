import type { ConfigFault } from '../model/config-fault.ts';
import type { Grouping } from '../model/destination.ts';
import type { Server } from '../model/ensemble.ts';
import type { Destination } from '../model/notification.ts';
import type { Person } from '../model/person.ts';
import type { DetectorChoice, EnsembleSettings, RouteSettings } from '../model/settings.ts';
import { crawlOf } from './build-crawl.ts';
import { hostOf } from './build-host.ts';
import { lifeOf } from './build-life.ts';
import { groupsOf, schedulesOf, stepOf, windowOf } from './build-on-call.ts';
import type { Config } from './config.ts';
import { parseEndpoint, serverIds } from './endpoint.ts';
import type { ParsedConfig } from './schema.ts';
import { autoRuleOf } from './schema-auto.ts';
import { treeOf } from './schema-backup.ts';
import { restartOf, toolsOf, zkSecretsOf } from './schema-restart.ts';

/** The port of ZooKeeper's AdminServer unless `admin.serverPort` says otherwise. */
const adminPort = 8080;

/** The console as a destination: it is always there, and shows everything. */
export const consoleDestination = 'console';

/** Turns the checked file into what the parts of the bot take. */
export function configOf(parsed: ParsedConfig, warnings: readonly ConfigFault[]): Config {
  const people = Object.entries(parsed.people);
  const destinations = Object.entries(parsed.destinations);
  const webhooks = Object.fromEntries(
    destinations.flatMap(([id, { webhook }]) => (webhook === undefined ? [] : [[id, webhook]])),
  );
  const dingtalkRobots = Object.fromEntries(
    destinations.flatMap(([id, { dingtalkRobot }]) =>
      dingtalkRobot === undefined ? [] : [[id, dingtalkRobot]],
    ),
  );
  const tokens = people.flatMap(([person, { token }]) =>
    token === undefined ? [] : [{ person, token }],
  );
  const { publicUrl } = parsed.http;
  return {
    settings: {
      language: parsed.language,
      people: people.map(([id, person]) => personOf(id, person)),
      ensembles: Object.entries(parsed.ensembles).map(([id, ensemble]) => ensembleOf(id, ensemble)),
      destinations: destinationsOf(parsed),
      routes: routesOf(parsed),
      timeZone: parsed.timeZone,
      maintenance: Object.entries(parsed.maintenance).map(([name, window]) => {
        const { cron, reason, timeZone = parsed.timeZone, for: forMs, freeze, ...scope } = window;
        const freezes = freeze ? ({ freezes: true } as const) : {};
        return { name, scope, cron, timeZone, forMs, reason, ...freezes };
      }),
      incidents: lifeOf(parsed),
      ...(parsed.grouping === undefined ? {} : { grouping: groupingOf(parsed.grouping) }),
      groups: groupsOf(parsed),
      onCall: schedulesOf(parsed),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(parsed.selfTest === undefined
        ? {}
        : { selfTest: { minute: parsed.selfTest.at, zone: parsed.selfTest.zone } }),
      ...(parsed.runbookUrl === undefined
        ? {}
        : { runbookUrl: parsed.runbookUrl.replace(/\/*$/u, '/') }),
    },
    redis: parsed.redis,
    http: parsed.http,
    ...(parsed.slack === undefined ? {} : { slack: parsed.slack }),
    ...(parsed.dingtalk === undefined ? {} : { dingtalk: parsed.dingtalk }),
    dingtalkRobots,
    ...(parsed.email === undefined ? {} : { email: parsed.email }),
    ...(parsed.sms === undefined ? {} : { sms: parsed.sms }),
    ...(parsed.heartbeat === undefined
      ? {}
      : {
          heartbeat: {
            url: parsed.heartbeat.url,
            method: parsed.heartbeat.method,
            everyMs: parsed.heartbeat.every,
          },
        }),
    webhooks,
    tokens,
    secrets: secretsOf(parsed),
    warnings,
  };
}

type ParsedPerson = ParsedConfig['people'][string];

/** Console and webhook know people by their id; chats know them by a handle. */
function personOf(id: string, person: ParsedPerson): Person {
  return {
    kind: 'person',
    id,
    name: person.name,
    ...(person.language === undefined ? {} : { language: person.language }),
    roles: person.roles,
    handles: {
      console: id,
      webhook: id,
      ...(person.slack === undefined ? {} : { slack: person.slack }),
      ...(person.dingtalk === undefined
        ? {}
        : { dingtalk: person.dingtalk, dingtalkRobot: person.dingtalk }),
      ...(person.email === undefined ? {} : { email: person.email }),
      ...(person.phone === undefined ? {} : { sms: person.phone }),
    },
  };
}

function destinationsOf(parsed: ParsedConfig): readonly Destination[] {
  const configured = Object.entries(parsed.destinations).map(([id, destination]) => ({
    id,
    ...placeOf(id, destination),
    language: destination.language ?? parsed.language,
  }));
  return [
    ...configured,
    {
      id: consoleDestination,
      channel: 'console',
      address: consoleDestination,
      language: parsed.language,
    },
  ];
}

/** Where a destination is, by the one channel it names. */
function placeOf(
  id: string,
  destination: ParsedConfig['destinations'][string],
): Pick<Destination, 'channel' | 'address'> {
  if (destination.slack !== undefined) return { channel: 'slack', address: destination.slack };
  if (destination.dingtalk !== undefined)
    return { channel: 'dingtalk', address: destination.dingtalk };
  if (destination.dingtalkRobot !== undefined) return { channel: 'dingtalkRobot', address: id };
  if (destination.email !== undefined)
    return { channel: 'email', address: destination.email.join(',') };
  if (destination.sms !== undefined) return { channel: 'sms', address: destination.sms.join(',') };
  return { channel: 'webhook', address: id };
}

/** The console's own route comes last, so that it never decides whom to call. */
function routesOf(parsed: ParsedConfig): readonly RouteSettings[] {
  const configured = parsed.routes.map(
    ({
      ensembles,
      severities,
      detectors,
      when,
      to,
      escalation,
      repeat,
      ...route
    }): RouteSettings => ({
      ensembles,
      severities,
      ...(detectors === undefined ? {} : { detectors: choiceOf(detectors) }),
      when: (when ?? []).map((window) => windowOf(window, window.zone)),
      destinations: to,
      ...(route.fallback === undefined ? {} : { fallback: route.fallback }),
      ...(route.grouping === undefined ? {} : { grouping: groupingOf(route.grouping) }),
      escalation: escalation.map(stepOf),
      ...(route.acknowledgers === 1 ? {} : { acknowledgers: route.acknowledgers }),
      ...(route.ackReminder === undefined ? {} : { ackReminderMs: route.ackReminder }),
      ...(repeat === undefined ? {} : { repeat: { everyMs: repeat.every, times: repeat.times } }),
    }),
  );
  return [
    ...configured,
    { ensembles: [], severities: [], when: [], destinations: [consoleDestination], escalation: [] },
  ];
}

function groupingOf({ above, within }: NonNullable<ParsedConfig['grouping']>): Grouping {
  return { above, withinMs: within };
}

type ParsedDetectors = NonNullable<ParsedConfig['routes'][number]['detectors']>;

function choiceOf(detectors: ParsedDetectors): DetectorChoice {
  return 'not' in detectors
    ? { kind: 'not', names: detectors.not }
    : { kind: 'only', names: detectors };
}

type ParsedEnsemble = ParsedConfig['ensembles'][string];

function ensembleOf(id: string, ensemble: ParsedEnsemble): EnsembleSettings {
  const { timing, probe, sensors, restart } = ensemble;
  return {
    id,
    servers: serversOf(ensemble.servers),
    discover: ensemble.discover,
    timing: {
      tickTimeMs: timing.tickTime,
      initLimit: timing.initLimit,
      syncLimit: timing.syncLimit,
    },
    probe: { everyMs: probe.every, timeoutMs: probe.timeout },
    sensors: {
      sessions: sensors.sessions,
      canary: sensors.canary,
      pingEveryMs: sensors.pingEvery,
    },
    ...(ensemble.tls === undefined ? {} : { tls: ensemble.tls }),
    ...(ensemble.quorumTls === undefined ? {} : { quorumTls: ensemble.quorumTls }),
    ...(ensemble.survey === false ? {} : { survey: { everyMs: ensemble.survey.every } }),
    ...(ensemble.host === undefined ? {} : { host: hostOf(ensemble.host) }),
    ...(ensemble.crawl === undefined ? {} : { crawl: crawlOf(ensemble.crawl) }),
    ...treeOf(ensemble),
    thresholds: ensemble.thresholds,
    ...(restart === undefined ? {} : { restart: restartOf(restart) }),
    ...(ensemble.auto === undefined ? {} : { auto: ensemble.auto.map(autoRuleOf) }),
    ...toolsOf(restart, ensemble.commands),
    restartCooldownMs: restart?.cooldown ?? 300_000,
    recoveriesPerHour: ensemble.recoveriesPerHour,
    approvals: { needed: ensemble.approvals, withinMs: ensemble.approvalWithin },
  };
}

/**
 * Servers with their names. Where the admin address is not given, ZooKeeper's default port is assumed, but only on a host of its
 * own: servers that share a host cannot all have it, and asking the wrong one would tell lies.
 */
function serversOf(parsed: ParsedEnsemble['servers']): readonly Server[] {
  const servers = parsed.map((server) =>
    typeof server === 'string' ? { client: endpointOf(server) } : server,
  );
  const names = serverIds(servers.map(({ client }) => client));
  return servers.map((server, index) => {
    const { client } = server;
    const alone = servers.filter((other) => other.client.host === client.host).length === 1;
    const written = 'admin' in server ? server.admin : undefined;
    const admin = written ?? (alone ? { host: client.host, port: adminPort } : false);
    return {
      id: ('id' in server ? server.id : undefined) ?? names[index] ?? '',
      client,
      ...(admin === false ? {} : { admin }),
      ...('sid' in server && server.sid !== undefined ? { sid: server.sid } : {}),
      role: 'role' in server ? server.role : 'voter',
    };
  });
}

function endpointOf(text: string): Server['client'] {
  return parseEndpoint(text) ?? { host: text, port: 2181 };
}

/** Values that must never be printed: secret fields, passwords inside addresses, and webhook addresses, which are keys by themselves. */
function secretsOf(parsed: ParsedConfig): readonly string[] {
  const hooks = Object.values(parsed.destinations).flatMap(({ webhook }) =>
    webhook === undefined ? [] : [webhook.url, webhook.secret],
  );
  const robots = Object.values(parsed.destinations).flatMap(({ dingtalkRobot }) =>
    dingtalkRobot === undefined ? [] : [dingtalkRobot.url, dingtalkRobot.secret],
  );
  const { url, sentinels = [], cluster = [] } = parsed.redis;
  const passwords = [url, ...sentinels, ...cluster].map((each) => new URL(each).password);
  const all = [
    ...Object.values(parsed.people).map(({ token }) => token),
    parsed.slack?.botToken,
    parsed.slack?.appToken,
    parsed.slack?.signingSecret,
    parsed.dingtalk?.clientSecret,
    parsed.email?.password,
    parsed.sms?.twilio?.authToken,
    parsed.sms?.twilio?.apiKeySecret,
    parsed.sms?.aliyun?.accessKeySecret,
    ...robots,
    ...hooks,
    ...Object.values(parsed.ensembles).flatMap(({ restart }) => zkSecretsOf(restart)),
    ...Object.values(parsed.onCall).map(({ ical }) => ical?.url),
    parsed.heartbeat?.url,
    ...Object.values(parsed.ensembles).map(({ login }) => login),
    ...passwords,
    ...passwords.map(decoded),
  ];
  return [...new Set(all.filter((secret) => secret !== undefined && secret !== ''))] as string[];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: the password is taken as it is written.
    return text;
  }
}
