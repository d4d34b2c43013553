/**
 * Restarts of real servers by two replicas of the bot, while servers die, people click twice and at once, others agree or do not, and
 * replicas are killed and frozen between the guard and the command; afterwards it is counted what the bot itself made worse.
 */
import { writeFileSync } from 'node:fs';
import { optionsOf, wholeNumber } from './options.ts';
import { calm, Disturbed, heal } from './recovery/hands.ts';
import { judge } from './recovery/judge.ts';
import { type Place, type Rig, setUp } from './recovery/rig.ts';
import { type Check, needsApproval, type RoundName, rounds } from './recovery/rounds.ts';
import { table } from './stats.ts';

const help = `npm run bench:recovery [-- OPTIONS]

Two replicas on one Redis, a real ensemble of 3 and one of 5 (where somebody else must agree, and which is reached through a real
sshd), and a client in each that writes all the time. Servers are killed and stopped, people click twice and at once, replicas are killed with -9 and frozen between the
guard and the command, and servers die in the middle of a rolling restart.

  --quick       every kind of trouble once on one of the two, in less than two minutes
  --rounds N    so many rounds on each ensemble (30)
  --only NAME   only this kind of round
  --seed N      another order of events (1)
  --json FILE   writes what was found
  --help        this

Ends with 1 when a quorum was lost by the bot, a command ran that was stale, or a question had a wrong answer.`;

const values = optionsOf(help, {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '30' },
  only: { type: 'string' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
});
const seed = wholeNumber('seed', values.seed);
const count = wholeNumber('rounds', values.rounds, 1);
if (values.only !== undefined && !(values.only in rounds))
  throw new Error(`--only is one of: ${Object.keys(rounds).join(', ')}`);

/** What is played with --quick on the ensemble of 3 and on that of 5. */
const quickPlans: readonly (readonly RoundName[])[] = [
  ['margin spent', 'double click', 'rolling restart', 'leader just died', 'move the leader'],
  [
    'wrong hands',
    'two people',
    'changed meanwhile',
    'replica killed',
    'server failed',
    'request expired',
    'death while rolling',
  ],
];

/** What happened in one round. */
interface Outcome {
  readonly place: string;
  readonly round: RoundName;
  readonly checks: readonly Check[];
  readonly tookMs: number;
}

const startedMs = Date.now();
const say = (line: string): void =>
  console.log(`${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)} s  ${line}`);
say('starting Redis, an ensemble of 3, one of 5, and two replicas');
const rig = await setUp(seed);
try {
  const found: Outcome[] = [];
  let disturbed = 0;
  const run = async (place: Place, names: readonly RoundName[]): Promise<void> => {
    for (const round of names) {
      const outcome = await play(rig, place, round);
      if (outcome === undefined) disturbed += 1;
      else found.push(outcome);
    }
    await calm(rig, place);
  };
  const plans = rig.places.map((place, index) => ({ place, names: planFor(place, index) }));
  await Promise.all(plans.map(({ place, names }) => run(place, names)));
  await report(found, disturbed);
} finally {
  await rig.close();
}
process.exit();

/** Plays one round; undefined when it cannot be judged, since the replica that was asked was killed by another round. */
async function play(rig: Rig, place: Place, round: RoundName): Promise<Outcome | undefined> {
  await calm(rig, place);
  const beganMs = Date.now();
  try {
    const checks = await rounds[round](rig, place);
    const tookMs = Date.now() - beganMs;
    const wrong = checks.filter(({ isRight }) => !isRight);
    say(`${place.name}: ${round}, ${tookMs} ms${wrong.length === 0 ? '' : ', WRONG'}`);
    for (const { what, got } of wrong) say(`  ${what}: ${got}`);
    return { place: place.name, round, checks, tookMs };
  } catch (error) {
    if (!(error instanceof Disturbed)) throw error;
    say(`${place.name}: ${round}, not judged, since a replica was killed: ${error.message}`);
    return undefined;
  } finally {
    await heal(place);
  }
}

