import { z } from 'zod';
import {
  dingtalkAddressSchema,
  dingtalkHandleSchema,
  dingtalkRobotSchema,
  dingtalkRobotSecrets,
  dingtalkSchema,
  dingtalkSecrets,
} from '../edges/dingtalk/config.ts';
import {
  emailAddressesSchema,
  emailAddressSchema,
  emailSchema,
  emailSecrets,
} from '../edges/email/config.ts';
import { sshSecrets } from '../edges/executors/config.ts';
import { httpSchema } from '../edges/http/config.ts';
import { redisSchema } from '../edges/redis/config.ts';
import {
  slackAddressSchema,
  slackHandleSchema,
  slackSchema,
  slackSecrets,
} from '../edges/slack/config.ts';
import { phoneSchema, smsAddressSchema, smsSchema, smsSecrets } from '../edges/sms/config.ts';
import { isCronPattern, isTimeZone } from '../edges/timetable/config.ts';
import { webhookSchema, webhookSecrets } from '../edges/webhook/config.ts';
import type { Want } from '../model/config-fault.ts';
import { defaultGrouping, firstsMax } from '../model/destination.ts';
import { defaultTiming, ownEnsemble } from '../model/ensemble.ts';
import { type RecoveryActionName, recoveryActionNames } from '../model/recovery-action.ts';
import {
  defaultApprovalMs,
  defaultFlap,
  defaultIncidentSettings,
  defaultRecoveriesPerHour,
} from '../model/settings.ts';
import { parseEndpoint } from './endpoint.ts';
import { autoSchema } from './schema-auto.ts';
import { backupSchema } from './schema-backup.ts';
import { crawlSchema, hostSchema } from './schema-host.ts';
import {
  groupSchema,
  repeatSchema,
  scheduleSchema,
  stepSchema,
  whenSchema,
} from './schema-on-call.ts';
import { heartbeatSchema, selfTestSchema } from './schema-own.ts';
import { duration, readAs, wanted } from './schema-parts.ts';
import { commandsSchema, restartSchema, restartSecrets } from './schema-restart.ts';

/** Destinations of channels other than the console, by the key that names the channel. */
export const channelKeys = [
  'slack',
  'dingtalk',
  'dingtalkRobot',
  'email',
  'sms',
  'webhook',
] as const;

/** Fields that may only be environment references; `*` stands for any name. */
export const secretPaths: readonly string[] = [
  'people.*.token',
  'onCall.*.ical.url',
  'heartbeat.url',
  ...restartSecrets.map((key) => `ensembles.*.restart.${key}`),
  'ensembles.*.login',
  ...sshSecrets.map((key) => `ensembles.*.restart.ssh.${key}`),
  ...slackSecrets.map((key) => `slack.${key}`),
  ...dingtalkSecrets.map((key) => `dingtalk.${key}`),
  ...dingtalkRobotSecrets.map((key) => `destinations.*.dingtalkRobot.${key}`),
  ...emailSecrets.map((key) => `email.${key}`),
  ...smsSecrets.map((key) => `sms.${key}`),
  ...webhookSecrets.map((key) => `destinations.*.webhook.${key}`),
];

/** Shortest token of a person that is taken: 16 characters of hexadecimal are 64 bits. */
export const tokenCharsMin = 16;

/** Words in braces that a restart command may carry. */
export const placeholders = ['server', 'host', 'port', 'ensemble'] as const;

function named(want: Want, pattern: RegExp): z.ZodCustom<string, string> {
  return wanted<string>(want, (value) => typeof value === 'string' && pattern.test(value));
}

const endpoint = readAs('endpoint', parseEndpoint);

const language = z.enum(['en', 'zh-CN']);
const severity = z.enum(['info', 'warn', 'page']);
const role = z.enum(['viewer', 'operator', 'admin']);
const path = z.string().min(1);

