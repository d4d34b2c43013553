import { DeliveryError } from '../../model/errors.ts';
import { answerCharsMax } from './limits.ts';

/** What the library tells of a failed mail; nodemailer documents these fields. */
export interface SmtpTrouble {
  /** `EENVELOPE`, `EMESSAGE`, `EAUTH`, `ESOCKET`, `ETIMEDOUT`, … */
  readonly code?: string | undefined;
  /** Node's own code where the library replaced it: `ECONNREFUSED`. */
  readonly originalCode?: string | undefined;
  /** What the server said, beginning with its number. */
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
  /** Whether the server refused for good; absent without an answer of the server. */
  readonly permanent?: boolean | undefined;
  /** The address it is about, where it is about one. */
  readonly recipient?: string | undefined;
}

/**
 * What a failed mail means for the next try. An answer of the server decides: its 4xx pass, its 5xx are final (RFC 5321, 4.2.1).
 * Without one, nothing can have arrived before the first byte of the message was sent, and afterwards nobody knows.
 */
export function failureOf(trouble: SmtpTrouble, bodyBegun: boolean): DeliveryError {
  const { responseCode } = trouble;
  // What a server answers to a password is not told: some repeat what they were sent.
  if (trouble.code === 'EAUTH') {
    const passes = responseCode !== undefined && trouble.permanent === false;
    return new DeliveryError(
      passes ? 'delivery-temporary' : 'delivery-refused',
      `the mail server did not take user and password: ${responseCode ?? 'no way to sign in that both know'}`,
    );
  }
  if (responseCode !== undefined) {
    return new DeliveryError(
      isFinal(trouble) ? 'delivery-refused' : 'delivery-temporary',
      `the mail server said ${answerOf(trouble)}`,
    );
  }
  // An envelope that the library itself refuses: no address in it is one.
  if (trouble.code === 'EENVELOPE') {
    return new DeliveryError('delivery-refused', 'no address of the destination is valid');
  }
  const reason = trouble.originalCode ?? trouble.code ?? 'unknown';
  return bodyBegun
    ? new DeliveryError(
        'delivery-unknown',
        `the mail server did not say what became of it: ${reason}`,
      )
    : new DeliveryError('delivery-temporary', `the mail server cannot be used: ${reason}`);
}

/** Whether the server refused for good. */
export function isFinal(trouble: SmtpTrouble): boolean {
  return trouble.permanent === true;
}

/** What the server said, in one short line. */
export function answerOf(trouble: SmtpTrouble): string {
  const text = trouble.response ?? String(trouble.responseCode ?? trouble.code ?? 'nothing');
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, answerCharsMax);
}
