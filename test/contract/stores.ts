import type { AccountLinks } from '../../src/ports/account-links.ts';
import type { AutomationSwitch } from '../../src/ports/automation-switch.ts';
import type { BackupLog } from '../../src/ports/backup-log.ts';
import type { Board } from '../../src/ports/board.ts';
import type { Budgets } from '../../src/ports/budgets.ts';
import type { Bulletins } from '../../src/ports/bulletin.ts';
import type { Calendars } from '../../src/ports/calendars.ts';
import type { DeliveryLog } from '../../src/ports/delivery-log.ts';
import type { DrillStore } from '../../src/ports/drill-store.ts';
import type { EnsembleStore } from '../../src/ports/ensemble-store.ts';
import type { IncidentStore } from '../../src/ports/incident-store.ts';
import type { Outbox } from '../../src/ports/outbox.ts';
import type { Ownership } from '../../src/ports/ownership.ts';
import type { RecoveryStore } from '../../src/ports/recovery-store.ts';
import type { ShortMemory } from '../../src/ports/short-memory.ts';
import type { SilenceStore } from '../../src/ports/silence-store.ts';

/** Everything a bot keeps, empty. */
export interface StoresUnderTest {
  readonly incidents: IncidentStore;
  readonly ensembles: EnsembleStore;
  readonly deliveries: DeliveryLog;
  readonly outbox: Outbox;
  readonly budgets: Budgets;
  readonly recoveries: RecoveryStore;
  readonly calendars: Calendars;
  readonly links: AccountLinks;
  readonly backupLog: BackupLog;
  readonly silences: SilenceStore;
  readonly automation: AutomationSwitch;
  readonly drills: DrillStore;
  readonly board: Board;
  readonly shortMemory: ShortMemory;
  /** Of two replicas. */
  readonly bulletins: readonly [Bulletins, Bulletins];
  owner(replica: string): Ownership;
  /** Lets time pass where the test owns it; where it does not, tests poll. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export type MakeStores = () => Promise<StoresUnderTest>;
