import type { Server } from '../../model/ensemble.ts';
import type { ExecutorRun, ExecutorWhy } from '../../ports/executor.ts';

/** Nothing was done, and why. */
export function unavailable(output: string, why?: ExecutorWhy): ExecutorRun {
  return { kind: 'unavailable', tookMs: 0, output, ...(why === undefined ? {} : { why }) };
}

/** The name of a server turned an argument into an option. */
export function takenForOption({ id }: Server): ExecutorRun {
  return unavailable(`the name of server "${id}" would be taken for an option`);
}

/** Ends of a shell or an engine for a program that is not there, or is no program. */
const noProgramCodes: ReadonlySet<number | undefined> = new Set([126, 127]);

/** What is known of an end beyond its number. */
export function whyEnded(exitCode: number | undefined): Pick<ExecutorRun, 'why'> {
  return noProgramCodes.has(exitCode) ? { why: 'no-program' } : {};
}

/** Whether an error of a connection says that its certificate, or how it is secured, is not accepted. */
export function isTlsFault(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|EPROTO)/u.test(code);
}
