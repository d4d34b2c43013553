import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/model/incident.ts';
import type { DeliveryRecord } from '../../../src/model/notification.ts';
import { due, toldByCard } from '../../../src/rules/routing/due.ts';
import {
  aDeliveryRecord,
  anIncident,
  aRecoveryMark,
  aStamp,
  nightMs,
} from '../../support/builders.ts';

function told(incident: Incident, record?: DeliveryRecord, edits = true): readonly string[] {
  return due(incident, record, 'now', { edits }).map((item) =>
    item.kind === 'show' ? `show ${item.reason}` : `speak ${item.signal}`,
  );
}

const shown = aDeliveryRecord({ shownVersion: 1, shownHash: 'now' });
const outdated = aDeliveryRecord({ shownVersion: 1, shownHash: 'before' });
const paged = anIncident({ pagedMs: nightMs });
const acknowledged = { state: 'acknowledged', acknowledged: aStamp() } as const;
const resolved = { state: 'resolved', resolvedMs: nightMs } as const;

describe('the card', () => {
  it('is shown first where there is none', () => {
    expect(told(anIncident())).toEqual(['show first']);
    expect(told(anIncident(), aDeliveryRecord())).toEqual(['show first']);
  });

  it('is drawn again when it looks different, and only then', () => {
    expect(told(anIncident({ version: 2 }), outdated)).toEqual(['show redraw']);
    expect(told(anIncident({ version: 2 }), shown)).toEqual([]);
  });

  it('is drawn a last time when it is resolved', () => {
    expect(told(anIncident(resolved), outdated)).toEqual(['show resolved']);
  });

  it('is shown resolved where the fault was over before anybody saw it', () => {
    expect(told(anIncident(resolved))).toEqual(['show first']);
  });

  it('carries incident and version', () => {
    expect(due(anIncident({ id: 7, version: 3 }), undefined, 'now')).toEqual([
      { kind: 'show', incident: 7, version: 3, reason: 'first' },
    ]);
  });
});

describe('a page', () => {
  it('is spoken once, after the card', () => {
    expect(told(paged)).toEqual(['show first', 'speak paged']);
    expect(told(paged, shown)).toEqual(['speak paged']);
    expect(told(paged, { ...shown, spoken: ['paged'] })).toEqual([]);
  });

  it('carries its reason', () => {
    expect(due(paged, shown, 'now')).toEqual([
      { kind: 'speak', incident: 12, version: 1, reason: 'paged', signal: 'paged' },
    ]);
  });

  it('is not spoken any more once somebody has it, or it is over', () => {
    expect(told({ ...paged, ...acknowledged }, shown)).toEqual([]);
    expect(told({ ...paged, ...resolved }, shown)).toEqual(['speak resolved']);
  });

  it('is not spoken for a quiet card', () => {
    expect(told(anIncident(), shown)).toEqual([]);
  });
});

describe('an escalation', () => {
  const escalated = anIncident({ escalationStep: 2 });

  it('is spoken once a step, the last one alone', () => {
    expect(told(escalated, shown)).toEqual(['speak escalated:2']);
    expect(told(escalated, { ...shown, spoken: ['escalated:1'] })).toEqual(['speak escalated:2']);
    expect(told(escalated, { ...shown, spoken: ['escalated:2'] })).toEqual([]);
  });

  it('is spoken although somebody has it: a person asked for more people', () => {
    expect(told({ ...escalated, ...acknowledged }, shown)).toEqual(['speak escalated:2']);
  });

  it('is not spoken when it is over', () => {
    expect(told({ ...escalated, ...resolved }, shown)).toEqual([]);
  });
});

describe('a fault that came back', () => {
  it('says everything anew, once for each time', () => {
    const again = { ...paged, reopened: 2, escalationStep: 1 };
    const spoken = ['paged', 'paged~1', 'escalated:1', 'escalated:1~1', 'resolved', 'resolved~1'];

    expect(told(again, { ...shown, spoken })).toEqual(['speak paged~2', 'speak escalated:1~2']);
    expect(told({ ...again, ...resolved }, { ...shown, spoken })).toEqual(['speak resolved~2']);
  });

  it('says so at once where nobody will be called', () => {
    expect(told(anIncident({ reopened: 1 }), shown)).toEqual(['speak reopened~1']);
    expect(told(anIncident({ reopened: 1, severity: 'page' }), shown)).toEqual([]);
  });
});

describe('a cause that was found after people had been called', () => {
  const named = { ...paged, namedMs: nightMs + 5 };

  it('is told to them once, by name', () => {
    expect(told(named, { ...shown, spoken: ['paged'] })).toEqual([`speak named:${nightMs + 5}`]);
    expect(told(named, { ...shown, spoken: ['paged', `named:${nightMs + 5}`] })).toEqual([]);
  });

  it('is told no more once somebody has taken it on, or it is over', () => {
    expect(told({ ...named, ...acknowledged }, { ...shown, spoken: ['paged'] })).toEqual([]);
    expect(told({ ...named, ...resolved }, { ...shown, spoken: ['paged'] })).toEqual([
      'speak resolved',
    ]);
  });
});