const server = z.union([
  wanted<string>('server', (value) => parseEndpoint(value) !== undefined),
  z.strictObject({
    id: z.exactOptional(named('text', /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/u)),
    client: endpoint,
    /** `false` where the AdminServer is switched off. */
    admin: z.exactOptional(z.union([endpoint, z.literal(false)])),
    role: z.enum(['voter', 'observer']).default('voter'),
    sid: z.exactOptional(z.int().min(0).max(255)),
  }),
]);

const approvalsShape = Object.fromEntries(
  recoveryActionNames.map((name) => [name, z.exactOptional(z.int().min(0).max(2))]),
) as Record<RecoveryActionName, z.ZodExactOptional<z.ZodInt>>;

const ensemble = z.strictObject({
  servers: z.array(server).min(1),
  discover: z.boolean().default(true),
  timing: z
    .strictObject({
      tickTime: duration.default(defaultTiming.tickTimeMs),
      initLimit: z.int().min(1).max(1000).default(defaultTiming.initLimit),
      syncLimit: z.int().min(1).max(1000).default(defaultTiming.syncLimit),
    })
    .prefault({}),
  probe: z
    .strictObject({ every: duration.default(5000), timeout: duration.default(1000) })
    .prefault({}),
  tls: z.exactOptional(
    z.strictObject({
      caFile: z.exactOptional(path),
      certFile: z.exactOptional(path),
      keyFile: z.exactOptional(path),
      serverName: z.exactOptional(z.string().min(1)),
    }),
  ),
  /** Whether the servers speak TLS to each other (`sslQuorum`). */
  quorumTls: z.exactOptional(z.boolean()),
  sensors: z
    .strictObject({
      sessions: z.boolean().default(true),
      canary: z.boolean().default(true),
      pingEvery: duration.default(250),
    })
    .prefault({}),
  /** `false`: no slow facts are asked for. */
  survey: z
    .union([z.literal(false), z.strictObject({ every: duration.default(60_000) })])
    .prefault({}),
  host: z.exactOptional(hostSchema),
  crawl: z.exactOptional(crawlSchema),
  backup: z.exactOptional(backupSchema),
  /** Who the bot is to ZooKeeper when it reads and writes whole trees: `digest:user:password`. */
  login: z.exactOptional(named('zookeeper-login', /^[a-z0-9]+:.+$/u)),
  thresholds: z.record(z.string(), z.record(z.string(), z.number())).default({}),
  restart: z.exactOptional(restartSchema),
  auto: z.exactOptional(z.array(autoSchema).min(1)),
  /** Programs a person may run beside a server, by name. */
  commands: commandsSchema.default({}),
  /** Other people who must agree, by action. */
  approvals: z.strictObject(approvalsShape).default({}),
  /** 0: any number. */
  recoveriesPerHour: z.int().min(0).max(20).default(defaultRecoveriesPerHour),
  approvalWithin: duration.default(defaultApprovalMs),
});

const person = z.strictObject({
  name: z.string().min(1),
  language: z.exactOptional(language),
  roles: z.record(z.string(), role),
  slack: z.exactOptional(slackHandleSchema),
  dingtalk: z.exactOptional(dingtalkHandleSchema),
  email: z.exactOptional(emailAddressSchema),
  phone: z.exactOptional(phoneSchema),
  token: z.exactOptional(
    wanted<string>(
      'api-token',
      (value) => typeof value === 'string' && value.length >= tokenCharsMin && !/\s/u.test(value),
    ),
  ),
});

const destination = z.strictObject({
  slack: z.exactOptional(slackAddressSchema),
  dingtalk: z.exactOptional(dingtalkAddressSchema),
  dingtalkRobot: z.exactOptional(dingtalkRobotSchema),
  email: z.exactOptional(emailAddressesSchema),
  sms: z.exactOptional(smsAddressSchema),
  webhook: z.exactOptional(webhookSchema),
  language: z.exactOptional(language),
});

