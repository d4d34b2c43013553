import type * as Dysms from '@alicloud/dysmsapi20170525';
import type { AliyunConfig } from './config.ts';
import { type Answer, aliyunOutcome, networkOutcome } from './failure.ts';
import { answerTimeoutMs, lookedThroughMax } from './limits.ts';
import type { Message, Outcome, Provider } from './provider.ts';

type Client = InstanceType<typeof Dysms.default.default>;

/** The client of Aliyun, and the requests it takes. */
export interface AliyunApi {
  readonly client: Client;
  readonly requests: typeof Dysms;
}

const publicUrl = 'https://dysmsapi.aliyuncs.com';

/** The package is loaded here and nowhere else: who sends no SMS does not pay for it. */
export async function aliyunApi(
  config: AliyunConfig,
  timeoutMs = answerTimeoutMs,
): Promise<AliyunApi> {
  const requests = await import('@alicloud/dysmsapi20170525');
  const { protocol, host } = new URL(config.apiUrl ?? publicUrl);
  const settings = {
    accessKeyId: config.accessKeyId,
    accessKeySecret: config.accessKeySecret,
    endpoint: host,
    protocol: protocol.replace(':', ''),
    readTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  };
  const Api = classIn(requests.default);
  return { client: new Api(settings as ConstructorParameters<typeof Api>[0]), requests };
}

type Api = typeof Dysms.default.default;

/** The package is CommonJS with a default of its own: Node has that one inside the other, and tools that bundle do not. */
function classIn(inner: typeof Dysms.default | Api): Api {
  return 'default' in inner ? inner.default : inner;
}

/**
 * Sends by Aliyun: the words of a registered template, with an `OutId` that says afterwards which message it was. Aliyun does not
 * drop a second one with the same `OutId`, so that it is asked before anything is sent again.
 */
export function createAliyun(config: AliyunConfig, timeoutMs?: number): Provider {
  const loading = aliyunApi(config, timeoutMs);
  // Whoever sends first hears of it.
  loading.catch(() => undefined);
  return {
    name: 'Aliyun',
    async send(message) {
      const { client, requests } = await loading;
      const request = new requests.SendSmsRequest({
        phoneNumbers: localNumber(message.to),
        signName: config.signName,
        templateCode: templateFor(config, message),
        templateParam: JSON.stringify(message.variables),
        outId: message.id,
      });
      try {
        const { body } = await client.sendSms(request);
        return aliyunOutcome({ status: 200, code: body?.code ?? '', message: body?.message ?? '' });
      } catch (error) {
        return failed(error);
      }
    },
    async find(message, sinceMs) {
      const { client, requests } = await loading;
      for (const sendDate of datesSince(sinceMs, Date.now())) {
        const request = new requests.QuerySendDetailsRequest({
          phoneNumber: localNumber(message.to),
          sendDate,
          pageSize: lookedThroughMax,
          currentPage: 1,
        });
        try {
          const { body } = await client.querySendDetails(request);
          const answer = { status: 200, code: body?.code ?? '', message: body?.message ?? '' };
          const outcome = aliyunOutcome(answer);
          if (outcome.kind !== 'sent') return outcome;
          const details = body?.smsSendDetailDTOs?.smsSendDetailDTO ?? [];
          if (details.some(({ outId }) => outId === message.id)) return { kind: 'sent' };
        } catch (error) {
          return failed(error);
        }
      }
      return 'not-there';
    },
  };
}

/** Numbers of mainland China without their country, others with it, and none with a plus. */
function localNumber(number: string): string {
  return number.replace(/^\+(?:86(?=1\d{10}$))?/u, '');
}

export function templateFor(
  { templates }: AliyunConfig,
  { language }: Pick<Message, 'language'>,
): string {
  return templates[language] ?? templates['zh-CN'] ?? templates.en ?? '';
}

/** The days since then as Aliyun counts them, in the time of Beijing: one, or two around midnight. */
export function datesSince(sinceMs: number, nowMs: number): readonly string[] {
  const day = (atMs: number): string =>
    new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  return [...new Set([day(nowMs), day(sinceMs)])];
}

function failed(error: unknown): Outcome {
  const answer = answerIn(error);
  return answer === undefined ? networkOutcome('Aliyun', error) : aliyunOutcome(answer);
}

/** What Aliyun said, where it said anything. The error itself is told to nobody: it may hold the whole request. */
export function answerIn(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { code, retryAfter } = error as { readonly code?: unknown; readonly retryAfter?: unknown };
  const status = Number(error.statusCode);
  if (!Number.isInteger(status)) return undefined;
  return {
    status,
    code: typeof code === 'string' && code !== 'undefined' ? code : '',
    message: error.message.replace(/ request id: .*$/u, ''),
    ...(typeof retryAfter === 'number' ? { retryAfterMs: retryAfter } : {}),
  };
}
