import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { readConfigFile } from '../config/reload.ts';
import { NightkeeperError } from '../model/errors.ts';
import { words } from '../rules/card/words/words.ts';
import { type CliIo, type ExitCode, exitCodes, languageOf } from './cli-io.ts';
import { faultLines } from './fault-lines.ts';

export interface CheckOptions {
  readonly envFile?: string;
  /** False: variables that are not set are only warned of. */
  readonly env: boolean;
  readonly json: boolean;
}

/** `nightkeeper config check FILE`: everything that is wrong, or what the file says. */
export async function checkConfig(
  file: string,
  options: CheckOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  const language = languageOf(io.env);
  const { setup } = words(language);
  const env = options.envFile === undefined ? io.env : withEnvFile(options.envFile, io.env);
  const text = await readConfigFile(file);
  const unset = options.env ? 'fault' : 'warning';
  const loaded = loadConfig(text, { env, detectorThresholds, unset });
  const found = loaded.ok ? loaded.config.warnings : loaded.faults;
  const faults = found.filter(({ level }) => level === 'fault').length;
  const code = faults === 0 ? exitCodes.done : exitCodes.refused;
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: faults === 0, faults: found }, null, 2)}\n`);
    return code;
  }
  for (const line of faultLines(file, found, language)) io.stderr.write(`${line}\n`);
  if (faults > 0) {
    io.stderr.write(`${setup.checkedFaults(faults, found.length - faults)}\n`);
    return code;
  }
  io.stdout.write(`${setup.checkedFine(file)}\n`);
  if (loaded.ok) io.stdout.write(`${setup.checkedSum(sumOf(loaded.config))}\n`);
  return code;
}

function sumOf({ settings }: Config) {
  return {
    ensembles: settings.ensembles.length,
    servers: settings.ensembles.reduce((sum, { servers }) => sum + servers.length, 0),
    people: settings.people.length,
    destinations: settings.destinations.length,
    routes: settings.routes.length,
  };
}

/** The environment with the lines of a file; what is set already wins. Throws `config-unreadable`. */
export function withEnvFile(file: string, env: CliIo['env']): CliIo['env'] {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...env };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NightkeeperError('config-unreadable', `cannot read ${file}: ${reason}`, {
      cause: error,
    });
  }
}
