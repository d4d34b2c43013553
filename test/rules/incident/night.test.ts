import { describe, expect, it } from 'vitest';
import type { CanaryResult } from '../../../src/model/sample.ts';
import { defaultIncidentSettings } from '../../../src/model/settings.ts';
import {
  aFailure,
  aNotice,
  anEnsemble,
  aReading,
  aStamp,
  nightMs,
} from '../../support/builders.ts';
import { aNight } from '../../support/night.ts';

/** Whole faults, as real ensembles show them look after look: which cards come of them, and when. */

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

function named(incident: {
  readonly detector: string;
  readonly subject: { readonly server?: string };
}): string {
  return [incident.detector, incident.subject.server].filter(Boolean).join(' ');
}

describe('a follower that is killed', () => {
  it('is on a quiet card at the first look, with the thin quorum as its symptom', () => {
    const night = aNight();
    night.look(0, well);

    night.look(30, { ...well, zk3: 'refused' });

    const [card, ...others] = night.open();
    expect(others).toEqual([]);
    expect(card).toMatchObject({
      detector: 'member-down',
      subject: { server: 'zk3' },
      severity: 'page',
      symptoms: [{ detector: 'quorum-at-risk' }],
    });
    expect(card?.pagedMs).toBeUndefined();
  });

  it('pages after a minute, once', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });
    night.look(60_000, { ...well, zk3: 'refused' });
    expect(night.open()[0]?.pagedMs).toBeUndefined();

    const first = night.look(60_030, { ...well, zk3: 'refused' });
    const second = night.look(60_280, { ...well, zk3: 'refused' });

    expect(first).toEqual([{ kind: 'change', incident: 1, intent: { kind: 'page' } }]);
    expect(second).toEqual([]);
    expect(night.open()[0]?.pagedMs).toBe(nightMs + 60_030);
  });

  it('stays one card while it starts, and is resolved at the look that sees it serve', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });
    night.look(5000, { ...well, zk3: 'reset' });
    night.look(5250, { ...well, zk3: 'not-serving' });
    night.look(5500, { ...well, zk3: 'not-serving' });
    expect(night.open().map(named)).toEqual(['member-down zk3']);

    night.look(5750, well);

    expect(night.open()).toEqual([]);
    expect(night.incidents()).toHaveLength(1);
    expect(night.incidents()[0]?.resolvedMs).toBe(nightMs + 5750);
  });

  it('is a second card when it falls again right after', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });
    night.look(5000, well);

    night.look(5250, { ...well, zk3: 'refused' });

    expect(night.incidents().map(({ state }) => state)).toEqual(['resolved', 'triggered']);
  });

  it('is one card when it never joins again: not serving is its symptom', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });

    for (let ms = 5000; ms <= 60_000; ms += 5000) night.look(ms, { ...well, zk3: 'not-serving' });

    expect(night.incidents().map(named)).toEqual(['member-down zk3']);
    expect(night.open()[0]?.symptoms.map(named)).toContain('member-not-serving zk3');
    expect(night.open()[0]?.pagedMs).toBe(nightMs + 45_000);
  });

  it('draws nothing new while nothing changes', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });

    const plan = night.look(280, { ...well, zk3: 'refused' });

    expect(plan).toEqual([]);
  });
});

describe('a leader that is killed', () => {
  const falls = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;
  const after = { zk1: 'refused', zk2: 'follower', zk3: 'leader' } as const;

  it('is one card about that server; the election is a symptom, and nobody healthy is named', () => {
    const night = aNight();
    night.look(0, well);

    night.look(30, falls);
    night.look(280, falls);
    night.look(530, after);

    expect(night.incidents().map(named)).toEqual(['member-down zk1']);
    expect(night.open()[0]).toMatchObject({ facts: { led: true } });
    const election = night.open()[0]?.symptoms.find(({ detector }) => detector === 'electing');
    expect(election?.clearedMs).toBe(nightMs + 530);
    expect(JSON.stringify(night.incidents().map(({ subject }) => subject))).not.toMatch(/zk2|zk3/u);
  });

  it('becomes quorum lost when no election comes to an end within three seconds, and pages', () => {
    const night = aNight();
    night.look(0, well);
    for (let ms = 30; ms <= 3030; ms += 250) night.look(ms, falls);

    expect(night.incidents().map(named)).toEqual(['quorum-lost']);
    expect(night.open()[0]).toMatchObject({ id: 1, pagedMs: nightMs + 3030, severity: 'page' });
    expect(night.open()[0]?.symptoms.map(named)).toContain('member-down zk1');
  });

  it('is announced by itself when the election ends after quorum was called lost', () => {
    const night = aNight();
    night.look(0, well);
    for (let ms = 30; ms <= 3030; ms += 250) night.look(ms, falls);

    night.look(3280, after);

    expect(night.incidents()[0]).toMatchObject({ detector: 'quorum-lost', state: 'resolved' });
    expect(night.open().map(named)).toEqual(['member-down zk1']);
    expect(night.open()[0]).toMatchObject({ sinceMs: nightMs + 30 });
    expect(night.open()[0]?.pagedMs).toBeUndefined();
  });
});

