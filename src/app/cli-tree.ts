import { existsSync } from 'node:fs';
import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { BackupError, type PathList } from '../model/backup.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { isPath } from '../model/znode.ts';
import { type Words, words } from '../rules/card/words/words.ts';
import { loadFile } from './cli-config.ts';
import { type CliIo, type ExitCode, exitCodes, languageOf } from './cli-io.ts';
import { faultLines } from './fault-lines.ts';

/** What the commands about whole trees have in common. */
export interface TreeCliOptions {
  readonly config: string;
  readonly envFile?: string;
  readonly path?: string;
  readonly inFlight?: string;
  readonly wait?: string;
  readonly json?: boolean;
}

/** Znodes asked for at the same time, unless told otherwise: ZooKeeper lets 1000 requests wait in all. */
const inFlightDefault = 100;
const inFlightMost = 400;

/** How long a lost ZooKeeper is waited for: elections and restarts take less. */
const patienceSeconds = 120;

/** Progress where nobody watches it move. */
const quietEveryMs = 10_000;
const lineEveryMs = 200;

/** A wrong line: the words say what is wrong. */
export class Unusable extends Error {}

export function wordsFor(io: CliIo): Words {
  return words(languageOf(io.env));
}

/** The ensemble as the configuration has it. Throws `Unusable`. */
export async function ensembleFor(
  name: string,
  options: TreeCliOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<EnsembleSettings> {
  const { cli } = wordsFor(io).backup;
  if (!existsSync(options.config)) throw new Unusable(cli.noConfig(options.config));
  const { envFile } = options;
  // What chats need is of no concern here; a secret that is missing shows itself when it is used.
  const loaded = await loadFile(
    options.config,
    { envFile, detectorThresholds, unset: 'warning' },
    io,
  );
  if (!loaded.ok)
    throw new Unusable(faultLines(options.config, loaded.faults, languageOf(io.env)).join('\n'));
  const { ensembles } = loaded.config.settings;
  const found = ensembles.find(({ id }) => id === name);
  if (found !== undefined) return found;
  throw new Unusable(
    cli.unknown(
      name,
      ensembles.map(({ id }) => id),
    ),
  );
}

export function treeOptions(
  settings: EnsembleSettings,
  options: TreeCliOptions,
  io: CliIo,
  run: { readonly signal: AbortSignal; readonly say: (line: string) => void },
) {
  const { backup } = wordsFor(io);
  return {
    logins: settings.login === undefined ? [] : [settings.login],
    inFlight: Math.min(
      numberOf('in-flight', options.inFlight, io) ?? inFlightDefault,
      inFlightMost,
    ),
    patienceMs: (numberOf('wait', options.wait, io) ?? patienceSeconds) * 1000,
    onLost: (why: string) => run.say(backup.lost(why)),
    signal: run.signal,
  };
}

export function numberOf(option: string, text: string | undefined, io: CliIo): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/u.test(text))
    throw new Unusable(wordsFor(io).backup.cli.badNumber(option, text));
  return Number(text);
}

export function pathOf(text: string | undefined, io: CliIo): string | undefined {
  if (text !== undefined && !isPath(text))
    throw new Unusable(wordsFor(io).backup.cli.badPath(text));
  return text;
}

/** Runs it with an end by Ctrl-C, and says in words what went wrong. */
export async function runTree(
  io: CliIo,
  run: (parts: { signal: AbortSignal; progress: Progress }) => Promise<ExitCode>,
  onFailed: () => string | undefined,
): Promise<ExitCode> {
  const { backup } = wordsFor(io);
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const progress = createProgress(io);
  try {
    return await run({ signal: ending.signal, progress });
  } catch (error) {
    progress.end();
    if (error instanceof Unusable) {
      io.stderr.write(`${error.message}\n`);
      return exitCodes.unusable;
    }
    if (!(error instanceof NightkeeperError)) throw error;
    if (ending.signal.aborted) io.stderr.write(`${backup.stopped}\n`);
    else if (error instanceof BackupError) io.stderr.write(`${backup.trouble(error.trouble)}\n`);
    else if (error.code === 'zookeeper-disconnected')
      io.stderr.write(`${backup.gone(error.message)}\n`);
    else io.stderr.write(`${error.message}\n`);
    const more = onFailed();
    if (more !== undefined) io.stderr.write(`${more}\n`);
    return exitCodes.refused;
  } finally {
    progress.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** One line that is written over on a terminal; now and then a line elsewhere. */
export interface Progress {
  show(line: string): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

function createProgress(io: CliIo): Progress {
  const isTerminal = io.stderr.isTTY === true;
  let lastMs = performance.now();
  let shown = false;
  const wipe = (): void => {
    if (shown) io.stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    show(line) {
      const nowMs = performance.now();
      if (nowMs - lastMs < (isTerminal ? lineEveryMs : quietEveryMs)) return;
      lastMs = nowMs;
      wipe();
      io.stderr.write(isTerminal ? line : `${line}\n`);
      shown = isTerminal;
    },
    say(line) {
      wipe();
      io.stderr.write(`${line}\n`);
    },
    end: wipe,
  };
}

/** Paths under a heading, the first of them. */
export function pathLines({ count, first }: PathList, most: number, io: CliIo): readonly string[] {
  const named = first.slice(0, most).map((path) => `  ${plain(path)}`);
  const more = count - named.length;
  return more > 0 ? [...named, `  ${wordsFor(io).backup.morePaths(more)}`] : named;
}

/** Paths come from elsewhere: nothing of them may steer a terminal. */
function plain(path: string): string {
  return path.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�');
}

/** What is right under all circumstances: a rate of what was done since the beginning. */
export function perSecond(count: number, sinceMs: number): number {
  return Math.round((count * 1000) / Math.max(1, performance.now() - sinceMs));
}
