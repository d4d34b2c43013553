/**
 * Incidents by the hundred on two replicas and one Redis, while replicas and Redis are killed and the far sides misbehave and are away;
 * afterwards every card is counted.
 */
import { writeFileSync } from 'node:fs';
import { chaos, fullPlan, type Killed, quickPlan } from './delivery/chaos.ts';
import { judge, type Verdict } from './delivery/judge.ts';
import { drive } from './delivery/load.ts';
import { comeToRest, describe, type Pending } from './delivery/rest.ts';
import { setUp, tearDown } from './delivery/rig.ts';
import { optionsOf, wholeNumber } from './options.ts';

const help = `npm run bench:delivery [-- OPTIONS]

Two replicas on one Redis (append-only), strict stand-ins of Slack and DingTalk, a webhook receiver and a real
Postfix. Incidents are opened, handled and resolved while replicas are killed with -9 (at random, and exactly between
send and record), Redis is killed and restarted, the far sides answer 429 and 500, hang and reset, and each of them is
away for a while.

  --quick          100 incidents in less than a minute, each far side away for 6 s instead of 60 s
  --incidents N    so many incidents (1000)
  --seed N         another order of events (1)
  --json FILE      writes what was found
  --help           this

Ends with 1 when a card is lost, doubled or wrong, or when it does not come to rest.`;

const values = optionsOf(help, {
  quick: { type: 'boolean', default: false },
  incidents: { type: 'string' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
});
const { quick } = values;
const incidents = wholeNumber('incidents', values.incidents ?? (quick ? '100' : '1000'), 1);
const seed = wholeNumber('seed', values.seed);

const startedMs = Date.now();
const say = (line: string): void =>
  console.log(`${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)} s  ${line}`);
const rig = await setUp({
  ensembles: Math.max(20, Math.ceil(incidents / 10)),
  seed,
  within: quick ? '8s' : '60s',
});
try {
  const troubles = chaos(rig, quick ? quickPlan : fullPlan);
  await drive(rig, { incidents, spreadMs: quick ? 12_000 : 120_000, say });
  await troubles.outages;
  const killed = await troubles.end();
  say('nothing is broken any more');
  const pending = await comeToRest(rig, { forMs: quick ? 60_000 : 300_000, say });
  const verdict = await judge(rig);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  report(verdict, killed, pending, seconds);
  if (values.json !== undefined) {
    const found = { ...verdict, killed, pending: pending ?? null, seed, quick, seconds };
    writeFileSync(values.json, JSON.stringify(found, null, 2));
  }
  const { lost, doubled, wrong } = verdict;
  if (rig.unseen.length > 0) console.log(`not seen: ${rig.unseen.slice(0, 5).join('\n')}`);
  if (rig.crashes > 0) console.log(`replicas that ended by themselves: ${rig.crashes}`);
  const isClean =
    lost.length + doubled.length + wrong.length + rig.crashes + rig.unseen.length === 0 &&
    pending === undefined;
  process.exitCode = isClean ? 0 : 1;
} finally {
  await tearDown(rig);
}
process.exit();

function report(
  verdict: Verdict,
  killed: Killed,
  pending: Pending | undefined,
  seconds: number,
): void {
  const { lost, doubled, wrong, lateMaxMs, inDigest, again } = verdict;
  for (const [what, list] of Object.entries({ lost, doubled, wrong })) {
    if (list.length > 0) console.log(`${what}: ${list.slice(0, 10).join('; ')}`);
  }
  if (pending !== undefined) console.log(`did not come to rest: ${describe(pending)}`);
  const { slack, dingtalk, webhook, mail } = killed.between;
  console.log(
    `replicas killed between send and record: Slack ${slack}, DingTalk ${dingtalk}, webhook ${webhook}, mail ${mail}; shown in a digest: Slack ${inDigest.slack}, DingTalk ${inDigest.dingtalk}, mail ${inDigest.mail}`,
  );
  console.log(
    `counted apart, again under the same key, at least once by nature: webhooks ${again.webhook}, mails ${again.mail}; took ${seconds} s`,
  );
  const lateMax = (Math.max(...Object.values(lateMaxMs)) / 1000).toFixed(1);
  console.log(
    `incidents ${verdict.incidents}, cards lost ${lost.length}, cards doubled ${doubled.length}, wrong final state ${wrong.length}, late max ${lateMax} s; replicas killed ${killed.replicas}, redis killed ${killed.redis}`,
  );
}
