import type { Endpoint } from '../../model/ensemble.ts';
import type { FailureReason } from '../../model/sample.ts';

/** Decides when each server is tried again, and how long it may take to answer then. */
export interface Retry {
  /** For DNS, TCP, TLS and ZooKeeper's handshake together. */
  handshakeTimeoutMs(server: Endpoint): number;
  /** An attempt failed: how long to wait before the next one. */
  pauseMs(server: Endpoint, reason: FailureReason): number;
  /** An attempt succeeded, and lasted. */
  forget(server: Endpoint): void;
}

/** A cold TLS server was seen to take 220 ms for a whole handshake. */
const handshakeTimeoutMsMin = 2000;

/**
 * The deadline doubles up to this while a server times out: each attempt lies in the backlog of a stopped server (50 places by
 * default), and is answered the moment it wakes up.
 */
const handshakeTimeoutMsMax = 8000;

/** How long the quick attempts last, counted from the moment the answer changed: a restart takes a second or two. */
export const quickPhaseMs = 10_000;

/** Between attempts while nobody listens: one costs a packet each way. */
const refusedPauseMs = 100;

/** Between attempts while a server takes connections and opens no session: each is a line in its log. */
const resetPauseMs = 200;

/** Between attempts when waiting longer costs no one a second of knowing. */
export const slowPauseMs = 2000;

/** After a timeout, which was a pause itself: the next attempt lies at the server's door when it wakes up. */
const timeoutPauseMs = 50;

interface Trouble {
  readonly reason: FailureReason;
  readonly sinceMs: number;
  readonly timeouts: number;
}

/** Paces the attempts of one session. `fixedTimeoutMs` keeps the handshake's deadline as it is. */
export function createRetry(
  nowMs: () => number,
  chance: () => number,
  fixedTimeoutMs: number | undefined,
): Retry {
  const troubles = new Map<Endpoint, Trouble>();
  return {
    handshakeTimeoutMs(server) {
      const timeouts = troubles.get(server)?.timeouts ?? 0;
      return (
        fixedTimeoutMs ?? Math.min(handshakeTimeoutMsMin * 2 ** timeouts, handshakeTimeoutMsMax)
      );
    },
    pauseMs(server, reason) {
      const before = troubles.get(server);
      const sinceMs = before?.reason === reason ? before.sinceMs : nowMs();
      const timeouts = reason === 'timeout' ? (before?.timeouts ?? 0) + 1 : 0;
      troubles.set(server, { reason, sinceMs, timeouts });
      return basePauseMs(reason, nowMs() - sinceMs) * (0.9 + 0.2 * chance());
    },
    forget: (server) => void troubles.delete(server),
  };
}

/** After the quick phase the pause is a twentieth of the time that attempts have ended this way. */
function basePauseMs(reason: FailureReason, sameForMs: number): number {
  const isQuick = sameForMs <= quickPhaseMs;
  switch (reason) {
    case 'refused':
    case 'unreachable':
      return isQuick ? refusedPauseMs : Math.min(slowPauseMs, sameForMs / 20);
    case 'reset':
    case 'not-serving':
      return isQuick ? resetPauseMs : Math.min(slowPauseMs, sameForMs / 20);
    case 'timeout':
      return timeoutPauseMs;
    case 'unresolved':
    case 'garbled':
    case 'tls':
    case 'not-allowed':
      return slowPauseMs;
  }
}
