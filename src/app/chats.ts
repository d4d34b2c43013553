import type { Config } from '../config/config.ts';
import { createEmailChannel } from '../edges/email/email.ts';
import { type Slack, startSlack } from '../edges/slack/slack.ts';
import { createWebhookChannel } from '../edges/webhook/webhook.ts';
import type { Settings } from '../model/settings.ts';
import type { Act } from '../ports/act.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** The channels of the configuration, opened and renewed as it changes. */
export interface Chats {
  channel(name: string): Channel | undefined;
  /** What is wrong with each channel that can be wrong; `undefined` when it stands. */
  states(): Readonly<Record<string, () => string | undefined>>;
  /** Takes up another configuration; a chat whose settings are the same stays connected. */
  apply(config: Config): Promise<void>;
  close(): Promise<void>;
}

export function createChats(parts: {
  readonly console: Channel;
  readonly act: Act;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}): Chats {
  let webhook: Channel | undefined;
  let email: Channel | undefined;
  let slack: { readonly running: Slack; readonly settings: string } | undefined;

  async function applySlack(config: Config): Promise<void> {
    const settings = JSON.stringify(config.slack);
    if (slack?.settings === settings) return;
    await slack?.running.close();
    slack = undefined;
    if (config.slack === undefined) return;
    const running = await startSlack({
      settings: config.slack,
      act: parts.act,
      house: parts.settings,
      log: parts.log,
      clock: parts.clock,
    });
    slack = { running, settings };
  }

  return {
    channel(name) {
      if (name === 'console') return parts.console;
      if (name === 'webhook') return webhook;
      if (name === 'email') return email;
      if (name === 'slack') return slack?.running.channel;
      return undefined;
    },
    states() {
      const running = slack?.running;
      if (running === undefined) return {};
      return {
        slack: () => {
          const state = running.state();
          return state.kind === 'connected'
            ? undefined
            : `${state.kind} ${state.reason ?? ''}`.trim();
        },
      };
    },
    async apply(config) {
      webhook = createWebhookChannel({
        endpoints: config.webhooks,
        clock: parts.clock,
        publicVersion: parts.version,
      });
      email =
        config.email === undefined
          ? undefined
          : createEmailChannel({ config: config.email, clock: parts.clock, log: parts.log });
      await applySlack(config);
    },
    async close() {
      await slack?.running.close();
    },
  };
}
