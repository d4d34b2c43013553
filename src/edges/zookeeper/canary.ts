import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import { type CanaryResult, canaryRunsMax, type Notice } from '../../model/sample.ts';
import type { EnsembleSettings, TlsSettings } from '../../model/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { TriedCanary } from '../../ports/zookeeper.ts';
import { createSocketOpener, type SocketOpener } from './open-socket.ts';
import type { SessionBook } from './own-sessions.ts';
import { openSession, type Session } from './session.ts';
import { isReply, ReplyFault, voidSession } from './session-replies.ts';

/** Writes to an ensemble again and again: the only probe that sees whether clients can write. */
export interface Canary {
  /** Undefined before the first write has ended, and while the ensemble does not permit it. */
  newest(): CanaryResult | undefined;
  close(): Promise<void>;
}

export interface CanaryOptions {
  /** Tried in turn: the canary needs any one of them. */
  readonly servers: readonly Server[];
  readonly tls?: TlsSettings;
  readonly opener: SocketOpener;
  readonly book?: SessionBook;
  readonly tell: (notice: Omit<Notice, 'atMs'>) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The one znode the canary writes: created when absent, never removed, overwritten in place with the time of the write. It adds
 * about 100 bytes a second to the transaction log of an ensemble.
 */
export const canaryPath = '/nightkeeper-canary';

/** From the end of one write to the start of the next. */
const everyMs = 1000;

/** A write slower than this has failed, whatever becomes of it. Elections take about 0.4 s, and pass unseen. */
export const canaryTimeoutMs = 1000;

/** When the ensemble does not permit the write, it is asked again this often. */
const deniedPauseMs = 60_000;

/** Answers that say something about our rights, and nothing about the ensemble. */
const denials: readonly string[] = ['NOAUTH', 'AUTHFAILED', 'INVALIDACL', 'QUOTAEXCEEDED'];

/** Answers of a server that is not the one to write to. */
const elsewhere: readonly string[] = [...voidSession, 'NOTREADONLY'];

export function startCanary(options: CanaryOptions): Canary {
  const { clock, log, tell, tls, opener, book } = options;
  const ending = new AbortController();
  const refusals = new Map<string, string>();
  const session = openSession({
    servers: options.servers.map((server) => server.client),
    ...(tls === undefined ? {} : { tls }),
    ...(book === undefined ? {} : { book }),
    opener,
    pingEveryMs: () => everyMs,
    // A server that opens no session in time is left for the next one.
    handshakeTimeoutMs: canaryTimeoutMs,
    onEvent(event) {
      const { host, port } = event.server;
      if (event.kind === 'attempt-failed') refusals.set(`${host}:${port}`, event.fault.detail);
      if (event.kind === 'connected') refusals.clear();
      if (event.kind === 'silent') session.moveOn('silent');
    },
    log,
  });
  let newest: CanaryResult | undefined;
  let outcomes: readonly CanaryResult['kind'][] = [];

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      const startedMs = performance.now();
      const why = await write(session, () => [...refusals.values()].join(', '));
      if (ending.signal.aborted) return;
      const tookMs = performance.now() - startedMs;
      const pauseMs = note(why, tookMs);
      await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  function recently(kind: CanaryResult['kind']): Required<Pick<CanaryResult, 'recent'>> {
    outcomes = [...outcomes, kind].slice(-canaryRunsMax);
    const failed = outcomes.filter((outcome) => outcome === 'failed').length;
    return { recent: { runs: outcomes.length, failed } };
  }

  function note(why: Outcome, tookMs: number): number {
    const atMs = clock.now();
    const before = newest?.kind;
    switch (why.kind) {
      case 'written':
        newest = { kind: 'written', atMs, tookMs, ...recently('written') };
        if (before === 'failed')
          tell({ kind: 'canary', detail: `written in ${Math.round(tookMs)} ms` });
        return everyMs;
      case 'failed':
        newest = { kind: 'failed', atMs, tookMs, detail: why.detail, ...recently('failed') };
        if (before !== 'failed') tell({ kind: 'canary', detail: why.detail });
        // The deadline was a pause already.
        return Math.max(0, everyMs - tookMs);
      case 'denied':
        newest = undefined;
        outcomes = [];
        log.warn({ path: canaryPath, why: why.detail }, 'the canary write is not permitted');
        return deniedPauseMs;
    }
  }

  const running = run();
  return {
    newest: () => newest,
    async close() {
      ending.abort();
      await session.close();
      await running;
    },
  };
}

/** How long one write of `tryCanary` may take: no election is told from a slow one here. */
const tryMs = 4000;

/** Writes the canary once, as the sensors do every second, and says what came of it. */
export async function tryCanary(
  { tls, servers }: Pick<EnsembleSettings, 'tls' | 'servers'>,
  log: Log,
): Promise<TriedCanary> {
  const refusals = new Map<string, string>();
  const session = openSession({
    servers: servers.map(({ client }) => client),
    ...(tls === undefined ? {} : { tls }),
    opener: createSocketOpener(),
    pingEveryMs: () => everyMs,
    handshakeTimeoutMs: canaryTimeoutMs,
    onEvent(event) {
      const { host, port } = event.server;
      if (event.kind === 'attempt-failed') refusals.set(`${host}:${port}`, event.fault.detail);
    },
    log,
  });
  const startedMs = performance.now();
  try {
    const end = await write(session, () => [...refusals.values()].join(', '), tryMs);
    return { ...end, tookMs: Math.round(performance.now() - startedMs) };
  } finally {
    await session.close();
  }
}

type Outcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'failed' | 'denied'; readonly detail: string };

/**
 * One write within the deadline, over as many sessions as it takes: to write the same again does no harm. A server that does not
 * answer in time is left for another one, or the canary would hang with a leader that is cut off.
 */
async function write(
  session: Session,
  refusals: () => string,
  withinMs = canaryTimeoutMs,
): Promise<Outcome> {
  const endMs = performance.now() + withinMs;
  const leftMs = () => endMs - performance.now();
  const data = Buffer.from(new Date().toISOString());
  for (;;) {
    if (leftMs() <= 0 || !(await session.stands(leftMs()))) {
      const who = refusals();
      const detail = `no session in ${withinMs} ms${who === '' ? '' : `: ${who}`}`;
      return { kind: 'failed', detail };
    }
    try {
      await put(session, data, leftMs);
      return { kind: 'written' };
    } catch (error) {
      if (!(error instanceof NightkeeperError)) return { kind: 'failed', detail: String(error) };
      if (error.code === 'zookeeper-timeout') {
        session.moveOn(error.message);
        return { kind: 'failed', detail: error.message };
      }
      if (isReply(error, ...denials)) return { kind: 'denied', detail: error.message };
      if (error instanceof ReplyFault && !elsewhere.includes(error.reply))
        return { kind: 'failed', detail: error.message };
      session.moveOn(error.message);
    }
  }
}

async function put(session: Session, data: Buffer, leftMs: () => number): Promise<void> {
  try {
    await session.setData(canaryPath, data, Math.max(1, leftMs()));
  } catch (error) {
    if (!isReply(error, 'NONODE')) throw error;
    try {
      await session.create(canaryPath, data, Math.max(1, leftMs()));
    } catch (failure) {
      // Another replica was quicker, so a write has passed.
      if (!isReply(failure, 'NODEEXISTS')) throw failure;
    }
  }
}
