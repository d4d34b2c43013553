/** Runs at most `max` tasks at a time; the others wait in the order they came. */
export interface Slots {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Tasks that run right now. */
  busy(): number;
}

export function createSlots(max: number): Slots {
  let running = 0;
  const waiting: (() => void)[] = [];

  return {
    async run(task) {
      if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await task();
      } finally {
        // The slot goes straight to the next one: nobody may slip in between.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
    busy: () => running,
  };
}
