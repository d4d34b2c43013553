import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Endpoint } from '../../model/ensemble.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { CertificateFacts } from '../../model/survey.ts';
import { startDeadline } from './deadline.ts';
import { nameOf } from './socket-failure.ts';

/** Longest subject kept. */
const subjectCharsMax = 200;

/**
 * Reads the certificate a port presents, whether anybody would trust it or not: an expired one must be seen, too. Nothing is sent over
 * the connection. Answers in words why there is none.
 */
export async function readCertificate(
  endpoint: Endpoint,
  tls: TlsSettings | undefined,
  timeoutMs: number,
  now: () => number,
): Promise<CertificateFacts | string> {
  const files = await ownFiles(tls);
  return new Promise((resolve) => {
    const servername = tls?.serverName ?? (isIP(endpoint.host) === 0 ? endpoint.host : undefined);
    const socket = connect({
      host: endpoint.host,
      port: endpoint.port,
      // Only its dates and its name are read; whether to trust it is the business of those who send something.
      rejectUnauthorized: false,
      ...(servername === undefined ? {} : { servername }),
      ...files,
    });
    const finish = (answer: CertificateFacts | string): void => {
      stopWaiting();
      socket.destroy();
      resolve(answer);
    };
    const stopWaiting = startDeadline(timeoutMs, () =>
      finish(`no TLS handshake with ${nameOf(endpoint)} within ${timeoutMs} ms`),
    );
    const seen = (): CertificateFacts | undefined => factsOf(socket, endpoint.port, now());
    socket.once('secureConnect', () => finish(seen() ?? `no certificate from ${nameOf(endpoint)}`));
    // A server that wants a certificate of ours refuses only after it has shown its own.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(seen() ?? `no TLS with ${nameOf(endpoint)}: ${error.code ?? error.message}`),
    );
    socket.once('close', () => finish(seen() ?? `${nameOf(endpoint)} closed the handshake`));
  });
}

function factsOf(socket: TLSSocket, port: number, atMs: number): CertificateFacts | undefined {
  const {
    valid_to: until,
    fingerprint256: fingerprint,
    subject,
  } = socket.getPeerCertificate() ?? {};
  const notAfterMs = Date.parse(until ?? '');
  if (fingerprint === undefined || Number.isNaN(notAfterMs)) return undefined;
  const name = Object.entries(subject ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ')
    .slice(0, subjectCharsMax);
  return { atMs, port, notAfterMs, fingerprint, subject: name };
}

/** A server of TLS 1.2 that wants a certificate says nothing before it has one. Without ours it is tried all the same. */
async function ownFiles(
  tls: TlsSettings | undefined,
): Promise<{ readonly cert?: Buffer; readonly key?: Buffer }> {
  if (tls?.certFile === undefined || tls.keyFile === undefined) return {};
  try {
    const [cert, key] = await Promise.all([readFile(tls.certFile), readFile(tls.keyFile)]);
    return { cert, key };
  } catch {
    return {};
  }
}
