import { describe, expect, it } from 'vitest';
import { evidenceMax } from '../../../src/model/finding.ts';
import { type Incident, symptomsMax } from '../../../src/model/incident.ts';
import type { IncidentEvent } from '../../../src/model/incident-event.ts';
import { reduce } from '../../../src/rules/incident/reduce.ts';
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
    paged: { kind: 'paged', atMs },
    acknowledged: { kind: 'acknowledged', atMs, stamp: aStamp({ atMs }) },
    unacknowledged: { kind: 'unacknowledged', atMs, stamp: aStamp({ atMs }) },
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

const { kind: _kind, atMs: _atMs, ...look } = events.observed;
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
  ['recognised', recognised, recognised, {}],
  ['paged', {}, { pagedMs: atMs }, {}],
  [
    'acknowledged',
    { state: 'acknowledged', acknowledged: aStamp({ atMs }) },
    { acknowledged: aStamp({ atMs }) },
    {},
  ],
  ['unacknowledged', {}, { state: 'triggered' }, {}],
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

describe('an event on an incident', () => {
  it('is listed for every kind', () => {
    expect(changes.map(([kind]) => kind).sort()).toEqual(Object.keys(events).sort());
  });

  it.each(changes)('%s changes a triggered one', (kind, change) => {
    expect(reduce(triggered, events[kind])).toEqual({ ...triggered, ...change, version: 2 });
  });

  it.each(changes)('%s changes an acknowledged one', (kind, _triggered, change) => {
    const { acknowledged: stamp, ...rest } = acknowledged;
    const before = kind === 'unacknowledged' ? rest : { ...rest, acknowledged: stamp };

    expect(reduce(acknowledged, events[kind])).toEqual({ ...before, ...change, version: 2 });
  });

  it.each(changes)('%s changes a resolved one by a recovery alone', (kind, _t, _a2, change) => {
    expect(reduce(resolved, events[kind])).toEqual({ ...resolved, ...change, version: 2 });
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
