import type { Command } from 'commander';
import { type BackupCliOptions, backupToFile } from './cli-backup.ts';
import { runCommand } from './cli-command.ts';
import { configFileOf } from './cli-config.ts';
import type { CliIo, ExitCode } from './cli-io.ts';
import type { CliParts } from './cli-program.ts';
import { restoreFromFile } from './cli-restore.ts';
import { restoreSnapshot, type SnapshotRestoreOptions } from './cli-restore-snapshot.ts';
import { snapshotToFile } from './cli-snapshot.ts';
import { wordsFor } from './cli-tree.ts';

type Given = Omit<BackupCliOptions, 'out'> & {
  readonly out?: string;
  readonly snapshot?: boolean;
  readonly server?: string;
};

/** `nightkeeper backup` and `nightkeeper restore`: they read and write ZooKeeper themselves, without a bot that runs. */
export function addTreeCommands(
  program: Command,
  io: CliIo,
  parts: CliParts,
  end: (code: ExitCode) => void,
): void {
  const { backup, setup } = wordsFor(io);
  const { cli } = backup;
  const common = (command: Command): Command =>
    command
      .option('--path <path>', cli.path)
      .option('--in-flight <count>', cli.inFlight)
      .option('--wait <seconds>', cli.patience)
      .option('-c, --config <file>', setup.cli.configFile, configFileOf(io))
      .option('--env-file <file>', setup.cli.envFile)
      .option('--json', setup.cli.json);
  common(
    program
      .command('backup')
      .description(cli.backup)
      .argument('[ensemble]', cli.ensemble)
      .option('--out <file>', cli.out)
      .option('--snapshot', backup.snapshot.option)
      .option('--server <name>', backup.snapshot.server)
      .option('--fresh', cli.fresh)
      .option('--rate <count>', cli.rate),
  ).action(async (ensemble: string | undefined, given: Given) => {
    const { out } = given;
    if (ensemble !== undefined && out !== undefined) {
      const keep = given.snapshot === true ? snapshotToFile : backupToFile;
      end(await keep(ensemble, { ...given, out }, io, parts.detectorThresholds));
      return;
    }
    // Without a file it is the bot's business.
    const typed = ['backup', ...(ensemble === undefined ? [] : [ensemble])];
    end(await runCommand(typed, io, given.json === true));
  });
  common(
    program
      .command('restore')
      .description(cli.restore)
      .argument('<file>', cli.file)
      .requiredOption('-e, --ensemble <name>', cli.restoreEnsemble)
      .option('--diff-only', cli.diffOnly)
      .option('--dry-run', cli.dryRun)
      .option('--overwrite-newer', cli.overwriteNewer)
      .option('--delete-extra', cli.deleteExtra)
      .option('--from-other-ensemble', cli.otherEnsemble)
      .option('--undo <file>', cli.undo)
      .option('--show <count>', cli.show)
      .option('--snapshot', backup.restoreSnapshot.option)
      .option('--sha256 <sum>', backup.restoreSnapshot.sha256)
      .option('--despite-clients', backup.restoreSnapshot.despiteClients)
      .option('--despite-files', backup.restoreSnapshot.despiteFiles)
      .option('--yes', cli.yes),
  ).action(
    async (file: string, given: SnapshotRestoreOptions & { readonly snapshot?: boolean }) => {
      const restore = given.snapshot === true ? restoreSnapshot : restoreFromFile;
      end(await restore(file, given, io, parts.detectorThresholds));
    },
  );
}
