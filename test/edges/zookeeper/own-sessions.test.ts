import { describe, expect, it } from 'vitest';
import { createOwnSessions } from '../../../src/edges/zookeeper/own-sessions.ts';
import { ownSessionsMax, unansweredMs } from '../../../src/model/own-sessions.ts';
import { nightMs } from '../../support/builders.ts';

const zk1 = { host: 'zk1', port: 2181 };
const zk2 = { host: 'zk2', port: 2181 };
const timeout = { reason: 'timeout', connected: true, detail: 'no answer' } as const;
const reset = { reason: 'reset', connected: true, detail: 'closed' } as const;

function aBook() {
  const time = { nowMs: nightMs };
  const sessions = createOwnSessions(() => time.nowMs);
  const book = sessions.book('orders');
  return { time, book, sessions, newest: () => sessions.newest('orders') };
}

describe('the book of own sessions', () => {
  it('counts what stands, and forgets what the server ended', () => {
    const { book, newest } = aBook();
    const session = book.asked(zk1);
    const asked = newest();
    session.granted(10_000);
    const granted = newest();

    session.ended('closing', reset);

    expect(asked).toEqual({ standing: 0, left: [] });
    expect(granted).toEqual({ standing: 1, left: [] });
    expect(newest()).toEqual({ standing: 0, left: [] });
  });

  it.each([
    ['whose connection broke', 'standing', reset],
    ['that nobody ended in time', 'closing', undefined],
  ] as const)('has a session %s expire within three of its timeouts', (_which, was, fault) => {
    const { book, newest } = aBook();
    const session = book.asked(zk1);
    session.granted(8000);

    session.ended(was, fault);

    expect(newest()).toEqual({ standing: 0, left: [[nightMs, nightMs + 24_000]] });
  });

  it('takes nothing for opened by a server that turned it away or was never reached', () => {
    const { book, newest } = aBook();

    book.asked(zk1).ended('opening', reset);
    book.asked(zk1).ended('opening', { ...timeout, connected: false });

    expect(newest()).toEqual({ standing: 0, left: [] });
  });

  it('takes what was not answered in time for something that may still come, until that server answers', () => {
    const { book, newest, time } = aBook();
    book.asked(zk1).ended('opening', timeout);
    book.asked(zk2).ended('opening', timeout);
    const waiting = newest();

    time.nowMs += 60_000;
    book.asked(zk1).granted(10_000);

    const longMs = nightMs + unansweredMs;
    expect(waiting.left).toEqual([[nightMs, longMs], [nightMs, longMs]]); // biome-ignore format: a table
    expect(newest().left).toEqual([[nightMs, nightMs + 90_000], [nightMs, longMs]]); // biome-ignore format: a table
  });

  it('keeps the newest, and forgets those of long ago', () => {
    const { book, newest, time } = aBook();
    for (let count = 0; count <= ownSessionsMax; count += 1)
      book.asked(zk1).ended('opening', timeout);
    const full = newest().left.length;

    time.nowMs += 2 * unansweredMs;

    expect(full).toBe(ownSessionsMax);
    expect(newest().left).toEqual([]);
  });

  it('keeps ensembles apart', () => {
    const { sessions, book } = aBook();
    book.asked(zk1).granted(10_000);

    expect(sessions.newest('orders').standing).toBe(1);
    expect(sessions.newest('billing').standing).toBe(0);
  });
});
