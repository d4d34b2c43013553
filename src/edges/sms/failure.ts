import { neverSentCodes } from '../../ports/channel.ts';
import { answerCharsMax, retryAfterDefaultMs, retryAfterMaxMs } from './limits.ts';
import type { Outcome } from './provider.ts';

/** What an answer of a provider says, whatever SDK it came through. */
export interface Answer {
  readonly status: number;
  /** `21211`, `isv.MOBILE_NUMBER_ILLEGAL`. */
  readonly code: string;
  readonly message: string;
  /** As far as the provider told. */
  readonly retryAfterMs?: number;
}

/** Numbers that Twilio refuses alone: not valid, not reachable, gone, not a mobile, no permission for the country. */
const twilioOfNumber = new Set([
  '21211',
  '21214',
  '21217',
  '21219',
  '21265',
  '21408',
  '21421',
  '21606',
  '21610',
  '21612',
  '21614',
  '21635',
]);

/** Too many requests, too many in the queue of the sender, too many for the account. */
const twilioLimits = new Set(['20429', '21611', '63038', '14107', '30022', '30023']);

/** What an answer of Twilio means. @see twilio.com/docs/api/errors */
export function twilioOutcome(answer: Answer): Outcome {
  const reason = `Twilio answered ${told(answer)}`;
  const { status, code } = answer;
  if (status === 429 || twilioLimits.has(code))
    return { kind: 'limited', reason, waitMs: waitOf(answer), ofNumber: false };
  if (status >= 500 || status === 408) return lost(status, reason);
  return { kind: 'refused', reason, ofNumber: twilioOfNumber.has(code) };
}

/** A gateway that gave up waiting cannot say what became of the message; the other failures of a server come before that. */
function lost(status: number, reason: string): Outcome {
  return { kind: status === 503 || status === 501 ? 'temporary' : 'unknown', reason };
}

/** What Aliyun refuses of one number alone. */
const aliyunOfNumber = new Set([
  'isv.MOBILE_NUMBER_ILLEGAL',
  'isv.PHONE_NUMBER_ILLEGAL',
  'MOBILE_NOT_ON_SERVICE',
  'isv.BLACK_LIST_NUMBER',
  'isv.MOBILE_TERMINATED',
  'isv.COUNTRY_RESTRICTED',
  'isv.NOT_SUPPORTED_COUNTRY',
]);

const aliyunLimits: readonly { readonly sign: RegExp; readonly waitMs: number }[] = [
  { sign: /分钟|minute/iu, waitMs: 60_000 },
  { sign: /小时|hour/iu, waitMs: 3_600_000 },
  { sign: /天级|自然日|day/iu, waitMs: 3_600_000 },
];

/** What an answer of Aliyun means; HTTP 200 says nothing. @see help.aliyun.com/document_detail/101346.html */
export function aliyunOutcome(answer: Answer): Outcome {
  const { status, code, message } = answer;
  if (code === 'OK') return { kind: 'sent' };
  const reason = `Aliyun answered ${told(answer)}`;
  if (/BUSINESS_LIMIT/u.test(code)) {
    const text = `${code} ${message}`;
    const waitMs = aliyunLimits.find(({ sign }) => sign.test(text))?.waitMs ?? 60_000;
    return { kind: 'limited', reason, waitMs, ofNumber: true };
  }
  // The day of the account is over: more is a matter of hours.
  if (code === 'isv.DAY_LIMIT_CONTROL' || code === 'isv.MONTH_LIMIT_CONTROL')
    return { kind: 'limited', reason, waitMs: retryAfterMaxMs, ofNumber: false };
  if (/Throttling/u.test(code) || status === 429)
    return { kind: 'limited', reason, waitMs: waitOf(answer), ofNumber: false };
  if (/^isp\.(?:SYSTEM_ERROR|GATEWAY_ERROR|UNKNOWN)$/u.test(code) || /InternalError/u.test(code))
    return { kind: 'unknown', reason };
  if (/ServiceUnavailable/u.test(code)) return { kind: 'temporary', reason };
  if (status >= 500) return lost(status, reason);
  return { kind: 'refused', reason, ofNumber: aliyunOfNumber.has(code) };
}

/** What an error without an answer means: nothing was sent where no connection came to be. */
export function networkOutcome(provider: string, error: unknown): Outcome {
  const code = codeOf(error);
  if (neverSentCodes.has(code))
    return { kind: 'temporary', reason: `${provider} cannot be reached: ${code}` };
  return { kind: 'unknown', reason: `${provider} did not answer: ${code}` };
}

/** Node's code of a failed connection, by whatever SDK wrapped it. Its words may hold the whole request. */
export function codeOf(error: unknown): string {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 4; depth += 1) {
    const { code } = inner as { readonly code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/u.test(code)) return code;
    inner = inner.cause;
  }
  const name = error instanceof Error ? error.name : 'unknown';
  return /^[A-Za-z]{1,40}$/u.test(name) ? name : 'unknown';
}

function told({ status, code, message }: Answer): string {
  const text = scrubbed(message);
  return `${code === '' ? `HTTP ${status}` : code}${text === '' ? '' : `: ${text}`}`;
}

/** The words of an answer without numbers of people and keys, in one line. */
function scrubbed(message: string): string {
  return message
    .replaceAll(/\+?\d[\d\s-]{5,}\d/gu, '…')
    .replaceAll(/\b[A-Z]{2}[0-9a-f]{32}\b/gu, '…')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, answerCharsMax);
}

function waitOf({ retryAfterMs }: Answer): number {
  return Math.min(Math.max(retryAfterMs ?? retryAfterDefaultMs, 500), retryAfterMaxMs);
}
