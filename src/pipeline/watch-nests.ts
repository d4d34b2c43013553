import type { CrawlState, Nest } from '../model/tree.ts';
import { childPath } from '../model/znode.ts';
import type { TreeReader } from '../ports/trees.ts';
import {
  isLater,
  mayComeBack,
  rememberCreations,
  type SeenCreation,
} from '../rules/crawl/recreated.ts';
import type { Brake } from './brake.ts';

/** Requests on their way at a time. */
const togetherMax = 8;

/** What a step may cost; the nests that are left have their turn first in the next one. */
export interface NestLimits {
  readonly brake: Brake;
  readonly now: () => number;
  readonly untilMs: number;
  /** Children of one nest that are looked at; those of a larger one are not. */
  readonly childrenMax: number;
}

/**
 * Looks which ephemeral znodes were created since the last look. A parent whose children did not change costs one small request; of
 * the others the children are looked at, those that ZooKeeper numbers left out.
 */
export async function watchNests(
  reader: TreeReader,
  state: CrawlState,
  { brake, now, untilMs, childrenMax }: NestLimits,
): Promise<CrawlState> {
  const nests = [...state.nests];
  const seen: SeenCreation[] = [];
  let looked = 0;
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    await brake();
    return await question();
  };
  while (looked < nests.length && now() < untilMs) {
    const place = (state.turn + looked) % nests.length;
    const nest = nests[place];
    looked += 1;
    if (nest === undefined) continue;
    const stat = await ask(() => reader.stat(nest.path));
    // It may come back with its children; the next round forgets it otherwise.
    if (stat === undefined || stat.childrenZxid === nest.zxid) continue;
    if (stat.children > 0 && stat.children <= childrenMax)
      seen.push(...(await newIn(reader, nest, ask)));
    nests[place] = { ...nest, zxid: stat.childrenZxid };
  }
  const turn = nests.length === 0 ? 0 : (state.turn + looked) % nests.length;
  return { ...state, nests, turn, creations: rememberCreations(state.creations, seen, now()) };
}

async function newIn(
  reader: TreeReader,
  nest: Nest,
  ask: <T>(question: () => Promise<T>) => Promise<T>,
): Promise<readonly SeenCreation[]> {
  const names = (await ask(() => reader.children(nest.path))) ?? [];
  const paths = names.filter(mayComeBack).map((name) => childPath(nest.path, name));
  const seen: SeenCreation[] = [];
  for (let at = 0; at < paths.length; at += togetherMax) {
    const some = paths.slice(at, at + togetherMax);
    const stats = await Promise.all(some.map((path) => ask(() => reader.stat(path))));
    for (const [index, found] of stats.entries()) {
      const path = some[index];
      if (path === undefined || found?.owner === undefined) continue;
      if (!isLater(found.createdZxid, nest.zxid)) continue;
      seen.push({ path, zxid: found.createdZxid, owner: found.owner });
    }
  }
  return seen;
}
