/**
 * Breaks real ensembles of three and five servers, each server in a network namespace of its own, under the whole bot and a normal
 * load, one fault at a time, and judges the cards. `npm run bench:faults -- --help`
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientFaults } from './faults/client-faults.ts';
import { whatTheHostLacks } from './faults/host.ts';
import { hubOf, makeNamespaces, type Namespaces, whyNot } from './faults/namespaces.ts';
import { networkFaults } from './faults/network-faults.ts';
import { operatorFaults } from './faults/operator-faults.ts';
import { loopbackPlace, membersMax, type Place, placeIn } from './faults/place.ts';
import { keepQuiet, type Quiet } from './faults/quiet.ts';
import { closingLine, shortfalls, tableOf } from './faults/report.ts';
import { resourceFaults } from './faults/resource-faults.ts';
import { type Scene, setScene, timing } from './faults/scene.ts';
import { serverFaults } from './faults/server-faults.ts';
import { thresholdLines } from './faults/thresholds.ts';
import { type Fault, type Result, tryFault } from './faults/trial.ts';
import { optionsOf } from './options.ts';

const allFaults: readonly Fault[] = [
  ...serverFaults,
  ...networkFaults,
  ...resourceFaults,
  ...clientFaults,
  ...operatorFaults,
];

const help = `npm run bench:faults -- [options]

Breaks real ZooKeeper ensembles under the whole bot, one fault at a time, and judges the cards.
Wants Redis, Java, ZooKeeper's jars, iproute2 and iptables, and the right to make network namespaces (root);
without that right the servers run on loopback addresses, and network faults are skipped by name.

  --only NAME          only this fault; may be given more than once
  --quick              the daily set, under 90 s in all, a quiet time of 5 s
  --quiet-minutes N    minutes without a fault under load, in which no card may come (default 10; 0 with --only)
  --json FILE          writes everything that was measured
  --help               this text

Faults:
${allFaults.map(({ name, expected }) => `  ${name.padEnd(34)} ${expected.join(' or ')}`).join('\n')}
`;

const values = optionsOf(help, {
  only: { type: 'string', multiple: true },
  quick: { type: 'boolean', default: false },
  'quiet-minutes': { type: 'string' },
  json: { type: 'string' },
});
const unknown = (values.only ?? []).filter(
  (name) => !allFaults.some((fault) => fault.name === name),
);
if (unknown.length > 0) {
  console.error(
    `no such fault: ${unknown.join(', ')}. Known: ${allFaults.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

/** Set where this process runs inside the hub of a lab. */
const labVariable = 'NIGHTKEEPER_FAULTS_LAB';
const inside = process.env[labVariable];
const reason = inside === undefined ? whyNot() : undefined;
if (inside !== undefined)
  process.exit(await main(placeIn(JSON.parse(inside) as Namespaces, whatTheHostLacks)));
if (reason === undefined) process.exit(await goInside());
console.log(
  `No network namespaces here: ${reason}. The servers run on loopback; network faults are skipped.`,
);
process.exit(await main(loopbackPlace(whatTheHostLacks)));

/** Runs this program again inside a network of its own, and takes that down afterwards. */
async function goInside(): Promise<number> {
  const network = makeNamespaces(membersMax);
  const { lab } = network;
  try {
    const script = fileURLToPath(import.meta.url);
    const argv = ['netns', 'exec', hubOf(lab), process.execPath, script, ...process.argv.slice(2)];
    const child = spawn('ip', argv, {
      stdio: 'inherit',
      env: { ...process.env, TMPDIR: lab.dir, [labVariable]: JSON.stringify(lab) },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill('SIGTERM'));
    return await new Promise((resolve) => {
      child.once('exit', (code) => resolve(code ?? 130));
    });
  } finally {
    network.remove();
  }
}

async function main(place: Place): Promise<number> {
  const startedMs = Date.now();
  const chosen = allFaults.filter(
    (fault) =>
      (values.only?.includes(fault.name) ?? true) && (!values.quick || fault.quick === true),
  );
  const quietMinutes = Number(
    values['quiet-minutes'] ?? (values.quick ? 5 / 60 : values.only === undefined ? 10 : 0),
  );
  printHeader(place, chosen.length);
  const results: Result[] = [];
  let quiet: Quiet | undefined;
  for (const size of ['three', 'five'] as const) {
    const faults = chosen.filter((fault) => fault.size === size);
    const isQuietHere = size === 'three' && quietMinutes > 0;
    if (faults.length === 0 && !isQuietHere) continue;
    const scene = await withWords(`starting ${size} servers, Redis, the bot and a load`, () =>
      // A busy machine kills a process now and then before it has begun.
      setScene(place, size).catch(async (error: unknown) => {
        say(`again: ${String(error).split('\n')[0]}`);
        return await setScene(place, size);
      }),
    );
    try {
      for (const fault of faults) results.push(await one(scene, fault));
      if (isQuietHere) quiet = await keepQuiet(scene, quietMinutes * 60_000, say);
    } finally {
      await scene.close();
    }
  }
  const short = shortfalls(results, quiet);
  console.log(`\n${tableOf(results)}\n`);
  if (short.length > 0)
    console.log(`Fell short:\n${short.map((line) => `  ${line}`).join('\n')}\n`);
  if (quiet !== undefined)
    console.log(`Quiet: ${quiet.reads} reads and ${quiet.writes} writes, ${quiet.failed} failed.`);
  console.log(`Took ${Math.round((Date.now() - startedMs) / 1000)} s.`);
  console.log(closingLine(results, quiet));
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      JSON.stringify({ thresholds: thresholdLines(), timing, results, quiet }, null, 2),
    );
  return short.length === 0 ? 0 : 1;
}

function printHeader(place: Place, count: number): void {
  console.log(
    `${count} faults; ${place.kind === 'namespaces' ? 'each server in its own network namespace' : 'servers on loopback addresses'}; ` +
      `tickTime ${timing.tickTimeMs} ms, initLimit ${timing.initLimit}, syncLimit ${timing.syncLimit}.`,
  );
  console.log('Holds and limits other than the defaults, so that a fault takes seconds:');
  for (const line of thresholdLines()) console.log(`  ${line}`);
}

async function one(scene: Scene, fault: Fault): Promise<Result> {
  const lacking = (fault.needs ?? []).flatMap((need) => scene.place.lacks(need) ?? [])[0];
  const nothing = {
    name: fault.name,
    expected: fault.expected,
    pages: fault.pages === true,
    servers: [],
    recognised: false,
    located: false,
    cards: [],
    wrong: [],
  };
  if (lacking !== undefined) {
    say(`${fault.name}: skipped, ${lacking}`);
    return { ...nothing, skipped: lacking };
  }
  const result = await tryFault(scene, fault).catch(
    (error: unknown): Result => ({
      ...nothing,
      error: error instanceof Error ? error.message : String(error),
    }),
  );
  const short = shortfalls([result], undefined);
  say(
    `${fault.name} (${result.servers.join(', ')}): card ${round(result.cardMs)} ms, page ${round(result.pageMs)} ms, ` +
      `resolved ${round(result.resolvedMs)} ms, ${result.cards.length} card(s): ${result.cards.join(' | ')}${short.length > 0 ? '  <- FELL SHORT' : ''}`,
  );
  return result;
}

async function withWords<T>(words: string, act: () => Promise<T>): Promise<T> {
  say(`${words} …`);
  return await act();
}

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

function round(value: number | undefined): string {
  return value === undefined ? '-' : String(Math.round(value));
}
