import type { EnsembleId, Server } from '../model/ensemble.ts';
import type { ExecutorSettings } from '../model/settings.ts';

export interface ExecutorRun {
  /** `done`: ran and ended with 0; `failed`: ended otherwise; `timeout`: was killed; `unavailable`: could not be started. */
  readonly kind: 'done' | 'failed' | 'timeout' | 'unavailable';
  readonly exitCode?: number;
  readonly tookMs: number;
  /** Tail of stdout and stderr, at most `outputCharsMax` characters, secrets of the environment masked. */
  readonly output: string;
}

/** Reaches the machine of a server. Never throws for what the command does. */
export interface Executor {
  readonly kind: ExecutorSettings['kind'];
  /** The command in words for the person who is asked: `systemctl restart zookeeper@zk2`. */
  describe(settings: ExecutorSettings, ensemble: EnsembleId, server: Server): string;
  run(
    settings: ExecutorSettings,
    ensemble: EnsembleId,
    server: Server,
    signal: AbortSignal,
  ): Promise<ExecutorRun>;
}
