import type { EnsembleView } from '../model/finding.ts';
import type { House } from './house.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import type { Plan } from './recovery-plan.ts';
import { withSession } from './session-of.ts';

/** How often the servers are asked whether a recovery has worked. */
export const verifyEveryMs = 250;

/** Good looks in a row before a recovery counts as done: a server that rejoins was seen to flap in and out of sync within 0.7 s. */
export const goodLooksNeeded = 3;

/**
 * Looks until the server serves and is in sync for several looks in a row: `worked`. When the time is up, or the looks show that it
 * will not come, the code of what went wrong.
 */
export async function awaitVerified(
  house: House,
  members: Members,
  plan: Plan,
  before: EnsembleView,
): Promise<string> {
  const { action, settings, server } = plan;
  const deadlineMs = house.clock.now() + action.verifyMs(settings);
  let good = 0;
  let untouched = false;
  while (house.clock.now() < deadlineMs) {
    const { view } = await look(house, settings, await members.of(settings), []);
    const seen = await withSession(house, plan, view);
    const answer = action.verified(before, seen, server);
    good = answer === 'yes' ? good + 1 : 0;
    untouched = answer === 'untouched';
    if (good >= goodLooksNeeded) return 'worked';
    if (answer === 'no') return action.refuted ?? 'not-verified';
    await house.clock.sleep(verifyEveryMs);
  }
  if (action.session !== undefined) return 'session-stands';
  return untouched ? 'no-effect' : 'not-verified';
}
