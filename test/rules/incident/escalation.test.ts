import { describe, expect, it } from 'vitest';
import { nextEscalation } from '../../../src/rules/incident/escalation.ts';
import { fingerprintOf } from '../../../src/rules/incident/fingerprint.ts';
import { anIncident } from '../../support/builders.ts';

const steps = [
  { afterMs: 300_000, people: ['ann'] },
  { afterMs: 900_000, people: ['bo', 'cy'] },
];

describe('the next escalation', () => {
  it.each([
    [0, { step: 1, people: ['ann'], afterMs: 300_000 }],
    [1, { step: 2, people: ['bo', 'cy'], afterMs: 900_000 }],
    [2, undefined],
  ])('after %i steps taken is %o', (escalationStep, expected) => {
    expect(nextEscalation(steps, anIncident({ escalationStep }))).toEqual(expected);
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
