import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/model/incident.ts';
import type { Intent } from '../../../src/model/incident-event.ts';
import { keeper } from '../../../src/model/person.ts';
import type { Mute } from '../../../src/model/silence.ts';
import { decide } from '../../../src/rules/incident/decide.ts';
import { anIncident, aRecoveryMark, aStamp, aTrigger, nightMs } from '../../support/builders.ts';

const nowMs = nightMs + 1000;

const mute: Mute = {
  silence: 3,
  untilMs: nightMs + 5,
  by: 'ann',
  name: 'Ann',
  reason: 'new disk',
};

/** Every state an incident can be in, for every intent. */
const states: Readonly<Record<string, Incident | undefined>> = {
  absent: undefined,
  quiet: anIncident(),
  paged: anIncident({ pagedMs: nightMs }),
  taken: anIncident({ state: 'acknowledged', acknowledged: aStamp() }),
  'paged and taken': anIncident({
    state: 'acknowledged',
    acknowledged: aStamp(),
    pagedMs: nightMs,
  }),
  'one of two has it': anIncident({ pagedMs: nightMs, joined: [aStamp()], needed: 2 }),
  asked: anIncident({
    state: 'acknowledged',
    acknowledged: aStamp(),
    reminded: { atMs: nightMs },
  }),
  unseen: anIncident({ pagedMs: nightMs, unseen: { sinceMs: nightMs, why: 'unknown' } }),
  silenced: anIncident({ silenced: mute }),
  resolved: anIncident({ state: 'resolved', resolvedMs: nightMs }),
  folded: anIncident({ state: 'resolved', resolvedMs: nightMs, foldedInto: 3 }),
  expired: anIncident({ state: 'resolved', resolvedMs: nightMs, expired: true }),
};

const mark = aRecoveryMark();

const { kind: _, sinceMs: __, page: ___, ...look } = aTrigger();
const { fingerprint: _f, detector: _d, subject: _s, ...appearance } = look;

const reopen = { kind: 'reopen', ...appearance, sinceMs: nowMs, page: false } as const;

const intents: Readonly<Record<string, Intent>> = {
  trigger: aTrigger(),
  'trigger and page': aTrigger({ page: true }),
  observe: { kind: 'observe', ...appearance },
  recognise: { kind: 'recognise', ...look, page: false },
  'recognise and page': { kind: 'recognise', ...look, page: true },
  page: { kind: 'page' },
  acknowledge: { kind: 'acknowledge', stamp: aStamp() },
  unacknowledge: { kind: 'unacknowledge', stamp: aStamp() },
  escalate: { kind: 'escalate', stamp: aStamp(), to: ['bo'] },
  'escalate from step 0': { kind: 'escalate', stamp: aStamp(), to: ['bo'], fromStep: 0 },
  'escalate from step 1': { kind: 'escalate', stamp: aStamp(), to: ['bo'], fromStep: 1 },
  'escalate to nobody': { kind: 'escalate', stamp: aStamp(), to: [] },
  'escalate by the clock': {
    kind: 'escalate',
    stamp: aStamp({ by: keeper.id, name: keeper.name, via: 'clock' }),
    to: ['bo'],
    fromStep: 0,
  },
  'fold into 3': { kind: 'fold', into: 3 },
  'fold into itself': { kind: 'fold', into: 12 },
  resolve: { kind: 'resolve', grid: [] },
  'resolve by hand': { kind: 'resolve', grid: [], stamp: aStamp() },
  'acknowledge as one of two': {
    kind: 'acknowledge',
    stamp: aStamp({ by: 'bo', name: 'Bo' }),
    needed: 2,
  },
  'unacknowledge for want of an answer': {
    kind: 'unacknowledge',
    stamp: aStamp({ by: keeper.id, name: keeper.name, via: 'timer' }),
    askedMs: nightMs,
  },
  remind: { kind: 'remind', acknowledgedMs: nightMs },
  'remind of another acknowledgement': { kind: 'remind', acknowledgedMs: nightMs + 1 },
  note: { kind: 'note', stamp: aStamp(), text: 'the disk was full' },
  'note without words': { kind: 'note', stamp: aStamp(), text: ' ' },
  'lose sight': { kind: 'sight', unseen: { sinceMs: nightMs, why: 'unknown' } },
  'see again': { kind: 'sight' },
  expire: { kind: 'expire' },
  reopen: { ...reopen, afterMs: nightMs },
  'reopen and page': { ...reopen, afterMs: nightMs, page: true },
  'reopen too late': { ...reopen, afterMs: nightMs + 1 },
  continue: { kind: 'continue', ...look, sinceMs: nowMs, page: false, afterMs: nightMs },
  'continue too late': {
    kind: 'continue',
    ...look,
    sinceMs: nowMs,
    page: false,
    afterMs: nightMs + 1,
  },
  'trigger under a silence': aTrigger({ page: true, mute }),
  'reopen under a silence': { ...reopen, afterMs: nightMs, page: true, mute },
  silence: { kind: 'mute', mute },
  'silence for longer': { kind: 'mute', mute: { ...mute, untilMs: nightMs + 9 } },
  'end the silence': { kind: 'mute' },
  'mark-recovery': { kind: 'mark-recovery', mark },
};

