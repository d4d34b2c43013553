import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from './scene.ts';

/** What was told while nothing was wrong. */
export interface Quiet {
  readonly ms: number;
  /** Titles of cards. */
  readonly cards: readonly string[];
  readonly reads: number;
  readonly writes: number;
  readonly failed: number;
}

/** Leaves the ensemble alone under its load, and notes every card. */
export async function keepQuiet(
  scene: Scene,
  ms: number,
  tell: (line: string) => void,
): Promise<Quiet> {
  await scene.calm();
  const firstIndex = scene.webhook.requests.length;
  const before = scene.load.counts();
  const endMs = Date.now() + ms;
  const cards = () => [
    ...new Map(
      scene
        .cardsSince(firstIndex)
        .toReversed()
        .map(({ body }) => [body.incident, `${body.detector}: ${body.title}`]),
    ).values(),
  ];
  while (Date.now() < endMs) {
    await sleep(Math.min(60_000, endMs - Date.now()));
    tell(
      `quiet: ${Math.max(0, Math.round((endMs - Date.now()) / 1000))} s left, ${cards().length} card(s)`,
    );
  }
  const after = scene.load.counts();
  return {
    ms,
    cards: cards(),
    reads: after.reads - before.reads,
    writes: after.writes - before.writes,
    failed: after.failed - before.failed,
  };
}
