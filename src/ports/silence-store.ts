import type { Stamp } from '../model/incident.ts';
import type { Silence, SilenceId } from '../model/silence.ts';

/** Keeps silences, those that are over included, at most `silencesMax`: the first to end makes room. */
export interface SilenceStore {
  /**
   * Gives it a number and keeps it. The same `key` again answers the first one: a window of the configuration is begun by every
   * replica, and once. `full` when nothing that is over could make room.
   */
  add(silence: Omit<Silence, 'id'>, nowMs: number, key?: string): Promise<Silence | 'full'>;
  /** Ends it before its time; the first who does so stays. Undefined when there is none of that number. */
  end(id: SilenceId, stamp: Stamp): Promise<Silence | undefined>;
  /** All that are kept, oldest first. */
  list(): Promise<readonly Silence[]>;
}

/** Silences kept. A person cannot oversee a tenth of them. */
export const silencesMax = 500;
