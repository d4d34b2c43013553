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
  return {
    async preview(action, ensemble, server, argument) {
      const asked = { action, ensemble, server, ...(argument === undefined ? {} : { argument }) };
      const plan = await planOf(house, members, asked);
      if ('code' in plan) return plan;
      return previewOf(house, plan, await askGuard(house, members, plan, undefined, true));
    },
    request: (request, stamp) => requestRecovery(house, members, request, stamp),
    previewApproval: (id) => previewApproval(house, members, id),
    approve: (id, agreement) => approveRecovery(house, members, id, agreement),
    reject: (id, agreement) => rejectRecovery(house, members, id, agreement),
    abort: (id, stop) => abortRecovery(house, id, stop),
    find: (id) => findRecovery(house, id),
    run: (job) => runRecovery(house, members, job),
  };
}
