import type { RecoveryAction } from '../../model/recovery-action.ts';
import { standingOf } from '../../model/standing.ts';
import { restartServer, withoutDataAlarms } from './restart-server.ts';
import { guardAmongHealthy } from './rolling-restart.ts';

/** Makes another server lead, by restarting the one that leads now: a stopped leader was followed within 0.5 s to 5.8 s. */
export const moveLeader: RecoveryAction = {
  name: 'move-leader',
  next: (view, done) =>
    done.length === 0 ? standingOf(view.ensemble, view.samples).leader : undefined,
  guard: (view, nowMs) => withoutDataAlarms(view, guardAmongHealthy(view, nowMs)),
  verified: (before, now, server) => {
    const answer = restartServer.verified(before, now, server);
    // The same server may win again: that is looked at once, and left to a person.
    const leader = standingOf(now.ensemble, now.samples).leader;
    return answer === 'yes' && leader === server.id ? 'no' : answer;
  },
  refuted: 'same-leader',
  verifyMs: (settings) => restartServer.verifyMs(settings),
};
