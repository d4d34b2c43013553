import type { EvidencePack, Recovery } from '../model/recovery.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { House } from './house.ts';
import { readLog } from './log-lines.ts';
import type { Plan } from './recovery-plan.ts';
import { memberOf } from './session-of.ts';

/** How long a server may take to say what it knows: a hung one says nothing, and the restart must not wait for it. */
export const evidenceTimeoutMs = 2000;

/** Keeps what the server says before it is acted on, and the end of its log. A recovery goes on without it where nothing can be had. */
export async function saveEvidence(house: House, plan: Plan, recovery: Recovery): Promise<boolean> {
  const { id, ensemble } = recovery;
  const server = await memberOf(house, plan);
  try {
    const [said, log] = await Promise.all([
      house.prober.evidence(plan.settings, server, evidenceTimeoutMs),
      readLog(house, plan.settings, server),
    ]);
    const answers = Object.fromEntries(
      Object.entries({ ...said, ...(log === undefined ? {} : { log }) }).map(([word, answer]) => [
        word,
        hideSecrets(answer),
      ]),
    );
    if (Object.keys(answers).length === 0) return false;
    const pack: EvidencePack = { server: server.id, atMs: house.clock.now(), answers };
    const earlier = await house.recoveries.evidence(ensemble, id);
    const packs = [...earlier.filter(({ server }) => server !== pack.server), pack];
    await house.recoveries.keepEvidence(ensemble, id, packs);
    return true;
  } catch (error) {
    house.log.warn({ recovery: id, err: error }, 'no evidence was kept before the command');
    return false;
  }
}
