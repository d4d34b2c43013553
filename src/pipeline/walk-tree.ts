import type { NodeStat, RoundState } from '../model/tree.ts';
import { ancestorsOf, childPath } from '../model/znode.ts';
import type { Clock } from '../ports/clock.ts';
import type { TreeReader } from '../ports/trees.ts';
import { tally, tallyList, tallyUnentered } from '../rules/crawl/tally.ts';
import type { Brake } from './brake.ts';

/** Lists of children longer than this are not asked for: an answer of half a megabyte is a burden to every server. */
export const childrenMax = 5000;

/** Requests on their way at a time. */
const togetherMax = 8;

/** How often a step may end at the same znode before its children are left out: a list nobody can read must not end every walk. */
const triesMax = 2;

/** Bytes of the answer to a stat. */
const statBytes = 88;

export interface WalkLimits {
  readonly nodes: number;
  readonly bytes: number;
  readonly depth: number;
  /** When the round is over, finished or not. */
  readonly roundUntilMs: number;
  /** When this step is over, to be gone on with later. */
  readonly stepUntilMs: number;
}

/** How a step ended: at the end of the tree, at a limit of the round, or in the middle. */
export type WalkEnd = 'done' | 'nodes' | 'bytes' | 'time' | 'later';

/** A step of a walk over a tree, in order: names before their children, and those alphabetically. */
export interface Walk {
  /** How far it came, also when `run` rejects. */
  round(): RoundState;
  run(): Promise<WalkEnd>;
}

interface Frame {
  readonly path: string;
  readonly stat: NodeStat;
  readonly names: readonly string[];
  next: number;
  /** Asked for ahead, by place. */
  readonly ahead: Map<number, NodeStat | undefined>;
}

export function createWalk(
  reader: TreeReader,
  from: RoundState,
  limits: WalkLimits,
  parts: { readonly clock: Clock; readonly brake: Brake },
): Walk {
  const walking: Walking = { ...parts, reader, limits, frames: [], round: from };
  return {
    round: () => walking.round,
    async run() {
      await begin(walking);
      for (;;) {
        const frame = walking.frames.at(-1);
        if (frame === undefined) return 'done';
        const name = frame.names[frame.next];
        if (name === undefined) {
          walking.frames.pop();
          continue;
        }
        const over = isOver(walking);
        if (over !== undefined) return over;
        await visit(walking, frame, childPath(frame.path, name));
      }
    },
  };
}

interface Walking {
  readonly reader: TreeReader;
  readonly limits: WalkLimits;
  readonly clock: Clock;
  readonly brake: Brake;
  /** The lists of children that are open, from the root down. */
  readonly frames: Frame[];
  round: RoundState;
}

/** Where the last step stood: the lists of all znodes above, and of the one it ended at. */
async function begin(walking: Walking): Promise<void> {
  const { cursor } = walking.round;
  if (cursor === undefined) {
    const root = await statOf(walking, '/');
    if (root === undefined) return;
    walking.round = tally(walking.round, { path: '/', stat: root });
    return await enter(walking, '/', root);
  }
  const names = cursor.split('/').slice(1);
  for (const [level, above] of ancestorsOf(cursor).entries()) {
    const found = await statOf(walking, above);
    if (found === undefined) return;
    await enter(walking, above, found, names[level]);
  }
  const last = await statOf(walking, cursor);
  if (last !== undefined) await enter(walking, cursor, last);
}

async function visit(walking: Walking, frame: Frame, path: string): Promise<void> {
  if (!frame.ahead.has(frame.next)) await lookAhead(walking, frame);
  const found = frame.ahead.get(frame.next);
  frame.ahead.delete(frame.next);
  frame.next += 1;
  if (found === undefined) return;
  walking.round = tally(walking.round, { path, stat: found, parent: frame });
  await enter(walking, path, found);
}

async function lookAhead(walking: Walking, frame: Frame): Promise<void> {
  const places = frame.names
    .slice(frame.next, frame.next + togetherMax)
    .map((_, offset) => frame.next + offset);
  await Promise.all(
    places.map(async (place) =>
      frame.ahead.set(
        place,
        await statOf(walking, childPath(frame.path, frame.names[place] ?? '')),
      ),
    ),
  );
}

/** Opens the list of the children, from behind a name; counts them only where it may not be opened. */
async function enter(
  walking: Walking,
  path: string,
  found: NodeStat,
  behind?: string,
): Promise<void> {
  if (found.children === 0) return;
  const isNew = behind === undefined;
  const { limits, round } = walking;
  const tries = round.stuck?.path === path ? round.stuck.times : 0;
  const isClosed = found.children > childrenMax || levelOf(path) >= limits.depth;
  const names =
    isClosed || (isNew && tries >= triesMax)
      ? undefined
      : await namesOf(walking, path, isNew ? tries + 1 : undefined);
  if (names === undefined) {
    if (isNew) walking.round = tallyUnentered(walking.round, path, found);
    return;
  }
  const sorted = names.toSorted();
  const left = isNew ? sorted : sorted.filter((name) => name > behind);
  walking.frames.push({ path, stat: found, names: left, next: 0, ahead: new Map() });
}

/** The names of the children; `times` how often they are asked for now, where it is the first list of a step. */
async function namesOf(
  walking: Walking,
  path: string,
  times: number | undefined,
): Promise<readonly string[] | undefined> {
  if (times !== undefined) walking.round = { ...walking.round, stuck: { path, times } };
  await walking.brake();
  const names = await walking.reader.children(path);
  const { stuck, ...rest } = walking.round;
  const listBytes = (names ?? []).reduce((sum, name) => sum + Buffer.byteLength(name) + 4, 0);
  const round: RoundState = {
    ...rest,
    ...(times !== undefined || stuck === undefined ? {} : { stuck }),
    requests: rest.requests + 1,
    readBytes: rest.readBytes + listBytes,
  };
  walking.round = names === undefined ? round : tallyList(round, path, listBytes);
  return names;
}

async function statOf(walking: Walking, path: string): Promise<NodeStat | undefined> {
  await walking.brake();
  const { round } = walking;
  const [requests, readBytes] = [round.requests + 1, round.readBytes + statBytes];
  walking.round = { ...round, requests, readBytes };
  return await walking.reader.stat(path);
}

function isOver({ round, limits, clock }: Walking): WalkEnd | undefined {
  if (round.znodes >= limits.nodes) return 'nodes';
  if (round.readBytes >= limits.bytes) return 'bytes';
  const nowMs = clock.now();
  if (nowMs >= limits.roundUntilMs) return 'time';
  return nowMs >= limits.stepUntilMs ? 'later' : undefined;
}

function levelOf(path: string): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}
