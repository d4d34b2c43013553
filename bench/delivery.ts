/**
 * Incidents by the hundred on two replicas and one Redis, while replicas and Redis are killed and the chats misbehave; afterwards
 * every card is counted. `npm run bench:delivery [-- --quick] [--incidents 1000] [--seed 1] [--json FILE]`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chaos } from './delivery/chaos.ts';
import { judge } from './delivery/judge.ts';
import { drive } from './delivery/load.ts';
import { setUp, tearDown } from './delivery/rig.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    incidents: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const incidents = Number(values.incidents ?? (values.quick ? 100 : 1000));

const rig = await setUp({ incidents, seed: Number(values.seed) });
try {
  const startedMs = Date.now();
  const troubles = chaos(rig, { outageMs: values.quick ? 8_000 : 60_000 });
  await drive(rig, incidents);
  const killed = await troubles.end();
  const verdict = await judge(rig);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  console.log(
    `incidents ${verdict.incidents}, cards lost ${verdict.lost.length}, cards doubled ${verdict.doubled.length}, wrong final state ${verdict.wrong.length}, late max ${(verdict.lateMaxMs / 1000).toFixed(1)} s; replicas killed ${killed.replicas}, redis killed ${killed.redis}; shown in a digest ${verdict.inDigest}; counted apart, under the same key: webhooks again ${verdict.repeats}, mails again ${verdict.mailRepeats}; took ${seconds} s`,
  );
  for (const [what, list] of Object.entries({
    lost: verdict.lost,
    doubled: verdict.doubled,
    wrong: verdict.wrong,
  })) {
    if (list.length > 0) console.log(`${what}: ${list.slice(0, 10).join('; ')}`);
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify({ ...verdict, killed, seconds }, null, 2));
  }
  process.exitCode =
    verdict.lost.length + verdict.doubled.length + verdict.wrong.length > 0 ? 1 : 0;
} finally {
  await tearDown(rig);
}
process.exit();
