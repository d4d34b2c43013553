import type { EnsembleId, ServerId } from '../model/ensemble.ts';
import type { Stamp } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import type { Agreement, Recovery } from '../model/recovery.ts';
import type { Refusal } from '../model/refusal.ts';
import type { RecoveryPreview } from '../ports/command.ts';
import { abortRecovery, type Stopped } from './abort-recovery.ts';
import {
  approveRecovery,
  findRecovery,
  previewApproval,
  rejectRecovery,
} from './approve-recovery.ts';
import { drillHouse, houseOf, runningDrill } from './drill-house.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { previewOf } from './preview-recovery.ts';
import { askGuard, planOf } from './recovery-plan.ts';
import { type RecoveryRequest, requestRecovery } from './request-recovery.ts';
import { runRecovery } from './run-recovery.ts';

/** Previews, takes and runs recoveries. */
export interface Recoverer {
  preview(
    action: string,
    ensemble: EnsembleId,
    server: ServerId,
    argument?: string,
  ): Promise<RecoveryPreview | Refusal>;
  request(request: RecoveryRequest, stamp: Stamp): Promise<Recovery | Refusal>;
  /** What the guard says now of a request that awaits others. */
  previewApproval(id: string): Promise<RecoveryPreview | Refusal>;
  approve(id: string, agreement: Agreement): Promise<Recovery | Refusal>;
  reject(id: string, agreement: Agreement): Promise<Recovery | Refusal>;
  abort(id: string, stop: Agreement): Promise<Stopped | Refusal>;
  find(id: string): Promise<Recovery | undefined>;
  run(job: Job): Promise<void>;
}

export function createRecoverer(house: House, members: Members): Recoverer {
  /** Where something is asked for: in the drill of the ensemble while one runs, so that nothing real is begun in it by mistake. */
  async function askedIn(ensemble: EnsembleId): Promise<House> {
    const drill = await runningDrill(house, ensemble);
    return drill === undefined ? house : drillHouse(house, drill);
  }
  const by = async (id: string): Promise<House> =>
    await houseOf(house, await findRecovery(house, id));
  return {
    async preview(action, ensemble, server, argument) {
      const here = await askedIn(ensemble);
      const asked = { action, ensemble, server, ...(argument === undefined ? {} : { argument }) };
      const plan = await planOf(here, members, asked);
      if ('code' in plan) return plan;
      return previewOf(here, plan, await askGuard(here, members, plan, undefined, true));
    },
    request: async (request, stamp) =>
      await requestRecovery(await askedIn(request.ensemble), members, request, stamp),
    previewApproval: async (id) => await previewApproval(await by(id), members, id),
    approve: async (id, agreement) => await approveRecovery(await by(id), members, id, agreement),
    reject: async (id, agreement) => await rejectRecovery(await by(id), members, id, agreement),
    abort: async (id, stop) => await abortRecovery(await by(id), id, stop),
    find: (id) => findRecovery(house, id),
    async run(job) {
      if (job.kind !== 'recover') return;
      const found = await house.recoveries.get(job.ensemble, job.recovery);
      await runRecovery(await houseOf(house, found), members, job);
    },
  };
}
