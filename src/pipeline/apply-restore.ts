import { type BackupRecord, type PathList, pathCollector } from '../model/backup.ts';
import {
  aclVersionOf,
  comparePaths,
  isWithin,
  mzxidOf,
  parentOf,
  statBytes,
  versionOf,
  type Znode,
} from '../model/znode.ts';
import type { BackupWriter } from '../ports/backup-file.ts';
import type { WriteOutcome, ZnodeChange } from '../ports/znode-tree.ts';
import { differences, type RestorePlan, type RestoreScope } from './plan-restore.ts';

export interface RestoreChoice {
  /** Also what was changed since it was kept. */
  readonly overwriteNewer: boolean;
  /** Removes what the file does not have. */
  readonly deleteExtra: boolean;
}

export interface RestoreDone {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Left as it is: it is newer, and nobody said to overwrite it. */
  readonly keptNewer: number;
  /** ZooKeeper said no: path and its word. */
  readonly refused: PathList;
  /** Somebody else changed this meanwhile, so the rest was left as it is. */
  readonly stoppedAt: { readonly path: string; readonly reply: string } | undefined;
}

interface Step {
  readonly path: string;
  readonly change: ZnodeChange;
  readonly counts: 'added' | 'changed' | 'removed';
}

/** Words of ZooKeeper that mean that the znode is not as it was a moment ago. */
const conflicts: readonly string[] = ['BADVERSION', 'NODEEXISTS', 'NONODE'];

/**
 * Makes a tree as the file has it. What is replaced goes into the undo file first, and onto the disk. Every write names the version
 * it replaces, and the first that somebody else has overtaken ends the whole. After a lost connection it is compared again.
 */
export async function applyRestore(
  scope: RestoreScope,
  plan: Pick<RestorePlan, 'parents'>,
  choice: RestoreChoice,
  undo: BackupWriter,
  onProgress: (done: number) => void,
): Promise<RestoreDone> {
  return await new Restoring(scope, choice, undo, onProgress).run(plan.parents);
}

class Restoring {
  readonly #scope: RestoreScope;
  readonly #choice: RestoreChoice;
  readonly #undo: BackupWriter;
  readonly #onProgress: (done: number) => void;
  readonly #counts = { added: 0, changed: 0, removed: 0, keptNewer: 0 };
  readonly #refused = pathCollector();
  /** Extras whose children come first; the innermost last. */
  #doomed: Znode[] = [];
  /** Everything up to here is done. */
  #settled: string | undefined;
  /** What of the last batch is in the undo file, by the transaction it was at. */
  #undone = new Map<string, bigint>();
  #undoneTo: string | undefined;
  #stoppedAt: RestoreDone['stoppedAt'];
  #lost = false;

  constructor(
    scope: RestoreScope,
    choice: RestoreChoice,
    undo: BackupWriter,
    onProgress: (done: number) => void,
  ) {
    this.#scope = scope;
    this.#choice = choice;
    this.#undo = undo;
    this.#onProgress = onProgress;
  }

