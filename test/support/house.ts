import { createTimetable } from '../../src/edges/timetable/timetable.ts';
import { diagnose } from '../../src/model/diagnosis.ts';
import type { Detector } from '../../src/model/finding.ts';
import type { RecoveryAction } from '../../src/model/recovery-action.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { House } from '../../src/pipeline/house.ts';
import type { Channel } from '../../src/ports/channel.ts';
import type { Command } from '../../src/ports/command.ts';
import type { Executor } from '../../src/ports/executor.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Prober } from '../../src/ports/zookeeper.ts';
import { aSettings } from './builders.ts';
import { createFakeClock, type FakeClock } from './clock.ts';
import { createMemorySchedule, type MemorySchedule } from './memory/schedule.ts';
import { createMemoryStores, type MemoryStores } from './memory/stores.ts';

/** The parts of a pipeline under test that are not the default. */
export interface HouseParts {
  readonly settings?: Settings;
  readonly channels?: readonly Channel[];
  readonly executors?: readonly Executor[];
  readonly prober?: Prober;
  readonly detectors?: readonly Detector[];
  readonly commands?: readonly Command[];
  readonly recoveryActions?: readonly RecoveryAction[];
  /** Two houses that share these are two replicas on one Redis. */
  readonly shared?: SharedHouse;
}

export interface SharedHouse {
  readonly clock: FakeClock;
  readonly stores: MemoryStores;
  readonly schedule: MemorySchedule;
}

/** A house whose stores and queue are in memory, on a clock the test owns. `logged` holds what it had to say. */
export function aHouse(
  parts: HouseParts = {},
): House &
  SharedHouse & { readonly logged: readonly string[]; settingsAre(settings: Settings): void } {
  const logged: string[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_facts, message) => void logged.push(`warn: ${message}`),
    error: (_facts, message) => void logged.push(`error: ${message}`),
  };
  const clock = parts.shared?.clock ?? createFakeClock();
  const stores = parts.shared?.stores ?? createMemoryStores(clock);
  const schedule = parts.shared?.schedule ?? createMemorySchedule({ clock, log });
  let settings = parts.settings ?? aSettings();
  return {
    ...stores,
    clock,
    stores,
    schedule,
    log,
    logged,
    settings: () => settings,
    settingsAre: (next) => {
      settings = next;
    },
    ownership: stores.owners.replica('replica-1'),
    telemetry: { count: () => undefined, time: () => undefined, gauge: () => undefined },
    prober: parts.prober ?? silentProber,
    sensors: {
      watch: () => ({ canary: () => undefined, held: () => [], close: async () => undefined }),
    },
    channel: (name) => parts.channels?.find((each) => each.name === name),
    executor: (kind) => parts.executors?.find((each) => each.kind === kind),
    canary: () => undefined,
    doctor: {
      examine: () => Promise.resolve([]),
      testMail: (to) => Promise.resolve(diagnose('mail-none', to)),
    },
    painter: { png: () => Promise.resolve(new TextEncoder().encode('PNG')) },
    timetable: createTimetable(),
    detectors: parts.detectors ?? [],
    commands: parts.commands ?? [],
    recoveryActions: parts.recoveryActions ?? [],
  };
}

const silentProber: Prober = {
  probe: () => Promise.reject(new Error('this test does not probe')),
  discover: () => Promise.resolve(undefined),
  evidence: () => Promise.resolve({}),
};
