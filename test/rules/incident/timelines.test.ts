import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/model/incident.ts';
import { nightMs } from '../../support/builders.ts';
import { replay } from '../../support/timeline.ts';

// What real ensembles showed while something was done to them, played to every detector of the catalogue: one fault, one card.

function told({ detector, subject, state, pagedMs }: Incident): string {
  return [detector, subject.server, state, pagedMs === undefined ? '' : 'paged']
    .filter(Boolean)
    .join(' ');
}

describe('a recorded fault', () => {
  it.each([
    ['leader-killed', ['member-down zk3 resolved']],
    ['follower-stopped', ['member-hung zk3 resolved paged']],
    // The old leader says for a second after it woke up that it leads.
    ['leader-stopped', ['leader-unresponsive zk2 resolved paged']],
    // The old leader says for two seconds that it leads, beside the new one.
    ['leader-cut-off', ['stale-leader zk3 resolved']],
    ['bot-cut-from-follower', []],
    ['one-way-cut', []],
    ['follower-loses-packets', []],
    ['election-port-blocked', ['member-down zk1 resolved']],
    // Nobody sees the cut between two followers; with the leader gone they cannot elect.
    ['followers-cut-leader-killed', ['quorum-lost resolved paged', 'member-down zk2 resolved']],
    ['membership-drift-leader-killed', ['member-down zk3 triggered']],
    ['quorum-lost-and-back', ['quorum-lost resolved paged', 'member-down zk3 resolved']],
    ['quorum-lost-read-only', ['quorum-lost resolved paged']],
    ['disk-full-follower', ['member-down zk1 triggered']],
    ['disk-full-leader', ['member-rejoin-loop zk3 triggered paged']],
    ['leader-out-of-memory', ['quorum-lost triggered paged']],
    // The road of a fault lets the first card go on as the second.
    ['rolling-restart', ['member-down zk1 resolved', 'rolling-restart triggered']],
    ['wipe-and-resync', ['member-down zk1 resolved']],
    ['zxid-rollover', []],
  ] as const)('%s: %j', (name, cards) => {
    expect(replay(name).incidents().map(told)).toEqual(cards);
  });
});

describe('a recorded fault that stays', () => {
  it.each([
    ['disk-full-follower', 70_000, 'member-down zk1 triggered paged'],
    ['disk-full-leader', 70_000, 'member-rejoin-loop zk3 triggered paged'],
    ['membership-drift-leader-killed', 30_000, 'quorum-lost triggered paged'],
  ] as const)('%s is told once: %i ms on, %s', (name, untilMs, card) => {
    const [first, ...others] = replay(name, untilMs).incidents();

    expect(others).toEqual([]);
    expect(first && told(first)).toBe(card);
  });

  it('names a cut between followers by the leader they cannot elect', () => {
    const [quorum] = replay('followers-cut-leader-killed').incidents();

    expect(quorum?.symptoms.map(({ detector }) => detector)).toContain('slow-election');
    expect((quorum?.pagedMs ?? 0) - nightMs).toBeLessThan(17_000 + 4000);
  });
});
