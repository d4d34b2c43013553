import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type ReadMail, readMail } from '../support/mail.ts';
import type { Certificates } from './certificates.ts';

/** What the server does with the next mail whose envelope it took. */
export type SmtpAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'status'; readonly code: number; readonly text: string }
  /** Takes the mail and hangs up without a word. */
  | { readonly kind: 'reset' }
  /** Never says what became of it. */
  | { readonly kind: 'hang' };

/** A mail that arrived, once for all its recipients. */
export interface TakenMail extends ReadMail {
  readonly from: string;
  readonly recipients: readonly string[];
}

/** A mail server on a free port of 127.0.0.1 that misbehaves on demand. */
export interface SmtpStandIn {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly mails: readonly TakenMail[];
  next(answer: SmtpAnswer, times?: number): void;
  /** Answers this recipient so, `times` times. */
  answerRecipient(address: string, code: number, text: string, times?: number): void;
  /** Answers the sign-in so from now on. */
  answerSignIn(code: number, text: string): void;
  close(): Promise<void>;
}

/** With `certificates` it offers STARTTLS, and with `tls` it speaks TLS from the first byte. */
export async function startSmtp(
  options: { readonly certificates?: Certificates; readonly tls?: boolean } = {},
): Promise<SmtpStandIn> {
  const { certificates } = options;
  const mails: TakenMail[] = [];
  const answers: SmtpAnswer[] = [];
  const recipients = new Map<string, { code: number; text: string; left: number }>();
  const sockets = new Set<Socket>();
  const password = 'smtp-test-password';
  let signIn: { readonly code: number; readonly text: string } | undefined;
  const pem = certificates === undefined ? undefined : readFileSync(certificates.serverFile);
  const server = new SMTPServer({
    authOptional: true,
    secure: options.tls === true,
    ...(pem === undefined ? { disabledCommands: ['STARTTLS' as const] } : { key: pem, cert: pem }),
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth(auth, _session, done) {
      if (signIn !== undefined) return done(failure(signIn.code, signIn.text));
      if (auth.username === 'zkbot' && auth.password === password) return done(null, { user: 1 });
      done(failure(535, '5.7.8 authentication failed'));
    },
    onRcptTo({ address }, _session, done) {
      const planned = recipients.get(address);
      if (planned === undefined || planned.left === 0) return done();
      planned.left -= 1;
      done(failure(planned.code, planned.text));
    },
    onData(stream, session: SMTPServerSession, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const answer = answers.shift() ?? { kind: 'ok' };
        if (answer.kind === 'status') return done(failure(answer.code, answer.text));
        if (answer.kind === 'hang') return;
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...readMail(Buffer.concat(chunks).toString('utf8')),
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map(({ address }) => address),
        });
        if (answer.kind === 'ok') return done();
        for (const socket of sockets) socket.resetAndDestroy();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    host: '127.0.0.1',
    port: typeof address === 'object' && address !== null ? address.port : 0,
    user: 'zkbot',
    password,
    mails,
    next(answer, times = 1) {
      for (let index = 0; index < times; index += 1) answers.push(answer);
    },
    answerRecipient(to, code, text, times = Number.POSITIVE_INFINITY) {
      recipients.set(to, { code, text, left: times });
    },
    answerSignIn(code, text) {
      signIn = { code, text };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function failure(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
