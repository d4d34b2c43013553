import type { Recovery } from '../../src/model/recovery.ts';
import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';
import { until } from '../../test/support/until.ts';
import { pause } from '../delivery/poll.ts';
import {
  agree,
  ask,
  Disturbed,
  isEnded,
  oneOf,
  recovery,
  request,
  restart,
  takeDown,
} from './hands.ts';
import type { Place, Rig } from './rig.ts';

/** One question that has a right answer. */
export interface Check {
  readonly what: string;
  readonly isRefusal: boolean;
  readonly isRight: boolean;
  /** What was answered instead. */
  readonly got: string;
}

/** Something that happens to an ensemble and what people ask for meanwhile. Answers what was checked. */
export type Round = (rig: Rig, place: Place) => Promise<readonly Check[]>;

/** A server is dead or hangs: it may be restarted, and comes back. */
async function deadServer(rig: Rig, place: Place): Promise<readonly Check[]> {
  const victim = oneOf(rig, place.ensemble.servers);
  await takeDown(place, victim, rig.random() < 0.5 ? 'SIGKILL' : 'SIGSTOP');
  await elected(place);
  const asked = await restart(rig, place, 'ann', victim.id);
  const ended = await recovery(rig, place, asked.id, isEnded);
  return [allowed('restart a server that failed', ended.state === 'succeeded', ended)];
}

/** As many servers are out as the quorum can bear: none that serves may be taken down, and one that is out may be restarted. */
async function margin(rig: Rig, place: Place): Promise<readonly Check[]> {
  const out = await spend(rig, place);
  await elected(place);
  const healthy = oneOf(rig, others(place, out));
  const refused = await restart(rig, place, 'ann', healthy.id);
  const back = oneOf(rig, out);
  const asked = await restart(rig, place, 'bo', back.id);
  const ended = await recovery(rig, place, asked.id, isEnded);
  return [
    denied('restart a server without which there is no quorum', refused.answer),
    allowed('restart a server that is out', ended.state === 'succeeded', ended),
  ];
}

/** The same restart twice at the same moment, and a third time right after it. */
async function doubleClick(rig: Rig, place: Place): Promise<readonly Check[]> {
  const victim = await aFollower(rig, place);
  const both = await Promise.all([
    restart(rig, place, 'ann', victim.id),
    restart(rig, place, 'ann', victim.id),
  ]);
  return [...onlyOne('the same restart twice', both), ...(await again(rig, place, victim, both))];
}

/** Two people restart two servers at the same moment. */
async function twoPeople(rig: Rig, place: Place): Promise<readonly Check[]> {
  const first = await aFollower(rig, place);
  const second = oneOf(rig, others(place, [first]));
  const both = await Promise.all([
    restart(rig, place, 'ann', first.id),
    restart(rig, place, 'bo', second.id),
  ]);
  const begun = both.find(({ answer }) => answer.outcome === 'done');
  await recovery(rig, place, begun?.id, isEnded);
  return onlyOne('two people restart two servers', both);
}

/** People who may not, and things that do not exist. */
async function wrongHands(rig: Rig, place: Place): Promise<readonly Check[]> {
  const victim = await aFollower(rig, place);
  const viewer = await request(rig, place, 'vic', victim.id);
  const nobody = await request(rig, place, 'ann', 'zk99');
  const nowhere = await ask(rig, 'ann', 'recover nowhere zk1 --reason "x" --confirm yes');
  const nothing = await ask(rig, 'ann', `recover dance ${place.name} zk1 --reason x --confirm yes`);
  const checks = [
    denied('a viewer restarts', viewer.answer),
    denied('restart a server that is no member', nobody.answer),
    denied('restart in an unknown ensemble', nowhere),
    denied('an unknown action', nothing),
  ];
  if (place.approvals === 0) return checks;
  const asked = await request(rig, place, 'ann', victim.id);
  const own = await agree(rig, 'ann', asked.id ?? '');
  await ask(rig, 'bo', `reject ${asked.id} --reason "no" --confirm yes`);
  const late = await agree(rig, 'bo', asked.id ?? '');
  return [
    ...checks,
    denied('agree to a request of one’s own', own),
    denied('agree to a request that was rejected', late),
  ];
}

/** Servers fail between the request and the agreement. */
async function changedMeanwhile(rig: Rig, place: Place): Promise<readonly Check[]> {
  const victim = await aFollower(rig, place);
  const asked = await request(rig, place, 'ann', victim.id);
  await spend(rig, place, [victim]);
  await elected(place);
  const answer = await agree(rig, 'bo', asked.id ?? '');
  return [denied('agree after the margin was lost', answer)];
}

