import { stat } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  heartbeatTimeoutMs,
  type Pulse,
  startPulse,
} from '../../../src/edges/zookeeper/session-pulse.ts';

let pulse: Pulse;
let said: string[];
let sent: number;

/** A pulse on a server that answers each heartbeat after `answerMs`, or never. */
function feel(everyMs: number, answerMs: () => number | undefined): void {
  said = [];
  sent = 0;
  pulse = startPulse({
    send() {
      sent += 1;
      const wait = answerMs();
      if (wait !== undefined) setTimeout(() => pulse.answered(), wait);
    },
    everyMs: () => everyMs,
    onSilent: () => void said.push('silent'),
    onAlive: () => void said.push('alive'),
    onMiss: () => void said.push('miss'),
  });
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the pulse of a server', () => {
  afterEach(() => {
    pulse.stop();
    vi.useRealTimers();
  });

  it('is silent after two misses in a row, 750 ms after it stopped to answer', async () => {
    vi.useFakeTimers();
    feel(250, () => undefined);

    await pass(749);
    const before = [...said];
    await pass(2);

    expect(before).toEqual(['miss']);
    expect(said).toEqual(['miss', 'silent', 'miss']);
  });

  it('is not silent when every other heartbeat is missed', async () => {
    vi.useFakeTimers();
    let heartbeat = 0;
    // The second opinion, asked for after 500 ms, is answered in time and after the late answer.
    feel(1000, () => ((heartbeat += 1) % 2 === 1 ? 600 : 110));

    await pass(10_000);

    expect(new Set(said)).toEqual(new Set(['miss']));
    expect(said.length).toBeGreaterThan(5);
  });

  it('asks again at once after the first miss where heartbeats are rare', async () => {
    vi.useFakeTimers();
    feel(5000, () => undefined);

    await pass(2 * heartbeatTimeoutMs + 5);

    expect(said).toEqual(['miss', 'silent', 'miss']);
    expect(sent).toBeGreaterThan(1);
  });

  it('is alive again with an answer in time, not with answers that come late', async () => {
    vi.useFakeTimers();
    let wait = 700;
    feel(250, () => wait);
    await pass(3000);
    const whileLate = said.filter((word) => word !== 'miss');

    wait = 5;
    await pass(3000);

    expect(whileLate).toEqual(['silent']);
    expect(said.filter((word) => word !== 'miss')).toEqual(['silent', 'alive']);
  });

  it('says nothing after it was stopped', async () => {
    vi.useFakeTimers();
    feel(100, () => undefined);

    pulse.stop();
    await pass(5000);

    expect(said).toEqual([]);
    expect(sent).toBe(1);
  });

  it('sends no more than a bounded number of heartbeats to a server that never answers', async () => {
    vi.useFakeTimers();
    feel(10, () => undefined);

    await pass(60_000);

    expect(sent).toBe(200);
  });

  it('takes a stop of our own for no evidence', async () => {
    feel(50, () => undefined);
    const endMs = performance.now() + heartbeatTimeoutMs + 400;

    while (performance.now() < endMs);
    await new Promise((resolve) => setTimeout(resolve, 30));

    // What was sent before the stop is excused; what is sent after it has its own deadline still before it.
    expect(said).toEqual([]);
  });

  it('reads what has come before it judges, when it was held up for a moment', async () => {
    // The answer comes from another thread, and is read where sockets are read: after the timers.
    const answerUnread = () => stat('/', () => pulse.answered());
    said = [];
    pulse = startPulse({
      send: answerUnread,
      everyMs: () => 10_000,
      onSilent: () => void said.push('silent'),
      onAlive: () => void said.push('alive'),
      onMiss: () => void said.push('miss'),
    });
    const endMs = performance.now() + heartbeatTimeoutMs + 40;

    while (performance.now() < endMs);
    await new Promise((resolve) => setTimeout(resolve, 30));

    expect(said).toEqual([]);
  });
});
