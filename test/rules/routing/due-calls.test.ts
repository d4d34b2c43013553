import { describe, expect, it } from 'vitest';
import { viaPage } from '../../../src/model/incident.ts';
import type { DeliveryRecord } from '../../../src/model/notification.ts';
import { due } from '../../../src/rules/routing/due.ts';
import { aDeliveryRecord, anIncident, aStamp, nightMs } from '../../support/builders.ts';

const shown = aDeliveryRecord({ shownVersion: 1, shownHash: 'now' });
const called = anIncident({
  pagedMs: nightMs,
  escalationStep: 1,
  escalated: { ...aStamp({ via: viaPage }), to: ['bo'] },
  calledWithPage: true,
});

function said(
  incident: Parameters<typeof due>[0],
  record: DeliveryRecord = shown,
): readonly string[] {
  return due(incident, record, 'now').map((item) =>
    item.kind === 'speak' ? `${item.signal} (${item.reason})` : item.kind,
  );
}

describe('a first step called with the page', () => {
  it('is said in one line with it', () => {
    expect(said(called)).toEqual(['escalated:1 (escalated)']);
  });

  it('leaves the page unsaid also once further steps are taken', () => {
    const next = { ...called, escalationStep: 2, escalated: { ...aStamp(), to: ['cy'] } };

    expect(said(next, { ...shown, spoken: ['escalated:1'] })).toEqual(['escalated:2 (escalated)']);
  });

  it('is said although the page was said already, by a replica that knew less', () => {
    expect(said(called, { ...shown, spoken: ['paged'] })).toEqual(['escalated:1 (escalated)']);
  });
});

describe('a repeat', () => {
  const repeated = { ...called, repeats: 2 };

  it('is said once each time, in place of what it repeats', () => {
    expect(said(repeated, { ...shown, spoken: ['escalated:1', 'repeat:1:1'] })).toEqual([
      'repeat:1:2 (repeat)',
    ]);
    expect(said(repeated)).toEqual(['repeat:1:2 (repeat)']);
    expect(said(repeated, { ...shown, spoken: ['repeat:1:2'] })).toEqual([]);
  });

  it('is not said any more once somebody has it, or it is over', () => {
    expect(said({ ...repeated, state: 'acknowledged', acknowledged: aStamp() })).toEqual([]);
    expect(said({ ...repeated, state: 'resolved', resolvedMs: nightMs })).toEqual([
      'resolved (resolved)',
    ]);
  });
});
