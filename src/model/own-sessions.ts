/**
 * Sessions that one replica of the bot opened on an ensemble, and did not end: ZooKeeper expires what is left behind, as it does the
 * sessions of clients.
 */
export interface OwnSessions {
  /** What stands now, and would be left behind if the process were killed. */
  readonly standing: number;
  /** Left behind, oldest first, the newest `ownSessionsMax`. */
  readonly left: readonly LeftSession[];
  /** The numbers of those that stand, `0x…`: nobody may be asked to end them. */
  readonly sessions?: readonly string[];
}

/** A replica holds one or two for each server of an ensemble. */
export const sessionsToldMax = 100;

/** From when until when ZooKeeper may expire it, ms since the epoch. */
export type LeftSession = readonly [fromMs: number, untilMs: number];

/** What a replica said of its own sessions, and when. */
export interface ToldSessions extends OwnSessions {
  readonly atMs: number;
}

/** Sessions left behind that are remembered: more than a bot leaves in ten minutes of an ensemble that hangs. */
export const ownSessionsMax = 500;

/** How long a session that was asked for and not granted in time may still come to be: a server that hangs grants it when it goes on. */
export const unansweredMs = 10 * 60_000;

/** The bot asks for this on every session. */
export const ownTimeoutMs = 10_000;

/** A new leader gives every session its whole time again, and expires it up to two ticks later, which are less than a timeout. */
export const timeoutsMax = 3;

/** A replica that has not said anything for so long is dead: it tells four times as often while it has any. */
export const toldCountsMs = 6000;

/** How many of the sessions that ZooKeeper expired in this span may have been the bot's own. */
export function ownSessionsEnded(
  told: readonly ToldSessions[],
  fromMs: number,
  toMs: number,
): number {
  return told.reduce((sum, one) => {
    const ended = one.left.filter(([first, last]) => first <= toMs && last >= fromMs).length;
    const isDead = toMs - one.atMs > toldCountsMs;
    const isRecent = one.atMs + timeoutsMax * ownTimeoutMs >= fromMs;
    return sum + ended + (isDead && isRecent ? one.standing : 0);
  }, 0);
}
