import { describe, expect, it } from 'vitest';
import {
  createRetry,
  quickPhaseMs,
  slowPauseMs,
} from '../../../src/edges/zookeeper/session-retry.ts';
import type { FailureReason } from '../../../src/model/sample.ts';

const server = { host: 'zk1', port: 2181 };

/** A pace with its own time and no chance in it. */
function aRetry(fixedTimeoutMs?: number) {
  let nowMs = 0;
  const retry = createRetry(
    () => nowMs,
    () => 0.5,
    fixedTimeoutMs,
  );
  return {
    retry,
    pass: (ms: number) => {
      nowMs += ms;
    },
    pause: (reason: FailureReason) => retry.pauseMs(server, reason),
  };
}

describe('the pace of attempts', () => {
  it.each([
    ['refused', 100, slowPauseMs],
    ['unreachable', 100, slowPauseMs],
    ['reset', 200, slowPauseMs],
    ['not-serving', 200, slowPauseMs],
    ['timeout', 50, 50],
    ['unresolved', slowPauseMs, slowPauseMs],
    ['garbled', slowPauseMs, slowPauseMs],
    ['tls', slowPauseMs, slowPauseMs],
  ] as const)('after %s is %d ms at first and %d ms after minutes', (reason, first, later) => {
    const { pause, pass } = aRetry();

    const atFirst = pause(reason);
    pass(quickPhaseMs);
    const atTheEndOfTheQuickPhase = pause(reason);
    pass(120_000);
    const afterMinutes = pause(reason);

    expect([atFirst, atTheEndOfTheQuickPhase, afterMinutes]).toEqual([first, first, later]);
  });

  it('is quick again when the answer changes: a process comes back', () => {
    const { pause, pass } = aRetry();
    pause('refused');
    pass(120_000);
    pause('refused');

    const changed = pause('reset');

    expect(changed).toBe(200);
  });

  it('is quick again after a session stood', () => {
    const { retry, pause, pass } = aRetry();
    pause('refused');
    pass(120_000);
    retry.forget(server);

    const afresh = pause('refused');

    expect(afresh).toBe(100);
  });

  it('gives a server that times out more time, up to a bound, and less when it answers', () => {
    const { retry, pause } = aRetry();
    const deadlines = [retry.handshakeTimeoutMs(server)];

    for (const reason of ['timeout', 'timeout', 'timeout', 'refused'] as const) {
      pause(reason);
      deadlines.push(retry.handshakeTimeoutMs(server));
    }

    expect(deadlines).toEqual([2000, 4000, 8000, 8000, 2000]);
  });

  it('keeps a deadline that was given', () => {
    const { retry, pause } = aRetry(700);
    pause('timeout');

    expect(retry.handshakeTimeoutMs(server)).toBe(700);
  });

  it('spreads attempts by a fifth', () => {
    const soonest = createRetry(
      () => 0,
      () => 0,
      undefined,
    ).pauseMs(server, 'refused');
    const latest = createRetry(
      () => 0,
      () => 1,
      undefined,
    ).pauseMs(server, 'refused');

    expect([soonest, Math.round(latest)]).toEqual([90, 110]);
  });
});