describe('a server that hangs', () => {
  const silent = { ...well, zk2: 'timeout' } as const;

  it('is named hung at the look that a sensor asked for', () => {
    const night = aNight();
    night.look(0, well);

    night.look(1000, silent, { notices: [aNotice({ kind: 'silent', server: 'zk2' })] });

    expect(night.incidents().map(named)).toEqual(['member-hung zk2']);
  });

  it('is named hung after a second of silence where no sensor watches, and not before', () => {
    const night = aNight();
    night.look(0, well);
    night.look(5000, silent);
    night.look(5900, silent);
    expect(night.incidents()).toEqual([]);

    night.look(6000, silent);

    expect(night.incidents().map(named)).toEqual(['member-hung zk2']);
  });

  it('stays one card when it is killed and started again', () => {
    const night = aNight();
    night.look(0, well);
    night.look(1000, silent, { notices: [aNotice({ kind: 'silent', server: 'zk2' })] });
    night.look(9000, { ...well, zk2: 'refused' });
    night.look(9250, { ...well, zk2: 'not-serving' });
    expect(night.open().map(named)).toEqual(['member-hung zk2']);

    night.look(9500, well);

    expect(night.incidents().map(({ state }) => state)).toEqual(['resolved']);
  });

  it('does not end while an old leader that wakes up believes it leads', () => {
    const night = aNight();
    night.look(0, well);
    night.look(
      1000,
      { ...well, zk1: 'timeout' },
      { notices: [aNotice({ kind: 'silent', server: 'zk1' })] },
    );
    const stale = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 0 } });
    const newLead = aReading({ server: 'zk2', mode: 'leader', metrics: { synced_followers: 1 } });

    night.look(12_000, { zk3: 'follower' }, { samples: { zk1: stale, zk2: newLead } });
    expect(night.open().map(named)).toEqual(['leader-unresponsive zk1']);
    night.look(14_000, { zk1: 'follower', zk2: 'leader', zk3: 'follower' });

    expect(night.open()).toEqual([]);
    expect(night.incidents()).toHaveLength(1);
  });

  it('of a leader explains the election ten seconds later', () => {
    const night = aNight();
    night.look(0, well);
    night.look(
      1000,
      { ...well, zk1: 'timeout' },
      { notices: [aNotice({ kind: 'silent', server: 'zk1' })] },
    );

    night.look(10_000, { zk1: 'timeout', zk2: 'not-serving', zk3: 'not-serving' });
    night.look(10_300, { zk1: 'timeout', zk2: 'leader', zk3: 'follower' });

    expect(night.incidents().map(named)).toEqual(['leader-unresponsive zk1']);
    expect(night.open()[0]?.symptoms.map(named)).toEqual(
      expect.arrayContaining(['member-hung zk1', 'electing']),
    );
    expect(night.open()[0]?.facts).toMatchObject({ led: true, successor: 'zk2' });
  });
});

