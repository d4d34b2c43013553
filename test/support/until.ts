/** Nothing here takes longer than some seconds on a quiet machine; a busy one may need ten times that. */
const patienceMs = 45_000;

/**
 * Waits until `look` answers something: polls every 10 ms unless told otherwise, and fails with `what` after the deadline. `undefined`,
 * `false` and `null` mean "not yet"; what it throws counts as "not yet" too, and is told when the deadline passes.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  deadlineMs = patienceMs,
  everyMs = 10,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false && seen !== null) return seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`never came within ${deadlineMs} ms: ${what}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
