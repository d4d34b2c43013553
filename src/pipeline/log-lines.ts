import type { Server } from '../model/ensemble.ts';
import { noAnswer } from '../model/recovery.ts';
import type { EnsembleSettings, ExecutorSettings } from '../model/settings.ts';
import type { House } from './house.ts';

/** Lines of a log that are kept: what led to a fault stands in the last minute of it. */
export const logLinesMax = 200;

/** Characters of them. */
export const logCharsMax = 32_000;

/** How long the machine may take to show them: a restart that is urgent does not wait for a machine that hangs. */
export const logTimeoutMs = 5000;

/** Characters of a failure that are kept: its last line says why. */
const whyCharsMax = 200;

/** The last lines a server has logged, or why they cannot be had; undefined where the configuration names no way to them. */
export async function readLog(
  house: Pick<House, 'executor'>,
  settings: EnsembleSettings,
  server: Server,
): Promise<string | undefined> {
  const way = wayOf(settings, server);
  const executor = way === undefined ? undefined : house.executor(way.kind);
  if (way === undefined || executor?.can(way, 'log') !== true) return undefined;
  const { kind, output } = await executor.run(
    way,
    settings.id,
    server,
    { kind: 'log', lines: logLinesMax, outputMax: logCharsMax },
    AbortSignal.timeout(logTimeoutMs),
  );
  if (kind === 'done') return output;
  const why = output.trim().split('\n').at(-1)?.slice(-whyCharsMax) ?? '';
  return noAnswer + [kind, why].filter((part) => part !== '').join(', ');
}

/** The way a restart takes, where it leads to the log, too; else the way on which the machine is looked at. */
function wayOf({ restart, host }: EnsembleSettings, { id }: Server): ExecutorSettings | undefined {
  if (restart !== undefined && leadsToLog(restart)) return restart;
  const own = host?.servers?.[id];
  const logFile = own?.logFile ?? host?.logFile;
  if (host === undefined || logFile === undefined) return undefined;
  return {
    kind: host.kind,
    argv: [],
    on: own?.argv ?? host.argv,
    log: ['tail', '-n', '{lines}', logFile],
    timeoutMs: host.timeoutMs,
  };
}

function leadsToLog(settings: ExecutorSettings): boolean {
  switch (settings.kind) {
    case 'command':
    case 'ssh':
      return settings.on !== undefined && settings.log !== undefined;
    case 'docker':
    case 'kubernetes':
      return true;
  }
}
