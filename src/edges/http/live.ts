import type { ServerResponse } from 'node:http';
import type { Bulletins } from '../../ports/bulletin.ts';
import type { Clock } from '../../ports/clock.ts';

/** Console pages listening at once: each holds a socket; ten people with ten tabs. */
export const listenersMax = 100;

/** How often a silent line says that it lives: proxies cut idle connections after 30 to 60 s. */
export const beatMs = 15_000;

/** Unsent characters after which a listener counts as gone; it comes back by itself. */
const backlogCharsMax = 64 * 1024;

/** Tells pages that something changed. Hints may get lost: a page that (re)connects redraws everything. */
export interface Live {
  /** Takes over the response; false when there are too many listeners already. */
  listen(response: ServerResponse): boolean;
  count(): number;
  close(): void;
}

/** `boot` names this process: a page that meets another one loads itself afresh. */
export function createLive(options: {
  readonly bulletins: Bulletins;
  readonly clock: Clock;
  readonly boot: string;
}): Live {
  const { bulletins, clock, boot } = options;
  const listeners = new Set<ServerResponse>();
  const over = new AbortController();
  let last = 0;

  function tell(event: string, data: object, to: Iterable<ServerResponse> = listeners): void {
    last += 1;
    const message = `id: ${boot}-${last}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const response of to) {
      response.write(message);
      if (response.writableLength > backlogCharsMax) response.destroy();
    }
  }

  async function beat(): Promise<void> {
    while (!over.signal.aborted) {
      await clock.sleep(beatMs, over.signal);
      for (const response of listeners) response.write(': beat\n');
      tell('beat', { now: clock.now() });
    }
  }

  const unsubscribe = bulletins.subscribe((bulletin) => {
    if (bulletin.kind !== 'replicas') tell(bulletin.kind, bulletin);
  });
  beat().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });

  return {
    listen(response) {
      if (listeners.size >= listenersMax || over.signal.aborted) return false;
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        connection: 'keep-alive',
      });
      response.write('retry: 2000\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      response.on('error', () => listeners.delete(response));
      tell('hello', { boot, now: clock.now() }, [response]);
      return true;
    },
    count: () => listeners.size,
    close() {
      over.abort();
      unsubscribe();
      for (const response of listeners) response.end();
    },
  };
}
