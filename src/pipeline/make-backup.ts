import {
  type BackupCounts,
  type BackupRecord,
  type BackupSummary,
  type PathList,
  pathCollector,
} from '../model/backup.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import {
  aclVersionOf,
  ancestorsOf,
  comparePaths,
  czxidOf,
  isEphemeral,
  isWithin,
  mzxidOf,
  pzxidOf,
  type Znode,
} from '../model/znode.ts';
import type { BackupFiles, BackupWriter } from '../ports/backup-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { TreeOptions, ZnodeTree, ZnodeTrees } from '../ports/znode-tree.ts';
import { type Brake, createBrake } from './brake.ts';
import { filterRecords } from './filter-records.ts';
import { joinTrees, type Pair } from './join-trees.ts';

export interface BackupRequest {
  readonly settings: EnsembleSettings;
  readonly root: string;
  readonly file: string;
  /** Throws away what an earlier attempt left. */
  readonly fresh: boolean;
  readonly tree: TreeOptions;
  /** Znodes read in a second, at most; as fast as it goes when absent. */
  readonly perSecondMax?: number;
}

export interface BackupParts {
  readonly trees: ZnodeTrees;
  readonly files: BackupFiles;
  readonly clock: Clock;
}

/** How far it is: `look` is the first walk, which keeps everything; `check` the second, which finds what moved meanwhile. */
export interface BackupProgress {
  readonly phase: 'look' | 'check';
  readonly znodes: number;
  readonly dataBytes: number;
  readonly fileBytes: number;
  /** Znodes read from ZooKeeper so far, in both walks. */
  readonly read: number;
}

export interface BackupDone {
  readonly summary: BackupSummary;
  readonly bytes: number;
  readonly sha256: string;
  /** Znodes that an earlier attempt had kept already. */
  readonly resumedAt: number;
}

/** Znodes that are read again at the same time. */
const rereadMax = 64;

/** Paths that went under our eyes, remembered until the walk has passed them. */
const goneMax = 1000;

/**
 * Keeps a tree in a file, as it was at one moment. The tree is walked twice: everything read in the first walk whose stat is still
 * the same in the second has not changed in between, and so was like that at the moment between the two. What has changed is read
 * again; what changed after that moment is named. What cannot go on leaves its file for another attempt.
 */
export async function makeBackup(
  request: BackupRequest,
  parts: BackupParts,
  onProgress: (progress: BackupProgress) => void,
  onResumed: (znodes: number) => void = () => undefined,
): Promise<BackupDone> {
  const { settings, root, file, fresh } = request;
  const tree = await parts.trees.open(settings, request.tree);
  let writer: BackupWriter | undefined;
  try {
    const startedMs = parts.clock.now();
    const header = { kind: 'backup', ensemble: settings.id, root, startedMs } as const;
    writer = await parts.files.write(file, header, { fresh });
    const work: Work = {
      tree,
      writer,
      root,
      onProgress: counted(onProgress),
      brake: brakeOf(request, parts.clock),
    };
    if (writer.resumed !== undefined) onResumed(writer.resumed.counts.znodes);
    if (writer.resumed?.isWalked !== true) await look(work);
    const found = await check(work);
    const summary = { ...found, endedMs: parts.clock.now() };
    const { bytes, sha256 } = await writer.finish(summary);
    return { summary, bytes, sha256, resumedAt: writer.resumed?.counts.znodes ?? 0 };
  } catch (error) {
    await writer?.abandon();
    throw error;
  } finally {
    await tree.close();
  }
}

interface Work {
  readonly tree: ZnodeTree;
  readonly writer: BackupWriter;
  readonly root: string;
  readonly brake: Brake;
  readonly onProgress: (progress: Omit<BackupProgress, 'read'>, more: number) => void;
}

/** Znodes come in batches, and how long one of them took to read is no pause. */
const creditMs = 1000;

function brakeOf({ perSecondMax, tree: { signal } }: BackupRequest, clock: Clock): Brake {
  if (perSecondMax === undefined) return () => Promise.resolve();
  return createBrake(clock, perSecondMax, { creditMs, signal });
}

function counted(onProgress: (progress: BackupProgress) => void): Work['onProgress'] {
  let read = 0;
  return (progress, more) => {
    read += more;
    onProgress({ ...progress, read });
  };
}

/** Keeps everything, from where an earlier attempt ended. */
async function look({ tree, writer, root, brake, onProgress }: Work): Promise<void> {
  const { after, counts } = writer.resumed ?? {};
  let [znodes, dataBytes] = [counts?.znodes ?? 0, counts?.dataBytes ?? 0];
  await tree.sync();
  if (after === undefined) await keepAncestors(tree, writer, root);
  const isBehind = after !== undefined && isWithin(after, root);
  const walk = tree.walk({ root, ...(isBehind ? { after } : {}) });
  for (;;) {
    const batch = await walk.next();
    if (batch.length === 0) break;
    for (const znode of batch) {
      await writer.add({ mark: 'kept', znode });
      dataBytes += znode.data?.length ?? 0;
    }
    znodes += batch.length;
    const fileBytes = writer.bytes();
    onProgress({ phase: 'look', znodes, dataBytes, fileBytes }, batch.length);
    await brake(batch.length);
  }
  await writer.walked();
}

