import type { Invocation } from '../../src/model/invocation.ts';
import type { Recovery } from '../../src/model/recovery.ts';
import { type Refusal, refuse } from '../../src/model/refusal.ts';
import type { Desk } from '../../src/ports/command.ts';

/** The recovery that the first argument names (`r-12`, `R12` or `12`), if the actor may decide on it. */
export async function findRecovery(
  { args }: Invocation,
  desk: Desk,
  usage: string,
): Promise<Recovery | Refusal> {
  const [written = ''] = args;
  const number = /^(?:r-?)?(\d{1,15})$/iu.exec(written)?.[1];
  if (written === '') return refuse('bad-arguments', { usage });
  const recovery = number === undefined ? undefined : await desk.recovery(`r-${Number(number)}`);
  if (recovery === undefined) return refuse('unknown-recovery', { recovery: written });
  return desk.permit('operator', recovery.ensemble) ?? recovery;
}
