import type { Ensemble, Server } from '../model/ensemble.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { Sample } from '../model/sample.ts';
import type { CrawlSettings, EnsembleSettings } from '../model/settings.ts';
import {
  blankCrawl,
  blankTree,
  type CrawlState,
  type Creation,
  type TreeFacts,
} from '../model/tree.ts';
import type { TreeReader, Trees } from '../ports/trees.ts';
import { recreatedOf } from '../rules/crawl/recreated.ts';
import { beginRound, endRound } from '../rules/crawl/tally.ts';
import { type Brake, createBrake } from './brake.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { refreshLists } from './refresh-lists.ts';
import { createWalk, type WalkEnd } from './walk-tree.ts';
import { watchNests } from './watch-nests.ts';

/** From one step of a crawl to the next. */
export const crawlTickMs = 20_000;

/** How long a step walks on; what is left waits for the next one. */
export const crawlStepMs = 12_000;

/** After this the right to crawl is free again, whatever became of who had it. */
const claimMs = 120_000;

/** Creations of a znode from which on it is worth asking who its owner is. */
const creationsAsked = 3;

type CrawlHouse = Pick<House, 'settings' | 'ensembles' | 'clock' | 'log' | 'telemetry' | 'trees'>;

/**
 * A step of the crawl of an ensemble: what a crawl job does, on one replica at a time. First it looks which ephemeral znodes are there
 * anew, then it walks the tree on, if a round runs or is due. All of it over one session, on a server that does not lead.
 */
export async function crawl(house: CrawlHouse, members: Members, job: Job): Promise<void> {
  if (job.kind !== 'crawl') return;
  const settings = house.settings().ensembles.find((each) => each.id === job.ensemble);
  const { trees } = house;
  if (settings?.crawl === undefined || trees === undefined) return;
  const done = await house.ensembles.claimCrawl(settings.id, claimMs);
  if (done === undefined) return;
  try {
    await step({ ...house, trees }, settings, settings.crawl, await members.of(settings));
  } finally {
    await done();
  }
}

type Crawling = CrawlHouse & { readonly trees: Trees };

/** What is known of a tree, and where its walk stands. */
interface Known {
  readonly tree: TreeFacts;
  readonly state: CrawlState;
}

async function step(
  house: Crawling,
  settings: EnsembleSettings,
  limits: CrawlSettings,
  ensemble: Ensemble,
): Promise<void> {
  const { ensembles, clock } = house;
  const startedMs = clock.now();
  const servers = ensemble.servers.map(({ id }) => id);
  const { history, tree = blankTree } = await ensembles.recall(settings.id, servers, 1);
  let known: Known = { tree, state: (await ensembles.crawl(settings.id)) ?? blankCrawl };
  const save = (failed?: string): Promise<void> => {
    const { failed: _, ...rest } = known.tree;
    const now = { ...rest, atMs: clock.now(), ...(failed === undefined ? {} : { failed }) };
    return ensembles.saveCrawl(settings.id, known.state, now);
  };
  const server = quietest(ensemble, (id) => history[id]?.at(-1));
  if (server === undefined) return await save('no server serves');
  const brake = createBrake(clock, limits.requestsPerSecond);
  let reader: TreeReader | undefined;
  try {
    reader = await house.trees.open(settings, server);
    const watched = await watchNests(reader, known.state, {
      brake,
      now: () => clock.now(),
      untilMs: startedMs + crawlStepMs,
      childrenMax: (limits.requestsPerSecond * crawlStepMs) / 1000,
    });
    const state = await withAddresses(house, settings, ensemble, watched);
    const recreated = recreatedOf(state, clock.now());
    known = { state, tree: { ...known.tree, recreated } };
    known = { state, tree: await refreshLists(reader, known.tree, brake) };
    await walkOn(house, { reader, server, limits, brake, startedMs }, known, (now) => {
      known = now;
    });
    await save();
  } catch (error) {
    // A server that goes away in the middle is a matter of the looks; what was seen is kept.
    if (!(error instanceof NightkeeperError)) throw error;
    await save(error.message);
  } finally {
    await reader?.close();
    const seconds = (clock.now() - startedMs) / 1000;
    house.telemetry.time('crawl_seconds', seconds, { ensemble: settings.id });
  }
}

