import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsSettings } from '../../src/model/settings.ts';

/** How long a server may take to answer before it counts as silent. */
const answerMs = 1000;

/** The answer of a real server to a four-letter word; empty when there is none. Kept apart from the bot's own client on purpose. */
export function askWord(
  host: string,
  port: number,
  word: string,
  tls?: TlsSettings,
): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket =
      tls === undefined
        ? connectTcp({ host, port })
        : connectTls({
            host,
            port,
            ...(tls.caFile ? { ca: readFileSync(tls.caFile) } : {}),
            ...(tls.certFile ? { cert: readFileSync(tls.certFile) } : {}),
            ...(tls.keyFile ? { key: readFileSync(tls.keyFile) } : {}),
            checkServerIdentity: () => undefined,
          });
    const timer = setTimeout(() => socket.destroy(), answerMs);
    socket.setEncoding('utf8');
    socket.on(tls === undefined ? 'connect' : 'secureConnect', () => socket.write(`${word}\n`));
    socket.on('data', (part: string) => {
      answer += part;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
