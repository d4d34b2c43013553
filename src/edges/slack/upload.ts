import type { webApi } from '@slack/bolt';
import type { Picture } from '../../model/reply.ts';
import type { Log } from '../../ports/log.ts';
import { networkReason, slackErrorOf } from './failure.ts';
import { altMax, fileTitleMax } from './limits.ts';
import { clip } from './text.ts';

/** How long one step of an upload may take: a megabyte over a slow line. */
export const uploadTimeoutMs = 15_000;

/** Files of one answer. */
const filesMax = 5;

/** Something to hang into a thread. */
export interface Upload {
  readonly name: string;
  readonly title: string;
  readonly bytes: Buffer;
  readonly isText?: true;
}

export function uploadOf({ name, alt, base64 }: Picture): Upload {
  return { name, title: alt, bytes: Buffer.from(base64, 'base64') };
}

interface Place {
  readonly channel: string;
  readonly threadTs?: string | undefined;
  /** What stands above the files, in mrkdwn. */
  readonly comment?: string;
}

/**
 * Puts files into a conversation, or the thread of a message in it; the message with them appears a moment later. Throws what the SDK
 * throws.
 */
export async function hang(
  client: webApi.WebClient,
  files: readonly Upload[],
  { channel, threadTs, comment }: Place,
): Promise<void> {
  await client.files.uploadV2({
    channel_id: channel,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    ...(comment === undefined ? {} : { initial_comment: comment }),
    file_uploads: files.slice(0, filesMax).map(({ name, title, bytes, isText }) => ({
      file: bytes,
      filename: name,
      title: clip(title, fileTitleMax),
      // A text is read, not described.
      ...(isText === true ? {} : { alt_text: clip(title, altMax) }),
    })),
  } as Parameters<typeof client.files.uploadV2>[0]);
}

/** The same for an answer to a person: answers why not where Slack does not take them. */
export async function upload(
  client: webApi.WebClient,
  files: readonly Upload[],
  to: Place,
  log: Log,
): Promise<string | undefined> {
  try {
    await hang(client, files, to);
    return undefined;
  } catch (error) {
    const reason = slackErrorOf(error) ?? networkReason(error);
    log.warn({ reason }, 'slack did not take a file');
    return reason;
  }
}
