import { DeliveryError, type DeliveryFailure } from '../../model/errors.ts';
import { neverSentCodes } from '../../ports/channel.ts';
import { addressBanMs, banMs, qpsPauseMs, quotaPauseMs } from './limits.ts';

/**
 * Refusals of the API that no repetition mends: somebody has to change something in DingTalk's console or in the configuration.
 * Compared without regard to case, since DingTalk itself is not strict about it.
 */
const refusals: readonly RegExp[] = [
  /^InvalidAuthentication/iu,
  /^invalidClientIdOrSecret/iu,
  /^authFailed/iu,
  /^Forbidden\.AccessDenied\.(?!Qps|ApiCount)/iu,
  /^param\.(?:templateNotExist|templateUnpublished|contentUnsafe)/iu,
  /^(?:invalidParameter\.)?(?:robotCode|openConversationId|conversation)\b/iu,
  /^robot\..*(?:notExist|stopped|offline)/iu,
  /^chatbotId\./iu,
  /^(?:group|chat)\..*(?:notExist|dismissed)/iu,
  /^contain\.unsafe/iu,
];

/** Whether somebody has to change something before it can work. */
export function isRefusal(code: string): boolean {
  return refusals.some((refusal) => refusal.test(code));
}

/** An answer of the API that is not what was asked for. Its words never contain a token. */
export class ApiError extends Error {
  readonly status: number;
  /** DingTalk's own code, such as `param.cardNotExist`; `http-502` where the answer was none of DingTalk's. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`DingTalk said ${code}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }

  is(name: string): boolean {
    return this.code.toLowerCase().endsWith(name.toLowerCase());
  }
}

/** Reads the body of an answer; anything else than DingTalk's own JSON becomes an error by its status. */
export function answerOf(status: number, body: string): Readonly<Record<string, unknown>> {
  const read = parse(body);
  // A ban of the address answers with a page, or with 200 and this number.
  if (read?.['status'] === 1111) throw new ApiError(429, 'AddressBanned');
  if (status < 200 || status >= 300) throw new ApiError(status, codeOf(read) ?? `http-${status}`);
  if (read === undefined) throw new ApiError(status, 'unreadable-answer');
  return read;
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function codeOf(body: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const code = body?.['code'];
  return typeof code === 'string' && /^[\w.-]{1,100}$/u.test(code) ? code : undefined;
}

/** What a failed call means for the next try. */
export function failureOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof ApiError) return apiFailure(error);
  const reason = reasonOf(error);
  const code = neverSentCodes.has(reason) ? 'delivery-temporary' : 'delivery-unknown';
  return new DeliveryError(code, `DingTalk did not answer: ${reason}`);
}

function apiFailure(error: ApiError): DeliveryError {
  const pauseMs = pauseOf(error.code);
  if (pauseMs !== undefined) return limited(error.message, pauseMs);
  return new DeliveryError(kindOf(error), error.message, { cause: error });
}

function pauseOf(code: string): number | undefined {
  if (/ApiCountLimit/iu.test(code)) return quotaPauseMs;
  if (/QpsLimit|too\.?fast|flowControl/iu.test(code)) return qpsPauseMs;
  return code === 'AddressBanned' ? addressBanMs : undefined;
}

function kindOf({ status, code }: ApiError): DeliveryFailure {
  if (isRefusal(code)) return 'delivery-refused';
  // 500 system.busy, a page of a proxy: nobody says whether it was done.
  return status >= 500 || code === 'unreadable-answer' ? 'delivery-unknown' : 'delivery-temporary';
}

function limited(message: string, retryAfterMs: number): DeliveryError {
  return new DeliveryError('delivery-rate-limited', message, { retryAfterMs });
}

/**
 * What a custom robot (or a session webhook) answered: HTTP 200 says nothing, `errcode` does. Undefined when it took the message.
 * open.dingtalk.com, custom-robot-access, error codes.
 */
export function robotFailure(status: number, body: string): DeliveryError | undefined {
  const read = parse(body);
  if (read?.['status'] === 1111) return limited('DingTalk shut this address out', addressBanMs);
  const errcode = read?.['errcode'];
  if (typeof errcode !== 'number') {
    const code = status === 429 || status < 500 ? 'delivery-temporary' : 'delivery-unknown';
    return new DeliveryError(code, `the robot answered with status ${status}`);
  }
  if (errcode === 0) return undefined;
  const message = `the robot said ${errcode}`;
  if (errcode === 410_100 || errcode === 130_101) return limited(message, banMs);
  if (errcode === 90_018 || errcode === 90_002) return limited(message, qpsPauseMs);
  if (errcode === 90_020) return limited(message, quotaPauseMs);
  // -1: the system is busy.
  const code = errcode === -1 ? 'delivery-temporary' : 'delivery-refused';
  return new DeliveryError(code, message);
}

/** `ECONNREFUSED`, `TimeoutError`: the innermost thing with a name. */
export function reasonOf(error: unknown): string {
  let inner = error;
  let reason = 'unknown';
  for (let depth = 0; depth < 4 && inner instanceof Error; depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    reason = inner.name;
    inner = inner.cause;
  }
  return reason;
}
