import { isOpen } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** The hours of a route have begun: what is still open is shown there too. */
export async function reroute(house: House, job: Job): Promise<void> {
  if (job.kind !== 'reroute') return;
  const incident = await house.incidents.get(job.incident);
  if (incident !== undefined && isOpen(incident)) await notify(house, [incident]);
}