describe('a majority that is killed', () => {
  it('is one card, at the first look that sees it', () => {
    const night = aNight();
    night.look(0, well);

    night.look(30, { zk1: 'leader', zk2: 'refused', zk3: 'refused' });

    expect(night.incidents().map(named)).toEqual(['quorum-lost']);
    expect(night.open()[0]?.symptoms.map(named)).toEqual(
      expect.arrayContaining(['member-down zk2', 'member-down zk3']),
    );
  });

  it('is believed although the leader still counts the dead for a moment', () => {
    const night = aNight();
    night.look(0, well);
    const leader = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 2 } });

    night.look(30, { zk2: 'refused', zk3: 'refused' }, { samples: { zk1: leader } });

    expect(night.incidents().map(named)).toEqual(['quorum-lost']);
  });

  it('takes over the quiet card of the first that fell, and pages after three seconds', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk2: 'refused' });

    night.look(280, { zk1: 'leader', zk2: 'refused', zk3: 'refused' });
    expect(night.open()[0]?.pagedMs).toBeUndefined();
    night.look(3280, { zk1: 'not-serving', zk2: 'refused', zk3: 'refused' });

    expect(night.incidents().map(named)).toEqual(['quorum-lost']);
    expect(night.open()[0]).toMatchObject({ id: 1, pagedMs: nightMs + 3280 });
  });

  it('folds a card that people were called for, and gets its own', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk2: 'refused' });
    night.act(1, { kind: 'acknowledge', stamp: aStamp() }, 5000);

    night.look(10_000, { zk1: 'leader', zk2: 'refused', zk3: 'refused' });

    expect(night.open().map(named)).toEqual(['quorum-lost']);
    expect(night.incidents()[0]).toMatchObject({ state: 'resolved', foldedInto: 2 });
  });

  it('leaves a card about the one that is still down when the quorum is back', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { zk1: 'leader', zk2: 'refused', zk3: 'refused' });
    night.look(9000, { zk1: 'not-serving', zk2: 'not-serving', zk3: 'refused' });

    night.look(9500, { zk1: 'leader', zk2: 'follower', zk3: 'refused' });

    expect(night.incidents().map(named)).toEqual(['quorum-lost', 'member-down zk3']);
    expect(night.incidents().map(({ state }) => state)).toEqual(['resolved', 'triggered']);
  });

  it('leaves nothing when all are back at once', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { zk1: 'refused', zk2: 'refused', zk3: 'refused' });
    night.look(9000, { zk1: 'not-serving', zk2: 'not-serving', zk3: 'not-serving' });

    night.look(9500, well);

    expect(night.incidents().map(({ state }) => state)).toEqual(['resolved']);
  });
});

describe('a blink', () => {
  const before = aReading({ server: 'zk2', metrics: { uptime: 3_600_000, looking_count: 1 } });

  it('that a look sees refused is one card, resolved in place', () => {
    const night = aNight();
    night.look(0, well, { samples: { zk2: before } });
    night.look(30, { ...well, zk2: 'refused' });
    night.look(280, { ...well, zk2: 'not-serving' });
    const back = aReading({
      server: 'zk2',
      atMs: nightMs + 530,
      metrics: { uptime: 90, looking_count: 1 },
    });

    night.look(530, well, { samples: { zk2: back } });
    night.look(780, well, { samples: { zk2: { ...back, atMs: nightMs + 780 } } });

    expect(night.incidents().map(named)).toEqual(['member-down zk2']);
    expect(night.incidents()[0]?.state).toBe('resolved');
  });

  it('that no look sees is a quiet note, which ends by itself', () => {
    const night = aNight();
    night.look(0, well, { samples: { zk2: before } });
    const back = aReading({
      server: 'zk2',
      atMs: nightMs + 5000,
      metrics: { uptime: 90, looking_count: 1 },
    });
    const broken = aNotice({ kind: 'broken', server: 'zk2', atMs: nightMs + 4400 });

    night.look(5000, well, { samples: { zk2: back }, notices: [broken] });
    expect(night.open()[0]).toMatchObject({
      detector: 'member-restarted',
      severity: 'info',
      facts: { blinkMs: 510 },
    });
    night.look(10_000, well);
    expect(night.open()[0]?.facts['blinkMs']).toBe(510);
    night.look(65_000, well);

    expect(night.incidents().map(({ state, pagedMs }) => [state, pagedMs])).toEqual([
      ['resolved', undefined],
    ]);
  });
});

