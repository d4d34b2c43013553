import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import type { Config } from '../config/config.ts';
import { type Diagnosis, type Part, parts } from '../model/diagnosis.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Reply } from '../model/reply.ts';
import { doctorBlocks, doctorData } from '../rules/card/doctor-card.ts';
import { words } from '../rules/card/words/words.ts';
import { askBot, Unanswered } from './cli-command.ts';
import { configFileOf, loadFile } from './cli-config.ts';
import { type CliIo, type ExitCode, exitCodes, languageOf, paintFor } from './cli-io.ts';
import type { CliParts } from './cli-program.ts';
import { replyText } from './cli-text.ts';
import { createDoctorAlone } from './doctor-alone.ts';
import { faultLines } from './fault-lines.ts';

/** How long presses are waited for where nobody says. */
const waitDefault = '2m';

/** How often it is asked whether somebody has pressed. */
const askEveryMs = 1000;

interface DoctorOptions {
  readonly config?: string;
  readonly envFile?: string;
  readonly click?: boolean;
  readonly wait: string;
  readonly sendTo?: string;
  readonly json?: boolean;
}

/** `nightkeeper doctor`: asks the bot, or examines from the configuration where none runs. */
export function addDoctor(
  program: Command,
  io: CliIo,
  { detectorThresholds }: Pick<CliParts, 'detectorThresholds'>,
  end: (code: ExitCode) => void,
): void {
  const { doctor, setup } = words(languageOf(io.env));
  const { cli } = doctor;
  program
    .command('doctor')
    .description(cli.about)
    .argument('[what]', cli.what)
    .option('-c, --config <file>', cli.config)
    .option('--env-file <file>', setup.cli.envFile)
    .option('--click', cli.click)
    .option('--wait <time>', cli.wait, waitDefault)
    .option('--send-to <address>', cli.sendTo)
    .option('--json', setup.cli.json)
    .addHelpText('after', `\n${cli.after}`)
    .action(async (what: string | undefined, options: DoctorOptions) => {
      try {
        end(await examine(what, options, io, detectorThresholds));
      } catch (error) {
        if (!(error instanceof Unanswered) && !(error instanceof NightkeeperError)) throw error;
        io.stderr.write(`${error.message}\n`);
        end(exitCodes.unusable);
      }
    });
}

async function examine(
  what: string | undefined,
  options: DoctorOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  const json = options.json === true;
  if (options.click === true) return await click(what, waitOf(options.wait, io), json, io);
  if (options.config !== undefined)
    return await alone(what, options.config, options, io, detectorThresholds);
  try {
    const mailed =
      options.sendTo === undefined
        ? undefined
        : await askBot(invocation([], { 'send-to': options.sendTo }), io);
    const reply = await askBot(invocation([what ?? 'all']), io);
    return show(mailed === undefined ? reply : both(mailed, reply), json, io);
  } catch (error) {
    const file = configFileOf(io);
    const isGone = error instanceof Unanswered && error.isAbsent;
    if (!isGone || !existsSync(file)) throw error;
    io.stderr.write(`${words(languageOf(io.env)).doctor.cli.from(file)}\n`);
    return await alone(what, file, options, io, detectorThresholds);
  }
}

/** Without a bot, from the configuration. */
async function alone(
  what: string | undefined,
  file: string,
  options: DoctorOptions,
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  const language = languageOf(io.env);
  const loaded = await loadFile(file, { envFile: options.envFile, detectorThresholds }, io);
  if (!loaded.ok) {
    for (const line of faultLines(file, loaded.faults, language)) io.stderr.write(`${line}\n`);
    return exitCodes.unusable;
  }
  const { config } = loaded;
  const part = parts.find((each) => each === what);
  const ensemble = ensembleIn(config, what, part, io);
  const doctor = createDoctorAlone(config);
  try {
    const mailed =
      options.sendTo === undefined ? [] : [await doctor.testMail(options.sendTo, language)];
    const all = [...mailed, ...(await doctor.examine(ensemble))];
    const found = all.filter((each) => part === undefined || each.part === part);
    return show(replyOf(found, config, language), options.json === true, io);
  } finally {
    await doctor.close();
  }
}

