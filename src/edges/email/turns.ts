import { DeliveryError } from '../../model/errors.ts';

/** Lets at most `max` pieces of work run at once; the others wait in order, at most `waitMs`. */
export function createTurns(
  max: number,
  waitMs: number,
): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];

  function turn(): Promise<void> {
    if (running < max) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(new DeliveryError('delivery-temporary', 'other mails are on their way'));
      }, waitMs);
      waiting.push(go);
    });
  }

  return async (work) => {
    await turn();
    try {
      return await work();
    } finally {
      // A turn that ends is handed on, so that nobody can slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