/** Events by kind, `-` for nothing to do, or the code of the refusal; one column for each state. */
const table: readonly (readonly [intent: string, ...answers: readonly string[]])[] = [
  ['trigger', 'triggered', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
  ['trigger and page', 'triggered paged', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
  [
    'observe',
    'unknown-incident',
    'observed',
    'observed',
    'observed',
    'observed',
    'observed',
    'observed',
    'observed',
    'observed',
    '-',
    '-',
    '-',
  ],
  [
    'recognise',
    'unknown-incident',
    'recognised',
    'recognised',
    '-',
    '-',
    '-',
    '-',
    'recognised',
    'recognised',
    '-',
    '-',
    '-',
  ],
  [
    'recognise and page',
    'unknown-incident',
    'recognised paged',
    'recognised',
    '-',
    '-',
    '-',
    '-',
    'recognised',
    'recognised',
    '-',
    '-',
    '-',
  ],
  ['page', 'unknown-incident', 'paged', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
  [
    'acknowledge',
    'unknown-incident',
    'acknowledged',
    'acknowledged',
    'already-acknowledged',
    'already-acknowledged',
    'already-acknowledged',
    'acknowledged',
    'acknowledged',
    'acknowledged',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'unacknowledge',
    'unknown-incident',
    'not-acknowledged',
    'not-acknowledged',
    'unacknowledged',
    'unacknowledged',
    'unacknowledged',
    'unacknowledged',
    'not-acknowledged',
    'not-acknowledged',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'escalate',
    'unknown-incident',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'silenced',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'escalate from step 0',
    'unknown-incident',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'escalated',
    'silenced',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'escalate from step 1',
    'unknown-incident',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'escalate to nobody',
    'unknown-incident',
    'nobody-to-escalate-to',
    'nobody-to-escalate-to',
    'nobody-to-escalate-to',
    'nobody-to-escalate-to',
    'nobody-to-escalate-to',
    'nobody-to-escalate-to',
    'nobody-to-escalate-to',
    'silenced',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'escalate by the clock',
    'unknown-incident',
    'escalated',
    'escalated',
    '-',
    '-',
    'escalated',
    '-',
    'escalated',
    '-',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'fold into 3',
    'unknown-incident',
    'folded',
    'folded',
    'folded',
    'folded',
    'folded',
    'folded',
    'folded',
    'folded',
    '-',
    '-',
    '-',
  ],
  ['fold into itself', 'unknown-incident', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
  [
    'resolve',
    'unknown-incident',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    '-',
    '-',
    '-',
  ],
  [
    'resolve by hand',
    'unknown-incident',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'resolved',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'acknowledge as one of two',
    'unknown-incident',
    'joined',
    'joined',
    'already-acknowledged',
    'already-acknowledged',
    'acknowledged',
    'acknowledged',
    'joined',
    'joined',
    'already-resolved',
    'already-resolved',
    'already-resolved',
  ],
  [
    'unacknowledge for want of an answer',
    'unknown-incident',
    '-',
    '-',
    '-',
    '-',
    '-',
    'unacknowledged',
    '-',
    '-',
    '-',
    '-',
    '-',
  ],
  [
    'remind',
    'unknown-incident',
    '-',
    '-',
    'reminded',
    'reminded',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
  ],
  [
    'remind of another acknowledgement',
    'unknown-incident',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
  ],
  [
    'note',
    'unknown-incident',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
    'noted',
  ],
  [
    'note without words',
    'unknown-incident',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
    'note-missing',
  ],
  [
    'lose sight',
    'unknown-incident',
    'sighted',
    'sighted',
    'sighted',
    'sighted',
    'sighted',
    'sighted',
    '-',
    'sighted',
    '-',
    '-',
    '-',
  ],
  ['see again', 'unknown-incident', '-', '-', '-', '-', '-', '-', 'sighted', '-', '-', '-', '-'],
  ['expire', 'unknown-incident', '-', '-', '-', '-', '-', '-', 'expired', '-', '-', '-', '-'],
  ['reopen', 'unknown-incident', '-', '-', '-', '-', '-', '-', '-', '-', 'reopened', '-', '-'],
  [
    'reopen and page',
    'unknown-incident',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    'reopened paged',
    '-',
    '-',
  ],
  ['reopen too late', 'unknown-incident', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
  ['continue', 'unknown-incident', '-', '-', '-', '-', '-', '-', '-', '-', 'continued', '-', '-'],
  ['continue too late', 'unknown-incident', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
  [
    'trigger under a silence',
    'triggered muted',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
  ],
  [
    'reopen under a silence',
    'unknown-incident',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    'reopened muted',
    '-',
    '-',
  ],
  [
    'silence',
    'unknown-incident',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    '-',
    '-',
    '-',
    '-',
  ],
  [
    'silence for longer',
    'unknown-incident',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    'muted',
    '-',
    '-',
    '-',
  ],
  [
    'end the silence',
    'unknown-incident',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
    'muted',
    '-',
    '-',
    '-',
  ],
  [
    'mark-recovery',
    'unknown-incident',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
    'recovery',
  ],
];

const rows = table.flatMap(([intent, ...answers]) =>
  Object.keys(states).map((state, column) => [intent, state, answers[column] ?? ''] as const),
);

describe('what an intent does', () => {
  it('is listed for every intent and every state', () => {
    expect(Object.keys(states)).toHaveLength(12);
    expect(table.every((row) => row.length === 13)).toBe(true);
    expect(table.map(([intent]) => intent)).toEqual(Object.keys(intents));
    expect(rows).toHaveLength(Object.keys(intents).length * 12);
  });

  it.each(rows)('%s on an incident that is %s: %s', (intent, state, answer) => {
    const decision = decide(states[state], intents[intent]!, nowMs);

    const said =
      decision.kind === 'refusal'
        ? decision.code
        : decision.events.map(({ kind }) => kind).join(' ') || '-';
    expect(said).toBe(answer);
  });
});

describe('an event', () => {
  it('carries what the intent said and the time of the decision', () => {
    const trigger = aTrigger({ page: true });

    const decision = decide(undefined, trigger, nowMs);

    const { page: _page, ...rest } = trigger;
    expect(decision).toEqual({
      kind: 'events',
      events: [
        { ...rest, kind: 'triggered', atMs: nowMs },
        { kind: 'paged', atMs: nowMs },
      ],
    });
  });

  it('says which step of the escalation was taken, by whom, and whom it calls', () => {
    const incident = anIncident({ escalationStep: 1 });
    const stamp = aStamp({ by: 'bo' });

    const decision = decide(incident, { kind: 'escalate', stamp, to: ['cy'] }, nowMs);

    expect(decision).toEqual({
      kind: 'events',
      events: [{ kind: 'escalated', atMs: nowMs, stamp, step: 2, to: ['cy'] }],
    });
  });

  it('keeps who resolved it by hand', () => {
    const stamp = aStamp();

    const decision = decide(anIncident(), { kind: 'resolve', grid: [], stamp }, nowMs);

    expect(decision).toEqual({
      kind: 'events',
      events: [{ kind: 'resolved', atMs: nowMs, grid: [], stamp }],
    });
  });
});

describe('a refusal', () => {
  it('says who acknowledged first, when, and from where, even to the same person', () => {
    const first = aStamp({ by: 'ann', name: 'Ann', via: 'console', atMs: nightMs });
    const incident = anIncident({ state: 'acknowledged', acknowledged: first });

    const decision = decide(
      incident,
      { kind: 'acknowledge', stamp: aStamp({ by: 'ann', via: 'slack' }) },
      nowMs,
    );

    expect(decision).toEqual({
      kind: 'refusal',
      code: 'already-acknowledged',
      facts: { incident: 12, ...first },
    });
  });

  it('says since when it is resolved, and which card took it in', () => {
    const intent = intents['acknowledge']!;

    expect(decide(states['resolved'], intent, nowMs)).toMatchObject({
      facts: { incident: 12, atMs: nightMs },
    });
    expect(decide(states['folded'], intent, nowMs)).toMatchObject({ facts: { foldedInto: 3 } });
    expect(decide(anIncident({ state: 'resolved' }), intent, nowMs)).toMatchObject({
      facts: { incident: 12 },
    });
  });

  it('tells an escalation that ran out from one that never was', () => {
    const incident = anIncident({ escalationStep: 2 });

    const decision = decide(incident, intents['escalate to nobody']!, nowMs);

    expect(decision).toEqual({
      kind: 'refusal',
      code: 'escalation-exhausted',
      facts: { incident: 12, ensemble: 'orders', step: 2 },
    });
  });
});
