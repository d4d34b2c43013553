import { DeliveryError } from '../../model/errors.ts';
import type { DeliveryKey, Destination, Receipt } from '../../model/notification.ts';
import { type Channel, neverSentCodes } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WebhookConfig } from './config.ts';
import { renderBody, renderNotice, type WebhookBody, type WebhookNotice } from './render.ts';
import { signature } from './sign.ts';

/** How long a receiver may take to answer. Long enough for a relay that calls on, short enough for the lease of a delivery. */
const webhookTimeoutMs = 10_000;

/** Bytes read of an answer, so that the connection can be used again; the rest is thrown away with the connection. */
const answerBytesMax = 4096;

/** How long to wait after a 429 that does not say. */
const retryAfterDefaultMs = 5000;

/** The longest wait a receiver can ask for: more is a receiver out of order, and it is asked again. */
export const retryAfterMaxMs = 3_600_000;

/**
 * Posts JSON to the receivers of the configuration. There is no `reconcile`: a receiver cannot be asked what it has, so delivery is
 * at least once, and `X-Nightkeeper-Key` is the same for every try of the same message.
 */
export function createWebhookChannel(options: {
  /** By address of the destination. */
  readonly endpoints: Readonly<Record<string, WebhookConfig>>;
  readonly clock: Clock;
  /** The version of Nightkeeper, for `User-Agent`. */
  readonly publicVersion: string;
  readonly timeoutMs?: number;
}): Channel {
  const { endpoints, clock, publicVersion } = options;
  const timeoutMs = options.timeoutMs ?? webhookTimeoutMs;

  async function send(
    content: WebhookBody | WebhookNotice,
    to: Destination,
    key: DeliveryKey,
  ): Promise<Receipt> {
    const endpoint = endpoints[to.address];
    if (endpoint === undefined) {
      throw new DeliveryError('delivery-refused', `no webhook is configured as ${to.address}`);
    }
    const body = JSON.stringify(content);
    const response = await post(endpoint.url, {
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': `nightkeeper/${publicVersion}`,
        'x-nightkeeper-key': key,
        ...(endpoint.secret === undefined
          ? {}
          : { 'x-nightkeeper-signature': signature(endpoint.secret, clock.now(), body) }),
      },
      timeoutMs,
    });
    await discard(response);
    const failure = failureOf(response, clock.now());
    if (failure !== undefined) throw failure;
    return { key };
  }

  return {
    name: 'webhook',
    deliver: (delivery, to, key) => send(renderBody(delivery, key), to, key),
    announce: (what, to, key) => send(renderNotice(what, key), to, key),
  };
}

async function post(
  url: string,
  request: {
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
  },
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      body: request.body,
      headers: request.headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(request.timeoutMs),
    });
  } catch (error) {
    // The cause of a failed fetch names host and port, never the path or the query, where secrets may be.
    const code = networkCode(error);
    if (code !== undefined && neverSentCodes.has(code)) {
      throw new DeliveryError('delivery-temporary', `the webhook cannot be reached: ${code}`);
    }
    const what = code ?? (error instanceof Error ? error.name : 'unknown');
    throw new DeliveryError('delivery-unknown', `the webhook did not answer: ${what}`);
  }
}

function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner: unknown = error.cause ?? error;
  if (typeof inner !== 'object' || inner === null || !('code' in inner)) return undefined;
  return typeof inner.code === 'string' ? inner.code : undefined;
}

/** What an answer means: undefined for taken. */
function failureOf(response: Response, nowMs: number): DeliveryError | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return undefined;
  const message = `the webhook answered ${status}`;
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), nowMs);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return new DeliveryError('delivery-rate-limited', message, {
      retryAfterMs: retryAfterMs ?? retryAfterDefaultMs,
    });
  }
  if (status >= 500 || status === 408 || status === 425) {
    return new DeliveryError('delivery-temporary', message);
  }
  if (status >= 300 && status < 400) {
    return new DeliveryError('delivery-refused', `${message}: redirects are not followed`);
  }
  return new DeliveryError('delivery-refused', message);
}

/** Reads `Retry-After`, in seconds or as a date. */
function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/u.test(header.trim())
    ? Number(header) * 1000
    : new Date(header).getTime() - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), retryAfterMaxMs) : undefined;
}

/** Reads a short answer to its end, and hangs up on a long one. What it says does not matter. */
async function discard(response: Response): Promise<void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.byteLength;
      if (bytes > answerBytesMax) break;
    }
  } catch {
    // The status has arrived: a body that breaks off changes nothing.
    return;
  }
  await reader.cancel().catch(() => undefined);
}