/** Nobody agrees in time. */
async function expired(rig: Rig, place: Place): Promise<readonly Check[]> {
  const victim = await aFollower(rig, place);
  const asked = await request(rig, place, 'ann', victim.id);
  await recovery(rig, place, asked.id, isEnded);
  const answer = await agree(rig, 'bo', asked.id ?? '');
  return [denied('agree to a request that expired', answer)];
}

/** A replica is killed between the guard and the command, or shortly after. */
async function replicaKilled(rig: Rig, place: Place): Promise<readonly Check[]> {
  const { id, hasRun } = await runningRestart(rig, place);
  const index = Math.floor(rig.random() * rig.bots.length);
  await rig.bots[index]?.kill('SIGKILL');
  rig.struck.push({ how: 'killed', before: !hasRun() });
  await rig.revive(index);
  const ended = await recovery(rig, place, id, isEnded);
  return [allowed('a restart whose replica is killed ends', isEnded(ended), ended)];
}

/** Longer than the lock of a recovery lasts without its replica. */
const frozenMs = 33_000;

/** A replica is stopped between the guard and the command, and goes on when another one has long taken over. */
async function replicaFrozen(rig: Rig, place: Place): Promise<readonly Check[]> {
  const { id, hasRun } = await runningRestart(rig, place);
  const bot = oneOf(rig, rig.bots);
  process.kill(bot.pid, 'SIGSTOP');
  const isBefore = !hasRun();
  try {
    await pause(frozenMs);
    // Nothing has run so far only if the replica that would run it is the one that is stopped.
    rig.struck.push({ how: 'frozen', before: isBefore && !hasRun() });
  } finally {
    process.kill(bot.pid, 'SIGCONT');
  }
  const ended = await recovery(rig, place, id, isEnded);
  return [allowed('a restart whose replica is frozen ends', isEnded(ended), ended)];
}

/**
 * A restart that has passed the guard, and whether its command has run. A hung server is slow to say what is kept as evidence: that
 * is a good moment to lose a replica.
 */
async function runningRestart(
  rig: Rig,
  place: Place,
): Promise<{ readonly id: string | undefined; readonly hasRun: () => boolean }> {
  const victim = await aFollower(rig, place);
  await takeDown(place, victim, 'SIGSTOP');
  await elected(place);
  const runs = rig.runs().length;
  const asked = await restart(rig, place, 'ann', victim.id);
  await recovery(rig, place, asked.id, ({ state }) => state !== 'requested');
  const hasRun = (): boolean =>
    rig
      .runs()
      .slice(runs)
      .some(({ ensemble, server }) => ensemble === place.name && server === victim.id);
  return { id: asked.id, hasRun };
}

/** The leader has just died: nothing is taken down until another one stands. */
async function rush(rig: Rig, place: Place): Promise<readonly Check[]> {
  const leader = await place.ensemble.leader();
  await takeDown(place, leader, 'SIGKILL');
  const follower = oneOf(rig, others(place, [leader]));
  const asked = await restart(rig, place, 'ann', follower.id);
  if (place.ensemble.servers.length === 3)
    return [denied('restart a follower when the leader has just died', asked.answer)];
  if (asked.answer.outcome === 'done') await recovery(rig, place, asked.id, isEnded);
  return [];
}

/** Every server, one after the other. */
async function rolling(rig: Rig, place: Place): Promise<readonly Check[]> {
  const ended = await recovery(rig, place, await begin(rig, place, 'rolling-restart'), isEnded);
  return [allowed('restart all servers in turn', ended.state === 'succeeded', ended)];
}

/** A server dies in the middle of a rolling restart: it must stop there. */
async function rollingDeath(rig: Rig, place: Place): Promise<readonly Check[]> {
  const id = await begin(rig, place, 'rolling-restart');
  const half = await recovery(rig, place, id, (it) => isEnded(it) || doneIn(it).length > 0);
  const inHand = half.steps?.find(({ state }) => state === 'running')?.server;
  const rest = place.ensemble.servers.filter(({ id: server }) => server !== inHand);
  await takeDown(place, oneOf(rig, rest), 'SIGKILL');
  const ended = await recovery(rig, place, id, isEnded);
  return [
    {
      what: 'go on with a rolling restart after a server died',
      isRefusal: true,
      isRight: ended.state === 'failed',
      got: describe(ended),
    },
  ];
}

/** The leader is restarted, so that another server leads. */
async function moveLeader(rig: Rig, place: Place): Promise<readonly Check[]> {
  const before = await place.ensemble.leader();
  const ended = await recovery(rig, place, await begin(rig, place, 'move-leader'), isEnded);
  const after = await place.ensemble.leader();
  const isMoved = ended.state === 'succeeded' && after.id !== before.id;
  return [allowed('move the leader', isMoved, ended)];
}

