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
}

export function uploadOf({ name, alt, base64 }: Picture): Upload {
  return { name, title: alt, bytes: Buffer.from(base64, 'base64') };
}

/**
 * Puts files into a conversation, or the thread of a message in it; the message with them appears a moment later. Answers why not
 * where Slack does not take them.
 */
export async function upload(
  client: webApi.WebClient,
  files: readonly Upload[],
  to: { readonly channel: string; readonly threadTs?: string | undefined },
  log: Log,
): Promise<string | undefined> {
  try {
    await client.files.uploadV2({
      channel_id: to.channel,
      ...(to.threadTs === undefined ? {} : { thread_ts: to.threadTs }),
      file_uploads: files.slice(0, filesMax).map(({ name, title, bytes }) => ({
        file: bytes,
        filename: name,
        title: clip(title, fileTitleMax),
        alt_text: clip(title, altMax),
      })),
    } as Parameters<typeof client.files.uploadV2>[0]);
    return undefined;
  } catch (error) {
    const reason = slackErrorOf(error) ?? networkReason(error);
    log.warn({ reason }, 'slack did not take a file');
    return reason;
  }
}
