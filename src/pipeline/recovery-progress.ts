import type { AuditEntry } from '../model/audit.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Facts } from '../model/finding.ts';
import { isUnderWay, type RecoveryMark, type Stamp } from '../model/incident.ts';
import type { PhaseRecord } from '../model/phase.ts';
import type { Approval, Recovery } from '../model/recovery.ts';
import { recoveryCard } from '../model/recovery-card.ts';
import type { Refusal } from '../model/refusal.ts';
import { applyChange } from './apply.ts';
import { callAfterFailure } from './automatic-failed.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** Writes the next state of a recovery and its audit entry; `by` where somebody else than the one who asked brought it there. */
export async function advance(
  house: House,
  recovery: Recovery,
  change: Partial<Recovery>,
  by?: Stamp,
): Promise<Recovery> {
  const next: Recovery = { ...recovery, ...change, version: recovery.version + 1 };
  const saved = await house.recoveries.save(next, recovery.version);
  if (saved === 'conflict') {
    throw new NightkeeperError('redis-conflict', `recovery ${recovery.id} moved on elsewhere`);
  }
  await house.incidents.audit([auditOf(next, house.clock.now(), by)]);
  return next;
}

/** Somebody else changed it meanwhile: look again. */
export function unlessConflict(error: unknown): undefined {
  if (error instanceof NightkeeperError && error.code === 'redis-conflict') return undefined;
  throw error;
}

/** What is written down of a recovery: who wanted it and why, and what the guard said and summed up when it was last asked. */
export function auditOf(recovery: Recovery, atMs: number, by = recovery.requested): AuditEntry {
  const { state, incident, outcome } = recovery;
  const verdict = recovery.guards.at(-1)?.verdict;
  return {
    atMs,
    ensemble: recovery.ensemble,
    who: by.by,
    name: by.name,
    via: by.via,
    what: `recovery:${state}`,
    outcome: outcomes[state],
    facts: {
      ...verdict?.facts,
      ...outcome?.facts,
      ...(verdict === undefined ? {} : { guard: verdict.kind }),
      recovery: recovery.id,
      action: recovery.action,
      server: recovery.server,
      // Who ended it said why; why it was wanted stands with the request.
      reason:
        outcome === undefined || by === recovery.requested
          ? recovery.reason
          : (outcome.facts['reason'] ?? ''),
      fence: recovery.fence,
    },
    ...(incident === undefined ? {} : { incident }),
    ...(outcome === undefined ? {} : { why: outcome.code }),
  };
}

const outcomes: Readonly<Record<Recovery['state'], AuditEntry['outcome']>> = {
  awaiting: 'done',
  requested: 'done',
  running: 'done',
  verifying: 'done',
  succeeded: 'done',
  failed: 'failed',
  refused: 'refused',
  rejected: 'refused',
  expired: 'refused',
  scheduled: 'done',
  aborted: 'done',
};

/** Puts the state of the recovery on the card of its incident. */
export async function tell(
  house: House,
  recovery: Recovery,
  state: RecoveryMark['state'],
  total = recovery.steps?.length ?? 0,
): Promise<void> {
  if (recovery.incident === undefined) return;
  const mark: RecoveryMark = {
    id: recovery.id,
    action: recovery.action,
    server: recovery.server,
    state,
    by: recovery.requested.by,
    name: recovery.requested.name,
    via: recovery.requested.via,
    reason: recovery.reason,
    atMs: house.clock.now(),
    ...(recovery.evidence === undefined ? {} : { evidence: recovery.evidence }),
    ...automaticOf(recovery),
    ...(recovery.steps === undefined ? {} : { progress: progressOf(recovery, total) }),
    ...(recovery.phases === undefined ? {} : { phase: phaseOf(recovery.phases) }),
    ...(recovery.argument === undefined ? {} : { argument: recovery.argument }),
    ...(recovery.approval === undefined ? {} : { approval: shown(recovery.approval) }),
    ...(recovery.outcome === undefined ? {} : { outcome: recovery.outcome }),
  };
  const done = await applyChange(house, recovery.incident, { kind: 'mark-recovery', mark });
  if (done.kind !== 'applied') return;
  await notify(house, [done.incident]);
  if (done.incident.detector === recoveryCard && !isUnderWay({ state })) {
    const over = await applyChange(house, recovery.incident, { kind: 'resolve', grid: [] });
    if (over.kind === 'applied') await notify(house, [over.incident]);
  }
}

/** When it begins by itself, and after how long without anybody on it. */
function automaticOf({ automatic }: Recovery): Pick<RecoveryMark, 'automatic' | 'startsMs'> {
  if (automatic === undefined) return {};
  const { startsMs, afterMs } = automatic;
  return { startsMs, automatic: { afterMs } };
}

function progressOf(
  { steps = [] }: Recovery,
  total: number,
): NonNullable<RecoveryMark['progress']> {
  const inHand = steps.find(({ state }) => state === 'running');
  return {
    done: steps.filter(({ state }) => state === 'done').length,
    total: Math.max(total, steps.length),
    ...(inHand === undefined ? {} : { server: inHand.server }),
  };
}

/** How far a sequence of orders is: what it does, and the order in hand or, where it ended early, the one that failed. */
function phaseOf(phases: readonly PhaseRecord[]): NonNullable<RecoveryMark['phase']> {
  const own = phases.filter(({ isUndo }) => isUndo !== true);
  const failed = own.find(({ state }) => state === 'failed');
  const inHand = phases.find(({ state }) => state === 'running') ?? failed ?? own.at(-1);
  return {
    done: own.filter(({ state }) => state === 'done').length,
    total: own.length,
    ...(inHand === undefined
      ? {}
      : { name: inHand.name, server: inHand.server, facts: short(inHand.facts) }),
  };
}

/** Without the lists: a card shows one line. */
function short(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => key !== 'gone'));
}

function shown({ needed, untilMs, given }: Approval): NonNullable<RecoveryMark['approval']> {
  return { needed, untilMs, given: given.map(({ name }) => name) };
}

export type Outcome = NonNullable<Recovery['outcome']>;

/** Code of the outcome of a recovery that somebody stopped on its way. */
export const aborted = 'aborted' as const;

/** The end of a recovery: written down, counted, told, and looked at once more. */
export async function finish(
  house: House,
  recovery: Recovery,
  state: 'succeeded' | 'failed' | 'refused',
  outcome: Outcome | Refusal | undefined,
): Promise<void> {
  const nowMs = house.clock.now();
  const end = outcome?.code === aborted ? 'aborted' : state;
  const done = await advance(house, recovery, {
    state: end,
    finishedMs: nowMs,
    ...(outcome === undefined ? {} : { outcome: { code: outcome.code, facts: outcome.facts } }),
  });
  house.telemetry.count('recoveries_total', { action: recovery.action, outcome: end });
  await tell(house, done, end === 'refused' ? 'failed' : end);
  if (recovery.automatic !== undefined && (end === 'failed' || end === 'refused'))
    await callAfterFailure(house, done);
  await house.schedule.now({ kind: 'observe', ensemble: recovery.ensemble, notices: [] });
}
