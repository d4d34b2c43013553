import type { HeartbeatConfig } from '../edges/heartbeat/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** How often it is looked whether a heartbeat is due: an interval changed by a reload counts from then on. */
export const heartbeatLookMs = 1_000;

/** Tells a dead-man switch outside that the bot watches. */
export interface Heartbeat {
  stop(): Promise<void>;
}

/**
 * Sends heartbeats while the bot is ready: it has its Redis, and every ensemble was looked at lately. A bot that is up and blind
 * stays silent, so that the switch fires. Every replica sends them; the switch hears of an outage of all.
 */
export function startHeartbeat(parts: {
  readonly config: () => HeartbeatConfig | undefined;
  readonly isReady: () => boolean;
  /** Answers what went wrong. */
  readonly send: (config: HeartbeatConfig) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Pick<Telemetry, 'count'>;
}): Heartbeat {
  const { clock, log } = parts;
  const stopping = new AbortController();
  let sentMs = Number.NEGATIVE_INFINITY;
  let told = '';

  /** Each change once. */
  function tell(outcome: 'sent' | 'failed' | 'held back', reason: string): void {
    parts.telemetry.count('heartbeats_total', { outcome: outcome.replace(' ', '-') });
    const now = `${outcome} ${reason}`;
    if (now === told) return;
    const before = told;
    told = now;
    if (outcome !== 'sent') log.warn({ outcome, reason }, 'heartbeat to the outside not sent');
    else if (before !== '') log.info({}, 'heartbeat to the outside is sent again');
  }

  async function look(): Promise<void> {
    const config = parts.config();
    if (config === undefined || clock.now() - sentMs < config.everyMs) return;
    sentMs = clock.now();
    if (!parts.isReady()) return tell('held back', 'the bot is not ready');
    const trouble = await parts.send(config);
    tell(trouble === undefined ? 'sent' : 'failed', trouble ?? '');
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await clock.sleep(heartbeatLookMs, stopping.signal).catch(() => undefined);
    }
  }
  const running = run();

  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