  async run(parents: readonly Znode[]): Promise<RestoreDone> {
    await this.#write(parents.map((znode) => addStep(znode)));
    do {
      // What waited for its children is seen once more.
      const [outermost] = this.#doomed;
      if (outermost !== undefined) this.#goBackTo(outermost.path);
      this.#doomed = [];
      this.#lost = false;
      await this.#scope.tree.sync();
      await this.#pass();
    } while (this.#lost && this.#stoppedAt === undefined);
    const { added, changed, removed, keptNewer } = this.#counts;
    const refused = this.#refused.list();
    return { added, changed, removed, keptNewer, refused, stoppedAt: this.#stoppedAt };
  }

  async #pass(): Promise<void> {
    for await (const batch of differences(this.#scope, this.#settled)) {
      const steps: Step[] = [];
      const undo: BackupRecord[] = [];
      for (const { path, difference } of batch) {
        steps.push(...this.#dropUntil(path));
        if (difference === undefined || difference.kind === 'leave') continue;
        if (difference.kind === 'add') {
          undo.push({ mark: 'absent', znode: nothingAt(path) });
          steps.push(addStep(difference.znode));
        } else if (difference.kind === 'extra') {
          if (!this.#choice.deleteExtra) continue;
          undo.push({ mark: 'kept', znode: difference.live });
          this.#doomed.push(difference.live);
        } else if (difference.newer && !this.#choice.overwriteNewer) this.#counts.keptNewer += 1;
        else {
          undo.push({ mark: 'kept', znode: difference.live });
          steps.push(...changeSteps(difference));
        }
      }
      await this.#keepUndo(undo);
      if (this.#stoppedAt === undefined) await this.#write(steps);
      if (this.#lost || this.#stoppedAt !== undefined) return;
      this.#settled = batch.at(-1)?.path ?? this.#settled;
      this.#report();
    }
    await this.#write(this.#dropUntil(undefined));
    this.#report();
  }

  #report(): void {
    const { added, changed, removed } = this.#counts;
    this.#onProgress(added + changed + removed);
  }

  /** Removes what is done with: the walk has left it, and so everything below it was seen. */
  #dropUntil(path: string | undefined): readonly Step[] {
    const steps: Step[] = [];
    for (;;) {
      const last = this.#doomed.at(-1);
      if (last === undefined || (path !== undefined && isWithin(path, last.path))) return steps;
      this.#doomed.pop();
      const { path: gone, stat } = last;
      const change = { kind: 'delete', path: gone, version: versionOf(stat) } as const;
      steps.push({ path: gone, change, counts: 'removed' });
    }
  }

  /** Onto the disk, before any of it is touched. What a lost connection makes us do twice is kept once. */
  async #keepUndo(records: readonly BackupRecord[]): Promise<void> {
    const fresh: BackupRecord[] = [];
    for (const record of records) {
      const { path, stat } = record.znode;
      if (this.#undoneTo === undefined || comparePaths(path, this.#undoneTo) > 0)
        fresh.push(record);
      else if (
        record.mark === 'kept' &&
        (this.#undone.get(path) ?? mzxidOf(stat)) !== mzxidOf(stat)
      )
        this.#stoppedAt ??= { path, reply: 'BADVERSION' };
    }
    if (fresh.length === 0) return;
    this.#undone = new Map(fresh.map(({ znode }) => [znode.path, mzxidOf(znode.stat)]));
    this.#undoneTo = fresh.at(-1)?.znode.path;
    for (const record of fresh) await this.#undo.add(record);
    await this.#undo.flush();
  }

  async #write(steps: readonly Step[]): Promise<void> {
    // In one go: a server takes the requests of one connection in their order, parents before children.
    const outcomes = await Promise.all(steps.map(({ change }) => this.#scope.tree.write(change)));
    for (const [index, step] of steps.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#judge(step, outcome);
    }
  }

  #judge({ path, change, counts }: Step, outcome: WriteOutcome): void {
    switch (outcome.kind) {
      case 'done':
        this.#counts[counts] += 1;
        return;
      case 'lost':
        this.#lost = true;
        if (change.kind === 'delete') this.#goBackTo(path);
        return;
      case 'refused': {
        const { reply } = outcome;
        // Where a parent could not be made, its children have no place.
        const isOrphan = reply === 'NONODE' && change.kind === 'create';
        if (!conflicts.includes(reply) || (isOrphan && this.#refused.list().count > 0))
          this.#refused.add(`${path} (${reply})`);
        else if (!this.#lost) this.#stoppedAt ??= { path, reply };
      }
    }
  }

  /** Whether it was removed is unknown, and a walk from behind it would not see it again. */
  #goBackTo(path: string): void {
    const before = parentOf(path);
    if (this.#settled !== undefined && comparePaths(before, this.#settled) < 0)
      this.#settled = before;
  }
}

function addStep(znode: Znode): Step {
  return { path: znode.path, change: { kind: 'create', znode }, counts: 'added' };
}

function changeSteps(difference: {
  readonly znode: Znode;
  readonly live: Znode;
  readonly data: boolean;
  readonly acl: boolean;
}): readonly Step[] {
  const { znode, live, data, acl } = difference;
  const { path } = znode;
  const steps: Step[] = [];
  if (data && znode.data !== undefined) {
    const change = { path, data: znode.data, version: versionOf(live.stat) };
    steps.push({ path, change: { kind: 'set-data', ...change }, counts: 'changed' });
  }
  if (acl && znode.acl !== undefined) {
    const change = { path, acl: znode.acl, version: aclVersionOf(live.stat) };
    steps.push({ path, change: { kind: 'set-acl', ...change }, counts: 'changed' });
  }
  return steps;
}

/** Says in an undo file that there was no such znode. */
function nothingAt(path: string): Znode {
  return { path, stat: Buffer.alloc(statBytes), acl: undefined, data: undefined, hidden: false };
}
