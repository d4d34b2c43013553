import type { Facts } from '../../model/finding.ts';
import type { GuardVerdict } from '../../model/recovery.ts';
import type { GuardView } from '../../model/recovery-action.ts';
import type { RefusalCode } from '../../model/refusal.ts';
import { zxidOf } from '../../model/sample.ts';
import { inSync, type Surroundings } from './others.ts';

/** Ticks that a new leader must stand before a server that serves is taken from it. */
const settledTicks = 2;

/** Calls of `sync` a leader may have in hand: the Zabbix template takes more for a fault. */
const pendingSyncsMax = 10;

/**
 * Transactions that the best of the others may be behind a server that is taken from them. [guess] All are asked at almost the same
 * moment, and a busy ensemble writes some hundreds in between.
 */
const lagMax = 5000;

/** When somebody looks again whether others have caught up. */
const lookAgainMs = 10_000;

/**
 * Why a server that serves is better left alone for a moment: its ensemble has only just elected, another server is being brought into
 * sync, clients wait for a `sync`, or it is ahead of all the others. A server that fails takes nothing away, and is not asked this.
 */
export function unsettled(
  input: GuardView,
  around: Surroundings,
  facts: Facts,
  nowMs: number,
): GuardVerdict | undefined {
  const { ensemble, view, server } = input;
  if (around.condition !== 'serves' || server.role === 'observer' || around.voters === 1)
    return undefined;
  const wait = (code: RefusalCode, untilMs: number, more: Facts = {}): GuardVerdict => ({
    kind: 'wait',
    untilMs,
    code,
    facts: { ...facts, ...more, untilMs },
  });
  const changedMs = view.leaderChanges?.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
  const settledMs = changedMs + settledTicks * ensemble.timing.tickTimeMs;
  if (nowMs < settledMs) return wait('electing', settledMs);
  const syncing = ensemble.servers
    .filter(({ id, role }) => id !== server.id && role === 'voter' && !inSync(view.samples[id]))
    .map(({ id }) => id);
  if (syncing.length > 0) return wait('others-syncing', nowMs + lookAgainMs, { syncing });
  const pending = pendingSyncs(input, around);
  if (pending > pendingSyncsMax) return wait('syncs-pending', nowMs + lookAgainMs, { pending });
  const lag = lagOfOthers(input);
  return lag > lagMax ? wait('others-lag', nowMs + lookAgainMs, { lag }) : undefined;
}

function pendingSyncs({ view }: GuardView, { standing }: Surroundings): number {
  const leader = standing.leader === undefined ? undefined : view.samples[standing.leader];
  return leader?.kind === 'reading' ? (leader.metrics['pending_syncs'] ?? 0) : 0;
}

/**
 * How far the newest transaction of the other voters is behind this server's; 0 where that is not known. A follower may show the epoch
 * before until its first transaction: it says nothing then.
 */
function lagOfOthers({ ensemble, view, server }: GuardView): number {
  const own = zxidOf(view.samples[server.id]);
  if (own === undefined) return 0;
  const others = ensemble.servers
    .filter(({ id, role }) => id !== server.id && role === 'voter')
    .flatMap(({ id }) => zxidOf(view.samples[id]) ?? [])
    .filter((zxid) => zxid >> 32n === own >> 32n);
  if (others.length === 0) return 0;
  const newest = others.reduce((most, zxid) => (zxid > most ? zxid : most));
  return Number(own - newest);
}
