import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import type { Config } from '../config/config.ts';
import { type LoadOptions, type LoadResult, loadConfig } from '../config/load.ts';
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
  const { envFile } = options;
  const unset = options.env ? 'fault' : 'warning';
  const loaded = await loadFile(file, { envFile, detectorThresholds, unset }, io);
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

/** Read where no file is named. */
export const defaultConfigFile = 'nightkeeper.yaml';

/** The file of the configuration where none is named on the line. */
export function configFileOf({ env }: Pick<CliIo, 'env'>): string {
  return env['NIGHTKEEPER_CONFIG'] || defaultConfigFile;
}

/** Reads a configuration, with the variables of another file where one is named. Throws `config-unreadable`. */
export async function loadFile(
  file: string,
  { envFile, ...options }: Omit<LoadOptions, 'env'> & { readonly envFile?: string | undefined },
  io: CliIo,
): Promise<LoadResult> {
  const env = envFile === undefined ? io.env : withEnvFile(envFile, io.env);
  return loadConfig(await readConfigFile(file), { ...options, env });
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
