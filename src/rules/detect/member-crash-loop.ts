import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import type { Life } from '../../model/lives.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { livesIn } from './signs/lives.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-crash-loop';

/**
 * Three starts in ten minutes, one after the other, each but the last of which came to less than ten seconds of service. Over when it
 * has served for a minute. Guesses; Strimzi's own rules warn above two restarts in five minutes.
 */
const thresholds = {
  holdMs: 0,
  starts: 3,
  windowMs: 600_000,
  servedMsMax: 10_000,
  steadyMs: 60_000,
};

/** The process ends soon after every start, and something starts it again. */
export const memberCrashLoop: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  continues: ['member-down', 'member-restarted'],
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  candidates: (view) => {
    const lives = livesIn(view);
    const starts = thresholdOf(view, { name, thresholds }, 'starts');
    return view.ensemble.servers.filter(({ id }) => (lives[id]?.length ?? 0) >= starts);
  },
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    const lives = livesIn(view);
    return servers.map((server) => judge(view, server, { census, lives: lives[server.id] ?? [] }));
  },
};

function judge(
  view: EnsembleView,
  server: Server,
  { census, lives }: { readonly census: Census; readonly lives: readonly Life[] },
): Finding {
  const limit = (threshold: keyof typeof thresholds): number =>
    thresholdOf(view, { name, thresholds }, threshold);
  const serves = census.conditions.get(server.id) === 'serving';
  const row = rowOf(
    lives.filter(({ fromMs }) => fromMs > view.atMs - limit('windowMs')),
    limit('servedMsMax'),
  );
  const last = row.at(-1);
  const isSteady =
    last?.toMs === undefined && view.atMs - (last?.servedMs ?? view.atMs) >= limit('steadyMs');
  const loops = row.length >= limit('starts') && !isSteady;
  const exitCode = view.surveys?.[server.id]?.host?.process?.exitCode;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: loops ? 'firing' : serves ? 'clear' : 'unknown',
    severity: 'page',
    conclusive: loops,
    facts: {
      ...census.facts,
      role: server.role,
      led: ledLast(view, server.id),
      starts: row.length,
      windowMs: limit('windowMs'),
      exitCode: exitCode ?? -1,
    },
    evidence: [...row.map((life) => lineOf(view, server, life)), ...evidenceOf(view, [server.id])],
  };
}

/** The last lives that came to little, and the one that goes on: what served for long in between ends the row before it. */
function rowOf(lives: readonly Life[], servedMsMax: number): readonly Life[] {
  const isOver = lives.at(-1)?.toMs !== undefined;
  const ended = isOver ? lives : lives.slice(0, -1);
  const steady = ended.findLastIndex((life) => servedMs(life) >= servedMsMax);
  return lives.slice(steady + 1);
}

/** How long a life that is over came to serve; one that goes on may serve for ever. */
function servedMs({ servedMs: fromMs, toMs }: Life): number {
  if (toMs === undefined) return Number.POSITIVE_INFINITY;
  return fromMs === undefined ? 0 : toMs - fromMs;
}

function lineOf(view: EnsembleView, { id }: Server, life: Life): string {
  const ago = `${id}: started ${seconds(view.atMs - life.fromMs)} s ago`;
  if (life.toMs === undefined) return `${ago}, runs`;
  return `${ago}, served ${seconds(servedMs(life))} s, was gone after ${seconds(life.toMs - life.fromMs)} s`;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
