import { createAccountLinks } from '../edges/redis/account-links.ts';
import { createAutomationSwitch } from '../edges/redis/automation-switch.ts';
import { createBackupLog } from '../edges/redis/backup-log.ts';
import { createBoard } from '../edges/redis/board.ts';
import { createBudgets } from '../edges/redis/budgets.ts';
import { createBulletins } from '../edges/redis/bulletins.ts';
import { createCalendars } from '../edges/redis/calendars.ts';
import type { RedisConfig } from '../edges/redis/config.ts';
import { connectRedis, type RedisLink } from '../edges/redis/connect.ts';
import { createDeliveryLog } from '../edges/redis/delivery-log.ts';
import { createDrillStore } from '../edges/redis/drill-store.ts';
import { createEnsembleStore } from '../edges/redis/ensemble-store.ts';
import { createIncidentStore } from '../edges/redis/incident-store.ts';
import { createOutbox } from '../edges/redis/outbox.ts';
import { createOwnership } from '../edges/redis/ownership.ts';
import { createRecoveryStore } from '../edges/redis/recovery-store.ts';
import { createShortMemory } from '../edges/redis/short-memory.ts';
import { createSilenceStore } from '../edges/redis/silence-store.ts';
import type { House } from '../pipeline/house.ts';
import type { Board } from '../ports/board.ts';
import type { Log } from '../ports/log.ts';

/** Everything that is kept in Redis, over one link. */
export interface Stores
  extends Pick<
    House,
    | 'incidents'
    | 'ensembles'
    | 'deliveries'
    | 'outbox'
    | 'budgets'
    | 'recoveries'
    | 'silences'
    | 'automation'
    | 'drills'
    | 'calendars'
    | 'links'
    | 'backupLog'
    | 'shortMemory'
    | 'ownership'
    | 'bulletins'
  > {
  readonly board: Board;
  readonly link: RedisLink;
}

export function openStores(parts: {
  readonly redis: RedisConfig;
  readonly replica: string;
  readonly log: Log;
}): Stores {
  const link = connectRedis({ ...parts.redis, log: parts.log });
  return {
    link,
    incidents: createIncidentStore(link),
    ensembles: createEnsembleStore(link),
    deliveries: createDeliveryLog(link),
    outbox: createOutbox(link),
    budgets: createBudgets(link),
    recoveries: createRecoveryStore(link),
    calendars: createCalendars(link),
    links: createAccountLinks(link),
    backupLog: createBackupLog(link),
    silences: createSilenceStore(link),
    ownership: createOwnership(link, parts.replica),
    bulletins: createBulletins(link, parts.log),
    automation: createAutomationSwitch(link),
    drills: createDrillStore(link),
    board: createBoard(link),
    shortMemory: createShortMemory(link),
  };
}