function ensembleIn(
  { settings }: Config,
  what: string | undefined,
  part: Part | undefined,
  io: CliIo,
): string | undefined {
  if (what === undefined || what === 'all' || part !== undefined) return undefined;
  const known = settings.ensembles.map(({ id }) => id);
  if (known.includes(what)) return what;
  throw new Unanswered(
    words(languageOf(io.env)).setup.detectors.unknownEnsemble(what, [...known, ...parts]),
  );
}

function replyOf(
  found: readonly Diagnosis[],
  { settings }: Config,
  language: ReturnType<typeof languageOf>,
): Reply {
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: doctorBlocks(found, { language, settings }, true),
    data: doctorData(found, language),
  };
}

function both(first: Reply, second: Reply): Reply {
  return {
    ...second,
    outcome: first.outcome === 'done' ? second.outcome : first.outcome,
    blocks: [...first.blocks, ...second.blocks],
    data: { results: [...resultsIn(first), ...resultsIn(second)] },
  };
}

function show(reply: Reply, json: boolean, io: CliIo): ExitCode {
  if (json) io.stdout.write(`${JSON.stringify(reply.data ?? { results: [] }, null, 2)}\n`);
  if (!json || reply.outcome !== 'done') {
    const out = reply.outcome === 'done' ? io.stdout : io.stderr;
    out.write(`${replyText(reply, paintFor(io))}\n`);
  }
  if (reply.outcome !== 'done') return exitCodes.unusable;
  return resultsIn(reply).some(({ outcome }) => outcome === 'wrong')
    ? exitCodes.refused
    : exitCodes.done;
}

interface Result {
  readonly about: string;
  readonly code: string;
  readonly outcome: string;
}

function resultsIn({ data }: Reply): readonly Result[] {
  const results = data?.['results'];
  return Array.isArray(results) ? (results as Result[]) : [];
}

/** Posts the cards and waits, telling each press as it comes. */
async function click(
  destination: string | undefined,
  waitMs: number,
  json: boolean,
  io: CliIo,
): Promise<ExitCode> {
  const { cli } = words(languageOf(io.env)).doctor;
  const posted = await askBot(
    invocation(['click', ...(destination === undefined ? [] : [destination])]),
    io,
  );
  const round = posted.data?.['round'];
  if (posted.outcome !== 'done' || typeof round !== 'string') return show(posted, json, io);
  const failed = resultsIn(posted).filter(({ code }) => code === 'click-not-posted');
  if (!json)
    for (const { about, code } of resultsIn(posted))
      if (code === 'click-posted') io.stdout.write(`${cli.waiting(about)}\n`);
  const endMs = performance.now() + waitMs;
  for (;;) {
    const reply = await askBot(invocation(['clicks', round]), io);
    const isWaiting = resultsIn(reply).some(({ code }) => code === 'click-posted');
    if (!isWaiting || performance.now() >= endMs) {
      const failures: Reply = {
        ...posted,
        blocks: posted.blocks.filter(
          (_, index) => resultsIn(posted)[index]?.code === 'click-not-posted',
        ),
        data: { results: failed },
      };
      const code = show(failed.length === 0 ? reply : both(failures, reply), json, io);
      return isWaiting && code === exitCodes.done ? exitCodes.refused : code;
    }
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}

function waitOf(text: string, io: CliIo): number {
  const match = /^(\d{1,4})(s|m)?$/u.exec(text);
  if (match === null) throw new Unanswered(words(languageOf(io.env)).doctor.cli.badWait(text));
  return Number(match[1]) * (match[2] === 'm' ? 60_000 : 1000);
}

function invocation(args: readonly string[], options: Readonly<Record<string, string>> = {}) {
  return { command: 'doctor', args, options };
}