describe('a severity that rose to a page', () => {
  const worse = anIncident({ severity: 'page', worseMs: nightMs + 5 });

  it('is told to whoever has it, and to those who were called before', () => {
    expect(told({ ...worse, ...acknowledged }, shown)).toEqual([`speak worse:${nightMs + 5}`]);
    expect(told({ ...worse, pagedMs: nightMs }, { ...shown, spoken: ['paged'] })).toEqual([
      `speak worse:${nightMs + 5}`,
    ]);
  });

  it('is told by the page where nobody was called yet', () => {
    expect(told(worse, shown)).toEqual([]);
    expect(told({ ...worse, pagedMs: nightMs + 10 }, shown)).toEqual(['speak paged']);
  });

  it('is not told when it fell again, or is over', () => {
    expect(told({ ...worse, ...acknowledged, severity: 'warn' }, shown)).toEqual([]);
    expect(told({ ...worse, ...resolved }, shown)).toEqual([]);
  });
});

describe('a reminder', () => {
  const asked = anIncident({ ...acknowledged, reminded: { atMs: 7 } });
  const hadBy = { ...aStamp(), untilMs: 9, lapsed: true };

  it('is spoken while it is unanswered', () => {
    expect(told(asked, shown)).toEqual(['speak reminder:7']);
    expect(told({ ...asked, ...resolved }, shown)).toEqual([]);
  });

  it('that nobody answered is told to everybody, until somebody has it', () => {
    expect(told(anIncident({ hadBy }), shown)).toEqual(['speak lapsed:9']);
    expect(told(anIncident({ hadBy, ...acknowledged }), shown)).toEqual([]);
    expect(told(anIncident({ hadBy: { ...hadBy, lapsed: false } }), shown)).toEqual([]);
  });
});

describe('a silence', () => {
  const silenced = { silence: 3, untilMs: 9, by: 'ann', name: 'Ann', reason: 'new disk' };
  const hushed = { ...paged, silenced, notes: [{ ...aStamp(), number: 1, text: 'x' }] };

  it('keeps a card from being posted, but not from being true', () => {
    expect(told(hushed)).toEqual([]);
    expect(told(hushed, outdated)).toEqual(['show redraw']);
    expect(told({ ...hushed, ...resolved }, outdated)).toEqual(['show resolved']);
    expect(told({ ...hushed, ...resolved })).toEqual([]);
  });

  it('does not hide the card on the console, and says nothing there either', () => {
    const shows = due(hushed, undefined, 'now', { isConsole: true });

    expect(shows.map(({ kind }) => kind)).toEqual(['show']);
  });

  it('that is over lets speak what is still there', () => {
    const after = anIncident({ unsilencedMs: nightMs + 5 });

    expect(told(after, shown)).toEqual([`speak unsilenced:${nightMs + 5}`]);
    expect(told({ ...after, severity: 'page' }, shown)).toEqual([]);
    expect(told({ ...after, severity: 'page', pagedMs: nightMs }, shown)).toEqual([
      'speak paged',
      `speak unsilenced:${nightMs + 5}`,
    ]);
    expect(told({ ...after, ...acknowledged }, shown)).toEqual([]);
    expect(told({ ...after, ...resolved }, shown)).toEqual([]);
  });
});

describe('notes', () => {
  const notes = [1, 2].map((number) => ({ ...aStamp(), number, text: 'disk full' }));

  it('are spoken each once, also when it is over', () => {
    expect(told(anIncident({ notes }), { ...shown, spoken: ['note:1'] })).toEqual(['speak note:2']);
    expect(told(anIncident({ notes, ...resolved }), shown)).toEqual([
      'speak note:1',
      'speak note:2',
    ]);
  });
});

describe('a recovery', () => {
  it.each(['running', 'succeeded', 'failed'] as const)('is spoken when it is %s', (state) => {
    expect(told(anIncident({ recovery: aRecoveryMark({ state }) }), shown)).toEqual([
      `speak recovery:r-7:${state}`,
    ]);
  });

  it('is not spoken while it is verified', () => {
    expect(told(anIncident({ recovery: aRecoveryMark({ state: 'verifying' }) }), shown)).toEqual(
      [],
    );
  });

  it('is spoken before the end that it brought', () => {
    const incident = { ...paged, ...resolved, recovery: aRecoveryMark({ state: 'succeeded' }) };

    expect(told(incident, shown)).toEqual(['speak recovery:r-7:succeeded', 'speak resolved']);
  });
});

