import type { Server } from '../model/ensemble.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { NodeStat } from '../model/tree.ts';

/** Reads the tree of an ensemble. Everything fails with a `NightkeeperError` where the server does not answer in time. */
export interface Trees {
  /** Opens a session for reading on this one server. */
  open(settings: EnsembleSettings, server: Server): Promise<TreeReader>;
  /** The addresses of the sessions that are connected to a server, by session (`0x…`); empty where it does not say. */
  clients(settings: EnsembleSettings, server: Server): Promise<ReadonlyMap<string, string>>;
}

export interface TreeReader {
  /** Undefined: it is gone. */
  stat(path: string): Promise<NodeStat | undefined>;
  /** The names of the children; undefined: it is gone, or may not be read. */
  children(path: string): Promise<readonly string[] | undefined>;
  close(): Promise<void>;
}
