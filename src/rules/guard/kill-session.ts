import type { RecoveryAction } from '../../model/recovery-action.ts';
import { guardSession } from './session-guard.ts';

/** How long until no server may know the session any more. A closed one was gone on all members within a second. */
const verifyMs = 15_000;

/** Ends a session of a client as its client would: its ephemeral znodes vanish. It cannot be taken back. */
export const killSession: RecoveryAction = {
  name: 'kill-session',
  session: 'kill',
  approvals: 1,
  guard: guardSession,
  verified: (before, { session }) => {
    if (session === undefined || session.blind.length > 0) return 'not-yet';
    if (!session.stands && session.ephemerals === 0) return 'yes';
    return session.connection === before.session?.connection ? 'untouched' : 'not-yet';
  },
  verifyMs: () => verifyMs,
};
