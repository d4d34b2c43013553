import type { Ensemble, Server } from '../model/ensemble.ts';
import type { CanaryResult, Notice, Sample } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';

/** Reads servers. Never throws for what a server does or does not answer: that is a sample. */
export interface Prober {
  /** One look at one server, done within `timeoutMs`. */
  probe(settings: EnsembleSettings, server: Server, timeoutMs: number): Promise<Sample>;
  /**
   * The members as the ensemble itself knows them (`/zookeeper/config`, else `conf`), merged with the configured ones: configured
   * ids and admin ports stay, roles are the ensemble's own, and a configured server that is no member has no vote. Undefined when
   * no server could tell.
   */
  discover(settings: EnsembleSettings): Promise<Ensemble | undefined>;
  /** Raw answers of a server for the evidence pack, by word; words that are refused are left out. Bounded. */
  evidence(
    settings: EnsembleSettings,
    server: Server,
    timeoutMs: number,
  ): Promise<Readonly<Record<string, string>>>;
}

/** Watches an ensemble between the ticks. */
export interface Sensors {
  /** Starts watching, and calls back for each notice until closed. Calling back never throws into the sensor. */
  watch(
    settings: EnsembleSettings,
    ensemble: Ensemble,
    onNotice: (notice: Notice) => void,
  ): SensorWatch;
}

export interface SensorWatch {
  /** The newest result of the canary write, if it is switched on and has run. */
  canary(): CanaryResult | undefined;
  /** Servers that are held by a live session or connection right now. */
  held(): readonly string[];
  /** Resolves when every socket and timer is gone. */
  close(): Promise<void>;
}

/** What one write of the canary came to; `denied` says something about our rights, and nothing about the ensemble. */
export type TriedCanary = { readonly tookMs: number } & (
  | { readonly kind: 'written' }
  | { readonly kind: 'failed' | 'denied'; readonly detail: string }
);
