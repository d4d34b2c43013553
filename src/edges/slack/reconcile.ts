import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { DeliveryKey, Receipt } from '../../model/notification.ts';

/** Messages read per page, and pages read: a busy conversation of 600 messages since the card still finds it. */
const pageSize = 200;
export const pagesMax = 3;

/** Slack's clock and ours may differ by this much. */
const skewMs = 60_000;

const messageSchema = z.object({
  ts: z.string(),
  latest_reply: z.string().optional(),
  metadata: z
    .object({ event_payload: z.object({ key: z.string() }) })
    .optional()
    .catch(undefined),
  files: z
    .array(z.object({ name: z.string().nullish() }))
    .optional()
    .catch(undefined),
});

type Message = z.infer<typeof messageSchema>;

/**
 * Looks for the message that carries a delivery key, newest first: cards in the conversation, lines in the threads that had a reply
 * since. Undefined when it never arrived.
 */
export async function findByKey(
  client: webApi.WebClient,
  wanted: { readonly key: DeliveryKey; readonly channel: string; readonly sinceMs: number },
): Promise<Receipt | undefined> {
  const { key, channel } = wanted;
  const since = (wanted.sinceMs - skewMs) / 1000;
  const threads: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await client.conversations.history({
      channel,
      include_all_metadata: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const messages = read(answer.messages);
    const found = messages.find((message) => carries(message, key));
    if (found !== undefined) return { channel, ts: found.ts };
    threads.push(
      ...messages.filter((one) => Number(one.latest_reply) >= since).map(({ ts }) => ts),
    );
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') break;
  }
  for (const ts of threads) {
    const answer = await client.conversations.replies({
      channel,
      ts,
      include_all_metadata: true,
      oldest: String(since),
      limit: pageSize,
    });
    const found = read(answer.messages).find((message) => carries(message, key));
    if (found !== undefined) return { channel, ts: found.ts };
  }
  return undefined;
}

/** A message with a file takes no metadata from us: there the name of the file tells. */
function carries({ metadata, files }: Message, key: DeliveryKey): boolean {
  return (
    metadata?.event_payload.key === key ||
    files?.some(({ name }) => name === fileNameOf(key)) === true
  );
}

/** The name of the file of a delivery, as people see it when they keep it: `nk-12-ops-evidence-r-3.txt`. */
export function fileNameOf(key: DeliveryKey): string {
  return `${key.replaceAll(/[^\w.-]+/gu, '-')}.txt`;
}

function read(messages: unknown): readonly Message[] {
  return z.array(messageSchema).catch([]).parse(messages);
}
