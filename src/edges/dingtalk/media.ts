import { z } from 'zod';
import type { Picture } from '../../model/reply.ts';
import type { Clock } from '../../ports/clock.ts';
import { type DingTalkConfig, defaultOldApiUrl } from './config.ts';
import { ApiError, robotFailure } from './failure.ts';
import { uploadMs } from './limits.ts';
import type { Meter } from './meter.ts';
import { parseJson } from './wire.ts';

/** How long before its end a token is renewed. */
const tokenSpareMs = 5 * 60_000;

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().min(1) });
const mediaSchema = z.object({ media_id: z.string().min(1) });

/** Codes of a token that is not taken any more. open.dingtalk.com, "global error codes". */
const tokenEnded: readonly number[] = [40_001, 40_014, 42_001];

/** Pictures on their way into messages. */
export interface Media {
  /** Gives DingTalk a picture and answers the id it has from then on. Throws a `DeliveryError`. */
  upload(picture: Picture): Promise<string>;
}

/**
 * Uploads over DingTalk's old API: the new one takes no files. It has tokens of its own, which it gives for the secret in the address
 * and nowhere else; the address is in no log and no error. open.dingtalk.com, upload-media-files.
 */
export function createMedia(options: {
  readonly settings: DingTalkConfig;
  readonly clock: Pick<Clock, 'now'>;
  readonly meter: Meter;
}): Media {
  const { settings, clock, meter } = options;
  const base = (settings.apiUrl ?? defaultOldApiUrl).replace(/\/+$/u, '');
  let token: { readonly text: string; readonly untilMs: number } | undefined;
  let coming: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    const url = new URL(`${base}/gettoken`);
    url.searchParams.set('appkey', settings.clientId);
    url.searchParams.set('appsecret', settings.clientSecret);
    const read = tokenSchema.safeParse(await ask(url, { method: 'GET' }));
    if (!read.success) throw new ApiError(200, 'unreadable-answer');
    const { access_token: text, expires_in: seconds } = read.data;
    token = { text, untilMs: clock.now() + seconds * 1000 - tokenSpareMs };
    return text;
  }

  /** One request for a token at a time, whoever asks. */
  function fresh(): Promise<string> {
    coming ??= fetchToken().finally(() => {
      coming = undefined;
    });
    return coming;
  }

  async function put(picture: Picture, access: string): Promise<string> {
    const url = new URL(`${base}/media/upload`);
    url.searchParams.set('access_token', access);
    url.searchParams.set('type', 'image');
    const form = new FormData();
    const bytes = Buffer.from(picture.base64, 'base64');
    form.set('media', new Blob([bytes], { type: picture.mediaType }), picture.name);
    meter.count('calls');
    const read = mediaSchema.safeParse(await ask(url, { method: 'POST', body: form }));
    if (!read.success) throw new ApiError(200, 'unreadable-answer');
    return read.data.media_id;
  }

  return {
    async upload(picture) {
      const known = token !== undefined && clock.now() < token.untilMs ? token.text : undefined;
      try {
        return await put(picture, known ?? (await fresh()));
      } catch (error) {
        if (known === undefined || !(error instanceof TokenEnded)) throw error;
        return await put(picture, await fresh());
      }
    },
  };
}

class TokenEnded extends Error {}

/** HTTP 200 says nothing: `errcode` does. */
async function ask(url: URL, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(uploadMs),
  });
  const text = await response.text();
  const body = z.record(z.string(), z.unknown()).catch({}).parse(parseJson(text));
  if (tokenEnded.includes(Number(body['errcode']))) throw new TokenEnded('the token has ended');
  const failure = robotFailure(response.status, text);
  if (failure !== undefined) throw failure;
  return body;
}