export const rounds = {
  'server failed': deadServer,
  'margin spent': margin,
  'double click': doubleClick,
  'two people': twoPeople,
  'wrong hands': wrongHands,
  'changed meanwhile': changedMeanwhile,
  'request expired': expired,
  'replica killed': replicaKilled,
  'replica frozen': replicaFrozen,
  'leader just died': rush,
  'rolling restart': rolling,
  'death while rolling': rollingDeath,
  'move the leader': moveLeader,
} as const satisfies Readonly<Record<string, Round>>;

export type RoundName = keyof typeof rounds;

/** Rounds that only make sense where somebody else must agree. */
export const needsApproval: ReadonlySet<RoundName> = new Set([
  'changed meanwhile',
  'request expired',
]);

async function begin(rig: Rig, place: Place, action: string): Promise<string | undefined> {
  const line = `recover ${action} ${place.name} --reason "the bench wants it" --confirm yes`;
  const endMs = Date.now() + settledMsMax;
  for (;;) {
    const answer = await ask(rig, 'ann', line);
    if (answer.outcome === 'done') return /r-\d+/u.exec(answer.text)?.[0];
    // What was asked of a replica that died may have begun all the same.
    if (Date.now() > endMs) throw new Disturbed(`${action} of ${place.name}: ${answer.text}`);
    await pause(1000);
  }
}

/** Right after an election the bot asks people to wait. */
const settledMsMax = 20_000;

function doneIn({ steps = [] }: Recovery): readonly unknown[] {
  return steps.filter(({ state }) => state === 'done');
}

/** Takes as many servers down as the quorum can bear. */
async function spend(
  rig: Rig,
  place: Place,
  spared: readonly ZooKeeperServer[] = [],
): Promise<readonly ZooKeeperServer[]> {
  const count = place.ensemble.servers.length - place.quorum;
  const out: ZooKeeperServer[] = [];
  while (out.length < count) {
    const victim = oneOf(rig, others(place, [...out, ...spared]));
    await takeDown(place, victim, rig.random() < 0.7 ? 'SIGKILL' : 'SIGSTOP');
    out.push(victim);
  }
  return out;
}

function others(place: Place, left: readonly ZooKeeperServer[]): readonly ZooKeeperServer[] {
  return place.ensemble.servers.filter((server) => !left.includes(server));
}

async function aFollower(rig: Rig, place: Place): Promise<ZooKeeperServer> {
  return oneOf(rig, await place.ensemble.followers());
}

/** Waits until clients can write again: a hung leader is noticed after `syncLimit` ticks only. */
async function elected(place: Place): Promise<void> {
  const sinceMs = Date.now();
  await until(
    `${place.name}: somebody leads`,
    () => place.writer.writes.findLast(({ doneMs = 0 }) => doneMs > sinceMs + 1000),
    60_000,
  );
}

/** Whoever asks again right after a restart is told to wait. */
async function again(
  rig: Rig,
  place: Place,
  server: ZooKeeperServer,
  both: readonly {
    readonly answer: { readonly outcome: string };
    readonly id?: string | undefined;
  }[],
): Promise<readonly Check[]> {
  const begun = both.find(({ answer }) => answer.outcome === 'done');
  const ended = await recovery(rig, place, begun?.id, isEnded);
  if (ended.state !== 'succeeded') return [allowed('one of the two runs', false, ended)];
  const third = await request(rig, place, 'bo', server.id);
  return [denied('the same restart right after it', third.answer)];
}

function onlyOne(
  what: string,
  both: readonly { readonly answer: { readonly outcome: string; readonly text: string } }[],
): readonly Check[] {
  const begun = both.filter(({ answer }) => answer.outcome === 'done').length;
  const got = both
    .map(({ answer }) => `${answer.outcome} ${answer.text.slice(0, 160)}`)
    .join(' | ');
  return [{ what, isRefusal: true, isRight: begun === 1, got }];
}

function denied(what: string, answer: { readonly outcome: string; readonly text: string }): Check {
  const got = `${answer.outcome} ${answer.text.slice(0, 200)}`;
  return { what, isRefusal: true, isRight: answer.outcome === 'refused', got };
}

function allowed(what: string, isRight: boolean, ended: Recovery): Check {
  return { what, isRefusal: false, isRight, got: describe(ended) };
}

function describe({ id, state, outcome }: Recovery): string {
  return `${id} ${state} ${JSON.stringify(outcome ?? {})}`;
}