/** So that a missing parent can be made again with the permissions it had. */
async function keepAncestors(tree: ZnodeTree, writer: BackupWriter, root: string): Promise<void> {
  for (const path of ancestorsOf(root)) {
    const znode = await tree.read(path);
    if (znode !== undefined) await writer.add({ mark: 'ancestor', znode });
  }
}

/** What the summary says, but for its time. */
type Found = Omit<BackupSummary, 'endedMs'>;

async function check(work: Work): Promise<Found> {
  const { tree, writer, root, brake, onProgress } = work;
  const moment = await tree.sync();
  const gone = new Set<string>();
  const walk = tree.walk({ root, statOnly: true, onGone: (path) => void gone.add(path) });
  const settle = createSettling(work, moment, gone);
  // The records of the tree itself.
  const kept = filterRecords(await writer.soFar(), ({ mark }) => mark === 'kept');
  for await (const pairs of joinTrees(kept, walk)) {
    for (const pair of pairs) await settle.pair(pair);
    const sofar = { phase: 'check', ...settle.sofar(), fileBytes: writer.bytes() } as const;
    onProgress(sofar, pairs.length);
    await brake(pairs.length);
  }
  await settle.rest();
  return { ...settle.found(), zxid: `0x${moment.toString(16)}` };
}

/** Takes what both walks saw of each path, reads again what differs, and counts what the file holds in the end. */
function createSettling({ tree, writer }: Work, moment: bigint, gone: Set<string>) {
  const counts = { znodes: 0, dataBytes: 0, ephemerals: 0 };
  const moved = pathCollector();
  const denied = pathCollector();
  const parents: Znode[] = [];
  let open: Pair[] = [];

  function count({ path, stat, data, acl, hidden }: Znode): void {
    counts.znodes += 1;
    counts.dataBytes += data?.length ?? 0;
    if (isEphemeral(stat)) counts.ephemerals += 1;
    if (data === undefined || acl === undefined || hidden) denied.add(path);
  }

  /** Whether the children of the nearest living parent changed after the moment. */
  function hasLateParent(path: string): boolean {
    for (;;) {
      const parent = parents.at(-1);
      if (parent === undefined) return true;
      if (isWithin(path, parent.path)) return pzxidOf(parent.stat) > moment;
      parents.pop();
    }
  }

  async function reread(): Promise<void> {
    const batch = open;
    open = [];
    const fresh = await Promise.all(batch.map(({ path }) => tree.read(path)));
    for (const [index, { path, kept, live }] of batch.entries()) {
      const znode = fresh[index];
      if (znode === undefined || isLate(znode, kept, moment) || live === undefined) moved.add(path);
      if (znode !== undefined) {
        count(znode);
        await writer.add({ mark: 'kept', znode });
      } else if (kept !== undefined) await writer.add({ ...kept, mark: 'absent' });
    }
  }

  return {
    async pair(pair: Pair): Promise<void> {
      const { path, kept, live } = pair;
      // What went that was never kept is of no use once it is passed.
      if (gone.size > goneMax)
        for (const each of gone) if (comparePaths(each, path) < 0) gone.delete(each);
      if (live !== undefined) {
        while (parents.length > 0 && !isWithin(path, parents.at(-1)?.path ?? '')) parents.pop();
        parents.push(live);
      }
      if (kept !== undefined && live?.stat.equals(kept.znode.stat) === true)
        return count(kept.znode);
      if (live === undefined && kept !== undefined && !gone.delete(path) && !hasLateParent(path)) {
        await reread();
        return await writer.add({ ...kept, mark: 'absent' });
      }
      open.push(pair);
      if (open.length >= rereadMax) await reread();
    },
    rest: reread,
    sofar: () => ({ znodes: counts.znodes, dataBytes: counts.dataBytes }),
    found: (): { counts: BackupCounts; moved: PathList; denied: PathList } => ({
      counts,
      moved: moved.list(),
      denied: denied.list(),
    }),
  };
}

/** Changed after the moment, or in a way that leaves no transaction behind: new permissions. */
function isLate(znode: Znode, kept: BackupRecord | undefined, moment: bigint): boolean {
  const { stat } = znode;
  if ([czxidOf(stat), mzxidOf(stat), pzxidOf(stat)].some((zxid) => zxid > moment)) return true;
  return kept !== undefined && aclVersionOf(stat) !== aclVersionOf(kept.znode.stat);
}