/** What is played on an ensemble: each kind at least once, in the order of the seed. */
function planFor(place: Place, index: number): readonly RoundName[] {
  const names = (Object.keys(rounds) as RoundName[]).filter(
    (name) => place.approvals > 0 || !needsApproval.has(name),
  );
  if (values.only !== undefined) return names.filter((name) => name === values.only);
  if (values.quick) return quickPlans[index] ?? [];
  const all: RoundName[] = [];
  while (all.length < count) all.push(...shuffled(names));
  return all.slice(0, count);
}

function shuffled<T>(all: readonly T[]): readonly T[] {
  return all
    .map((value) => ({ value, order: rig.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

async function report(found: readonly Outcome[], disturbed: number): Promise<void> {
  const runs = rig.runs();
  const judged = await Promise.all(
    rig.places.map(async ({ name, ensemble, quorum, outages, writer }) => {
      const recoveries = await rig.stores.recoveries.recent(name, 200);
      return {
        recoveries,
        judgement: judge({
          name,
          servers: ensemble.servers.length,
          quorum,
          runs: runs.filter((run) => run.ensemble === name),
          recoveries,
          outages,
          writes: writer.writes,
        }),
      };
    }),
  );
  const judgements = judged.map(({ judgement }) => judgement);
  const checks = found.flatMap((outcome) => outcome.checks);
  const refusals = checks.filter(({ isRefusal }) => isRefusal);
  const right = refusals.filter(({ isRight }) => isRight);
  const allowed = checks.filter(({ isRefusal }) => !isRefusal);
  const done = allowed.filter(({ isRight }) => isRight);
  const lost = judgements.flatMap(({ quorumLost }) => quorumLost);
  const stale = judgements.flatMap((each) => each.stale);
  const unforeseen = judgements.flatMap((each) => each.unforeseen);
  const sum = (of: (rolling: (typeof judgements)[number]['rolling']) => number): number =>
    judgements.reduce((total, { rolling }) => total + of(rolling), 0);
  const rolling = {
    writes: sum(({ writes }) => writes),
    failed: sum(({ failed }) => failed),
    givenUp: sum(({ givenUp }) => givenUp),
    gapMs: Math.max(...judgements.map((each) => each.rolling.gapMs)),
  };
  const names = [...new Set(found.map(({ round }) => round))];
  console.log(
    table(
      ['round', 'played', 'answers right', 'longest s'],
      names.map((name) => {
        const own = found.filter(({ round }) => round === name);
        const asked = own.flatMap((outcome) => outcome.checks);
        const longest = Math.max(...own.map(({ tookMs }) => tookMs)) / 1000;
        const rightHere = asked.filter(({ isRight }) => isRight).length;
        return [name, String(own.length), `${rightHere}/${asked.length}`, longest.toFixed(1)];
      }),
    ),
  );
  for (const [what, list] of Object.entries({ 'quorum lost': lost, stale }))
    if (list.length > 0) console.log(`${what}: ${list.join('; ')}`);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const struck = (['killed', 'frozen'] as const).map((how) => {
    const own = rig.struck.filter((each) => each.how === how);
    return `${own.length} ${how}, ${own.filter(({ before }) => before).length} of them between guard and command`;
  });
  console.log(`replicas that had a restart in hand: ${struck.join('; ')}`);
  console.log(
    `commands ${runs.length}; what was allowed ended as it should ${done.length}/${allowed.length}; a server killed after the last look ${unforeseen.length}; rounds not judged ${disturbed}; took ${seconds} s`,
  );
  console.log(
    `rolling restarts: ${rolling.writes} writes, ${rolling.failed} not acknowledged at the first try, ${rolling.givenUp} not at all, longest wait ${rolling.gapMs} ms`,
  );
  const recoveries = judged.reduce((total, each) => total + each.recoveries.length, 0);
  console.log(
    `recoveries ${recoveries}, quorum lost by us ${lost.length}, refusals right ${right.length}/${refusals.length}, writes failed in rolling restarts ${rolling.failed}, stale commands run ${stale.length}`,
  );
  if (values.json !== undefined) {
    const all = { seed, seconds, recoveries, lost, stale, unforeseen, rolling, disturbed, found };
    writeFileSync(values.json, JSON.stringify(all, null, 2));
  }
  const isClean =
    lost.length + stale.length === 0 &&
    right.length === refusals.length &&
    done.length === allowed.length;
  process.exitCode = isClean ? 0 : 1;
}
