import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { watch } from 'chokidar';
import type { ConfigFault } from '../model/config-fault.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Config } from './config.ts';
import { type LoadOptions, loadConfig } from './load.ts';

/** How long a file must be quiet before it is read again: editors write in several steps. */
const quietMs = 200;

export interface ReloadHandlers {
  /** A sound configuration that differs from the text read before. */
  onConfig(config: Config): void;
  /** The file is broken or gone: the earlier configuration stays in use. */
  onFaults(faults: readonly ConfigFault[]): void;
}

export interface Reload {
  /** Reads the file now, changed or not: for SIGHUP and for tests. */
  now(): Promise<void>;
  close(): Promise<void>;
}

/** Reads the configuration file. Throws `config-unreadable`. */
export async function readConfigFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new NightkeeperError('config-unreadable', `cannot read ${file}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Watches the configuration file, and listens for SIGHUP. The folder is watched rather than the file, because editors and
 * Kubernetes replace files instead of writing into them.
 */
export async function watchConfig(
  file: string,
  text: string,
  options: LoadOptions,
  handlers: ReloadHandlers,
): Promise<Reload> {
  const path = resolve(file);
  let seen: string | undefined = text;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let reading: Promise<void> = Promise.resolve();

  async function read(always: boolean): Promise<void> {
    let next: string;
    try {
      next = await readConfigFile(path);
    } catch (error) {
      // The same text that comes back is news: people were told that it is gone.
      seen = undefined;
      if (!closed) handlers.onFaults([unreadable(error)]);
      return;
    }
    if (closed || (!always && next === seen)) return;
    seen = next;
    const loaded = loadConfig(next, options);
    if (loaded.ok) handlers.onConfig(loaded.config);
    else handlers.onFaults(loaded.faults);
  }
  /** One after the other, so that an older text never overtakes a newer one. */
  function queue(always: boolean): Promise<void> {
    reading = reading.then(() => read(always));
    return reading;
  }
  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void queue(false), quietMs);
  }
  function onHangUp(): void {
    void queue(true);
  }

  const watcher = watch(dirname(path), { depth: 0, ignoreInitial: true });
  watcher.on('all', soon);
  // Out of inotify watches, say: SIGHUP still works, and people are told.
  watcher.on('error', (error) => {
    handlers.onFaults([unreadable(error)]);
  });
  await new Promise<void>((done) => {
    watcher.once('ready', done);
  });
  process.on('SIGHUP', onHangUp);
  // Whatever changed between the first reading and now is not missed.
  soon();
  return {
    now: () => queue(true),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      process.off('SIGHUP', onHangUp);
      await watcher.close();
      await reading;
    },
  };
}

function unreadable(error: unknown): ConfigFault {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    level: 'fault',
    line: 1,
    column: 1,
    path: '',
    what: { kind: 'unreadable', reason },
  };
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return reasons[code] ?? code;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
