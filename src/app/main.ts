import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { readConfigFile, watchConfig } from '../config/reload.ts';
import { NightkeeperError } from '../model/errors.ts';
import { startBot } from './bot.ts';
import { detectorThresholds } from './catalog.ts';
import { faultLines } from './fault-lines.ts';
import { createLog } from './log.ts';
import { version } from './version.ts';

/**
 * Runs the bot until it is told to stop (SIGTERM, SIGINT), and takes up changes of its configuration file.
 * Throws `config-invalid` with every fault, one a line.
 */
export async function main(options: { readonly configFile: string }): Promise<void> {
  const { configFile } = options;
  const load = { env: process.env, detectorThresholds };
  const text = await readConfigFile(configFile);
  const loaded = loadConfig(text, load);
  if (!loaded.ok) {
    throw new NightkeeperError('config-invalid', faultLines(configFile, loaded.faults).join('\n'));
  }
  // Asked for at each line, so that the secrets of a reloaded configuration are hidden too.
  let secrets = loaded.config.secrets;
  const log = createLog({ secrets: () => secrets });
  const warn = ({ warnings }: Config): void => {
    for (const line of faultLines(configFile, warnings))
      log.warn({ line }, 'configuration warning');
  };
  warn(loaded.config);
  const bot = await startBot({ config: loaded.config, log, version });
  // One after the other: two quick changes must not mix.
  let reloading: Promise<void> = Promise.resolve();
  const reload = await watchConfig(configFile, text, load, {
    onConfig: (config) => {
      secrets = [...secrets, ...config.secrets];
      warn(config);
      reloading = reloading
        .then(() => bot.reload(config))
        .catch((error: unknown) => log.error({ err: error }, 'reload failed'));
    },
    onFaults: (faults) => {
      const lines = faultLines(configFile, faults);
      log.error({ faults: lines }, 'configuration is broken, the earlier one stays in use');
      void bot
        .configBroken(configFile, lines)
        .catch((error: unknown) => log.error({ err: error }, 'card could not be made'));
    },
  });
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info({ signal }, 'stopping');
        resolve();
      });
    }
  });
  await reload.close();
  await reloading;
  await bot.close();
  log.info({}, 'stopped');
}
