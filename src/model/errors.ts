/**
 * What can go wrong, as a closed list: every failure of the outside carries one of these codes, and `docs/errors.md` has a
 * paragraph for each. A refusal for a person is not here: it is a value (`Refusal` in `refusal.ts`).
 */
export type ErrorCode =
  | 'assertion-failed'
  | 'config-invalid'
  | 'config-unreadable'
  | 'redis-unavailable'
  | 'redis-conflict'
  | 'redis-corrupt'
  | 'queue-unavailable'
  | 'zookeeper-disconnected'
  | 'zookeeper-timeout'
  | 'zookeeper-protocol'
  | 'zookeeper-refused'
  | 'delivery-temporary'
  | 'delivery-rate-limited'
  | 'delivery-refused'
  | 'delivery-unknown'
  | 'executor-failed'
  | 'executor-timeout'
  | 'executor-unavailable'
  | 'http-bind-failed'
  | 'calendar-unavailable'
  | 'calendar-unreadable'
  | 'backup-unreadable'
  | 'backup-unwritable';

/** A failure of the outside world, with a stable code and its cause. Messages never contain tokens or URLs with secrets. */
export class NightkeeperError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'NightkeeperError';
    this.code = code;
  }
}

/** What a failed delivery means for the next try. */
export type DeliveryFailure =
  | 'delivery-temporary'
  | 'delivery-rate-limited'
  | 'delivery-refused'
  | 'delivery-unknown';

/**
 * A channel could not deliver. `delivery-temporary`: try again with back-off; `delivery-rate-limited`: not before `retryAfterMs`;
 * `delivery-refused`: final, the channel is gone or the token revoked; `delivery-unknown`: the answer got lost, so it may have
 * arrived: reconcile by key before sending again.
 */
export class DeliveryError extends NightkeeperError {
  readonly retryAfterMs: number | undefined;

  constructor(
    code: DeliveryFailure,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfterMs?: number },
  ) {
    super(code, message, options);
    this.name = 'DeliveryError';
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Stops at once when something that must hold does not: a bug of ours, never a fault of the outside. */
export function assert(condition: unknown, whatShouldHold: string): asserts condition {
  if (!condition) throw new NightkeeperError('assertion-failed', `should hold: ${whatShouldHold}`);
}