describe('what servers said before a recovery', () => {
  const spoken = { ...shown, spoken: ['recovery:r-7:running', 'recovery:r-7:succeeded'] };
  const heard = (incident: Incident, record = spoken, evidence = true, edits = true) =>
    due(incident, record, 'now', { edits, evidence }).map((item) =>
      item.kind === 'speak' ? `${item.reason} ${item.signal}` : item.reason,
    );
  const of = (mark: Parameters<typeof aRecoveryMark>[0]) =>
    anIncident({ recovery: aRecoveryMark({ evidence: true, ...mark }) });

  it('is said once, as soon as it is there', () => {
    expect(heard(of({ state: 'verifying' }))).toEqual(['evidence evidence:r-7']);
    expect(
      heard(of({ state: 'succeeded' }), { ...spoken, spoken: ['evidence:r-7', ...spoken.spoken] }),
    ).toEqual([]);
  });

  it('is said also where a card cannot be edited', () => {
    expect(heard(of({ state: 'succeeded' }), spoken, true, false)).toEqual([
      'evidence evidence:r-7',
    ]);
  });

  it('is said together where several servers are taken', () => {
    const progress = { done: 1, total: 3 };

    expect(heard(of({ state: 'running', progress }))).toEqual([]);
    expect(heard(of({ state: 'succeeded', progress }))).toEqual(['evidence evidence:r-7']);
  });

  it('is nothing for a chat that does not want it, nor for a digest', () => {
    expect(heard(of({ state: 'verifying' }), spoken, false)).toEqual([]);
    expect(heard(of({ state: 'verifying' }), { ...spoken, digest: nightMs })).toEqual([]);
  });
});

describe('the end', () => {
  it('is spoken once where people were called', () => {
    expect(told({ ...paged, ...resolved }, shown)).toEqual(['speak resolved']);
    expect(told({ ...paged, ...resolved }, { ...shown, spoken: ['resolved'] })).toEqual([]);
  });

  it('is an edit alone where nobody was called', () => {
    expect(told(anIncident(resolved), outdated)).toEqual(['show resolved']);
  });
});

describe('an incident that became a symptom of another', () => {
  const folded = anIncident({
    ...resolved,
    foldedInto: 3,
    pagedMs: nightMs,
    recovery: aRecoveryMark({ state: 'running' }),
  });

  it('is drawn again where it is shown, without a word', () => {
    expect(told(folded, outdated)).toEqual(['show resolved']);
  });

  it('is nothing where it never was shown', () => {
    expect(told(folded)).toEqual([]);
  });
});

describe('an incident that a digest shows', () => {
  it('calls people, and leaves its end to the digest', () => {
    const inDigest = { ...shown, digest: nightMs };

    expect(told(paged, inDigest)).toEqual(['speak paged']);
    expect(told({ ...paged, ...resolved }, inDigest)).toEqual([]);
  });
});

describe('where a card cannot be edited', () => {
  it('is sent once, however much changes', () => {
    expect(told(anIncident(), undefined, false)).toEqual(['show first']);
    expect(told(anIncident({ version: 2 }), outdated, false)).toEqual([]);
    expect(told(anIncident(acknowledged), outdated, false)).toEqual([]);
  });

  it('says who has it and who gave it back, once each, where people work there', () => {
    const stamp = aStamp({ atMs: nightMs + 1 });
    const had = anIncident({ state: 'acknowledged', acknowledged: stamp });
    const back = anIncident({ hadBy: { ...stamp, untilMs: nightMs + 2, lapsed: false } });
    const heard = { ...outdated, spoken: [`has:${nightMs + 1}`] };
    const said = (incident: Incident, record: DeliveryRecord, edits = false) =>
      due(incident, record, 'before', { edits, owners: true }).map((item) =>
        item.kind === 'show' ? 'show' : item.signal,
      );

    expect(said(had, outdated)).toEqual([`has:${nightMs + 1}`]);
    expect(said(had, heard)).toEqual([]);
    expect(said(back, heard)).toEqual([`back:${nightMs + 2}`]);
    expect(toldByCard(had)).toEqual([`has:${nightMs + 1}`]);
    expect(said(had, outdated, true)).toEqual([]);
    expect(said(had, { ...outdated, digest: 1 })).toEqual([]);
  });

  it('calls people all the same', () => {
    expect(told(paged, undefined, false)).toEqual(['show first', 'speak paged']);
    expect(told(anIncident({ pagedMs: nightMs, escalationStep: 2 }), outdated, false)).toEqual([
      'speak paged',
      'speak escalated:2',
    ]);
  });

  it('says what became of a recovery', () => {
    expect(
      told(anIncident({ recovery: aRecoveryMark({ state: 'succeeded' }) }), outdated, false),
    ).toEqual(['speak recovery:r-7:succeeded']);
  });

  it('says the end even of what called nobody, and that a fault became part of another', () => {
    expect(told(anIncident(resolved), outdated, false)).toEqual(['speak resolved']);
    expect(told(anIncident({ ...resolved, foldedInto: 9 }), outdated, false)).toEqual([
      'speak resolved',
    ]);
    expect(told(anIncident({ ...resolved, foldedInto: 9 }), undefined, false)).toEqual([]);
  });

  it('needs no second message for what its card tells by itself', () => {
    const over = anIncident({
      ...resolved,
      pagedMs: nightMs,
      recovery: aRecoveryMark({ state: 'failed' }),
    });

    expect(toldByCard(over)).toEqual(['recovery:r-7:failed', 'resolved']);
    expect(toldByCard(paged)).toEqual([]);
  });
});
