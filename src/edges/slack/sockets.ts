import { type App, type Receiver, SocketModeReceiver, webApi } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';
import { boltLogger } from './bolt-logger.ts';
import type { SlackConfig } from './config.ts';
import { networkReason, slackErrorOf } from './failure.ts';
import { sleep } from './sleep.ts';
import { clientOptions } from './web-client.ts';

/** Sockets kept open. Slack renews each every few hours and allows ten per app; with two there is no moment without one. */
const socketsWanted = 2;

/** How long a socket may take from the first call to Slack's hello. */
const helloMs = 10_000;

/** A socket that lived shorter than this counts as a failed try, so that a hello and a goodbye do not become a storm. */
const steadyMs = 5000;

/** The most that counts of tries in a row that Slack greeted: who is let in waits two seconds at most for the next time. */
const greetedMax = 4;

/** How long a stop waits for Slack to say goodbye. */
const goodbyeMs = 2000;

/** Waits between tries: doubled each time from the first to the last, shortened by up to a half at random. */
const backoffMs = { first: 250, last: 15_000 } as const;

export interface SocketReport {
  /** Sockets open right now. */
  readonly open: number;
  /** Why the last try failed; absent once a socket stands. */
  readonly reason?: string;
}

/**
 * Socket mode that outlives Slack. Each socket is a fresh receiver of Bolt with its own reconnecting switched off, because that
 * gives up, or ends the process, when a reconnect is refused; this one tries until it is stopped.
 */
export class SocketKeeper implements Receiver {
  readonly #settings: SlackConfig & { readonly appToken: string };
  readonly #log: Log;
  readonly #onReport: (report: SocketReport) => void;
  readonly #stopping = new AbortController();
  readonly #open = new Set<SocketModeReceiver>();
  readonly #keepers: Promise<void>[] = [];
  #app: App | undefined;

  constructor(options: {
    readonly settings: SlackConfig & { readonly appToken: string };
    readonly log: Log;
    readonly onReport: (report: SocketReport) => void;
  }) {
    this.#settings = options.settings;
    this.#log = options.log;
    this.#onReport = options.onReport;
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Starts keeping sockets; resolves at once, whether Slack is there or not. */
  start(): Promise<void> {
    for (let index = 0; index < socketsWanted; index += 1) this.#keepers.push(this.#keep());
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const receiver of this.#open) await receiver.stop();
    const late = new AbortController();
    await Promise.race([Promise.all(this.#keepers), sleep(goodbyeMs, late.signal)]);
    late.abort();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      const startedMs = performance.now();
      let retryAfterMs = 0;
      try {
        const { gone, receiver } = await this.#connect();
        this.#open.add(receiver);
        this.#onReport({ open: this.#open.size });
        await gone;
        this.#open.delete(receiver);
        failures =
          performance.now() - startedMs > steadyMs ? 0 : Math.min(failures + 1, greetedMax);
        this.#onReport({ open: this.#open.size, reason: 'closed' });
      } catch (error) {
        failures += 1;
        if (error instanceof webApi.WebAPIRateLimitedError) retryAfterMs = error.retryAfter * 1000;
        const reason = slackErrorOf(error) ?? networkReason(error);
        this.#onReport({ open: this.#open.size, reason });
      }
      if (failures > 0) await sleep(Math.max(waitOf(failures), retryAfterMs), signal);
    }
  }

  /** Opens one socket; `gone` resolves when it is closed, from whichever side. */
  async #connect(): Promise<{
    readonly receiver: SocketModeReceiver;
    readonly gone: Promise<void>;
  }> {
    const receiver = new SocketModeReceiver({
      appToken: this.#settings.appToken,
      autoReconnectEnabled: false,
      logger: boltLogger(this.#log),
      installerOptions: { clientOptions: clientOptions(this.#settings, this.#log) },
    });
    if (this.#app !== undefined) receiver.init(this.#app);
    guardMessages(receiver.client, this.#log);
    const { signal } = this.#stopping;
    const gone = new Promise<void>((resolve) => {
      receiver.client.on('disconnected', () => resolve());
    });
    const late = new AbortController();
    const started = receiver.start();
    try {
      await Promise.race([
        started,
        sleep(helloMs, AbortSignal.any([signal, late.signal])).then(() => {
          throw new Error('no hello in time');
        }),
      ]);
    } catch (error) {
      await receiver.stop();
      // The SDK goes on opening a socket that nobody waits for any more.
      started.then(
        () => receiver.stop(),
        () => undefined,
      );
      throw error;
    } finally {
      late.abort();
    }
    if (signal.aborted) await receiver.stop();
    return { receiver, gone };
  }
}

type SocketClient = SocketModeReceiver['client'];

/**
 * Puts a catch around the SDK's reading of frames. Without it a frame the SDK does not expect, such as Slack's own
 * `app_rate_limited` notice, is an unhandled rejection and ends the process. The frame is acknowledged all the same.
 */
function guardMessages(client: SocketClient, log: Log): void {
  const reader = client as unknown as {
    onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void>;
    send(envelope: string, body: object): Promise<void>;
  };
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: string | ArrayBuffer, isBinary: boolean) => {
    reader.onWebSocketMessage(data, isBinary).catch((error: unknown) => {
      const envelope = envelopeOf(data);
      log.warn(
        { type: envelope?.type, cause: error instanceof Error ? error.message : String(error) },
        'slack sent a frame the SDK cannot read',
      );
      if (envelope?.id !== undefined) reader.send(envelope.id, {}).catch(() => undefined);
    });
  });
}

function envelopeOf(data: unknown): { readonly id?: string; readonly type?: string } | undefined {
  try {
    const frame = JSON.parse(String(data)) as {
      envelope_id?: unknown;
      payload?: { type?: unknown };
    };
    return {
      ...(typeof frame.envelope_id === 'string' ? { id: frame.envelope_id } : {}),
      ...(typeof frame.payload?.type === 'string' ? { type: frame.payload.type } : {}),
    };
  } catch {
    return undefined;
  }
}

function waitOf(failures: number): number {
  const full = Math.min(backoffMs.first * 2 ** (failures - 1), backoffMs.last);
  return full * (0.5 + Math.random() / 2);
}
