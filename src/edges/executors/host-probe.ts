import type { Server } from '../../model/ensemble.ts';
import type { HostSettings } from '../../model/settings.ts';
import type { Survey } from '../../model/survey.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Executor } from '../../ports/executor.ts';
import type { HostProbe } from '../../ports/surveyor.ts';
import { type HostHints, hostScript } from './host-script.ts';
import { parseHost } from './parse-host.ts';

/** More than the script can print: 80 settings, 40 connections and 10 log lines, each cut. */
const outputCharsMax = 64_000;

/** Characters of a failed probe's output that are kept: the last line says why. */
const whyCharsMax = 200;

/** Looks at machines by a script that only reads, over the same executors as a restart. */
export function createHostProbe(parts: {
  readonly executors: readonly Executor[];
  readonly clock: Clock;
}): HostProbe {
  return {
    async look(settings, server, before) {
      const { host } = settings;
      if (host === undefined) return undefined;
      const executor = parts.executors.find(({ kind }) => kind === host.kind);
      if (executor === undefined) return { failed: `no executor for ${host.kind}` };
      const own = host.servers?.[server.id];
      const run = await executor.run(
        { kind: host.kind, argv: [], on: own?.argv ?? host.argv, timeoutMs: host.timeoutMs },
        settings.id,
        server,
        {
          kind: 'exec',
          argv: ['sh', '-s'],
          stdin: hostScript(hintsOf(host, server, before)),
          outputMax: outputCharsMax,
        },
        new AbortController().signal,
      );
      const facts = parseHost(run.output, parts.clock.now());
      if (facts !== undefined) return facts;
      const why = run.output.trim().split('\n').at(-1)?.slice(-whyCharsMax) ?? '';
      return { failed: [run.kind, why].filter((part) => part !== '').join(': ') };
    },
  };
}

/** What the configuration says, else what the running server said of itself. */
function hintsOf(host: HostSettings, server: Server, before: Survey | undefined): HostHints {
  const { dataDir, dataLogDir, pidFile, configFile, logFile } = {
    ...host,
    ...host.servers?.[server.id],
  };
  const conf = before?.conf;
  const data = dataDir ?? conf?.dataDir;
  const logs = dataLogDir ?? conf?.dataLogDir;
  return {
    clientPort: conf?.clientPort ?? server.client.port,
    ...(conf?.electionPort === undefined ? {} : { electionPort: conf.electionPort }),
    ...(data === undefined ? {} : { dataDir: data }),
    ...(logs === undefined ? {} : { dataLogDir: logs }),
    ...(pidFile === undefined ? {} : { pidFile }),
    ...(configFile === undefined ? {} : { configFile }),
    ...(logFile === undefined ? {} : { logFile }),
  };
}
