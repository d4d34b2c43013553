import { createHmac } from 'node:crypto';
import { DeliveryError } from '../../model/errors.ts';
import type { DeliveryKey, Destination, Receipt } from '../../model/notification.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DingTalkRobotConfig } from './config.ts';
import { failureOf, robotFailure } from './failure.ts';
import { callMs, groupBudget, webhookBytesMax } from './limits.ts';
import { type Meter, messagesMeter } from './meter.ts';
import { marks } from './render-card.ts';
import {
  type Message,
  renderCardText,
  renderLineText,
  renderNoticeText,
  withKeyword,
} from './render-text.ts';
import { clipBytes } from './text.ts';

/**
 * Custom robots of groups: they need no application, can only speak, and never hear. Their buttons are links to the console. A
 * message carries its key, so that one whose answer got lost is taken once however often it is sent.
 */
export function createRobotChannel(options: {
  /** By destination. */
  readonly robots: Readonly<Record<string, DingTalkRobotConfig>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly meter: Meter;
  /** Messages of a month. */
  readonly quota: number;
  readonly timeoutMs?: number;
}): Channel {
  const { robots, clock, meter, quota, timeoutMs = callMs } = options;

  async function send(
    to: Destination,
    key: DeliveryKey,
    message: Message,
    mention: readonly string[] = [],
  ): Promise<Receipt> {
    const robot = robots[to.address];
    if (robot === undefined)
      throw new DeliveryError('delivery-refused', 'the configuration has no such robot');
    meter.count('messages');
    const whole = { ...message, text: clipBytes(message.text, webhookBytesMax) };
    const { title, text } = withKeyword(whole, robot.keyword);
    await post(signed(robot, clock.now()), timeoutMs, {
      msgtype: 'markdown',
      markdown: { title, text },
      at: { atUserIds: mention, isAtAll: false },
      msgUuid: key,
    });
    return { key };
  }

  return {
    name: 'dingtalkRobot',
    budget: { ...groupBudget, monthly: quota, meter: messagesMeter },
    digests: true,
    edits: false,
    owners: true,

    deliver(delivery, to, key) {
      switch (delivery.kind) {
        case 'show':
          return send(to, key, renderCardText(delivery.card, false));
        case 'speak': {
          const { card, line } = delivery;
          return send(to, key, renderLineText(card, line), line.mention);
        }
      }
    },

    announce({ text, tone }, to, key) {
      return send(to, key, renderNoticeText(text, marks[tone]));
    },
  };
}

/** Posts a message to a robot's address, or to the one that came with a person's message. Throws a `DeliveryError`. */
export async function post(url: string, timeoutMs: number, body: object): Promise<void> {
  let failure: DeliveryError | undefined;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    failure = robotFailure(response.status, await response.text());
  } catch (error) {
    failure = failureOf(error);
  }
  if (failure !== undefined) throw failure;
}

/** The address with the time and its signature. open.dingtalk.com, "security of custom robots". */
export function signed({ url, secret }: DingTalkRobotConfig, nowMs: number): string {
  if (secret === undefined) return url;
  const sign = createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64');
  const address = new URL(url);
  address.searchParams.set('timestamp', String(nowMs));
  address.searchParams.set('sign', sign);
  return address.href;
}
