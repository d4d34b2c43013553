import type { EnsembleId, ServerId } from './ensemble.ts';
import type { IncidentId, Stamp } from './incident.ts';
import type { EnsembleMemory } from './memory.ts';

/** Every recorded incident that can be played, by the name people type. */
export const recordingNames = [
  'quorum-lost',
  'member-down',
  'member-hung',
  'disk-full-now',
] as const;

export type RecordingName = (typeof recordingNames)[number];

/** A recorded incident that is played for the people of an ensemble. Nothing of it is real, and nothing is done to any server. */
export interface Drill {
  /** `d-1795262400000`: when it began. */
  readonly id: string;
  readonly ensemble: EnsembleId;
  readonly recording: RecordingName;
  readonly started: Stamp;
  /** It ends by itself then. */
  readonly untilMs: number;
  /** Real incidents that were open when it began, and do not end it. */
  readonly beside: readonly IncidentId[];
}

/** How long it took people, from the first card; absent where it did not happen. */
export interface DrillReport {
  readonly acknowledged?: { readonly name: string; readonly afterMs: number };
  /** The first recovery somebody asked for, rejected or agreed to. */
  readonly decided?: {
    readonly name: string;
    readonly afterMs: number;
    readonly action: string;
    readonly server: ServerId;
  };
}

/** `over`: everything in it was mended; `real-fault`: it made way for a real fault. */
export type DrillEnd = 'stopped' | 'over' | 'bound' | 'real-fault';

export interface EndedDrill {
  readonly atMs: number;
  readonly why: DrillEnd;
  readonly name: string;
  readonly report: DrillReport;
}

/** A drill with what came of it so far. */
export interface DrillState {
  readonly drill: Drill;
  readonly ended?: EndedDrill;
  /** When its recoveries have restarted a server, as far as it goes. */
  readonly restarts: Readonly<Record<ServerId, number>>;
  readonly memory?: EnsembleMemory;
}

/** Longest drill: who has not decided by then will not. */
export const drillMsMax = 15 * 60_000;

/** Between two drills of an ensemble: people who are called for nothing too often stop coming. */
export const drillEveryMs = 10 * 60_000;
