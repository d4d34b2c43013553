import { DeliveryError } from '../../model/errors.ts';
import type { Destination } from '../../model/notification.ts';
import type { Channel, Delivery } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { createAliyun } from './aliyun.ts';
import { numberOf, type SmsConfig } from './config.ts';
import { calledMax, twilioEveryMs } from './limits.ts';
import { createRemembered } from './progress.ts';
import type { Provider } from './provider.ts';
import { saidOf, saidOfNotice } from './render.ts';
import { createSender } from './sender.ts';
import { createTwilio } from './twilio.ts';

/**
 * SMS: what wakes somebody when no chat does. It hangs no cards: it says what calls people, and the end of it. There is no `reconcile`:
 * a message goes to several numbers, and what became of each is found out when it is sent again.
 */
export function createSmsChannel(options: {
  readonly config: SmsConfig;
  readonly memory: ShortMemory;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs?: number;
}): Channel {
  const { config, clock, log, timeoutMs } = options;
  const provider = providerOf(config, timeoutMs);
  const remembered = createRemembered(options.memory);
  const send = createSender({
    provider,
    remembered,
    clock,
    log,
    everyMs: config.twilio === undefined ? 0 : twilioEveryMs,
    ...(config.aliyun === undefined ? {} : { perNumber: config.aliyun.perNumber }),
  });

  return {
    name: 'sms',
    edits: false,
    digests: true,
    calls: true,
    // One message after the other, all replicas together: what a sender may do, and what lets a storm become one message.
    budget: { burst: 1, everyMs: twilioEveryMs },
    async deliver(delivery, to, key) {
      const isEnd = delivery.card.tone === 'resolved';
      const about = `${to.id} ${delivery.card.incident} ${delivery.card.sinceMs}`;
      const own = numbersIn(to);
      const called = calledBy(delivery, own);
      const before = await remembered.called(about);
      const others = [...new Set([...before, ...called])];
      if (called.some((number) => !before.includes(number)))
        await remembered.saveCalled(about, others);
      const numbers = [...own, ...(isEnd ? others.filter((each) => !own.includes(each)) : called)];
      if (numbers.length === 0) {
        // Whoever was never called need not hear that it is over.
        if (isEnd) return {};
        const why = `${to.id} has no numbers of its own, and nobody who is called has a phone`;
        throw new DeliveryError('delivery-refused', why);
      }
      await send({
        key,
        numbers,
        said: saidOf(delivery),
        language: to.language,
        isEnd,
        destination: to.id,
      });
      return {};
    },

    async announce(what, to, key) {
      await send({
        key,
        numbers: numbersIn(to),
        said: saidOfNotice(what, to.language),
        language: to.language,
        isEnd: what.tone === 'resolved',
        destination: to.id,
        // It is the memory that is gone.
        forgetful: true,
      });
      return {};
    },
  };
}

function providerOf({ twilio, aliyun }: SmsConfig, timeoutMs: number | undefined): Provider {
  if (twilio !== undefined) return createTwilio(twilio, timeoutMs);
  if (aliyun !== undefined) return createAliyun(aliyun, timeoutMs);
  throw new DeliveryError('delivery-refused', 'no provider of SMS is configured');
}

/** The numbers of the destination itself: none where only people who are called get it. */
function numbersIn(to: Destination): readonly string[] {
  if (to.address === '') return [];
  const numbers = to.address.split(',').flatMap((text) => numberOf(text) ?? []);
  if (numbers.length === 0) {
    throw new DeliveryError('delivery-refused', `${to.id} has no phone number`);
  }
  return numbers;
}

/** Those called who would not get it anyway. */
function calledBy(delivery: Delivery, own: readonly string[]): readonly string[] {
  const mention = delivery.kind === 'speak' ? delivery.line.mention : [];
  const numbers = mention.flatMap((text) => numberOf(text) ?? []);
  return [...new Set(numbers)].filter((number) => !own.includes(number)).slice(0, calledMax);
}
