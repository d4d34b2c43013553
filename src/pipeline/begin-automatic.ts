import type { Recovery } from '../model/recovery.ts';
import { recoveriesMax } from '../ports/recovery-store.ts';
import { type Hindrance, overLimit, ruleFor } from '../rules/guard/automation.ts';
import { applyChange } from './apply.ts';
import { takeLock } from './hold-lock.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { notify } from './notify.ts';
import { askGuard, planOf } from './recovery-plan.ts';
import { advance, unlessConflict } from './recovery-progress.ts';
import { queueWork } from './recovery-work.ts';

/** How long the guard may say "wait" before that is a no: an election is over by then. */
const waitMsMax = 120_000;

/**
 * Begins a recovery whose time has come: guard, lock, limits under the lock, and then the card, on which it is settled whether somebody
 * stopped it in this moment. Two replicas that do this at once begin it once. Answers what keeps it from beginning, or until when to wait.
 */
export async function beginAutomatic(
  house: House,
  members: Members,
  recovery: Recovery,
): Promise<Hindrance | { readonly untilMs: number } | undefined> {
  const { ensemble, id, server } = recovery;
  const plan = await planOf(house, members, recovery);
  if ('code' in plan) return plan;
  const { verdict } = await askGuard(house, members, plan, id);
  const nowMs = house.clock.now();
  if (verdict.kind === 'wait' && verdict.untilMs - nowMs < waitMsMax)
    return { untilMs: Math.max(verdict.untilMs, nowMs + 1000) };
  if (verdict.kind !== 'allow') return { code: verdict.code, facts: verdict.facts };
  const lock = await takeLock(house, ensemble, id);
  if ('code' in lock) return lock;
  const full = await limited(house, recovery);
  if (full !== undefined || !(await beginsOnCard(house, recovery))) {
    await house.recoveries.unlock(ensemble, id, lock.fence);
    return full;
  }
  const guards = [{ atMs: nowMs, at: 'click' as const, verdict }];
  const begun = await advance(house, recovery, {
    state: 'requested',
    fence: lock.fence,
    guards,
  }).catch(unlessConflict);
  // Another replica was faster, and has queued the work.
  if (begun === undefined) return undefined;
  house.telemetry.count('automatic_recoveries_total', { ensemble, outcome: 'begun' });
  house.log.info({ recovery: id, ensemble, server }, 'automatic recovery begins');
  await queueWork(house, begun);
  return undefined;
}

/** Counted while the lock is held, so that no other recovery of the ensemble can begin meanwhile. */
async function limited(house: House, recovery: Recovery): Promise<Hindrance | undefined> {
  const { ensemble, id, server, incident } = recovery;
  const settings = house.settings().ensembles.find((each) => each.id === ensemble);
  const about = incident === undefined ? undefined : await house.incidents.get(incident);
  const rule = about === undefined ? undefined : ruleFor(settings, about);
  if (rule === undefined) return { code: 'auto-rule', facts: {} };
  const earlier = (await house.recoveries.recent(ensemble, recoveriesMax)).filter(
    (each) => each.id !== id,
  );
  return overLimit(earlier, server, rule, house.clock.now());
}

/** Whether it is begun on its card: by us now, or before by a process that died right after. */
async function beginsOnCard(house: House, { id, incident }: Recovery): Promise<boolean> {
  if (incident === undefined) return false;
  const done = await applyChange(house, incident, { kind: 'begin-recovery', recovery: id });
  if (done.kind === 'applied') await notify(house, [done.incident]);
  const mark = (await house.incidents.get(incident))?.recovery;
  return mark?.id === id && mark.state === 'running' && mark.stopping === undefined;
}
