import type { Twilio } from 'twilio';
import type { TwilioConfig } from './config.ts';
import { type Answer, networkOutcome, twilioOutcome } from './failure.ts';
import { answerTimeoutMs, lookedThroughMax } from './limits.ts';
import type { Outcome, Provider } from './provider.ts';

/** A client of Twilio. The package is loaded here and nowhere else: who sends no SMS does not pay for it. */
export async function twilioClient(
  config: TwilioConfig,
  timeoutMs = answerTimeoutMs,
): Promise<Twilio> {
  const { default: twilio } = await import('twilio');
  const { accountSid, apiKey, apiUrl } = config;
  const client = new twilio.Twilio(
    apiKey ?? accountSid,
    (apiKey === undefined ? config.authToken : config.apiKeySecret) ?? '',
    // A connection that was kept may end just as a message is written to it, and then nobody knows what became of it.
    { accountSid, timeout: timeoutMs, keepAlive: false, autoRetry: false, lazyLoading: true },
  );
  if (apiUrl !== undefined) {
    client.api.baseUrl = apiUrl;
    client.messaging.baseUrl = apiUrl;
  }
  return client;
}

/** Sends by Twilio, which has no key for a message: what got lost is looked for among the last ones of the number. */
export function createTwilio(config: TwilioConfig, timeoutMs?: number): Provider {
  const loading = twilioClient(config, timeoutMs);
  // Whoever sends first hears of it.
  loading.catch(() => undefined);
  const { from, messagingService } = config;
  const sender = {
    ...(from === undefined ? {} : { from }),
    ...(messagingService === undefined ? {} : { messagingServiceSid: messagingService }),
  };
  return {
    name: 'Twilio',
    async send({ to, text }) {
      const client = await loading;
      try {
        await client.messages.create({ to, body: text, ...sender });
        return { kind: 'sent' };
      } catch (error) {
        return failed(client, error);
      }
    },
    async find({ to, text }, sinceMs) {
      const client = await loading;
      try {
        // Not by the date of sending, which a message that waits in Twilio's queue does not have.
        const messages = await client.messages.list({ to, limit: lookedThroughMax });
        const found = messages.some(
          ({ body, direction, dateCreated }) =>
            direction !== 'inbound' &&
            dateCreated.getTime() >= sinceMs - clocksApartMs &&
            // A trial account puts words of its own in front.
            body.endsWith(text),
        );
        return found ? { kind: 'sent' } : 'not-there';
      } catch (error) {
        return failed(client, error);
      }
    },
  };
}

/** By how much the clock of this machine may be ahead of Twilio's, and what its times, in whole seconds, round off. */
const clocksApartMs = 15_000;

function failed(client: Twilio, error: unknown): Outcome {
  const answer = answerIn(client, error);
  return answer === undefined ? networkOutcome('Twilio', error) : twilioOutcome(answer);
}

/** What Twilio said, where it said anything. The error itself is told to nobody: it may hold the whole request. */
export function answerIn(client: Twilio, error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number')
    return undefined;
  const { code } = error as { readonly code?: unknown };
  const seconds = Number(client.httpClient.lastResponse?.headers?.['retry-after']);
  return {
    status: error.status,
    code: typeof code === 'number' || typeof code === 'string' ? String(code) : '',
    message: typeof error.message === 'string' ? error.message : '',
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
  };
}
