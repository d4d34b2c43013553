import type { DingTalkConfig, DingTalkRobotConfig } from '../edges/dingtalk/config.ts';
import type { EmailConfig } from '../edges/email/config.ts';
import type { HeartbeatConfig } from '../edges/heartbeat/config.ts';
import type { HttpConfig } from '../edges/http/config.ts';
import type { RedisConfig } from '../edges/redis/config.ts';
import type { SlackConfig } from '../edges/slack/config.ts';
import type { SmsConfig } from '../edges/sms/config.ts';
import type { WebhookConfig } from '../edges/webhook/config.ts';
import type { ConfigFault } from '../model/config-fault.ts';
import type { Settings } from '../model/settings.ts';

/** Everything `nightkeeper.yaml` says, checked: what the inside needs, and one record for each edge. */
export interface Config {
  readonly settings: Settings;
  readonly redis: RedisConfig;
  readonly http: HttpConfig;
  readonly slack?: SlackConfig;
  readonly dingtalk?: DingTalkConfig;
  /** By destination id; the destination's address is the same id. */
  readonly dingtalkRobots: Readonly<Record<string, DingTalkRobotConfig>>;
  readonly email?: EmailConfig;
  readonly sms?: SmsConfig;
  readonly heartbeat?: HeartbeatConfig;
  /** By destination id; the destination's address is the same id. */
  readonly webhooks: Readonly<Record<string, WebhookConfig>>;
  /** Who may sign in to console and API with which token. */
  readonly tokens: readonly { readonly person: string; readonly token: string }[];
  /** Every secret value, for masking in logs and command output. */
  readonly secrets: readonly string[];
  readonly warnings: readonly ConfigFault[];
}
