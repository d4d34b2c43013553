import { isIPv6 } from 'node:net';
import type { Endpoint } from '../../model/ensemble.ts';
import type { FailureReason } from '../../model/sample.ts';

/** Why a socket gave nothing, in the words of a sample. */
export interface SocketFailure {
  readonly reason: FailureReason;
  /** Whether the TCP connection stood. */
  readonly connected: boolean;
  readonly detail: string;
}

/** How far a connection had come when it failed. */
export interface Progress {
  readonly connected: boolean;
  /** Connected, and the TLS handshake not done yet. */
  readonly shakingHands: boolean;
}

const reasons: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  // A firewall of this machine, or no address or descriptor left on it: the server was not reached, and that is all we know.
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EMFILE: 'unreachable',
  ENFILE: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EAI_FAIL: 'unresolved',
  EAI_NODATA: 'unresolved',
  EAI_NONAME: 'unresolved',
};

/** The failure behind an error of a socket. What fails in a TLS handshake is a failure of TLS, whatever its code. */
export function failureOf(error: Error, endpoint: Endpoint, progress: Progress): SocketFailure {
  const code = codeOf(error);
  const { connected } = progress;
  const detail = `${code === '' ? error.message.slice(0, 120) : code} ${nameOf(endpoint)}`;
  if (progress.shakingHands)
    return { reason: 'tls', connected, detail: `TLS handshake: ${detail}` };
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (known !== undefined) return { reason: known, connected, detail };
  if (/SSL|TLS|CERT|EPROTO/.test(code)) return { reason: 'tls', connected, detail };
  return { reason: connected ? 'reset' : 'unreachable', connected, detail };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** `10.0.0.2:2181`, `[fd00::2]:2181` */
export function nameOf(endpoint: Endpoint): string {
  const host = isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host;
  return `${host}:${endpoint.port}`;
}
