/** Feels whether a server still answers: sends heartbeats and counts the ones that stay without an answer. */
export interface Pulse {
  /** An answer came. They come in the order of the heartbeats. */
  answered(): void;
  stop(): void;
}

export interface PulseOptions {
  send(): void;
  /** Time to the next heartbeat; asked each time, because it depends on how many servers are watched. */
  everyMs(): number;
  /** Two in a row went unanswered, for the first time since the last answer in time. */
  onSilent(): void;
  /** An answer in time again after `onSilent`. */
  onAlive(): void;
  /** A heartbeat went unanswered, whatever was before. */
  onMiss(): void;
}

/** How long a heartbeat may take before it counts as missed: a healthy server answers in about a millisecond. */
export const heartbeatTimeoutMs = 500;

/** Missed in a row before a server counts as silent: one alone may be a collection of garbage or a lost packet. */
export const missesMax = 2;

/**
 * When our own timer rings this late, the delay was ours: that heartbeat is no evidence. Event loops are late by a few
 * milliseconds; a stop of ours as long as this is rare and long enough to hide an answer.
 */
export const lagMsMax = 100;

/** Heartbeats without an answer on one connection. The connection is given up long before, unless we are too busy to notice. */
const unansweredMax = 200;

interface Heartbeat {
  verdict: 'waiting' | 'missed' | 'excused' | 'answered';
  timer?: NodeJS.Timeout;
}

export function startPulse(options: PulseOptions): Pulse {
  const unanswered: Heartbeat[] = [];
  let misses = 0;
  let isSilent = false;
  let isStopped = false;
  let next: NodeJS.Timeout | undefined;

  function beat(): void {
    clearTimeout(next);
    next = setTimeout(beat, options.everyMs());
    if (unanswered.length >= unansweredMax) return;
    const heartbeat: Heartbeat = { verdict: 'waiting' };
    const dueMs = performance.now() + heartbeatTimeoutMs;
    heartbeat.timer = setTimeout(() => {
      const lagMs = performance.now() - dueMs;
      // What lies in the socket is read before the verdict: timers ring first, then sockets are read, then this runs.
      setImmediate(() => judge(heartbeat, lagMs));
    }, heartbeatTimeoutMs);
    unanswered.push(heartbeat);
    options.send();
  }

  function judge(heartbeat: Heartbeat, lagMs: number): void {
    if (isStopped || heartbeat.verdict !== 'waiting') return;
    if (lagMs > lagMsMax) {
      heartbeat.verdict = 'excused';
      return;
    }
    heartbeat.verdict = 'missed';
    misses += 1;
    if (misses >= missesMax && !isSilent) {
      isSilent = true;
      options.onSilent();
    }
    options.onMiss();
    // Where heartbeats are rare, the second opinion is asked for at once.
    if (!isStopped && unanswered.every(({ verdict }) => verdict !== 'waiting')) beat();
  }

  beat();
  return {
    answered() {
      const heartbeat = unanswered.shift();
      if (isStopped || heartbeat?.verdict !== 'waiting') return;
      heartbeat.verdict = 'answered';
      clearTimeout(heartbeat.timer);
      misses = 0;
      if (!isSilent) return;
      isSilent = false;
      options.onAlive();
    },
    stop() {
      isStopped = true;
      clearTimeout(next);
      for (const { timer } of unanswered) clearTimeout(timer);
    },
  };
}
