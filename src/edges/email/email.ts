import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { DeliveryError } from '../../model/errors.ts';
import type { DeliveryKey, Destination, Receipt } from '../../model/notification.ts';
import type { Channel, Delivery } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type EmailConfig, isAddress, senderOf } from './config.ts';
import { mailTimeoutMs } from './limits.ts';
import { createPostman } from './postman.ts';
import { type Letter, renderCard, renderLine, renderNotice } from './render.ts';

/**
 * Mail: one thread for each incident, begun by its card. A mail cannot be changed and nobody can ask what arrived, so there is no
 * edit and no `reconcile`: after an unknown outcome it is sent again with the same Message-ID, which mail servers and programs know
 * as the same mail.
 */
export function createEmailChannel(options: {
  readonly config: EmailConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs?: number;
}): Channel {
  const { config, clock, log } = options;
  const timeoutMs = options.timeoutMs ?? mailTimeoutMs;
  const sender = senderOf(config.from) ?? { name: '', address: config.from };
  const send = createPostman({ config, log, sender: sender.address, timeoutMs });

  return {
    name: 'email',
    edits: false,
    digests: true,
    async deliver(delivery, to, key) {
      const addresses = addressesOf(to);
      const called = delivery.kind === 'show' ? [] : calledBy(delivery.line.mention, addresses);
      const letter = letterOf(delivery);
      const messageId = messageIdOf(
        String(delivery.card.incident),
        `${key} ${delivery.card.sinceMs}`,
        sender.address,
      );
      const message = await compose({
        letter,
        messageId,
        key,
        sender,
        to: addresses,
        called,
        atMs: clock.now(),
        first: threadOf(delivery)['messageId'],
        urgent: delivery.card.tone === 'critical',
      });
      const missed = await send(messageId, message, [...addresses, ...called]);
      return receiptOf(delivery, letter, messageId, missed);
    },

    async announce(what, to, key, previous) {
      const addresses = addressesOf(to);
      const letter = renderNotice(what, to.language, previous?.['subject']);
      const messageId = messageIdOf('notice', key, sender.address);
      const message = await compose({
        letter,
        messageId,
        key,
        sender,
        to: addresses,
        called: [],
        atMs: clock.now(),
        first: previous?.['messageId'],
        urgent: what.tone === 'critical',
      });
      await send(messageId, message, addresses);
      return { messageId: previous?.['messageId'] ?? messageId, subject: letter.subject };
    },
  };
}

function addressesOf(to: Destination): readonly string[] {
  const addresses = to.address.split(',').filter(isAddress);
  if (addresses.length === 0) {
    throw new DeliveryError('delivery-refused', `${to.id} has no mail address`);
  }
  return addresses;
}

/** Those called who would not get it anyway. */
function calledBy(mention: readonly string[], addresses: readonly string[]): readonly string[] {
  return mention.filter((one) => isAddress(one) && !addresses.includes(one));
}

/** What is known of the first mail of the thread; nothing where this is it. */
function threadOf(delivery: Delivery): Receipt {
  return (delivery.kind === 'show' ? delivery.previous : delivery.thread) ?? {};
}

function letterOf(delivery: Delivery): Letter {
  const { subject, missed } = threadOf(delivery);
  const thread = {
    subject,
    missed: missed === undefined || missed === '' ? [] : missed.split(','),
  };
  return delivery.kind === 'show'
    ? renderCard(delivery.card, thread)
    : renderLine(delivery.card, delivery.line, thread);
}

/** What later mails of the thread need. Few letters of many refused addresses: a receipt is short. */
function receiptOf(
  delivery: Delivery,
  letter: Letter,
  messageId: string,
  missed: readonly string[],
): Receipt {
  if (delivery.kind === 'speak') return { messageId };
  const first = threadOf(delivery);
  return {
    messageId: first['messageId'] ?? messageId,
    subject: first['subject'] ?? letter.subject,
    ...(missed.length === 0 ? {} : { missed: missed.slice(0, 3).join(',') }),
  };
}

/**
 * The same for every try of the same message. The time of the fault is in it, since numbers of incidents begin anew with a fresh
 * Redis, and a mail server drops what it has seen before.
 */
function messageIdOf(about: string, key: string, sender: string): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 24);
  return `<nightkeeper.${about}.${hash}@${sender.slice(sender.lastIndexOf('@') + 1)}>`;
}

async function compose(mail: {
  readonly letter: Letter;
  readonly messageId: string;
  readonly key: DeliveryKey;
  readonly sender: { readonly name: string; readonly address: string };
  readonly to: readonly string[];
  readonly called: readonly string[];
  readonly atMs: number;
  /** Message-ID of the first mail of the thread. */
  readonly first: string | undefined;
  readonly urgent: boolean;
}): Promise<Buffer> {
  const { letter, sender, first, urgent } = mail;
  return await new MailComposer({
    from: { name: sender.name, address: sender.address },
    to: [...mail.to],
    ...(mail.called.length === 0 ? {} : { cc: [...mail.called] }),
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: mail.messageId,
    ...(first === undefined ? {} : { inReplyTo: first, references: [first] }),
    date: new Date(mail.atMs),
    headers: {
      // No answer of an absent colleague's machine: RFC 3834.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Nightkeeper-Key': mail.key,
      ...(urgent ? { Importance: 'high', 'X-Priority': '1' } : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
