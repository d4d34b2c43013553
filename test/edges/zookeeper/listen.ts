import type { Ensemble } from '../../../src/model/ensemble.ts';
import type { Notice } from '../../../src/model/sample.ts';
import type { EnsembleSettings } from '../../../src/model/settings.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';

/** Real time, for what real servers do. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Lets real time pass, for what must *not* happen meanwhile: there is nothing to wait for. */
export const pass = (ms: number): Promise<void> => realClock.sleep(ms);

/** The members as configured. */
export function membersOf({ id, servers, timing }: EnsembleSettings): Ensemble {
  return { id, servers, timing };
}

/** A log that a test can read; nothing but `debug` is expected. */
export function aLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const keep = (_facts: object, message: string): void => void lines.push(message);
  return { lines, debug: () => undefined, info: keep, warn: keep, error: keep };
}

/** Notices with the moment each came at, in milliseconds of `performance.now`. */
export interface Heard {
  readonly notices: readonly (Notice & { readonly heardMs: number })[];
  readonly hear: (notice: Notice) => void;
  /** Kinds noticed of one server, in order. */
  readonly kinds: (server: string) => readonly string[];
}

export function aListener(): Heard {
  const notices: (Notice & { heardMs: number })[] = [];
  return {
    notices,
    hear: (notice) => void notices.push({ ...notice, heardMs: performance.now() }),
    kinds: (server) => notices.filter((it) => it.server === server).map(({ kind }) => kind),
  };
}
