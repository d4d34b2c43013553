import type { AccountLinks } from '../../../src/ports/account-links.ts';
import type { AutomationSwitch } from '../../../src/ports/automation-switch.ts';
import type { BackupLog } from '../../../src/ports/backup-log.ts';
import type { Board } from '../../../src/ports/board.ts';
import type { Budgets } from '../../../src/ports/budgets.ts';
import type { Bulletins } from '../../../src/ports/bulletin.ts';
import type { Calendars } from '../../../src/ports/calendars.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { DeliveryLog } from '../../../src/ports/delivery-log.ts';
import type { DrillStore } from '../../../src/ports/drill-store.ts';
import type { EnsembleStore } from '../../../src/ports/ensemble-store.ts';
import type { IncidentStore } from '../../../src/ports/incident-store.ts';
import type { Outbox } from '../../../src/ports/outbox.ts';
import type { RecoveryStore } from '../../../src/ports/recovery-store.ts';
import type { ShortMemory } from '../../../src/ports/short-memory.ts';
import type { SilenceStore } from '../../../src/ports/silence-store.ts';
import { createMemoryAccountLinks } from './account-links.ts';
import { createMemoryAutomationSwitch } from './automation-switch.ts';
import { createMemoryBackupLog } from './backup-log.ts';
import { createMemoryBoard } from './board.ts';
import { createMemoryBudgets } from './budgets.ts';
import { createMemoryBulletins } from './bulletins.ts';
import { createMemoryCalendars } from './calendars.ts';
import { createMemoryDeliveryLog } from './delivery-log.ts';
import { createMemoryDrillStore } from './drill-store.ts';
import { createMemoryEnsembleStore } from './ensemble-store.ts';
import { createMemoryIncidentStore } from './incident-store.ts';
import { createMemoryOutbox } from './outbox.ts';
import { createMemoryOwners, type MemoryOwners } from './ownership.ts';
import { createMemoryRecoveryStore } from './recovery-store.ts';
import { createMemoryShortMemory } from './short-memory.ts';
import { createMemorySilenceStore } from './silence-store.ts';

/** Everything a bot keeps, in this process: two bots that share it are two replicas on one Redis. */
export interface MemoryStores {
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
  readonly bulletins: Bulletins;
  readonly owners: MemoryOwners;
}

export function createMemoryStores(clock: Clock): MemoryStores {
  const deliveries = createMemoryDeliveryLog(clock);
  return {
    incidents: createMemoryIncidentStore((id) => deliveries.forget(id)),
    ensembles: createMemoryEnsembleStore(() => clock.now()),
    deliveries,
    outbox: createMemoryOutbox(clock),
    budgets: createMemoryBudgets(clock),
    recoveries: createMemoryRecoveryStore(clock),
    calendars: createMemoryCalendars(),
    links: createMemoryAccountLinks(),
    backupLog: createMemoryBackupLog(clock),
    silences: createMemorySilenceStore(),
    automation: createMemoryAutomationSwitch(),
    drills: createMemoryDrillStore(),
    board: createMemoryBoard(),
    shortMemory: createMemoryShortMemory(clock),
    bulletins: createMemoryBulletins(),
    owners: createMemoryOwners(clock),
  };
}
