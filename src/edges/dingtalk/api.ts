import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import { type DingTalkConfig, defaultApiUrl } from './config.ts';
import { ApiError, answerOf } from './failure.ts';
import { callMs } from './limits.ts';
import type { Meter } from './meter.ts';
import { createPace } from './pace.ts';

/** How long before its end a token is renewed. */
const tokenSpareMs = 5 * 60_000;

const tokenSchema = z.object({ accessToken: z.string().min(1), expireIn: z.number().min(1) });

type Json = Readonly<Record<string, unknown>>;

/** DingTalk's API for one application. Calls throw an `ApiError` for what DingTalk refuses, and what `fetch` throws otherwise. */
export interface Api {
  call(method: 'POST' | 'PUT', path: string, body: Json): Promise<Json>;
}

export function createApi(options: {
  readonly settings: DingTalkConfig;
  readonly clock: Pick<Clock, 'now'>;
  readonly meter: Meter;
  readonly timeoutMs?: number;
}): Api {
  const { settings, clock, meter, timeoutMs = callMs } = options;
  const pace = createPace();
  const base = (settings.apiUrl ?? defaultApiUrl).replace(/\/+$/u, '');
  let token: { readonly text: string; readonly untilMs: number } | undefined;
  let coming: Promise<string> | undefined;

  async function request(method: string, path: string, body: Json, access?: string): Promise<Json> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(access === undefined ? {} : { 'x-acs-dingtalk-access-token': access }),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answerOf(response.status, await response.text());
  }

  async function fetchToken(): Promise<string> {
    const answer = await request('POST', '/v1.0/oauth2/accessToken', {
      appKey: settings.clientId,
      appSecret: settings.clientSecret,
    });
    const read = tokenSchema.safeParse(answer);
    if (!read.success) throw new ApiError(200, 'unreadable-answer');
    const { accessToken, expireIn } = read.data;
    token = { text: accessToken, untilMs: clock.now() + expireIn * 1000 - tokenSpareMs };
    return accessToken;
  }

  /** One request for a token at a time, whoever asks. */
  function access(): Promise<string> {
    if (token !== undefined && clock.now() < token.untilMs) return Promise.resolve(token.text);
    coming ??= fetchToken().finally(() => {
      coming = undefined;
    });
    return coming;
  }

  return {
    async call(method, path, body) {
      const first = await access();
      await pace(`${method} ${path}`);
      meter.count('calls');
      try {
        return await request(method, path, body, first);
      } catch (error) {
        // A token may end before its time: when the secret was renewed, or another program fetched one.
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        if (token?.text === first) token = undefined;
        const second = await access();
        meter.count('calls');
        return await request(method, path, body, second);
      }
    },
  };
}
