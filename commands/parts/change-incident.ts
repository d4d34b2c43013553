import type { Incident } from '../../src/model/incident.ts';
import type { Invocation } from '../../src/model/invocation.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { Desk } from '../../src/ports/command.ts';
import { findIncident, isRefusal } from './find.ts';

/** The incident a person means and may change. */
export async function findChangeable(
  args: readonly string[],
  desk: Desk,
  usage: string,
): Promise<Incident | Refusal> {
  const incident = await findIncident(desk, args, usage);
  if (isRefusal(incident)) return incident;
  return desk.permit('operator', incident.ensemble) ?? incident;
}

/** What the commands that change one incident have in common: find it, ask for permission, change it, say so in private. */
export async function changeIncident(
  invocation: Invocation,
  desk: Desk,
  usage: string,
  change: (incident: Incident) => Promise<Incident | Refusal>,
  say: (incident: Incident) => string,
): Promise<Reply | Refusal> {
  const incident = await findChangeable(invocation.args, desk, usage);
  if (isRefusal(incident)) return incident;
  const changed = await change(incident);
  if (isRefusal(changed)) return changed;
  // Everybody sees it on the card; only the one who asked needs the answer.
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: [{ kind: 'text', text: say(changed) }],
  };
}
