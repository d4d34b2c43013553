import { describe, expect, it } from 'vitest';
import { type Incident, viaPage } from '../../../src/model/incident.ts';
import type { IncidentEvent, Intent } from '../../../src/model/incident-event.ts';
import { keeper } from '../../../src/model/person.ts';
import { decide } from '../../../src/rules/incident/decide.ts';
import { reduce } from '../../../src/rules/incident/reduce.ts';
import { anIncident, aStamp, nightMs } from '../../support/builders.ts';

type Escalate = Extract<Intent, { readonly kind: 'escalate' }>;

const byClock = aStamp({ by: keeper.id, name: keeper.name, via: 'timer' });
const paged = anIncident({ pagedMs: nightMs, escalationStep: 1 });

function decided(incident: Incident, intent: Partial<Escalate>) {
  return decide(incident, { kind: 'escalate', stamp: byClock, to: ['bo'], ...intent }, nightMs);
}

function after(incident: Incident, intent: Partial<Escalate>): Incident {
  const decision = decided(incident, intent);
  if (decision.kind === 'refusal') throw new Error(decision.code);
  return decision.events.reduce<Incident>(
    (before, event: IncidentEvent) => reduce(before, event),
    incident,
  );
}

describe('a step that was passed over', () => {
  it('counts as taken, and the schedules without anybody are kept', () => {
    expect(after(paged, { step: 3, gaps: ['orders'] })).toMatchObject({
      escalationStep: 3,
      escalated: { to: ['bo'], gaps: ['orders'] },
    });
  });

  it('is taken by the clock even where nobody is left, and refused to a person', () => {
    const nobody = { step: 3, to: [], gaps: ['orders'] };

    expect(after(paged, nobody)).toMatchObject({
      escalationStep: 3,
      escalated: { to: [], gaps: ['orders'] },
    });
    expect(decided(paged, { ...nobody, stamp: aStamp() })).toMatchObject({
      code: 'nobody-on-call',
      facts: { schedules: ['orders'] },
    });
  });

  it('keeps no gaps where there are none', () => {
    expect(after(paged, { gaps: [] }).escalated).not.toHaveProperty('gaps');
  });
});

describe('a repeat', () => {
  it('calls again without a further step, and is counted', () => {
    const once = after(paged, { repeat: 1 });

    expect(once).toMatchObject({ escalationStep: 1, repeats: 1 });
    expect(after(once, { repeat: 2 })).toMatchObject({ escalationStep: 1, repeats: 2 });
  });

  it.each([
    ['that was made already', { ...paged, repeats: 1 }, 1],
    ['that comes before its turn', paged, 2],
    [
      'of what somebody has',
      { ...paged, state: 'acknowledged', acknowledged: aStamp() } as Incident,
      1,
    ],
  ])('%s does nothing', (_, incident, repeat) => {
    expect(decided(incident, { repeat })).toEqual({ kind: 'events', events: [] });
  });

  it('is counted anew after a further step', () => {
    expect(after({ ...paged, repeats: 4 }, {})).not.toHaveProperty('repeats');
  });
});

describe('a step called with the page', () => {
  it('is remembered over the steps that follow', () => {
    const first = after(anIncident({ pagedMs: nightMs }), {
      stamp: { ...byClock, via: viaPage },
      fromStep: 0,
    });

    expect(first.calledWithPage).toBe(true);
    expect(after(first, {}).calledWithPage).toBe(true);
    expect(after(paged, {})).not.toHaveProperty('calledWithPage');
  });
});
