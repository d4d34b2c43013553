import { describe, expect, it } from 'vitest';
import { evidenceMax } from '../../../src/model/finding.ts';
import { type Incident, notesMax, symptomsMax } from '../../../src/model/incident.ts';
import type { IncidentEvent } from '../../../src/model/incident-event.ts';
import { reduce, worseQuietMs } from '../../../src/rules/incident/reduce.ts';
import {
  aGrid,
  anIncident,
  aRecoveryMark,
  aStamp,
  aSymptom,
  aTriggeredEvent,
  nightMs,
} from '../../support/builders.ts';

const atMs = nightMs + 1000;

/** Every event there is, by kind. */
const events: { readonly [Kind in IncidentEvent['kind']]: Extract<IncidentEvent, { kind: Kind }> } =
  {
    triggered: aTriggeredEvent({ atMs, severity: 'info' }),
    observed: {
      kind: 'observed',
      atMs,
      severity: 'page',
      facts: { serving: 1 },
      evidence: ['zk2 refused'],
      grid: aGrid({ zk1: 'follower' }),
      symptoms: [aSymptom({ detector: 'electing' })],
    },
    recognised: {
      kind: 'recognised',
      atMs,
      fingerprint: 'orders/quorum-lost/',
      detector: 'quorum-lost',
      subject: { ensemble: 'orders' },
      severity: 'page',
      facts: { need: 1 },
      evidence: [],
      grid: aGrid(),
      symptoms: [aSymptom()],
    },
    continued: {
      kind: 'continued',
      atMs,
      fingerprint: 'orders/rolling-restart/',
      detector: 'rolling-restart',
      subject: { ensemble: 'orders' },
      severity: 'info',
      facts: { done: ['zk2'] },
      evidence: [],
      grid: aGrid(),
      symptoms: [aSymptom()],
      sinceMs: nightMs - 1,
    },
    paged: { kind: 'paged', atMs },
    acknowledged: { kind: 'acknowledged', atMs, stamp: aStamp({ atMs }) },
    unacknowledged: { kind: 'unacknowledged', atMs, stamp: aStamp({ atMs }) },
    joined: { kind: 'joined', atMs, stamp: aStamp({ by: 'bo', atMs }), needed: 2 },
    reminded: { kind: 'reminded', atMs },
    noted: { kind: 'noted', atMs, note: { ...aStamp({ atMs }), number: 1, text: 'disk full' } },
    sighted: { kind: 'sighted', atMs, unseen: { sinceMs: nightMs, why: 'unknown' } },
    expired: { kind: 'expired', atMs },
    muted: {
      kind: 'muted',
      atMs,
      mute: { silence: 3, untilMs: atMs + 5, by: 'ann', name: 'Ann', reason: 'new disk' },
    },
    reopened: {
      kind: 'reopened',
      atMs,
      severity: 'page',
      facts: { serving: 1 },
      evidence: ['zk2 refused again'],
      grid: aGrid({ zk1: 'follower' }),
      symptoms: [],
      sinceMs: atMs,
    },
    escalated: { kind: 'escalated', atMs, stamp: aStamp({ atMs }), step: 1, to: ['bo'] },
    folded: { kind: 'folded', atMs, into: 3 },
    resolved: { kind: 'resolved', atMs, grid: aGrid({ zk1: 'leader' }) },
    recovery: {
      kind: 'recovery',
      atMs,
      mark: aRecoveryMark({ atMs }),
    },
  };

const triggered = anIncident({ pagedMs: nightMs });
const acknowledged = anIncident({ state: 'acknowledged', acknowledged: aStamp() });
const resolved = anIncident({ state: 'resolved', resolvedMs: nightMs });

const { kind: _kind, atMs: _atMs, ...seen } = events.observed;
const look = { ...seen, worseMs: atMs };
const { kind: _o, atMs: _p, ...again } = events.reopened;
const { kind: _4, atMs: _5, ...continued } = events.continued;
const { note } = events.noted;
const { kind: _k, atMs: _a, ...recognised } = events.recognised;
const { kind: _1, atMs: _2, sinceMs: _3, ...begun } = events.triggered;

