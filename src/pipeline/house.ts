import type { Detector } from '../model/finding.ts';
import type { OwnSessions } from '../model/own-sessions.ts';
import type { RecoveryAction } from '../model/recovery-action.ts';
import type { CanaryResult } from '../model/sample.ts';
import type { ExecutorSettings, Settings } from '../model/settings.ts';
import type { AccountLinks } from '../ports/account-links.ts';
import type { AutomationSwitch } from '../ports/automation-switch.ts';
import type { BackupFolder } from '../ports/backup-file.ts';
import type { BackupLog } from '../ports/backup-log.ts';
import type { Budgets } from '../ports/budgets.ts';
import type { Bulletins } from '../ports/bulletin.ts';
import type { Calendars } from '../ports/calendars.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Command } from '../ports/command.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { Doctor } from '../ports/doctor.ts';
import type { DrillStore } from '../ports/drill-store.ts';
import type { EnsembleStore } from '../ports/ensemble-store.ts';
import type { Executor } from '../ports/executor.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Painter } from '../ports/painter.ts';
import type { RecoveryStore } from '../ports/recovery-store.ts';
import type { Schedule } from '../ports/schedule.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { ShortMemory } from '../ports/short-memory.ts';
import type { SilenceStore } from '../ports/silence-store.ts';
import type { HostProbe, Surveyor } from '../ports/surveyor.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Timetable } from '../ports/timetable.ts';
import type { Trees } from '../ports/trees.ts';
import type { ZnodeTrees } from '../ports/znode-tree.ts';
import type { Prober, Sensors } from '../ports/zookeeper.ts';

/** Everything the pipeline works with. Each arrow takes the part it needs. */
export interface House {
  /** The configuration in force: read at each use, since it may be reloaded. */
  settings(): Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly prober: Prober;
  readonly sensors: Sensors;
  /** Who asks for slow facts: servers and their machines. Absent where nobody does. */
  readonly surveying?: { readonly surveyor: Surveyor; readonly hosts: HostProbe };
  /** Who reads trees. Absent where nobody does. */
  readonly trees?: Trees;
  /** Who looks at sessions of clients and ends them. Absent where servers are only played. */
  readonly sessions?: Sessions;
  readonly incidents: IncidentStore;
  readonly ensembles: EnsembleStore;
  readonly deliveries: DeliveryLog;
  readonly outbox: Outbox;
  readonly budgets: Budgets;
  readonly recoveries: RecoveryStore;
  readonly calendars: Calendars;
  readonly links: AccountLinks;
  readonly backupLog: BackupLog;
  /** Absent where servers are only played. */
  readonly backups?: { readonly trees: ZnodeTrees; readonly files: BackupFolder };
  readonly shortMemory: ShortMemory;
  readonly silences: SilenceStore;
  readonly automation: AutomationSwitch;
  readonly drills: DrillStore;
  readonly timetable: Timetable;
  readonly ownership: Ownership;
  readonly painter: Painter;
  readonly bulletins: Bulletins;
  readonly schedule: Schedule;
  /** The channel of that name, where one is set up. */
  channel(name: string): Channel | undefined;
  executor(kind: ExecutorSettings['kind']): Executor | undefined;
  /** Who looks whether everything stands that the bot needs. */
  readonly doctor: Doctor;
  /** The newest canary result this process has of an ensemble. */
  canary(ensemble: string): CanaryResult | undefined;
  /** The sessions this process opened on an ensemble. Absent where servers are only played. */
  readonly ownSessions?: (ensemble: string) => OwnSessions;
  readonly detectors: readonly Detector[];
  readonly commands: readonly Command[];
  readonly recoveryActions: readonly RecoveryAction[];
}
