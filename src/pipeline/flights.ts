import type { Waiting } from '../model/destination.ts';
import type { Clock } from '../ports/clock.ts';

/** What is on its way to one destination: one piece of work for each incident, side by side. */
export interface Flights {
  size(): number;
  has(item: Waiting): boolean;
  /** Takes work along; what goes wrong with it is heard from `next` or `land`. */
  add(item: Waiting, work: Promise<unknown>): void;
  /** Until one has ended, at most `ms`. Rejects with what went wrong first. */
  next(ms: number): Promise<void>;
  /** Until all have ended. Rejects with what went wrong first. */
  land(): Promise<void>;
}

export function createFlights(clock: Clock): Flights {
  const under = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  function check(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    size: () => under.size,
    has: (item) => under.has(nameOf(item)),
    add(item, work) {
      const name = nameOf(item);
      const flight = work
        .then(
          () => undefined,
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(() => under.delete(name));
      under.set(name, flight);
    },
    async next(ms) {
      const ended = new AbortController();
      const pause = clock.sleep(ms, ended.signal).catch(() => undefined);
      await Promise.race([...under.values(), pause]);
      ended.abort();
      check();
    },
    async land() {
      await Promise.all(under.values());
      check();
    },
  };
}

function nameOf({ ensemble, incident }: Waiting): string {
  return `${incident}:${ensemble}`;
}
