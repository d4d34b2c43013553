import { childPath, comparePaths, isNeverKept, isWithin, type Znode } from '../../model/znode.ts';
import type { TreeWalk, WalkOptions } from '../../ports/znode-tree.ts';

/** One znode as the walk reads it: itself, and the sorted names of its children. */
export interface Found {
  readonly znode: Znode;
  readonly names: readonly string[];
}

/** What a walk needs: undefined where the znode is gone. */
export type ReadZnode = (path: string, statOnly: boolean) => Promise<Found | undefined>;

/** Children of one znode that are read ahead. */
const aheadOfLevel = 128;

/** Znodes that are read ahead in all: what waits is in memory. */
const aheadMax = 1024;

/** Bytes of data that are read ahead, before only the very next znode is read. */
const aheadBytesMax = 32 * 1024 * 1024;

/** Znodes that are handed on at once. */
const batchMax = 256;

/** After so many znodes were handed on, others are asked for. */
const refillEvery = 32;

interface Entry {
  readonly path: string;
  ready: Promise<void>;
  state: 'asked' | 'gone' | 'found' | 'failed';
  found: Found | undefined;
  error: unknown;
  /** Its children, when it has any. */
  level: Level | undefined;
  bytes: number;
}

interface Level {
  readonly path: string;
  readonly names: readonly string[];
  /** Of the next name to ask for. */
  next: number;
  /** Asked for and not handed on, in order. */
  readonly queue: Entry[];
}

/**
 * Walks depth first, in order, with many questions in flight: the next siblings are read ahead, and the children of those that
 * came. In memory are the names of the siblings on the way down, and at most `aheadMax` znodes.
 */
export function startWalk(read: ReadZnode, options: WalkOptions, inFlight: number): TreeWalk {
  return new OrderedWalk(read, options, inFlight);
}

class OrderedWalk implements TreeWalk {
  readonly #read: ReadZnode;
  readonly #statOnly: boolean;
  readonly #inFlightMax: number;
  readonly #onGone: WalkOptions['onGone'];
  readonly #root: string;
  #after: string | undefined;
  readonly #stack: Level[] = [];
  #first: Entry | undefined;
  #inFlight = 0;
  #held = 0;
  #heldBytes = 0;
  #sinceRefill = 0;

  constructor(read: ReadZnode, options: WalkOptions, inFlight: number) {
    this.#read = read;
    this.#statOnly = options.statOnly ?? false;
    this.#inFlightMax = inFlight;
    this.#onGone = options.onGone;
    this.#root = options.root;
    this.#after = options.after;
    this.#first = this.#ask(options.root);
  }

  async next(): Promise<readonly Znode[]> {
    const batch: Znode[] = [];
    while (batch.length < batchMax) {
      const entry = this.#head();
      if (entry === undefined) break;
      if (entry.state === 'asked') {
        if (this.#inFlight < this.#inFlightMax / 2) this.#refill();
        if (batch.length > 0) break;
        await entry.ready;
      }
      if (entry.state === 'failed') throw entry.error;
      this.#take(entry, batch);
    }
    return batch;
  }

  /** The next znode in order; levels that are done are left. */
  #head(): Entry | undefined {
    if (this.#first !== undefined) return this.#first;
    for (;;) {
      const level = this.#stack.at(-1);
      if (level === undefined) return undefined;
      if (level.queue[0] !== undefined) return level.queue[0];
      if (level.next >= level.names.length) this.#stack.pop();
      else this.#refill();
    }
  }

  #take(entry: Entry, batch: Znode[]): void {
    if (entry === this.#first) this.#first = undefined;
    else this.#stack.at(-1)?.queue.shift();
    this.#held -= 1;
    this.#heldBytes -= entry.bytes;
    if (entry.level !== undefined) this.#stack.push(entry.level);
    if (entry.found === undefined) this.#onGone?.(entry.path);
    else if (this.#isNew(entry.path)) batch.push(entry.found.znode);
    this.#sinceRefill += 1;
    if (this.#sinceRefill >= refillEvery) this.#refill();
  }

  #isNew(path: string): boolean {
    if (this.#after === undefined) return true;
    if (comparePaths(path, this.#after) <= 0) return false;
    this.#after = undefined;
    return true;
  }

  /** Asks for what comes next, the nearest first. The level that is being handed on always gets its share. */
  #refill(): void {
    this.#sinceRefill = 0;
    for (let at = this.#stack.length - 1; at >= 0; at -= 1) {
      const level = this.#stack[at];
      if (level === undefined || this.#isFull()) break;
      this.#expand(level, at === this.#stack.length - 1);
    }
    // Whatever the bounds say, the next one is needed.
    const top = this.#stack.at(-1);
    if (top !== undefined && top.queue.length === 0) this.#askNext(top);
  }

  #expand(level: Level, isNearest: boolean): void {
    for (const { level: below } of level.queue) {
      if (this.#isFull()) return;
      if (below !== undefined) this.#expand(below, false);
    }
    while (
      level.next < level.names.length &&
      level.queue.length < aheadOfLevel &&
      !this.#isFull() &&
      (isNearest || this.#held < aheadMax)
    )
      this.#askNext(level);
  }

  #isFull(): boolean {
    return this.#inFlight >= this.#inFlightMax || this.#heldBytes >= aheadBytesMax;
  }

  #askNext(level: Level): void {
    const name = level.names[level.next];
    level.next += 1;
    if (name === undefined) return;
    const path = childPath(level.path, name);
    if (!this.#isLeftOut(path)) level.queue.push(this.#ask(path));
  }

  /** ZooKeeper's own and the bot's, unless they are what was asked for; and what lies before the place to begin at. */
  #isLeftOut(path: string): boolean {
    if (isNeverKept(path) && !isNeverKept(this.#root)) return true;
    const after = this.#after;
    return after !== undefined && comparePaths(path, after) < 0 && !isWithin(after, path);
  }

  #ask(path: string): Entry {
    const entry: Entry = {
      path,
      ready: Promise.resolve(),
      state: 'asked',
      found: undefined,
      error: undefined,
      level: undefined,
      bytes: 0,
    };
    this.#inFlight += 1;
    this.#held += 1;
    entry.ready = this.#read(path, this.#statOnly).then(
      (found) => this.#came(entry, found),
      (error: unknown) => {
        this.#inFlight -= 1;
        entry.state = 'failed';
        entry.error = error;
      },
    );
    return entry;
  }

  #came(entry: Entry, found: Found | undefined): void {
    this.#inFlight -= 1;
    entry.state = found === undefined ? 'gone' : 'found';
    if (found === undefined) return;
    entry.found = found;
    entry.bytes = found.znode.data?.length ?? 0;
    this.#heldBytes += entry.bytes;
    if (found.names.length > 0)
      entry.level = { path: entry.path, names: found.names, next: 0, queue: [] };
  }
}