/** What changes, besides the version, for every event in every state. */
const changes: readonly (readonly [
  event: IncidentEvent['kind'],
  triggered: Partial<Incident>,
  acknowledged: Partial<Incident>,
  resolved: Partial<Incident>,
])[] = [
  ['triggered', begun, begun, {}],
  ['observed', look, look, {}],
  // People were called for it before.
  ['recognised', { ...recognised, namedMs: atMs }, recognised, {}],
  [
    'continued',
    { ...continued, state: 'triggered' },
    { ...continued, state: 'triggered' },
    { ...continued, state: 'triggered' },
  ],
  ['paged', {}, { pagedMs: atMs }, {}],
  [
    'acknowledged',
    { state: 'acknowledged', acknowledged: aStamp({ atMs }) },
    { acknowledged: aStamp({ atMs }) },
    {},
  ],
  [
    'unacknowledged',
    { clockMs: atMs },
    {
      state: 'triggered',
      clockMs: atMs,
      hadBy: { ...aStamp(), untilMs: atMs, lapsed: false },
    },
    {},
  ],
  [
    'joined',
    { joined: [events.joined.stamp], needed: 2 },
    { joined: [events.joined.stamp], needed: 2 },
    {},
  ],
  ['reminded', { reminded: { atMs } }, { reminded: { atMs } }, {}],
  ['noted', { notes: [note] }, { notes: [note] }, { notes: [note] }],
  ['sighted', { unseen: events.sighted.unseen! }, { unseen: events.sighted.unseen! }, {}],
  ['muted', { silenced: events.muted.mute! }, { silenced: events.muted.mute! }, {}],
  [
    'expired',
    { state: 'resolved', resolvedMs: atMs, expired: true },
    { state: 'resolved', resolvedMs: atMs, expired: true },
    {},
  ],
  [
    'reopened',
    { ...again, state: 'triggered', reopened: 1 },
    { ...again, state: 'triggered', reopened: 1 },
    { ...again, state: 'triggered', reopened: 1 },
  ],
  [
    'escalated',
    { escalationStep: 1, escalated: { ...aStamp({ atMs }), to: ['bo'] } },
    { escalationStep: 1, escalated: { ...aStamp({ atMs }), to: ['bo'] } },
    {},
  ],
  [
    'folded',
    { state: 'resolved', resolvedMs: atMs, foldedInto: 3 },
    { state: 'resolved', resolvedMs: atMs, foldedInto: 3 },
    {},
  ],
  [
    'resolved',
    { state: 'resolved', resolvedMs: atMs, grid: aGrid({ zk1: 'leader' }) },
    { state: 'resolved', resolvedMs: atMs, grid: aGrid({ zk1: 'leader' }) },
    {},
  ],
  [
    'recovery',
    { recovery: events.recovery.mark },
    { recovery: events.recovery.mark },
    { recovery: events.recovery.mark },
  ],
];

/** What an event takes away. */
const gone: { readonly [Kind in IncidentEvent['kind']]?: readonly (keyof Incident)[] } = {
  unacknowledged: ['acknowledged'],
  reopened: ['acknowledged', 'pagedMs', 'resolvedMs'],
  continued: ['acknowledged', 'pagedMs', 'resolvedMs'],
};

function without(incident: Incident, keys: readonly (keyof Incident)[] = []): Partial<Incident> {
  return Object.fromEntries(
    Object.entries(incident).filter(([key]) => !keys.some((each) => each === key)),
  );
}

describe('an event on an incident', () => {
  it('is listed for every kind', () => {
    expect(changes.map(([kind]) => kind).sort()).toEqual(Object.keys(events).sort());
  });

  it.each(changes)('%s changes a triggered one', (kind, change) => {
    expect(reduce(triggered, events[kind])).toEqual({
      ...without(triggered, gone[kind]),
      ...change,
      version: 2,
    });
  });

  it.each(changes)('%s changes an acknowledged one', (kind, _triggered, change) => {
    expect(reduce(acknowledged, events[kind])).toEqual({
      ...without(acknowledged, gone[kind]),
      ...change,
      version: 2,
    });
  });

  it.each(changes)('%s changes a resolved one', (kind, _t, _a2, change) => {
    expect(reduce(resolved, events[kind])).toEqual({
      ...without(resolved, gone[kind]),
      ...change,
      version: 2,
    });
  });

  it('keeps the time people were first called', () => {
    expect(reduce(triggered, events.paged).pagedMs).toBe(nightMs);
  });

  it('keeps who resolved it by hand', () => {
    const stamp = aStamp();

    expect(reduce(triggered, { ...events.resolved, stamp }).resolvedBy).toEqual(stamp);
  });

  it('keeps evidence and symptoms within their bounds', () => {
    const evidence = Array.from({ length: evidenceMax + 1 }, (_, index) => `line ${index}`);
    const symptoms = Array.from({ length: symptomsMax + 1 }, () => aSymptom());

    const after = reduce(triggered, { ...events.observed, evidence, symptoms });

    expect(after.evidence).toHaveLength(evidenceMax);
    expect(after.symptoms).toHaveLength(symptomsMax);
  });
});