/** Walks on where a round runs or is due, and tells how far it came, also where it fails in the middle. */
async function walkOn(
  { clock, log }: Crawling,
  on: {
    readonly reader: TreeReader;
    readonly server: Server;
    readonly limits: CrawlSettings;
    readonly brake: Brake;
    readonly startedMs: number;
  },
  { tree, state }: Known,
  tell: (known: Known) => void,
): Promise<void> {
  const { reader, server, limits, brake, startedMs } = on;
  const sinceMs = tree.round?.startedMs ?? Number.NEGATIVE_INFINITY;
  const isDue = startedMs - sinceMs >= limits.everyMs;
  const round = state.round ?? (isDue ? beginRound(startedMs) : undefined);
  if (round === undefined) return;
  const stepUntilMs = startedMs + crawlStepMs;
  const roundUntilMs = round.startedMs + limits.timeMs;
  const parts = { clock, brake };
  const walk = createWalk(reader, round, { ...limits, roundUntilMs, stepUntilMs }, parts);
  let end: WalkEnd = 'later';
  try {
    end = await walk.run();
  } finally {
    const { znodes } = walk.round();
    const running = { startedMs: round.startedMs, znodes };
    tell({ tree: { ...tree, running }, state: { ...state, round: walk.round() } });
  }
  if (end === 'later') return;
  const cut = end === 'done' ? {} : { cut: end };
  const ended = { endedMs: clock.now(), server: server.id, ...cut };
  tell(endRound(tree, state, walk.round(), ended));
  log.info({ server: server.id, znodes: walk.round().znodes, end }, 'tree walked');
}

/** The server that has least to lose: an observer, then a follower; the leader where nobody else serves. */
function quietest(
  { servers }: Ensemble,
  last: (id: string) => Sample | undefined,
): Server | undefined {
  const rank = (server: Server): number => {
    const sample = last(server.id);
    if (sample?.kind !== 'reading') return Number.POSITIVE_INFINITY;
    const place = ['observer', 'follower', 'standalone', 'leader'].indexOf(sample.mode);
    return place < 0 ? Number.POSITIVE_INFINITY : place;
  };
  return servers
    .filter((server) => Number.isFinite(rank(server)))
    .toSorted((a, b) => rank(a) - rank(b))[0];
}

/** Who creates the znodes that come again and again: the server that opened the session is asked first, then the others. */
async function withAddresses(
  { trees }: Crawling,
  settings: EnsembleSettings,
  { servers }: Ensemble,
  state: CrawlState,
): Promise<CrawlState> {
  const wanted = state.creations.filter(
    (creation) => creation.createdMs.length >= creationsAsked && creation.known !== creation.owner,
  );
  if (wanted.length === 0) return state;
  const found = new Map<string, { readonly address: string; readonly server: string }>();
  const first = new Set(wanted.map(({ owner }) => sidOf(owner)));
  const inTurn = servers.toSorted(
    (a, b) => Number(first.has(b.sid ?? -1)) - Number(first.has(a.sid ?? -1)),
  );
  for (const server of inTurn) {
    if (wanted.every(({ owner }) => found.has(owner))) break;
    for (const [session, address] of await trees.clients(settings, server))
      found.set(session, { address, server: server.id });
  }
  const creations = state.creations.map((creation): Creation => {
    const owner = found.get(creation.owner);
    return owner === undefined ? creation : { ...creation, ...owner, known: creation.owner };
  });
  return { ...state, creations };
}

/** The highest byte of a session is the number of the server that opened it. */
function sidOf(session: string): number {
  return Number(BigInt(session) >> 56n);
}
