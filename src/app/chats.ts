import type { Config } from '../config/config.ts';
import { type DingTalkConfig, defaultQuota } from '../edges/dingtalk/config.ts';
import type { CardNow, LookAgain } from '../edges/dingtalk/desk.ts';
import { startDingTalk } from '../edges/dingtalk/dingtalk.ts';
import { createRobotChannel } from '../edges/dingtalk/robot.ts';
import { createEmailChannel } from '../edges/email/email.ts';
import type { SlackConfig } from '../edges/slack/config.ts';
import { startSlack } from '../edges/slack/slack.ts';
import { createSmsChannel } from '../edges/sms/sms.ts';
import { createWebhookChannel } from '../edges/webhook/webhook.ts';
import type { Reply } from '../model/reply.ts';
import type { Settings } from '../model/settings.ts';
import type { Act, Caller } from '../ports/act.ts';
import type { Budgets } from '../ports/budgets.ts';
import type { Bulletins } from '../ports/bulletin.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ShortMemory } from '../ports/short-memory.ts';
import type { ChatState } from './chat-trouble.ts';
import { createDingTalkMeter } from './dingtalk-meter.ts';
import { keepChat, troubleOf } from './keep-chat.ts';

/** The channels of the configuration, opened and renewed as it changes. */
export interface Chats {
  channel(name: string): Channel | undefined;
  /** What is wrong with each channel that can be wrong; `undefined` when it stands. */
  states(): Readonly<Record<string, () => string | undefined>>;
  /** Takes up another configuration; a chat whose settings are the same stays connected. */
  apply(config: Config): Promise<void>;
  close(): Promise<void>;
}

export interface ChatParts {
  readonly console: Channel;
  readonly act: Act;
  readonly settings: () => Settings;
  readonly cardNow: CardNow;
  readonly lookAgain: LookAgain;
  readonly memory: ShortMemory;
  readonly budgets: Budgets;
  /** What the bot's own page in a chat says to somebody. */
  readonly page: (caller: Caller) => Promise<Reply>;
  readonly bulletins: Bulletins;
  readonly onState: (chat: string, state: ChatState) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

export function createChats(parts: ChatParts): Chats {
  const { act, settings: house, clock, log, cardNow, lookAgain, memory } = parts;
  const meter = createDingTalkMeter(parts.budgets, clock);
  const plain: Record<string, Channel | undefined> = { console: parts.console };
  const slack = keepChat((settings: SlackConfig) =>
    startSlack({
      settings,
      act,
      house,
      log,
      clock,
      page: parts.page,
      bulletins: parts.bulletins,
      onState: (state) => parts.onState('slack', state),
    }),
  );
  const dingtalk = keepChat((settings: DingTalkConfig) =>
    startDingTalk({
      settings,
      act,
      house,
      log,
      clock,
      cardNow,
      lookAgain,
      memory,
      meter,
      onState: (state) => parts.onState('dingtalk', state),
    }),
  );
  const chats = { slack, dingtalk };

  return {
    channel: (name) =>
      name === 'slack' || name === 'dingtalk' ? chats[name].running()?.channel : plain[name],
    states() {
      return Object.fromEntries(
        Object.entries(chats).flatMap(([name, { running }]) => {
          const chat = running();
          return chat === undefined ? [] : [[name, () => troubleOf(chat)]];
        }),
      );
    },
    async apply(config) {
      Object.assign(plain, oneWayChannels(config, parts, meter));
      await Promise.all([slack.apply(config.slack), dingtalk.apply(config.dingtalk)]);
      for (const [name, { running }] of Object.entries(chats))
        if (running() === undefined) parts.onState(name, { kind: 'off' });
    },
    async close() {
      await Promise.all([slack.close(), dingtalk.close()]);
    },
  };
}

/** The ways that only speak: they hold no connection, and are made anew with each configuration. */
function oneWayChannels(
  config: Config,
  { clock, log, memory, version }: ChatParts,
  meter: ReturnType<typeof createDingTalkMeter>,
): Readonly<Record<string, Channel | undefined>> {
  const { webhooks: endpoints, dingtalkRobots: robots, email, sms, dingtalk } = config;
  const quota = dingtalk?.quota.messages ?? defaultQuota.messages;
  return {
    webhook: createWebhookChannel({ endpoints, clock, publicVersion: version }),
    email: email === undefined ? undefined : createEmailChannel({ config: email, clock, log }),
    sms: sms === undefined ? undefined : createSmsChannel({ config: sms, memory, clock, log }),
    dingtalkRobot: createRobotChannel({ robots, clock, meter, quota }),
  };
}
