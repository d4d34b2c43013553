import type { Recovery } from '../../src/model/recovery.ts';
import type { Outage, Run } from './rig.ts';
import type { Write } from './writer.ts';

/** What is known of one ensemble when all is over. */
export interface Record {
  readonly name: string;
  readonly servers: number;
  readonly quorum: number;
  readonly runs: readonly Run[];
  readonly recoveries: readonly Recovery[];
  readonly outages: readonly Outage[];
  readonly writes: readonly Write[];
}

export interface Judgement {
  /** Commands of the bot that took away a quorum which stood without them. */
  readonly quorumLost: readonly string[];
  /** The bench killed a server after the bot's last look and before its command: nobody could know. */
  readonly unforeseen: readonly string[];
  /** Commands that belong to no recovery, ran after it had ended, or ran twice. */
  readonly stale: readonly string[];
  readonly rolling: Rolling;
}

/** What somebody who writes all the time noticed of rolling restarts. */
export interface Rolling {
  readonly writes: number;
  /** Writes that were not acknowledged at the first try. */
  readonly failed: number;
  /** Writes that were not acknowledged on any server within 10 s. */
  readonly givenUp: number;
  /** The longest time without an acknowledged write. */
  readonly gapMs: number;
}

/** One look at all servers, and a probe that has to wait: what happens later than that before a command cannot be seen. */
const lookMs = 1500;

/** No client can write for longer than this without its session being in danger. */
const gapMsMax = 15_000;

/** A process is down for about this long when it is restarted. */
const restartMs = 2000;

export function judge(record: Record): Judgement {
  const taken = record.runs.flatMap((run) => takenBy(record, run));
  return {
    quorumLost: [
      ...taken.filter(({ isForeseeable }) => isForeseeable).map(({ text }) => text),
      ...gaps(record),
    ],
    unforeseen: taken.filter(({ isForeseeable }) => !isForeseeable).map(({ text }) => text),
    stale: staleRuns(record),
    rolling: rollingOf(record),
  };
}

/** Whether a command took the quorum away: it stood before, by what the bench itself had taken down, and does not without the server. */
function takenBy(
  record: Record,
  run: Run,
): readonly { readonly text: string; readonly isForeseeable: boolean }[] {
  const out = record.outages.filter(
    ({ fromMs, toMs = Number.POSITIVE_INFINITY }) => fromMs <= run.atMs && run.atMs < toMs,
  );
  if (out.some(({ server }) => server === run.server)) return [];
  const restarting = record.runs.filter(
    ({ server, atMs }) => server !== run.server && atMs <= run.atMs && run.atMs - atMs < restartMs,
  );
  const down = new Set([...out, ...restarting].map(({ server }) => server));
  const left = record.servers - down.size;
  if (left < record.quorum || left - 1 >= record.quorum) return [];
  const lastMs = Math.max(...out.map(({ fromMs }) => fromMs));
  return [
    {
      text: `${record.name}: ${run.server} at ${run.atMs}, while ${[...down].join(', ')} were out`,
      isForeseeable: run.atMs - lastMs > lookMs || restarting.length > 0,
    },
  ];
}

/** Long times without a write although enough servers were up, as far as the bench knows. */
function gaps({ name, servers, quorum, outages, writes }: Record): readonly string[] {
  const done = writes.flatMap(({ doneMs }) => doneMs ?? []);
  return done.slice(1).flatMap((toMs, index) => {
    const fromMs = done[index] ?? toMs;
    if (toMs - fromMs <= gapMsMax) return [];
    const out = outages.filter(
      (outage) => outage.fromMs < toMs && (outage.toMs ?? Number.POSITIVE_INFINITY) > fromMs,
    );
    const isBench = servers - new Set(out.map(({ server }) => server)).size < quorum;
    // A hung leader is noticed by the others after syncLimit ticks, and elections follow.
    return isBench || out.length > 0
      ? []
      : [`${name}: nobody could write for ${toMs - fromMs} ms from ${fromMs}`];
  });
}

/** Clocks of the shell and of the bot are the same, but a line is written a moment after the decision. */
const slackMs = 500;

function staleRuns({ name, runs, recoveries }: Record): readonly string[] {
  const taken = new Set<string>();
  return runs.flatMap((run) => {
    const owner = recoveries
      .flatMap((recovery) => windowsOf(recovery))
      .find((window) => {
        const isIn = window.fromMs - slackMs <= run.atMs && run.atMs <= window.toMs + slackMs;
        return window.server === run.server && isIn && !taken.has(window.key);
      });
    if (owner === undefined) return [`${name}: ${run.server} at ${run.atMs} by process ${run.by}`];
    taken.add(owner.key);
    return [];
  });
}

interface Window {
  readonly key: string;
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** When which server might be restarted by a recovery: once each. */
function windowsOf(recovery: Recovery): readonly Window[] {
  const { id, server, startedMs, finishedMs = Number.POSITIVE_INFINITY, steps } = recovery;
  if (steps !== undefined)
    return steps.map((step) => ({
      key: `${id}/${step.server}`,
      server: step.server,
      fromMs: step.startedMs,
      toMs: step.finishedMs ?? finishedMs,
    }));
  if (startedMs === undefined) return [];
  return [{ key: id, server, fromMs: startedMs, toMs: finishedMs }];
}

function rollingOf({ recoveries, writes }: Record): Rolling {
  const spans = recoveries
    .filter(({ action, state }) => action === 'rolling-restart' && state === 'succeeded')
    .map(({ startedMs = 0, finishedMs = 0 }) => ({ startedMs, finishedMs }));
  const within = writes.filter(({ atMs }) =>
    spans.some(({ startedMs, finishedMs }) => startedMs <= atMs && atMs <= finishedMs),
  );
  return {
    writes: within.length,
    failed: within.filter(({ tries }) => tries > 1).length,
    givenUp: within.filter(({ doneMs }) => doneMs === undefined).length,
    gapMs: Math.max(0, ...within.map(({ atMs, doneMs = atMs + gapMsMax }) => doneMs - atMs)),
  };
}