describe('a bot that cannot see', () => {
  it('names itself when every path is cut, and resolves nothing', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk2: 'refused' });

    for (let ms = 5000; ms <= 90_000; ms += 5000)
      night.look(ms, { zk1: 'cut', zk2: 'cut', zk3: 'cut' });

    expect(night.open().map(named)).toEqual(['member-down zk2', 'bot-partitioned']);
    expect(night.open()[0]?.pagedMs).toBeUndefined();
    expect(night.open()[1]?.pagedMs).toBe(nightMs + 20_000);
  });

  it('names the server that the leader has lost as well', () => {
    const night = aNight();
    night.look(0, well);

    for (let ms = 5000; ms <= 65_000; ms += 5000) night.look(ms, { ...well, zk3: 'cut' });

    expect(night.incidents().map(named)).toEqual(['member-unreachable zk3']);
    expect(night.open()[0]).toMatchObject({ openedMs: nightMs + 5000, pagedMs: nightMs + 65_000 });
    expect(night.open()[0]?.symptoms.map(named)).toEqual(['quorum-at-risk']);
  });

  it('names itself where the leader goes on counting the server', () => {
    const night = aNight();
    night.look(0, well);
    const counts = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 2 } });

    for (let ms = 5000; ms <= 60_000; ms += 1000) {
      const zk1 = { ...counts, atMs: nightMs + ms };
      night.look(ms, { ...well, zk3: 'cut' }, { samples: { zk1 } });
    }

    expect(night.incidents().map(named)).toEqual(['bot-partitioned']);
    expect(night.open()[0]).toMatchObject({ severity: 'warn', facts: { servers: ['zk3'] } });
    expect(night.open()[0]?.pagedMs).toBeUndefined();
  });

  it('leaves a host that died to its own name, though the leader counts it for a while', () => {
    const night = aNight();
    night.look(0, well);
    const counts = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 2 } });

    for (let ms = 1000; ms <= 60_000; ms += 1000) {
      const zk1 = { ...counts, atMs: nightMs + ms };
      night.look(ms, { ...well, zk3: 'cut' }, ms < 11_000 ? { samples: { zk1 } } : {});
    }

    expect(night.incidents().map(named)).toEqual(['member-unreachable zk3']);
  });

  it('speaks of a lost quorum when the only server it reaches serves nobody', () => {
    const night = aNight();
    night.look(0, well);

    for (let ms = 5000; ms <= 8000; ms += 250)
      night.look(ms, { zk1: 'not-serving', zk2: 'cut', zk3: 'unreachable' });

    expect(night.open().map(named)).toEqual(['quorum-lost']);
    expect(night.open()[0]?.facts).toMatchObject({ unreachable: ['zk2', 'zk3'], need: 1 });
  });
});

describe('writes that fail', () => {
  const failed = (ms: number): CanaryResult => ({
    kind: 'failed',
    atMs: nightMs + ms,
    tookMs: 1000,
    detail: 'no answer in 1000 ms',
    recent: { runs: 3, failed: 2 },
  });

  it('are a quiet card, which takes the name of the leader that was cut off once that shows', () => {
    const night = aNight();
    night.look(0, well);
    night.look(3000, well, { canary: failed(3000) });
    expect(night.open().map(named)).toEqual(['canary-failed']);
    const stale = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 0 } });
    const next = aReading({ server: 'zk2', mode: 'leader', metrics: { synced_followers: 1 } });

    night.look(
      12_500,
      { zk3: 'follower' },
      { samples: { zk1: stale, zk2: next }, canary: failed(12_000) },
    );
    const later = { zk1: 'not-serving', zk2: 'leader', zk3: 'follower' } as const;
    for (let ms = 14_000; ms <= 60_000; ms += 1000) night.look(ms, later);

    expect(night.incidents().map(named)).toEqual(['stale-leader zk1']);
    expect(night.open()[0]?.symptoms.map(named)).toEqual(
      expect.arrayContaining(['canary-failed', 'member-not-serving zk1']),
    );
  });

  it('call people where nothing else has a name by the time a leader would have been dropped', () => {
    const night = aNight();
    for (let ms = 0; ms <= 20_000; ms += 1000) night.look(ms, well, { canary: failed(ms) });

    expect(night.open().map(named)).toEqual(['canary-failed']);
    expect(night.open()[0]?.pagedMs).toBe(nightMs + 14_000);
  });

  it('are no card of their own right after a lost quorum is back', () => {
    const night = aNight();
    night.look(0, well);
    const lost = { zk1: 'refused', zk2: 'refused', zk3: 'not-serving' } as const;
    for (let ms = 1000; ms <= 6000; ms += 250) night.look(ms, lost, { canary: failed(ms) });

    for (let ms = 6250; ms <= 8000; ms += 250) night.look(ms, well, { canary: failed(6500) });
    night.look(8250, well, { canary: { kind: 'written', atMs: nightMs + 8200, tookMs: 4 } });

    expect(night.incidents().map(named)).toEqual(['quorum-lost']);
    expect(night.incidents()[0]?.symptoms.map(named)).toContain('canary-failed');
  });

  it('are a line on the card of a leader that does not answer', () => {
    const night = aNight();
    night.look(0, well);
    night.look(
      1000,
      { ...well, zk1: 'timeout' },
      { notices: [aNotice({ kind: 'silent', server: 'zk1' })] },
    );
    night.look(3000, { ...well, zk1: 'timeout' }, { canary: failed(3000) });

    expect(night.incidents().map(named)).toEqual(['leader-unresponsive zk1']);
    expect(night.open()[0]?.symptoms.map(named)).toContain('canary-failed');
  });
});

