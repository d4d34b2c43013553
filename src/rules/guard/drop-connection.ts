import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type { RecoveryAction } from '../../model/recovery-action.ts';
import { guardSession } from './session-guard.ts';

/** How long until the connection must be gone, or be another one. */
const verifyMs = 10_000;

/** Ends the connection of a client and leaves its session: a healthy client comes back with it, and keeps its ephemeral znodes. */
export const dropConnection: RecoveryAction = {
  name: 'drop-connection',
  session: 'drop',
  guard: (view): GuardVerdict => {
    const verdict = guardSession(view);
    return verdict.kind === 'allow' && view.view.session?.connection === undefined
      ? deny('no-connection', verdict.facts)
      : verdict;
  },
  verified: ({ session: before }, { session: now }) => {
    if (now === undefined || now.blind.length > 0) return 'not-yet';
    return now.connection === undefined || now.connection !== before?.connection
      ? 'yes'
      : 'untouched';
  },
  verifyMs: () => verifyMs,
};
