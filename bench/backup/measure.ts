import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ZnodeTree } from '../../src/ports/znode-tree.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../test/servers/zookeeper.ts';
import { createAll, holdEphemeral, openTree, someTree, sumOf } from '../../test/support/znodes.ts';
import { walkByCli } from './zkcli.ts';

/** What one run came to. */
export interface BackupFigures {
  readonly znodes: number;
  readonly dataBytes: number;
  readonly fileBytes: number;
  readonly backupMs: number;
  readonly backupPerSecond: number;
  /** Most memory of the process that made the backup, the whole of it. */
  readonly backupPeakBytes: number;
  readonly moved: number;
  /** Absent where nothing was restored. */
  readonly restored?: {
    readonly ms: number;
    readonly perSecond: number;
    readonly peakBytes: number;
    /** Paths, data and permissions byte for byte. */
    readonly equal: boolean;
  };
  /** What `zkCli.sh` takes to list the tree, and to print data and permissions of each znode. Absent where it was not asked. */
  readonly zkCli?: { readonly znodes: number; readonly ms: number; readonly perSecond: number };
}

export interface BackupBench {
  readonly znodes: number;
  readonly seed: number;
  /** Also wipes and restores. */
  readonly restore: boolean;
  /** Lets `zkCli.sh` walk the same tree, so long at most. */
  readonly zkCliMsMax?: number;
  readonly say: (line: string) => void;
}

/** Large trees need more than a test's server has. */
const heap = (znodes: number): readonly string[] => [`-Xmx${znodes > 200_000 ? 3000 : 700}m`];

const cli = fileURLToPath(new URL('../../src/app/cli.js', import.meta.url));

/** Fills a real ensemble of three, keeps its tree in a file, starts an empty one, restores, and compares. */
export async function measureBackup(bench: BackupBench): Promise<BackupFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'nightkeeper-bench-backup-'));
  const file = join(folder, 'orders.nkb');
  let ensemble = await begin(bench, folder);
  try {
    const tree = await openTree(ensemble.settings());
    const alive = await fill(tree, ensemble, bench);
    const before = await sumOf(tree);
    bench.say(`${before.znodes} znodes stand; backing up …`);
    const kept = await run(folder, ['backup', 'orders', '--out', file, '--json']);
    const figures = figuresOf(kept, file);
    const zkCli =
      bench.zkCliMsMax === undefined
        ? {}
        : { zkCli: await walkByCli(tree, ensemble.connect, bench.zkCliMsMax) };
    await alive.close();
    await tree.close();
    if (!bench.restore) return { ...figures, ...zkCli };
    bench.say('wiping …');
    await ensemble.close();
    ensemble = await begin(bench, folder);
    bench.say('restoring …');
    const done = await run(folder, ['restore', file, '--ensemble', 'orders', '--yes', '--json']);
    const again = await openTree(ensemble.settings());
    const after = await sumOf(again);
    await again.close();
    const equal = after.sum === before.sum && after.znodes === before.znodes;
    const perSecond = Math.round((after.znodes * 1000) / done.tookMs);
    const restored = { ms: done.tookMs, perSecond, peakBytes: done.peakBytes, equal };
    return { ...figures, ...zkCli, restored };
  } finally {
    await ensemble.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function begin({ znodes, say }: BackupBench, folder: string): Promise<ZooKeeperEnsemble> {
  say('starting three servers …');
  const ensemble = await startEnsemble({ servers: 3, jvmFlags: heap(znodes) });
  const servers = JSON.stringify(ensemble.connect.split(','));
  const config = `ensembles: { orders: { servers: ${servers}, discover: false } }\n`;
  writeFileSync(join(folder, 'nightkeeper.yaml'), config);
  return ensemble;
}

async function fill(
  tree: ZnodeTree,
  ensemble: ZooKeeperEnsemble,
  { znodes, seed, say }: BackupBench,
): Promise<{ close(): Promise<void> }> {
  say(`writing ${znodes} znodes …`);
  // Small values for the largest tree: it is the number of znodes that is looked at.
  await createAll(tree, someTree(znodes, seed, znodes > 200_000 ? 100 : 400), 400);
  return await holdEphemeral(ensemble.settings(), '/services/alive');
}

interface Run {
  readonly said: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
  readonly peakBytes: number;
}

/** Runs the command line as a person does, in a process of its own. */
async function run(folder: string, argv: readonly string[]): Promise<Run> {
  const startedMs = performance.now();
  const peak = join(folder, 'peak');
  const counting = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`;
  const preload = join(folder, 'peak.cjs');
  writeFileSync(preload, counting);
  const child = spawn(process.execPath, ['--require', preload, cli, ...argv], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`nightkeeper ${argv.join(' ')} ended with ${code}\n${out}`);
  const { readFileSync } = await import('node:fs');
  return {
    said: JSON.parse(out) as Run['said'],
    tookMs: Math.round(performance.now() - startedMs),
    peakBytes: Number(readFileSync(peak, 'utf8')) * 1024,
  };
}

function figuresOf({ said, peakBytes }: Run, file: string): BackupFigures {
  const { counts, moved, tookMs } = said as {
    readonly counts: { readonly znodes: number; readonly dataBytes: number };
    readonly moved: { readonly count: number };
    readonly tookMs: number;
  };
  return {
    znodes: counts.znodes,
    dataBytes: counts.dataBytes,
    fileBytes: statSync(file).size,
    backupMs: tookMs,
    backupPerSecond: Math.round((counts.znodes * 1000) / tookMs),
    backupPeakBytes: peakBytes,
    moved: moved.count,
  };
}
