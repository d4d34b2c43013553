import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { DeliveryError, type DeliveryFailure } from '../../model/errors.ts';
import type { DeliveryKey, Receipt } from '../../model/notification.ts';
import type { Channel, Delivery } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type EmailConfig, isAddress, senderOf } from './config.ts';
import { answerOf, isFinal, type SmtpTrouble } from './failure.ts';
import { connectionsMax, mailTimeoutMs, putOffTriesMax, rememberedMax, turnMs } from './limits.ts';
import { type Letter, renderCard, renderLine } from './render.ts';
import { post } from './smtp.ts';
import { createTurns } from './turns.ts';

/** Addresses that have a mail already, while the server puts off others; and how often it did. */
interface Begun {
  readonly accepted: readonly string[];
  readonly tries: number;
}

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
  const turns = createTurns(connectionsMax, turnMs);
  const begun = new Map<string, Begun>();

  /** Sends to who does not have it yet; answers who is refused for good. */
  async function send(
    id: string,
    message: Buffer,
    to: readonly string[],
  ): Promise<readonly string[]> {
    const earlier = begun.get(id) ?? { accepted: [], tries: 0 };
    const left = to.filter((address) => !earlier.accepted.includes(address));
    const { accepted, rejected } = await turns(() =>
      post(config, { from: sender.address, to: left, message }, timeoutMs),
    );
    const have = [...earlier.accepted, ...accepted];
    const putOff = rejected.filter((trouble) => !isFinal(trouble));
    const tries = earlier.tries + 1;
    if (putOff.length > 0 && (have.length === 0 || tries < putOffTriesMax)) {
      begun.set(id, { accepted: have, tries });
      const oldest = begun.keys().next();
      if (begun.size > rememberedMax && oldest.done !== true) begun.delete(oldest.value);
      throw partly('delivery-temporary', 'puts off', putOff, to.length);
    }
    if (have.length === 0) throw partly('delivery-refused', 'refuses', rejected, to.length);
    begun.delete(id);
    for (const trouble of rejected) {
      const facts = { address: trouble.recipient, answer: answerOf(trouble) };
      log.warn(facts, 'the mail server refused an address');
    }
    return rejected.flatMap(({ recipient }) => recipient ?? []);
  }

  return {
    name: 'email',
    edits: false,
    async deliver(delivery, to, key) {
      const addresses = to.address.split(',').filter(isAddress);
      const called =
        delivery.kind === 'show'
          ? []
          : delivery.line.mention.filter((one) => isAddress(one) && !addresses.includes(one));
      if (addresses.length === 0) {
        throw new DeliveryError('delivery-refused', `${to.id} has no mail address`);
      }
      const letter = letterOf(delivery);
      const messageId = messageIdOf(delivery, key, sender.address);
      const message = await compose({
        letter,
        delivery,
        messageId,
        key,
        sender,
        to: addresses,
        called,
        atMs: clock.now(),
      });
      const missed = await send(messageId, message, [...addresses, ...called]);
      return receiptOf(delivery, letter, messageId, missed);
    },
  };
}

function partly(
  code: DeliveryFailure,
  does: string,
  troubles: readonly SmtpTrouble[],
  whole: number,
): DeliveryError {
  const answer = answerOf(troubles[0] ?? {});
  return new DeliveryError(
    code,
    `the mail server ${does} ${troubles.length} of ${whole} addresses: ${answer}`,
  );
}

function letterOf(delivery: Delivery): Letter {
  if (delivery.kind === 'show') return renderCard(delivery.card);
  const { subject, missed } = delivery.thread;
  return renderLine(delivery.card, delivery.line, {
    subject,
    missed: missed === undefined || missed === '' ? [] : missed.split(','),
  });
}

/** What later mails of the thread need. Few letters of many refused addresses: a receipt is short. */
function receiptOf(
  delivery: Delivery,
  letter: Letter,
  messageId: string,
  missed: readonly string[],
): Receipt {
  if (delivery.kind === 'speak') return { messageId };
  return {
    messageId,
    subject: letter.subject,
    ...(missed.length === 0 ? {} : { missed: missed.slice(0, 3).join(',') }),
  };
}

/**
 * The same for every try of the same message. The time of the fault is in it, since numbers of incidents begin anew with a fresh
 * Redis, and a mail server drops what it has seen before.
 */
function messageIdOf({ card }: Delivery, key: DeliveryKey, sender: string): string {
  const hash = createHash('sha256').update(`${key} ${card.sinceMs}`).digest('hex').slice(0, 24);
  return `<nightkeeper.${card.incident}.${hash}@${sender.slice(sender.lastIndexOf('@') + 1)}>`;
}

async function compose(mail: {
  readonly letter: Letter;
  readonly delivery: Delivery;
  readonly messageId: string;
  readonly key: DeliveryKey;
  readonly sender: { readonly name: string; readonly address: string };
  readonly to: readonly string[];
  readonly called: readonly string[];
  readonly atMs: number;
}): Promise<Buffer> {
  const { letter, delivery, sender } = mail;
  const first = delivery.kind === 'speak' ? delivery.thread['messageId'] : undefined;
  const urgent = delivery.card.tone === 'critical';
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
