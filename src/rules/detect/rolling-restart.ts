import type { Server, ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Verdict } from '../../model/finding.ts';
import type { Life } from '../../model/lives.ts';
import { type Census, type Condition, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { livesIn } from './signs/lives.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'rolling-restart';

/** Careful people give a server some minutes before they go on to the next; after a minute without a further step it is over. */
const thresholds = { holdMs: 0, windowMs: 600_000, settleMs: 60_000 };

/**
 * Servers are restarted one after the other, each once and only while all others serve: a person or a tool at work, and no row of
 * faults. A server that stays away is a fault all the same: it calls people on this card when its own time has come.
 */
export const rollingRestart: Detector = {
  name,
  severity: 'info',
  explains: explainsOf(name),
  continues: [name, 'member-down', 'member-restarted', 'member-not-serving'],
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    const walk = walkOf(view, census);
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: verdictOf(view, walk),
        severity: 'info',
        conclusive: true,
        facts: {
          ...census.facts,
          servers: view.ensemble.servers.length,
          done: walk.done,
          now: walk.now ?? '',
        },
        evidence: evidenceOf(view, walk.now === undefined ? walk.done : [...walk.done, walk.now]),
      },
    ];
  },
};

/** How far somebody has come who restarts one server after the other. */
interface Walk {
  /** Restarted and serving again, in that order. */
  readonly done: readonly ServerId[];
  /** The one that is out. */
  readonly now?: ServerId;
  /** `proper`: one is out at most; `doubtful`: servers are out for a reason that may pass; `wrong`: this is no such walk. */
  readonly manner: 'proper' | 'doubtful' | 'wrong';
  readonly lastMs: number;
}

const alarming: readonly (Condition | undefined)[] = ['hung', 'starved', 'unreachable'];

function walkOf(view: EnsembleView, { conditions }: Census): Walk {
  const sinceMs = view.atMs - thresholdOf(view, { name, thresholds }, 'windowMs');
  const lives = livesIn(view);
  const begun = ({ id }: Server): readonly Life[] =>
    (lives[id] ?? []).filter(({ fromMs }) => fromMs >= sinceMs);
  const out = view.ensemble.servers.filter(({ id }) => conditions.get(id) !== 'serving');
  const down = out.filter(({ id }) => conditions.get(id) === 'down');
  const starting = out.filter(
    (server) => begun(server).at(-1)?.servedMs === undefined && begun(server).length > 0,
  );
  const now = [...down, ...starting][0];
  const others = out.filter((server) => server !== now);
  // Without their leader the others serve nobody for a moment.
  const isElection = now !== undefined && ledLast(view, now.id);
  const absent = isElection ? [now] : out;
  const done = view.ensemble.servers
    .filter((server) => !absent.includes(server) && begun(server).at(-1)?.servedMs !== undefined)
    .sort((a, b) => startOf(begun(a)) - startOf(begun(b)));
  const isLoop = view.ensemble.servers.some(
    (server) => begun(server).length > (down.includes(server) ? 0 : 1),
  );
  const steps = [...done, ...(now === undefined ? [] : [now])].map(({ id }) => lives[id] ?? []);
  const isAlarming = out.some(({ id }) => alarming.includes(conditions.get(id)));
  return {
    done: done.map(({ id }) => id),
    ...(now === undefined ? {} : { now: now.id }),
    manner:
      isLoop || isAlarming || down.length > 1 || overlap(steps)
        ? 'wrong'
        : others.length > 0 && !isElection
          ? 'doubtful'
          : 'proper',
    lastMs: Math.max(0, ...done.map((server) => begun(server).at(-1)?.servedMs ?? 0)),
  };
}

/** Whether a server went before the one that went before it was back: that is an outage of both, and no care is taken. */
function overlap(steps: readonly (readonly Life[])[]): boolean {
  const absences = steps.map((lives) => {
    const last = lives.at(-1);
    const isBack = last?.toMs === undefined;
    const goneMs = (isBack ? lives.at(-2) : last)?.toMs ?? last?.fromMs ?? 0;
    return {
      goneMs,
      backMs: isBack ? (last?.servedMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
    };
  });
  return absences.some((one, index) =>
    absences.some(
      (other, place) => place > index && one.goneMs < other.backMs && other.goneMs < one.backMs,
    ),
  );
}

function startOf(lives: readonly Life[]): number {
  return lives.at(-1)?.fromMs ?? 0;
}

function verdictOf(view: EnsembleView, { done, now, manner, lastMs }: Walk): Verdict {
  if (manner === 'wrong') return 'clear';
  if (manner === 'doubtful') return 'unknown';
  if (now !== undefined) return done.length > 0 ? 'firing' : 'clear';
  const isFresh = view.atMs - lastMs < thresholdOf(view, { name, thresholds }, 'settleMs');
  return done.length > 1 && isFresh ? 'firing' : 'clear';
}
