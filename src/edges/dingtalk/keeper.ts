import type { Log } from '../../ports/log.ts';
import type { DingTalkConfig } from './config.ts';
import { ApiError, reasonOf } from './failure.ts';
import type { Frame, FrameAnswer } from './frames.ts';
import { Link } from './link.ts';
import { sleep } from './sleep.ts';

/** Waits between tries: doubled each time from the first to the last, shortened by up to a half at random. */
const backoffMs = { first: 250, last: 15_000 } as const;

/** A socket that lived shorter than this counts as a failed try, so that hello and goodbye do not become a storm. */
const steadyMs = 5000;

/** The most that counts of tries in a row that led to a socket: who is let in waits two seconds at most for the next time. */
const openedMax = 4;

/** DingTalk sends nothing more over a socket it asked to go, and closes it after 10 s. We wait as long for answers under way. */
const retireMs = 10_000;

/**
 * After so long without a single frame the socket is replaced: now and then one stays open, answers pings and hears nothing. A new
 * one costs nothing and opens before the old one goes.
 */
const idleMs = 5 * 60_000;

/** How long a stop waits for the other end to say goodbye. */
const goodbyeMs = 2000;

export interface SocketReport {
  /** Sockets open right now: one, and for a moment two while one replaces the other. */
  readonly open: number;
  /** Why the last try failed; absent once a socket stands. */
  readonly reason?: string;
}

export interface KeeperTimes {
  readonly pulse?: { readonly everyMs: number; readonly silentMsMax: number };
  readonly idleMs?: number;
  readonly retireMs?: number;
}

/** Keeps one socket to DingTalk, and opens the next before the last one goes. */
export interface Keeper {
  stop(): Promise<void>;
}

export function startKeeper(options: {
  readonly settings: DingTalkConfig;
  readonly log: Log;
  readonly onFrame: (frame: Frame) => Promise<FrameAnswer>;
  readonly onReport: (report: SocketReport) => void;
  readonly times?: KeeperTimes;
}): Keeper {
  const { settings, log, onFrame, onReport, times = {} } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const links = new Set<Link>();

  /** One socket from opening to the moment at which the next one is needed. */
  async function useOne(): Promise<void> {
    const moved = new AbortController();
    const link = new Link({
      settings,
      log,
      onFrame,
      onLeave: () => moved.abort(),
      ...(times.pulse === undefined ? {} : { pulse: times.pulse }),
    });
    await link.open(signal);
    if (signal.aborted) return link.drop();
    links.add(link);
    void link.gone.then(() => {
      links.delete(link);
      onReport({ open: links.size });
    });
    retireOthers(link);
    onReport({ open: links.size });
    await Promise.race([
      link.gone,
      whenDone(moved.signal),
      idle(link, times.idleMs ?? idleMs, signal),
    ]);
  }

  /** The new socket hears from now on; the old ones may still give the answers that are under way. */
  function retireOthers(current: Link): void {
    for (const link of links) {
      if (link === current || link.isClosed) continue;
      void Promise.race([link.gone, sleep(times.retireMs ?? retireMs, signal)]).then(() =>
        link.leave(),
      );
    }
  }

  async function keep(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const startedMs = performance.now();
      try {
        await useOne();
        failures = performance.now() - startedMs > steadyMs ? 0 : Math.min(failures + 1, openedMax);
      } catch (error) {
        failures += 1;
        if (!signal.aborted) onReport({ open: links.size, reason: whyOf(error) });
      }
      // One quick change is routine; from the second on it is trouble.
      if (failures > (links.size > 0 ? 1 : 0)) await sleep(waitOf(failures), signal);
    }
  }
  const keeping = keep();

  return {
    async stop() {
      stopping.abort();
      for (const link of links) link.leave();
      const late = new AbortController();
      const all = Promise.all([keeping, ...[...links].map((link) => link.gone)]);
      await Promise.race([all, sleep(goodbyeMs, late.signal)]);
      late.abort();
      for (const link of links) link.drop();
    },
  };
}

/** Resolves when nothing was heard for that long. */
async function idle(link: Link, forMs: number, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  void link.gone.then(() => ended.abort());
  const either = AbortSignal.any([signal, ended.signal]);
  while (!either.aborted) {
    const leftMs = link.heardMs + forMs - performance.now();
    if (leftMs <= 0) return;
    await sleep(leftMs, either);
  }
}

function whenDone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function whyOf(error: unknown): string {
  return error instanceof ApiError ? error.code : reasonOf(error);
}

function waitOf(failures: number): number {
  const full = Math.min(backoffMs.first * 2 ** (failures - 1), backoffMs.last);
  return full * (0.5 + Math.random() / 2);
}
