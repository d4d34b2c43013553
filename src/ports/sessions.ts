import type { Server } from '../model/ensemble.ts';
import type { SessionEnd, SessionSight } from '../model/session.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { ExecutorRun } from './executor.ts';

/** Looks at sessions of clients, and ends them. Never throws for what a server does. */
export interface Sessions {
  look(
    settings: EnsembleSettings,
    servers: readonly Server[],
    session: string,
  ): Promise<SessionSight>;
  /** Takes the session up on this server, which ends its connection there; to kill it, it is closed as its client would. */
  end(
    settings: EnsembleSettings,
    server: Server,
    session: string,
    how: SessionEnd,
  ): Promise<ExecutorRun>;
}
