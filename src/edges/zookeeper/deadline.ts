/** A timer that rings later than this was held up by us: timers ring before sockets are read. */
const lateMs = 20;

/**
 * Calls back after `timeoutMs`, unless called off by the function answered. When this process itself was held up (a long task, no
 * CPU), the answers that came meanwhile are not read yet: the other side gets that time back, once, or it would be told hung.
 */
export function startDeadline(timeoutMs: number, onPassed: () => void): () => void {
  const startedMs = performance.now();
  let timer = setTimeout(() => {
    const heldUpMs = performance.now() - startedMs - timeoutMs;
    if (heldUpMs > lateMs) timer = setTimeout(onPassed, Math.min(heldUpMs, timeoutMs));
    else onPassed();
  }, timeoutMs);
  return () => clearTimeout(timer);
}
