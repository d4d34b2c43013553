import { request } from 'node:http';
import type { Endpoint } from '../../model/ensemble.ts';
import { startDeadline } from './deadline.ts';
import { answerBytesMax, probeSlots } from './four-letter-word.ts';
import { failureOf, nameOf, type SocketFailure } from './socket-failure.ts';

export type AdminAnswer =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The clock of the server, in whole seconds. */
      readonly dateMs?: number;
    }
  | ({ readonly kind: 'failure' } & SocketFailure);

/**
 * Asks the AdminServer for `/commands/<command>`. A server without a quorum answers 500, because there is nothing to report on:
 * that is `not-serving`. Never throws for what the server does; leaves no socket behind.
 */
export async function askAdmin(
  endpoint: Endpoint,
  command: string,
  timeoutMs: number,
): Promise<AdminAnswer> {
  return probeSlots.run(() => fetchCommand(endpoint, command, timeoutMs));
}

function fetchCommand(
  endpoint: Endpoint,
  command: string,
  timeoutMs: number,
): Promise<AdminAnswer> {
  const name = `${nameOf(endpoint)}/commands/${command}`;
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    let connected = false;
    const outgoing = request({
      host: endpoint.host,
      port: endpoint.port,
      path: `/commands/${command}`,
      agent: false,
      headers: { accept: 'application/json' },
    });
    const finish = (answer: AdminAnswer) => {
      stopWaiting();
      outgoing.destroy();
      resolve(answer);
    };
    const fail = (reason: SocketFailure['reason'], detail: string) =>
      finish({ kind: 'failure', reason, connected, detail });
    const stopWaiting = startDeadline(timeoutMs, () =>
      fail('timeout', `no answer from ${name} within ${timeoutMs} ms`),
    );

    outgoing.on('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
      });
    });
    outgoing.on('error', (error) =>
      finish({
        kind: 'failure',
        ...failureOf(error, endpoint, { connected, shakingHands: false }),
      }),
    );
    outgoing.on('response', (response) => {
      response.on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes > answerBytesMax)
          fail('garbled', `more than ${answerBytesMax} bytes from ${name}`);
      });
      response.on('error', () => fail('reset', `${name} closed in the middle of its answer`));
      response.on('end', () => {
        if (response.statusCode === 500) return fail('not-serving', `HTTP 500 from ${name}`);
        if (response.statusCode !== 200)
          return fail('not-allowed', `HTTP ${response.statusCode} from ${name}`);
        const dateMs = Date.parse(response.headers.date ?? '');
        finish({
          kind: 'text',
          text: Buffer.concat(parts).toString('utf8'),
          ...(Number.isNaN(dateMs) ? {} : { dateMs }),
        });
      });
    });
    outgoing.end();
  });
}
