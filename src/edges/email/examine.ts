import { randomUUID } from 'node:crypto';
import type { Said } from '../../model/diagnosis.ts';
import type { MailFacts } from '../../model/doctor-facts.ts';
import { DeliveryError } from '../../model/errors.ts';
import type { EmailConfig } from './config.ts';
import { senderOf } from './config.ts';
import { answerOf, type SmtpTrouble } from './failure.ts';
import { mailTimeoutMs } from './limits.ts';
import { open, ports, post } from './smtp.ts';

/** How long the server may take for greeting, encryption and sign-in together. */
const examineMs = 8_000;

/** Connects, encrypts and signs in as a delivery would, and sends nothing. */
export async function examineMail(config: EmailConfig): Promise<MailFacts> {
  const { host, user, password } = config;
  const base = {
    host,
    port: config.port ?? ports[config.security],
    hasLogin: user !== undefined,
  };
  const startedMs = performance.now();
  let connection: Awaited<ReturnType<typeof open>>;
  try {
    connection = await open(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return { ...base, reached: 'greeted', reason };
  }
  try {
    return await new Promise<MailFacts>((resolve) => {
      let reached: 'nowhere' | 'encrypted' = 'nowhere';
      const fail = (trouble: SmtpTrouble): void => {
        clearTimeout(timer);
        resolve({ ...base, reached: isTls(trouble) ? 'greeted' : reached, reason: why(trouble) });
      };
      const timer = setTimeout(() => fail({ code: 'ETIMEDOUT' }), examineMs);
      const ready = (): void => {
        clearTimeout(timer);
        const tookMs = Math.round(performance.now() - startedMs);
        resolve({ ...base, reached: 'ready', isEncrypted: config.security !== 'none', tookMs });
      };
      connection.on('error', fail);
      connection.once('end', () => fail({ code: 'ECONNECTION' }));
      connection.connect((error) => {
        if (error !== undefined && error !== null) return fail(error);
        reached = 'encrypted';
        if (user === undefined) return ready();
        connection.login({ user, ...(password === undefined ? {} : { pass: password }) }, (no) =>
          no === null || no === undefined ? ready() : fail(no),
        );
      });
    });
  } finally {
    connection.on('error', () => undefined);
    connection.quit();
    connection.close();
  }
}

/** Sends one short mail that says what it is. */
export async function sendTestMail(
  config: EmailConfig,
  to: string,
  text: { readonly subject: string; readonly body: string },
  atMs: number,
): Promise<Said<unknown>> {
  const sender = senderOf(config.from);
  const message = [
    `From: ${config.from}`,
    `To: ${to}`,
    `Subject: =?utf-8?B?${Buffer.from(text.subject).toString('base64')}?=`,
    `Date: ${new Date(atMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <doctor-${randomUUID()}@nightkeeper>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
    '',
    Buffer.from(text.body)
      .toString('base64')
      .replace(/(.{76})/gu, '$1\r\n'),
    '',
  ].join('\r\n');
  try {
    const { rejected } = await post(
      config,
      { from: sender?.address ?? '', to: [to], message: Buffer.from(message) },
      mailTimeoutMs,
    );
    const [first] = rejected;
    return first === undefined
      ? { kind: 'said', value: undefined }
      : { kind: 'refused', code: answerOf(first) };
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'delivery-refused')
      return { kind: 'refused', code: error.message };
    return { kind: 'silent', reason: error instanceof Error ? error.message : 'unknown' };
  }
}

/** A server that offers no encryption, or shows a certificate nobody trusts. */
function isTls({ code, originalCode = '' }: SmtpTrouble): boolean {
  return (
    code === 'ETLS' ||
    /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|HOSTNAME/u.test(`${code} ${originalCode}`)
  );
}

/** In one word. What a server answers to a password is not told: some repeat what they were sent. */
function why(trouble: SmtpTrouble): string {
  if (trouble.code === 'EAUTH') return String(trouble.responseCode ?? 'EAUTH');
  if (trouble.responseCode !== undefined) return answerOf(trouble);
  return trouble.originalCode ?? trouble.code ?? 'unknown';
}
