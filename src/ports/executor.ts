import type { EnsembleId, Server } from '../model/ensemble.ts';
import type { Order, OrderKind } from '../model/order.ts';
import type { ExecutorSettings } from '../model/settings.ts';

/** Causes with words of their own. */
export type ExecutorWhy =
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'login-refused'
  | 'sudo-password'
  | 'no-program'
  | 'no-container'
  | 'container-stopped'
  | 'no-engine'
  | 'engine-forbidden'
  | 'engine-tls'
  | 'no-pod'
  | 'no-api'
  | 'api-login'
  | 'api-forbidden'
  | 'api-tls';

export interface ExecutorRun {
  /**
   * `done`: ran and ended with 0; `failed`: ended otherwise; `timeout`: was killed; `unavailable`: could not be started; `lost`: the
   * connection went away in the middle, so that nobody knows whether it ran to its end.
   */
  readonly kind: 'done' | 'failed' | 'timeout' | 'unavailable' | 'lost';
  /** More than the kind says, where that is known and somebody can mend it. */
  readonly why?: ExecutorWhy;
  readonly exitCode?: number;
  readonly tookMs: number;
  /** Tail of stdout and stderr, at most `outputCharsMax` characters, secrets of the environment masked. */
  readonly output: string;
}

/** What came of finding out whether a restart would get through, without giving it. */
export interface ExecutorCheck {
  /** `sudo`: it was asked whether it lets the command through; `program`, `container`: it was looked whether it is there. */
  readonly what: 'sudo' | 'program' | 'container';
  readonly run: ExecutorRun;
}

/** Reaches the machine of a server. Never throws for what the command does. */
export interface Executor {
  readonly kind: ExecutorSettings['kind'];
  /** Whether these settings have a way to do it. What they have none for is `unavailable`. */
  can(settings: ExecutorSettings, order: OrderKind): boolean;
  /** The command in words for the person who is asked: `systemctl restart zookeeper@zk2`; empty where there is none. */
  describe(settings: ExecutorSettings, ensemble: EnsembleId, server: Server, order: Order): string;
  run(
    settings: ExecutorSettings,
    ensemble: EnsembleId,
    server: Server,
    order: Order,
    signal: AbortSignal,
  ): Promise<ExecutorRun>;
  /** Goes the way of a restart and changes nothing. Absent: only a restart tells. */
  check?(
    settings: ExecutorSettings,
    ensemble: EnsembleId,
    server: Server,
    signal: AbortSignal,
  ): Promise<ExecutorCheck>;
}
