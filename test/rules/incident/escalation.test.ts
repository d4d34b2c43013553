import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/model/incident.ts';
import type { EscalationStep } from '../../../src/model/settings.ts';
import { nextCall, nextEscalation } from '../../../src/rules/incident/escalation.ts';
import { fingerprintOf } from '../../../src/rules/incident/fingerprint.ts';
import { anIncident, aStamp, nightMs } from '../../support/builders.ts';

const ann = { kind: 'person', id: 'ann' } as const;
const platform = { kind: 'group', id: 'platform' } as const;
const steps: readonly EscalationStep[] = [
  { afterMs: 300_000, to: [ann] },
  { afterMs: 900_000, to: [platform] },
];

describe('the next escalation', () => {
  it.each([
    [0, { step: 1, to: [ann], afterMs: 300_000 }],
    [1, { step: 2, to: [platform], afterMs: 900_000 }],
    [2, undefined],
  ])('after %i steps taken is %o', (escalationStep, expected) => {
    expect(nextEscalation(steps, anIncident({ escalationStep }))).toEqual(expected);
  });
});

describe('the clock of an incident', () => {
  const repeat = { everyMs: 600_000, times: 2 };
  const paged = { pagedMs: nightMs } as const;
  const called = {
    ...paged,
    escalationStep: 2,
    escalated: { ...aStamp({ atMs: nightMs + 900_000 }), to: ['ann'] },
  };
  const next = (incident: Partial<Incident>, wanted = repeat as typeof repeat | undefined) =>
    nextCall(anIncident(incident), steps, wanted);

  it.each<[string, Partial<Incident>]>([
    ['nobody was called for it', {}],
    ['somebody has it', { ...paged, state: 'acknowledged' }],
    ['it is over', { ...paged, state: 'resolved' }],
    ['the last step was repeated often enough', { ...called, repeats: 2 }],
  ])('stands still where %s', (_, incident) => {
    expect(next(incident)).toBeUndefined();
  });

  it('counts the first step from the page', () => {
    expect(next(paged)).toEqual({ kind: 'step', step: 1, atMs: nightMs + 300_000 });
  });

  it('counts from when it was given back, where that is later', () => {
    expect(next({ ...paged, clockMs: nightMs + 1_000 })?.atMs).toBe(nightMs + 301_000);
  });

  it('repeats the last step after the wait, counted from the last call', () => {
    expect(next(called)).toEqual({
      kind: 'repeat',
      step: 2,
      repeat: 1,
      atMs: nightMs + 1_500_000,
    });
    expect(next({ ...called, repeats: 1 })).toMatchObject({ repeat: 2 });
  });

  it('does not repeat where no route wants it', () => {
    expect(nextCall(anIncident(called), steps, undefined)).toBeUndefined();
  });
});

describe('the fingerprint of a fault', () => {
  it('names ensemble, detector and server', () => {
    expect(fingerprintOf('member-down', { ensemble: 'orders', server: 'zk2' })).toBe(
      'orders/member-down/zk2',
    );
  });

  it('ends in a slash where the whole ensemble is meant', () => {
    expect(fingerprintOf('quorum-lost', { ensemble: 'orders' })).toBe('orders/quorum-lost/');
  });
});