describe('an acknowledgement', () => {
  const asked = { ...acknowledged, reminded: { atMs } };

  it('answers the question whether somebody still has it', () => {
    expect(reduce(asked, events.acknowledged).reminded).toBeUndefined();
  });

  it('that lapsed is remembered as such', () => {
    const after = reduce(asked, { ...events.unacknowledged, lapsed: true });

    expect(after.hadBy).toEqual({ ...aStamp(), untilMs: atMs, lapsed: true });
    expect(after.reminded).toBeUndefined();
  });

  it('of several people is given back by all of them', () => {
    const joined = { ...triggered, joined: [aStamp()], needed: 2 };

    const after = reduce(joined, events.unacknowledged);

    expect(after.joined).toBeUndefined();
    expect(after.hadBy).toMatchObject({ by: 'ann', lapsed: false });
  });
});

describe('a severity', () => {
  const page = { ...events.observed, severity: 'page' } as const;
  const warn = { ...events.observed, severity: 'warn' } as const;

  it('that rises to a page is worse, and one that falls is not', () => {
    const risen = reduce(triggered, page);

    expect(risen.worseMs).toBe(atMs);
    expect(reduce(risen, { ...warn, atMs: atMs + 1 })).toMatchObject({
      severity: 'warn',
      worseMs: atMs,
    });
    expect(reduce({ ...triggered, severity: 'page' }, page).worseMs).toBeUndefined();
  });

  it('that goes up and down is worse once in a while', () => {
    const fallen = reduce(reduce(triggered, page), warn);

    const soon = reduce(fallen, { ...page, atMs: atMs + worseQuietMs - 1 });
    const late = reduce(fallen, { ...page, atMs: atMs + worseQuietMs });

    expect(soon.worseMs).toBe(atMs);
    expect(late.worseMs).toBe(atMs + worseQuietMs);
  });
});

describe('a sight', () => {
  it('ends when the fault is seen again', () => {
    const unseen = reduce(triggered, events.sighted);

    expect(reduce(unseen, { kind: 'sighted', atMs }).unseen).toBeUndefined();
  });
});

describe('a silence', () => {
  it('that ends lets the escalation count from then', () => {
    const silenced = reduce(triggered, events.muted);

    const after = reduce(silenced, { kind: 'muted', atMs: atMs + 5 });

    expect(after.silenced).toBeUndefined();
    expect(after).toMatchObject({ unsilencedMs: atMs + 5, clockMs: atMs + 5 });
  });
});

describe('notes', () => {
  it('stay within their bound, the newest', () => {
    let incident = triggered;
    for (let number = 1; number <= notesMax + 1; number += 1)
      incident = reduce(incident, { ...events.noted, note: { ...note, number } });

    expect(incident.notes).toHaveLength(notesMax);
    expect(incident.notes?.at(-1)?.number).toBe(notesMax + 1);
  });
});

describe('an incident that is opened again', () => {
  it('keeps its number, its beginning, its notes and how often it came back', () => {
    const before: Incident = { ...resolved, reopened: 1, notes: [note], escalationStep: 2 };

    expect(reduce(before, events.reopened)).toMatchObject({
      id: 12,
      openedMs: before.openedMs,
      notes: [note],
      reopened: 2,
      escalationStep: 0,
    });
  });
});

describe('a new incident', () => {
  const blank = { kind: 'new', id: 12, ensemble: 'orders', version: 0 } as const;

  it('begins with its first event', () => {
    const event = aTriggeredEvent({ atMs, sinceMs: nightMs });

    expect(reduce(blank, event)).toEqual(anIncident({ openedMs: atMs }));
  });

  it.each(Object.values(events).filter(({ kind }) => kind !== 'triggered'))(
    'cannot begin with $kind',
    (event) => {
      expect(() => reduce(blank, event)).toThrow('an incident begins with the event `triggered`');
    },
  );
});
