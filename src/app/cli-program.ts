import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { slackManifest } from '../edges/slack/manifest.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Detector } from '../model/finding.ts';
import { words } from '../rules/card/words/words.ts';
import { runCommand } from './cli-command.ts';
import { checkConfig, configFileOf, defaultConfigFile, withEnvFile } from './cli-config.ts';
import { listDetectors } from './cli-detectors.ts';
import { addDoctor } from './cli-doctor.ts';
import { type CliIo, type ExitCode, exitCodes, languageOf } from './cli-io.ts';
import { addTreeCommands } from './cli-tree-program.ts';

export interface CliParts {
  readonly version: string;
  readonly detectorThresholds: DetectorThresholds;
  readonly detectors: readonly Detector[];
  /** Runs the bot until it is told to stop. */
  start(options: { readonly configFile: string }): Promise<void>;
}

/** Runs one command line (without node and script) and answers how it ended. */
export async function runCli(
  argv: readonly string[],
  io: CliIo,
  parts: CliParts,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = programOf(io, parts, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.unusable;
    if (!(error instanceof NightkeeperError)) throw error;
    io.stderr.write(`${error.message}\n`);
    return exitCodes.refused;
  }
}

function programOf(io: CliIo, parts: CliParts, end: (code: ExitCode) => void): Command {
  const { cli } = words(languageOf(io.env)).setup;
  const program = new Command('nightkeeper')
    .description(cli.about)
    .version(parts.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .helpCommand(false)
    .enablePositionalOptions()
    .passThroughOptions()
    .allowUnknownOption()
    .argument('[command...]', cli.command)
    .option('--json', cli.json)
    .addHelpText('after', `\n${cli.after}`)
    .action(async (typed: readonly string[], options: { readonly json?: boolean }) => {
      if (typed.length === 0) program.help({ error: true });
      // Options behind the command belong to the bot, but where this one stands is nobody's business.
      const rest = typed.filter((word) => word !== '--json');
      end(await runCommand(rest, io, options.json === true || rest.length < typed.length));
    });

  program
    .command('start')
    .description(cli.start)
    .option('-c, --config <file>', cli.configFile, configFileOf(io))
    .option('--env-file <file>', cli.envFile)
    .action(async (options: { readonly config: string; readonly envFile?: string }) => {
      if (options.envFile !== undefined)
        Object.assign(process.env, withEnvFile(options.envFile, process.env));
      await parts.start({ configFile: options.config });
    });

  program
    .command('slack')
    .description(cli.slackGroup)
    .command('manifest')
    .description(cli.slackManifest)
    .option('--command <name>', cli.slackCommand, '/zk')
    .option('--url <address>', cli.slackUrl)
    .action((options: { readonly command: string; readonly url?: string }) => {
      const command = `/${options.command.replace(/^\/+/u, '')}`;
      io.stdout.write(slackManifest({ command, url: options.url }));
    });

  program
    .command('config')
    .description(cli.configGroup)
    .command('check')
    .description(cli.configCheck)
    .argument('<file>', cli.configFile)
    .option('--env-file <file>', cli.envFile)
    .option('--no-env', cli.noEnv)
    .option('--json', cli.json)
    .action(
      async (
        file: string,
        options: { readonly envFile?: string; readonly env: boolean; readonly json?: boolean },
      ) => {
        const json = options.json === true;
        end(await checkConfig(file, { ...options, json }, io, parts.detectorThresholds));
      },
    );
  addDetectors(program, io, parts, end);
  addDoctor(program, io, parts, end);
  addTreeCommands(program, io, parts, end);
  return program;
}

/** `nightkeeper detectors`: read from the configuration, without a bot that runs. */
function addDetectors(
  program: Command,
  io: CliIo,
  parts: CliParts,
  end: (code: ExitCode) => void,
): void {
  const { cli } = words(languageOf(io.env)).setup;
  program
    .command('detectors')
    .description(cli.detectors)
    .option('-e, --ensemble <name>', cli.detectorsEnsemble)
    .option('-c, --config <file>', cli.configFile, io.env['NIGHTKEEPER_CONFIG'])
    .option('--json', cli.json)
    .action(
      async (options: {
        readonly ensemble?: string;
        readonly config?: string;
        readonly json?: boolean;
      }) => {
        const config =
          options.config ?? (existsSync(defaultConfigFile) ? defaultConfigFile : undefined);
        const { ensemble, json = false } = options;
        end(
          await listDetectors(
            {
              json,
              ...(ensemble !== undefined && { ensemble }),
              ...(config !== undefined && { config }),
            },
            io,
            parts.detectors,
          ),
        );
      },
    );
}
