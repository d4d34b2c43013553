/** Keeps the heartbeats of a process within a budget: every server that is added makes all intervals a little longer. */
export interface Pace {
  /** Adds one server that wants a heartbeat this often. Answers its interval, to be asked each time, and how to take it off. */
  join(everyMs: number): { readonly everyMs: () => number; readonly leave: () => void };
  /** How many times longer than wished the intervals are: 1 while the budget suffices. */
  readonly stretch: () => number;
}

export function createPace(perSecondMax: number): Pace {
  let wishedPerSecond = 0;
  const stretch = () => Math.max(1, wishedPerSecond / perSecondMax);
  return {
    stretch,
    join(everyMs) {
      const perSecond = 1000 / everyMs;
      let isIn = true;
      wishedPerSecond += perSecond;
      return {
        everyMs: () => everyMs * stretch(),
        leave() {
          if (isIn) wishedPerSecond -= perSecond;
          isIn = false;
        },
      };
    },
  };
}
