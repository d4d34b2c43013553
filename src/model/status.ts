import type { EnsembleId, ServerId } from './ensemble.ts';
import type { GridCell } from './incident.ts';
import type { CanaryResult } from './sample.ts';

/** How an ensemble stands after a look at it: what the grid, the console and `/zk status` show. */
export interface EnsembleStatus {
  readonly ensemble: EnsembleId;
  readonly atMs: number;
  /** `healthy`: all serve; `degraded`: writes pass, something is wrong; `down`: no quorum; `unknown`: nothing could be seen. */
  readonly health: 'healthy' | 'degraded' | 'down' | 'unknown';
  readonly grid: readonly GridCell[];
  readonly voters: number;
  readonly serving: number;
  readonly quorum: number;
  readonly leader?: ServerId;
  readonly canary?: CanaryResult;
  /** Per server, for the grid and the sparklines. */
  readonly servers: Readonly<
    Record<
      ServerId,
      {
        readonly version?: string;
        readonly zxid?: string;
        readonly connections?: number;
        readonly outstanding?: number;
        readonly latencyMs?: number;
        readonly tookMs: number;
      }
    >
  >;
}
