/** How often the bench looks: often enough to be exact, and seldom enough to leave the machine to those it judges. */
const everyMs = 100;

/** Looks until something is there; undefined when the time is over. */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  forMs: number,
): Promise<T | undefined> {
  const endMs = Date.now() + forMs;
  while (Date.now() < endMs) {
    // While Redis is killed there is nothing to see.
    const seen = await look().catch(() => undefined);
    if (seen !== undefined) return seen;
    await pause(everyMs);
  }
  return undefined;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
