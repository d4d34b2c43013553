import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ReachFacts } from '../../model/doctor-facts.ts';
import type { WebhookConfig } from './config.ts';

/** How long name, connection and certificate may take together. */
const reachMs = 5000;

/** Connects to a receiver and hangs up: what it does with a message is known only when it gets one. */
export async function examineWebhook(
  destination: string,
  { url }: WebhookConfig,
): Promise<ReachFacts> {
  const { hostname, port, protocol, host } = new URL(url);
  const isSecure = protocol === 'https:';
  const name = hostname.replace(/^\[|\]$/gu, '');
  const to = { host: name, port: port === '' ? (isSecure ? 443 : 80) : Number(port) };
  const startedMs = performance.now();
  let isTls = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const socket = isSecure ? connectTls({ ...to, servername: name }) : connectTcp(to);
      const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), reachMs);
      const end = (): void => {
        clearTimeout(timer);
        socket.destroy();
      };
      if (isSecure)
        socket.once('connect', () => {
          isTls = true;
        });
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        end();
        resolve();
      });
      socket.once('error', (error) => {
        end();
        reject(error);
      });
    });
  } catch (error) {
    return { destination, host, isTls, answer: { kind: 'silent', reason: reasonOf(error) } };
  }
  const tookMs = Math.round(performance.now() - startedMs);
  return { destination, host, isTls: false, answer: { kind: 'said', value: { tookMs } } };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // Several addresses of one name, each with a reason of its own: the first one speaks for them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (first instanceof Error && 'code' in first && typeof first.code === 'string')
    return first.code;
  return error.message.slice(0, 100);
}
