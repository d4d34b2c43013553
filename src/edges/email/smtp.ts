import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { DeliveryError } from '../../model/errors.ts';
import type { EmailConfig } from './config.ts';
import { failureOf, type SmtpTrouble } from './failure.ts';
import { answerBytesMax, answerTimeoutMs, connectTimeoutMs } from './limits.ts';

export const ports: Readonly<Record<EmailConfig['security'], number>> = {
  starttls: 587,
  tls: 465,
  none: 25,
};

/** A mail as it goes over the wire. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: Buffer;
}

/** Whom the server took the mail for, and what it said of the others; nothing was sent when it took nobody. */
export interface Posted {
  readonly accepted: readonly string[];
  readonly rejected: readonly SmtpTrouble[];
}

/**
 * Hands one mail to the server over a connection of its own, within `timeoutMs`. Throws a `DeliveryError`. A connection is not kept:
 * servers end idle ones, and a mail that meets such an end would have an unknown outcome.
 */
export async function post(config: EmailConfig, mail: Mail, timeoutMs: number): Promise<Posted> {
  const connection = await open(config);
  let bodyBegun = false;
  // The library asks for the body only after the server has agreed to take it.
  const body = Readable.from(
    (function* () {
      bodyBegun = true;
      yield mail.message;
    })(),
  );
  try {
    return await new Promise<Posted>((resolve, reject) => {
      const fail = (trouble: SmtpTrouble): void => {
        clearTimeout(timer);
        reject(failureOf(trouble, bodyBegun));
      };
      const timer = setTimeout(() => fail({ code: 'ETIMEDOUT' }), timeoutMs);
      const send = (): void => {
        const envelope = { from: mail.from, to: [...mail.to], size: mail.message.length };
        connection.send(envelope, body, (error, info) => {
          const refusals = error === null ? info.rejectedErrors : error.rejectedErrors;
          if (error !== null && (error.code !== 'EENVELOPE' || refusals === undefined))
            return fail(error);
          clearTimeout(timer);
          resolve({ accepted: error === null ? info.accepted : [], rejected: refusals ?? [] });
        });
      };
      connection.on('error', fail);
      connection.once('end', () => fail({ code: 'ECONNECTION' }));
      connection.connect((error) => {
        if (error !== undefined && error !== null) return fail(error);
        const { user, password } = config;
        if (user === undefined) return send();
        connection.login({ user, ...(password === undefined ? {} : { pass: password }) }, (no) =>
          no === null || no === undefined ? send() : fail(no),
        );
      });
    });
  } finally {
    // After the last word of the server nothing is waited for; a second close does no harm.
    connection.on('error', () => undefined);
    connection.quit();
    connection.close();
  }
}

export async function open(config: EmailConfig): Promise<SMTPConnection> {
  const { host, security } = config;
  return new SMTPConnection({
    host,
    port: config.port ?? ports[security],
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    socketTimeout: answerTimeoutMs,
    maxResponseSize: answerBytesMax,
    tls: { minVersion: 'TLSv1.2', ...(await authorities(config.caFile)) },
  });
}

/** Read for each mail, so that a renewed file counts at once. */
async function authorities(caFile: string | undefined): Promise<{ readonly ca?: string }> {
  if (caFile === undefined) return {};
  try {
    return { ca: await readFile(caFile, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DeliveryError('delivery-temporary', `email.caFile cannot be read: ${reason}`, {
      cause: error,
    });
  }
}
