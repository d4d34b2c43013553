import type { Endpoint, EnsembleId } from '../../model/ensemble.ts';
import {
  type OwnSessions,
  ownSessionsMax,
  sessionsToldMax,
  timeoutsMax,
  unansweredMs,
} from '../../model/own-sessions.ts';
import type { SocketFailure } from './socket-failure.ts';

/** Counts the sessions this process opens, so that those it leaves behind are not taken for clients that died. */
export interface OwnSessionBooks {
  book(ensemble: EnsembleId): SessionBook;
  newest(ensemble: EnsembleId): OwnSessions;
}

/** Of one ensemble. */
export interface SessionBook {
  /** A session was asked for. */
  asked(server: Endpoint): NotedSession;
}

export interface NotedSession {
  granted(timeoutMs: number, session?: string): void;
  /** The connection is gone; `was` is what it was before, and `fault` why (absent: we cut it off ourselves). */
  ended(was: 'opening' | 'standing' | 'closing', fault: SocketFailure | undefined): void;
}

interface Left {
  readonly server: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly isGranted: boolean;
}

export function createOwnSessions(now: () => number): OwnSessionBooks {
  const books = new Map<EnsembleId, Book>();
  const bookOf = (ensemble: EnsembleId): Book => {
    const known = books.get(ensemble) ?? new Book(now);
    books.set(ensemble, known);
    return known;
  };
  return { book: bookOf, newest: (ensemble) => bookOf(ensemble).newest() };
}

class Book implements SessionBook {
  readonly #now: () => number;
  #standing = 0;
  readonly #sessions = new Set<string>();
  #left: readonly Left[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  asked({ host, port }: Endpoint): NotedSession {
    const server = `${host}:${port}`;
    let grantedMs: number | undefined;
    let own: string | undefined;
    return {
      granted: (timeoutMs, session) => {
        grantedMs = timeoutMs;
        own = session;
        if (session !== undefined) this.#sessions.add(session);
        this.#standing += 1;
        this.#answers(server, timeoutMs);
      },
      ended: (was, fault) => {
        if (grantedMs !== undefined) this.#standing -= 1;
        if (own !== undefined) this.#sessions.delete(own);
        const fromMs = this.#now();
        if (was === 'opening') {
          // Whoever turned us away has opened nothing; who did not answer may yet.
          if (fault?.reason === 'timeout' && fault.connected)
            this.#leave({ server, fromMs, untilMs: fromMs + unansweredMs, isGranted: false });
          return;
        }
        // A server closes the connection when it has ended the session.
        if (was === 'closing' && fault !== undefined) return;
        const untilMs = fromMs + timeoutsMax * (grantedMs ?? 0);
        this.#leave({ server, fromMs, untilMs, isGranted: true });
      },
    };
  }

  newest(): OwnSessions {
    const nowMs = this.#now();
    // Told for a while after their time: a look judges by minutes of the past.
    this.#left = this.#left.filter(({ untilMs }) => untilMs + unansweredMs > nowMs);
    return {
      standing: this.#standing,
      left: this.#left.map(({ fromMs, untilMs }) => [fromMs, untilMs] as const),
      ...(this.#sessions.size === 0
        ? {}
        : { sessions: [...this.#sessions].slice(0, sessionsToldMax) }),
    };
  }

  #leave(left: Left): void {
    this.#left = [...this.#left, left].slice(-ownSessionsMax);
  }

  /** It grants sessions again: what was asked of it before has come to be by now, or never will. */
  #answers(server: string, timeoutMs: number): void {
    const latestMs = this.#now() + timeoutsMax * timeoutMs;
    if (!this.#left.some((one) => !one.isGranted && one.server === server)) return;
    this.#left = this.#left.map((one) =>
      one.isGranted || one.server !== server || one.untilMs <= latestMs
        ? one
        : { ...one, untilMs: latestMs },
    );
  }
}
