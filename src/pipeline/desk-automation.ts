import { everywhere } from '../model/automation.ts';
import { ownEnsemble } from '../model/ensemble.ts';
import type { Stamp } from '../model/incident.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { Automation, Desk } from '../ports/command.ts';
import { startDrill, stopDrill } from './drill.ts';
import type { House } from './house.ts';

/** Recoveries looked through for those that the bot began by itself. */
const recentMax = 50;

/** What a person may see and do of what the bot does without being asked each time: automation, and drills. */
export function unasked(
  house: House,
  stamp: () => Stamp,
): Pick<Desk, 'automation' | 'switchAutomation' | 'drills' | 'startDrill' | 'stopDrill'> {
  const ids = house.settings().ensembles.map(({ id }) => id);
  return {
    automation: () => automationNow(house),
    switchAutomation: (scope, to, reason) => switchAutomation(house, scope, to, stamp(), reason),
    drills: async () =>
      (await Promise.all(ids.map((id) => house.drills.get(id)))).filter(
        (each) => each !== undefined,
      ),
    startDrill: (asked) => startDrill(house, asked, stamp()),
    stopDrill: (id) => stopDrill(house, id, stamp()),
  };
}

/** What the bot may do by itself, where that is switched off, what is to come and what it did. */
async function automationNow(house: House): Promise<Automation> {
  const { ensembles } = house.settings();
  const [off, open, recent] = await Promise.all([
    house.automation.list(),
    Promise.all(ensembles.map(({ id }) => house.incidents.open(id))),
    Promise.all(ensembles.map(({ id }) => house.recoveries.recent(id, recentMax))),
  ]);
  return {
    off,
    coming: open.flat().filter(({ recovery }) => recovery?.state === 'scheduled'),
    done: recent
      .flat()
      .filter(({ automatic, state }) => automatic !== undefined && state !== 'scheduled')
      .toSorted((a, b) => b.requested.atMs - a.requested.atMs),
  };
}

/** Switches it off or on; what is to come is dropped at once where it is off. */
export async function switchAutomation(
  house: House,
  scope: string,
  to: 'on' | 'off',
  stamp: Stamp,
  reason: string,
): Promise<Refusal | undefined> {
  const off = await house.automation.list();
  if (to === 'on' && !(await house.automation.on(scope))) {
    const above = off.some((each) => each.scope === everywhere);
    return refuse('automation-on', { scope, everywhere: above });
  }
  const known = off.find((each) => each.scope === scope);
  if (to === 'off' && known !== undefined)
    return refuse('automation-off', { scope, name: known.set.name, atMs: known.set.atMs });
  if (to === 'off') await house.automation.off({ scope, set: stamp, reason });
  const { by, name, via, atMs } = stamp;
  await house.incidents.audit([
    {
      atMs,
      ensemble: scope === everywhere ? ownEnsemble : scope,
      who: by,
      name,
      via,
      what: `auto:${to}`,
      outcome: 'done',
      facts: { scope, reason },
    },
  ]);
  for (const { id } of house
    .settings()
    .ensembles.filter((each) => scope === everywhere || each.id === scope))
    for (const incident of await house.incidents.open(id))
      await house.schedule.now({ kind: 'auto', ensemble: id, incident: incident.id });
  return undefined;
}
