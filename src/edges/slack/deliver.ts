import type { webApi } from '@slack/bolt';
import type { LineFile } from '../../model/card.ts';
import type { DeliveryKey, Destination, Receipt } from '../../model/notification.ts';
import type { Channel, Delivery } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { failureOf, slackErrorOf } from './failure.ts';
import { createLanes } from './lanes.ts';
import { conversationBudget, lineMax, sectionMax } from './limits.ts';
import { fileNameOf, findByKey } from './reconcile.ts';
import { renderCard, renderNotice, renderPlain, type SlackBody } from './render-card.ts';
import { clipEscaped } from './text.ts';
import { hang, type Upload } from './upload.ts';
import { zoned } from './zoned.ts';

/** Answers that mean "this message cannot be edited any more": it is posted afresh. */
const gone: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);

/** Answers that mean "not with these blocks". */
const unreadable: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'msg_blocks_too_long',
  'msg_too_long',
  'too_many_attachments',
]);

/** Shows cards and speaks in their threads. Receipts are `{ channel, ts }`. */
export function createSlackChannel(options: {
  readonly client: webApi.WebClient;
  readonly clock: Clock;
  readonly log: Log;
}): Channel {
  const { client, clock, log } = options;
  const lanes = createLanes(clock);
  return {
    name: 'slack',
    budget: conversationBudget,
    digests: true,
    evidence: true,

    deliver(delivery, to, key) {
      return lanes.run(to.address, async () => {
        try {
          switch (delivery.kind) {
            case 'show':
              return await show(delivery, to, key, { client, log });
            case 'speak':
              return await speak(delivery, to, key, { client, log });
          }
        } catch (error) {
          throw failureOf(error);
        }
      });
    },

    announce(what, to, key, previous) {
      const metadata = metadataOf('nightkeeper_notice', key, 0);
      return lanes.run(to.address, async () => {
        try {
          return await put(client, { ...renderNotice(what), metadata }, to.address, previous);
        } catch (error) {
          throw failureOf(error);
        }
      });
    },

    async reconcile(key, to, sinceMs) {
      try {
        return await findByKey(client, { key, channel: to.address, sinceMs });
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

async function show(
  { card, previous, text }: Extract<Delivery, { kind: 'show' }>,
  to: Destination,
  key: DeliveryKey,
  { client, log }: { readonly client: webApi.WebClient; readonly log: Log },
): Promise<Receipt> {
  const metadata = metadataOf('nightkeeper_card', key, card.incident);
  const send = (body: SlackBody): Promise<Receipt> =>
    put(client, { ...body, metadata }, to.address, previous);
  try {
    return await send(renderCard(card, text));
  } catch (error) {
    const code = slackErrorOf(error) ?? '';
    if (!unreadable.has(code)) throw error;
    const { response_metadata: details } = (error as webApi.WebAPIPlatformError).data;
    log.error({ incident: card.incident, code, details }, 'slack does not take the blocks');
    return send(renderPlain(card, text));
  }
}

/** Edits the earlier message where it stands in this conversation, posts otherwise. */
async function put(
  client: webApi.WebClient,
  message: SlackBody & { readonly metadata: Metadata },
  channel: string,
  previous: Receipt | undefined,
): Promise<Receipt> {
  const ts = previous?.['channel'] === channel ? previous['ts'] : undefined;
  if (ts !== undefined) {
    try {
      await client.chat.update({ ...message, channel, ts });
      return { channel, ts };
    } catch (error) {
      if (!gone.has(slackErrorOf(error) ?? '')) throw error;
    }
  }
  const posted = await client.chat.postMessage({ ...message, channel, ...quietLinks });
  return { channel, ts: posted.ts ?? '' };
}

async function speak(
  { card, line, thread }: Extract<Delivery, { kind: 'speak' }>,
  to: Destination,
  key: DeliveryKey,
  { client, log }: { readonly client: webApi.WebClient; readonly log: Log },
): Promise<Receipt> {
  const channel = to.address;
  const mentions = line.mention.filter((handle) => /^[UW][A-Z0-9]+$/u.test(handle));
  const called = mentions.map((handle) => `<@${handle}>`).join(' ');
  const text =
    `${called} ${zoned(clipEscaped(line.text, sectionMax), card.language, card.changedMs)}`.trim();
  const threadTs = thread['channel'] === channel ? thread['ts'] : undefined;
  if (line.file !== undefined) {
    try {
      await hang(client, [textFile(line.file, key)], { channel, threadTs, comment: text });
      return { channel };
    } catch (error) {
      const code = slackErrorOf(error);
      if (code === undefined || isPassing(code, error)) throw error;
      log.warn({ incident: card.incident, code }, 'slack does not take a file');
    }
  }
  const more = line.file === undefined ? '' : `\n${clipEscaped(line.file.more, lineMax)}`;
  return await say(client, `${text}${more}`, { channel, threadTs, key, incident: card.incident });
}

/** Whether to come again: after a limit, and where nobody knows whether the file hangs. All else is said without it. */
function isPassing(code: string, error: unknown): boolean {
  const failure = failureOf(error).code;
  return (
    code === 'service_unavailable' ||
    failure === 'delivery-rate-limited' ||
    failure === 'delivery-unknown'
  );
}

/** A text as a file whose name tells the delivery: by it a file whose answer got lost is found again. */
function textFile({ title, text }: LineFile, key: DeliveryKey): Upload {
  return { name: fileNameOf(key), title, bytes: Buffer.from(text, 'utf8'), isText: true };
}

/** Says something in a thread; where its card was deleted, in the conversation: a call for help still has to be heard. */
async function say(
  client: webApi.WebClient,
  text: string,
  to: {
    readonly channel: string;
    readonly threadTs: string | undefined;
    readonly key: DeliveryKey;
    readonly incident: number;
  },
): Promise<Receipt> {
  const { channel, threadTs } = to;
  const metadata = metadataOf('nightkeeper_line', to.key, to.incident);
  const message = { channel, text, metadata, ...quietLinks };
  if (threadTs !== undefined) {
    try {
      const posted = await client.chat.postMessage({ ...message, thread_ts: threadTs });
      return { channel, ts: posted.ts ?? '' };
    } catch (error) {
      const code = slackErrorOf(error) ?? '';
      if (code !== 'thread_not_found' && code !== 'message_not_found') throw error;
    }
  }
  const posted = await client.chat.postMessage(message);
  return { channel, ts: posted.ts ?? '' };
}

/** Previews of runbook links are noise below a card. */
const quietLinks = { unfurl_links: false, unfurl_media: false } as const;

interface Metadata {
  readonly event_type: string;
  readonly event_payload: { readonly key: string; readonly incident: number };
}

function metadataOf(event_type: string, key: DeliveryKey, incident: number): Metadata {
  return { event_type, event_payload: { key, incident } };
}
