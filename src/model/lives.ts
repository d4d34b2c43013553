import { restartedBetween } from './delta.ts';
import type { Ensemble, ServerId } from './ensemble.ts';
import type { Sample } from './sample.ts';

/** One life of a server's process, of which the bot saw the beginning or the end. */
export interface Life {
  /** 0 for a life that began before anybody looked. */
  readonly fromMs: number;
  /** When it was first seen to serve; absent where it never was. */
  readonly servedMs?: number;
  /** When it was seen to be gone, or another process in its place. */
  readonly toMs?: number;
}

/** Lives that are remembered of each server. */
export const livesMax = 8;

interface Past {
  readonly ensemble: Ensemble;
  readonly atMs: number;
  readonly samples: Readonly<Record<ServerId, Sample>>;
  readonly history: Readonly<Record<ServerId, readonly Sample[]>>;
  readonly lives?: Readonly<Record<ServerId, readonly Life[]>>;
}

/** The lives of each server that are known after this look, oldest first. Servers that were never seen to start or end are left out. */
export function livesOf(past: Past): Readonly<Record<ServerId, readonly Life[]>> {
  return Object.fromEntries(
    past.ensemble.servers.flatMap(({ id }) => {
      const lives = livesAfter(past.lives?.[id] ?? [], past, id);
      return lives.length === 0 ? [] : [[id, lives] as const];
    }),
  );
}

function livesAfter(known: readonly Life[], past: Past, server: ServerId): readonly Life[] {
  const { atMs, samples } = past;
  const newest = samples[server];
  if (newest === undefined) return known;
  const serves = newest.kind === 'reading' ? { servedMs: atMs } : {};
  if (hasStarted(past, server))
    return [...endedAll(known, atMs), { fromMs: atMs, ...serves }].slice(-livesMax);
  if (isRefused(newest)) return endedAll(known, atMs);
  return known.map((life, index) => (index === known.length - 1 ? { ...serves, ...life } : life));
}

/** What is known of a server whose process is gone: the life that nobody saw begin ended, too. */
function endedAll(known: readonly Life[], atMs: number): readonly Life[] {
  const lives = known.length === 0 ? [{ fromMs: 0 }] : known;
  return lives.map((life) => ended(life, atMs));
}

function ended(life: Life, toMs: number): Life {
  return { toMs, ...life };
}

/** Between the look before and this one: it refused and does not any more, or another process answers. */
function hasStarted({ history, samples }: Past, server: ServerId): boolean {
  const earlier = history[server] ?? [];
  const newest = samples[server];
  const last = earlier.at(-1);
  if (newest === undefined || last === undefined) return false;
  if (isRefused(last)) return newest.kind === 'reading' || newest.connected;
  if (newest.kind === 'failure') return false;
  const told = earlier.findLast((sample) => sample.kind === 'reading' || isRefused(sample));
  return told?.kind === 'reading' && restartedBetween(told, newest);
}

function isRefused(sample: Sample): boolean {
  return sample.kind === 'failure' && sample.reason === 'refused';
}
