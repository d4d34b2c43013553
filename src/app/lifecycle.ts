import type { Log } from '../ports/log.ts';

/** What must be closed again, last opened first. One that fails does not keep the others open. */
export interface Lifecycle {
  onClose(name: string, close: () => unknown): void;
  close(): Promise<void>;
}

export function createLifecycle(log: Log): Lifecycle {
  const opened: { name: string; close: () => unknown }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (let next = opened.pop(); next !== undefined; next = opened.pop()) {
      try {
        await next.close();
      } catch (error) {
        log.warn({ part: next.name, err: error }, 'part could not be closed cleanly');
      }
    }
  }

  return {
    onClose(name, close) {
      opened.push({ name, close });
    },
    async close() {
      closing ??= closeAll();
      await closing;
    },
  };
}