describe('a server without descriptors', () => {
  it('is one card, which changes its name when the leader goes on counting it', () => {
    const night = aNight();
    night.look(0, well);
    const counts = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 2 } });
    const silent = { ...well, zk3: 'timeout' } as const;
    const zk1 = (ms: number) => ({ samples: { zk1: { ...counts, atMs: nightMs + ms } } });
    for (let ms = 1000; ms <= 12_000; ms += 1000) night.look(ms, silent, zk1(ms));
    expect(night.open().map(named)).toEqual(['member-hung zk3']);

    for (let ms = 13_000; ms <= 90_000; ms += 1000) night.look(ms, silent, zk1(ms));

    expect(night.incidents().map(named)).toEqual(['member-accept-starved zk3']);
    expect(night.open()[0]?.pagedMs).toBe(nightMs + 74_000);
  });
});

describe('a process that ends after every start', () => {
  it('is one card, which says so at the third start, and ends when it has served for a minute', () => {
    const night = aNight();
    night.look(0, well);
    for (const ms of [1000, 7000, 13_000]) {
      night.look(ms, { ...well, zk3: 'refused' });
      night.look(ms + 4000, { ...well, zk3: 'not-serving' });
    }
    expect(night.incidents().map(named)).toEqual(['member-crash-loop zk3']);
    expect(night.open()[0]).toMatchObject({ pagedMs: nightMs + 17_000, facts: { starts: 3 } });

    for (let ms = 18_000; ms < 76_000; ms += 1000) night.look(ms, well);
    expect(night.open()).toHaveLength(1);
    for (let ms = 76_000; ms < 80_000; ms += 1000) night.look(ms, well);

    expect(night.incidents().map(({ state }) => state)).toEqual(['resolved']);
  });
});

describe('a configuration that changes', () => {
  it('keeps the card of a server that left, and says that nobody sees it', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });
    night.reconfigure(anEnsemble({ voters: 2 }));

    night.look(5000, { zk1: 'leader', zk2: 'follower' });

    expect(night.incidents()[0]).toMatchObject({
      state: 'triggered',
      unseen: { why: 'left', sinceMs: nightMs + 5000 },
    });
  });

  it('keeps the cards of a detector that left until they expire', () => {
    const night = aNight();
    night.look(0, well);
    night.look(30, { ...well, zk3: 'refused' });
    night.reconfigure(anEnsemble(), []);

    night.look(5000, { ...well, zk3: 'refused' });
    const [kept] = night.open();
    night.look(5000 + defaultIncidentSettings.staleAfterMs, { ...well, zk3: 'refused' });

    expect(kept?.unseen?.why).toBe('left');
    expect(night.open()).toEqual([]);
    expect(night.incidents()[0]).toMatchObject({ expired: true });
  });
});

describe('seven voters', () => {
  it('of which one is down are a warning that calls nobody', () => {
    const night = aNight(anEnsemble({ voters: 7 }));
    const all = Object.fromEntries(
      Array.from(
        { length: 7 },
        (_, index) => [`zk${index + 1}`, index === 0 ? 'leader' : 'follower'] as const,
      ),
    );
    night.look(0, all);

    for (let ms = 30; ms < 120_000; ms += 5000) night.look(ms, { ...all, zk5: 'refused' });

    expect(night.open()[0]).toMatchObject({ detector: 'member-down', severity: 'warn' });
    expect(night.open()[0]?.pagedMs).toBeUndefined();
  });
});

describe('a connection that times out after it stood', () => {
  it('still is a hang when the backlog is full', () => {
    const night = aNight();
    night.look(0, well);
    night.look(1000, { ...well, zk2: 'timeout' });
    night.look(2500, { ...well, zk2: 'timeout' });
    const cut = aFailure({ server: 'zk2', reason: 'timeout', connected: false });

    for (let ms = 4000; ms <= 24_000; ms += 2000)
      night.look(ms, { ...well, zk2: 'cut' }, { samples: { zk2: { ...cut, atMs: nightMs + ms } } });

    expect(night.open()[0]).toMatchObject({ detector: 'member-hung', pagedMs: nightMs + 24_000 });
  });
});