/** A thousand posts is what is remembered of a destination. */
const grouping = z.strictObject({
  above: z.int().min(1).max(firstsMax).default(defaultGrouping.above),
  within: duration.default(defaultGrouping.withinMs),
});

const route = z.strictObject({
  ensembles: z.array(z.string()).min(1).default([]),
  severities: z.array(severity).min(1).default([]),
  to: z.array(z.string()).min(1),
  detectors: z.exactOptional(
    z.union([z.array(z.string()).min(1), z.strictObject({ not: z.array(z.string()).min(1) })]),
  ),
  when: z.exactOptional(whenSchema),
  fallback: z.exactOptional(z.array(z.string()).min(1)),
  grouping: z.exactOptional(grouping),
  escalation: z.array(stepSchema).default([]),
  repeat: z.exactOptional(repeatSchema),
  acknowledgers: z.int().min(1).max(10).default(1),
  ackReminder: z.exactOptional(duration),
});

/** Beginnings of a fault that are remembered, so that more can be counted than are asked for. */
const flapTimesMax = 25;

const life = defaultIncidentSettings;

const incidents = z.strictObject({
  reopen: duration.default(life.reopenMs),
  ackReminder: duration.default(life.ackReminderMs),
  ackReminderGrace: duration.default(life.ackReminderGraceMs),
  unseenAfter: duration.default(life.unseenAfterMs),
  staleAfter: duration.default(life.staleAfterMs),
  flap: z
    .strictObject({
      times: z.int().min(0).max(flapTimesMax).default(defaultFlap.times),
      within: duration.default(defaultFlap.withinMs),
      quiet: duration.default(defaultFlap.quietMs),
    })
    .prefault({}),
});

const shortName = /^[a-z0-9][a-z0-9._-]{0,39}$/u;

const timeZone = wanted<string>('time-zone', isTimeZone);

const maintenance = z.strictObject({
  cron: wanted<string>('cron', isCronPattern),
  for: duration,
  reason: z.string().min(1).max(500),
  timeZone: z.exactOptional(timeZone),
  ensemble: z.exactOptional(z.string().min(1)),
  server: z.exactOptional(z.string().min(1)),
  detector: z.exactOptional(z.string().min(1)),
  severity: z.exactOptional(severity),
  /** Whether nothing is recovered meanwhile. */
  freeze: z.boolean().default(false),
});

/** The whole of `nightkeeper.yaml`. What one field cannot know of another is in `checks.ts`. */
export const configSchema = z.strictObject({
  language: language.default('en'),
  runbookUrl: z.exactOptional(
    wanted<string>(
      'http-url',
      (value) => typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value),
    ),
  ),
  redis: redisSchema.prefault({}),
  http: httpSchema.prefault({}),
  people: z.record(named('person-name', shortName), person).default({}),
  ensembles: z.record(
    named('ensemble-name', new RegExp(`^(?!${ownEnsemble}$)[a-z0-9][a-z0-9-]{0,39}$`, 'u')),
    ensemble,
  ),
  slack: z.exactOptional(slackSchema),
  dingtalk: z.exactOptional(dingtalkSchema),
  email: z.exactOptional(emailSchema),
  sms: z.exactOptional(smsSchema),
  destinations: z
    .record(named('destination-name', /^(?!console$)[a-z0-9][a-z0-9._-]{0,39}$/u), destination)
    .default({}),
  grouping: z.exactOptional(grouping),
  groups: z.record(named('person-name', shortName), groupSchema).default({}),
  onCall: z.record(named('person-name', shortName), scheduleSchema).default({}),
  routes: z.array(route).default([]),
  incidents: incidents.prefault({}),
  heartbeat: z.exactOptional(heartbeatSchema),
  selfTest: z.exactOptional(selfTestSchema),
  timeZone: timeZone.default('UTC'),
  maintenance: z
    .record(named('destination-name', /^[a-z0-9][a-z0-9._-]{0,39}$/u), maintenance)
    .default({}),
});

export type ParsedConfig = z.output<typeof configSchema>;
