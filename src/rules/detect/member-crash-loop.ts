import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { type Life, livesOf } from '../../model/lives.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-crash-loop';

/**
 * Three starts in ten minutes, each but the last of which came to less than ten seconds of service. Over when it has served for a
 * minute. Guesses; Strimzi's own rules warn above two restarts in five minutes.
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
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    const lives = livesOf(view);
    return view.ensemble.servers.map((server) =>
      judge(view, server, { census, lives: lives[server.id] ?? [] }),
    );
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
  const lately = lives.filter(({ fromMs }) => fromMs > view.atMs - limit('windowMs'));
  const brief = lately.filter((life) => servedMs(life) < limit('servedMsMax'));
  const startedMs = lately.at(-1)?.fromMs ?? view.atMs;
  const isSteady = serves && view.atMs - startedMs >= limit('steadyMs');
  const loops = lately.length >= limit('starts') && brief.length >= limit('starts') - 1;
  const exitCode = view.surveys?.[server.id]?.host?.process?.exitCode;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: loops && !isSteady ? 'firing' : serves ? 'clear' : 'unknown',
    severity: 'page',
    conclusive: loops,
    facts: {
      ...census.facts,
      role: server.role,
      led: ledLast(view, server.id),
      starts: lately.length,
      windowMs: limit('windowMs'),
      exitCode: exitCode ?? -1,
    },
    evidence: [
      ...lately.map((life) => lineOf(view, server, life)),
      ...evidenceOf(view, [server.id]),
    ],
  };
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
