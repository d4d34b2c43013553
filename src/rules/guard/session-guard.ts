import type { Facts } from '../../model/finding.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type { GuardView } from '../../model/recovery-action.ts';

/** What holds for every recovery of a session: it stands, it is none of the bot's own, and no other recovery runs. */
export function guardSession({ ensemble, view, server, running }: GuardView): GuardVerdict {
  const facts = factsOf({ ensemble, view, server });
  const { session } = view;
  if (running !== undefined) return deny('recovery-running', { ...facts, recovery: running });
  if (session === undefined || !session.stands) return deny('unknown-session', facts);
  const isOwn = (view.ownSessions ?? []).some(({ sessions = [] }) => sessions.includes(session.id));
  return isOwn ? deny('own-session', facts) : { kind: 'allow', facts };
}

/** Everything a person must see before: whose it is, since when, and what hangs on it. */
function factsOf({
  ensemble,
  view,
  server,
}: Pick<GuardView, 'ensemble' | 'view' | 'server'>): Facts {
  const { session } = view;
  return {
    ensemble: ensemble.id,
    session: server.id,
    address: session?.connection ?? '',
    server: session?.server ?? '',
    ageMs: session?.ageMs ?? -1,
    timeoutMs: session?.timeoutMs ?? -1,
    ephemerals: session?.ephemerals ?? 0,
    paths: session?.paths ?? [],
    watches: session?.watches ?? -1,
    blind: session?.blind ?? [],
  };
}
