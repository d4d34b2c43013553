import { type Diagnosis, type DiagnosisCode, diagnose } from '../model/diagnosis.ts';
import type { Server } from '../model/ensemble.ts';
import type { EnsembleSettings, ExecutorSettings } from '../model/settings.ts';
import type { Executor, ExecutorCheck, ExecutorWhy } from '../ports/executor.ts';

/** Servers whose machines are asked at once. */
const atOnceMax = 8;

/** Letters of what a machine said. */
const saidMax = 200;

/** Whether a restart would get through to each server, without restarting anything. */
export async function examineRestart(
  executor: (kind: ExecutorSettings['kind']) => Executor | undefined,
  { id, restart }: Pick<EnsembleSettings, 'id' | 'restart'>,
  servers: readonly Server[],
  signal: AbortSignal,
): Promise<readonly Diagnosis[]> {
  if (restart === undefined) return [diagnose('restart-none', id)];
  const by = executor(restart.kind);
  if (by?.check === undefined) return [diagnose('restart-unchecked', id, { kind: restart.kind })];
  const found: Diagnosis[] = [];
  for (let at = 0; at < servers.length; at += atOnceMax) {
    const some = servers.slice(at, at + atOnceMax).map(async (server) => {
      const command = by.describe(restart, id, server, { kind: 'restart' });
      const check = await by.check?.(restart, id, server, signal);
      const about = `${id} ${server.id}`;
      return check === undefined
        ? diagnose('restart-unchecked', about, { kind: restart.kind })
        : judge(about, command, check);
    });
    found.push(...(await Promise.all(some)));
  }
  return found;
}

/** What keeps a restart from getting through, by what the way to the machine said of it. */
const codeOf: Readonly<Partial<Record<ExecutorWhy, DiagnosisCode>>> = {
  'host-key-unknown': 'restart-host-key',
  'host-key-changed': 'restart-host-key',
  'login-refused': 'restart-login',
  'sudo-password': 'restart-sudo',
  'no-program': 'restart-program',
  'no-container': 'restart-program',
  'no-pod': 'restart-program',
};

function judge(about: string, command: string, { what, run }: ExecutorCheck): Diagnosis {
  const said = run.output.trim().split('\n').at(-1)?.slice(0, saidMax) ?? '';
  const facts = { command, said, what };
  const code = run.why === undefined ? undefined : codeOf[run.why];
  if (code !== undefined)
    return diagnose(code, about, { ...facts, isNew: run.why === 'host-key-unknown' });
  if (run.kind === 'done') return diagnose('restart-ready', about, facts);
  if (run.kind === 'failed' && run.why === undefined && what === 'sudo')
    return diagnose('restart-sudo', about, facts);
  return diagnose(run.kind === 'failed' ? 'restart-program' : 'restart-away', about, facts);
}
