import { describe, expect, it } from 'vitest';
import { type Survey, surveyParts } from '../../../src/model/survey.ts';
import { dueParts } from '../../../src/rules/survey/due.ts';
import { mergeSurvey } from '../../../src/rules/survey/merge.ts';
import { nightMs } from '../../support/builders.ts';

const minute = 60_000;
const pace = { everyMs: minute, hostEveryMs: minute, tickMs: minute };

function asked(agoMs: number): Survey {
  const atMs = nightMs - agoMs;
  const all = Object.fromEntries(surveyParts.map((part) => [part, { atMs }]));
  return { server: 'zk1', atMs, asked: all };
}

describe('dueParts', () => {
  it('asks for everything at first', () => {
    expect(dueParts(undefined, pace, nightMs, false)).toEqual(surveyParts);
  });

  it('asks for what costs more, more rarely', () => {
    const afterAMinute = dueParts(asked(minute), pace, nightMs, false);
    const afterFive = dueParts(asked(5 * minute), pace, nightMs, false);

    expect(afterAMinute).not.toContain('conf');
    expect(afterAMinute).toContain('clients');
    expect(afterFive).toContain('conf');
    expect(afterFive).not.toContain('certificates');
    expect(dueParts(asked(6 * 60 * minute), pace, nightMs, false)).toEqual(surveyParts);
  });

  it('does not put a part off by a whole tick because the tick came a moment early', () => {
    expect(dueParts(asked(minute - 200), pace, nightMs, false)).toContain('clients');
  });

  it('asks the machine of a server in trouble out of turn, and not twice in a row', () => {
    expect(dueParts(asked(12_000), pace, nightMs, true)).toEqual(['clients', 'memory', 'host']);
    expect(dueParts(asked(2000), pace, nightMs, true)).toEqual([]);
  });

  it('asks again soon for what a server did not tell while it had no quorum', () => {
    const before = asked(minute);
    const survey = {
      ...before,
      asked: { ...before.asked, conf: { atMs: before.atMs, failed: 'not-serving' } },
    };

    expect(dueParts(survey, pace, nightMs, false)).toContain('conf');
  });

  it('asks also after the clock was set back', () => {
    expect(dueParts(asked(-3_600_000), pace, nightMs, false)).toEqual(surveyParts);
  });
});

describe('mergeSurvey', () => {
  const nothing = { facts: {}, asked: {} };

  it('keeps the last good answer of a part that brought none', () => {
    const conf = { atMs: nightMs, serverId: 1 };
    const before = mergeSurvey('zk1', undefined, { facts: { conf }, asked: {} }, nightMs);

    const after = mergeSurvey(
      'zk1',
      before,
      { facts: {}, asked: { conf: { atMs: nightMs + minute, failed: 'not-serving' } } },
      nightMs + minute,
    );

    expect(after.conf).toEqual(conf);
    expect(after.asked.conf).toEqual({ atMs: nightMs + minute, failed: 'not-serving' });
  });

  it('remembers the highest transaction, by number and across epochs', () => {
    const merge = (before: Survey | undefined, zxid: string) =>
      mergeSurvey('zk1', before, { ...nothing, zxid }, nightMs);

    const high = merge(merge(undefined, '0xffffffff'), '0x100000000');

    expect(high.peak?.zxid).toBe('0x100000000');
    expect(merge(high, '0x2').peak?.zxid).toBe('0x100000000');
    expect(merge(high, 'garbage').peak?.zxid).toBe('0x100000000');
  });

  it('tells how fast an address sends from what it sent since', () => {
    const clients = (atMs: number, received: number) => ({
      facts: {
        clients: { atMs, total: 1, byAddress: [{ address: '10.0.0.1', connections: 1, received }] },
      },
      asked: {},
    });
    const before = mergeSurvey('zk1', undefined, clients(nightMs, 100), nightMs);

    const after = mergeSurvey('zk1', before, clients(nightMs + minute, 700), nightMs + minute);
    const anew = mergeSurvey('zk1', after, clients(nightMs + 2 * minute, 3), nightMs + 2 * minute);

    expect(after.clients?.byAddress[0]?.receivedPerSecond).toBe(10);
    expect(anew.clients?.byAddress[0]).not.toHaveProperty('receivedPerSecond');
  });

  it('dates what a log says by the last line that was added', () => {
    const host = (atMs: number, count: number, line = 'a line') => ({
      facts: {
        host: { atMs, disks: [], logHints: [{ kind: 'auth-failed' as const, count, line }] },
      },
      asked: {},
    });
    const at = (before: Survey | undefined, ms: number, count: number, line?: string) =>
      mergeSurvey('zk1', before, host(nightMs + ms, count, line), nightMs + ms);
    const newAt = (survey: Survey) => survey.host?.logHints?.[0]?.newAtMs;

    const first = at(undefined, 0, 5);
    const same = at(first, minute, 5);
    const fewer = at(same, 2 * minute, 3);
    const more = at(fewer, 3 * minute, 4);
    const another = at(more, 4 * minute, 4, 'another line');

    expect([first, same, fewer, more, another].map(newAt)).toEqual(
      [0, 0, 0, 3, 4].map((minutes) => nightMs + minutes * minute),
    );
  });

  it('remembers for ten minutes who lost connections', () => {
    const clients = (atMs: number, counts: Readonly<Record<string, number>>) => {
      const byAddress = Object.entries(counts).map(([address, connections]) => ({
        address,
        connections,
        received: 0,
      }));
      return { facts: { clients: { atMs, total: 0, byAddress } }, asked: {} };
    };
    const at = (before: Survey | undefined, ms: number, counts: Readonly<Record<string, number>>) =>
      mergeSurvey('zk1', before, clients(nightMs + ms, counts), nightMs + ms);
    const first = at(undefined, 0, { '10.0.0.1': 40, '10.0.0.2': 5 });

    const second = at(first, minute, { '10.0.0.2': 3, '10.0.0.3': 9 });
    const third = at(second, 2 * minute, { '10.0.0.2': 3, '10.0.0.3': 9 });
    const late = at(third, 11 * minute, { '10.0.0.2': 3, '10.0.0.3': 9 });

    const gone = [
      { address: '10.0.0.1', connections: 40, atMs: nightMs + minute },
      { address: '10.0.0.2', connections: 2, atMs: nightMs + minute },
    ];
    expect(first.clients).not.toHaveProperty('gone');
    expect(second.clients?.gone).toEqual(gone);
    expect(third.clients?.gone).toEqual(gone);
    expect(late.clients).not.toHaveProperty('gone');
  });

  it('takes the least of ten minutes for the live set of a heap, and none of too few readings', () => {
    let survey: Survey | undefined;
    const seen: (number | undefined)[] = [];
    for (const [index, usedBytes] of [90, 40, 95, 60, 80, 70].entries()) {
      const atMs = nightMs + index * minute;
      const memory = { atMs, maxBytes: 100, usedBytes, trail: [] };
      survey = mergeSurvey('zk1', survey, { facts: { memory }, asked: {} }, atMs);
      seen.push(survey.memory?.liveBytes);
    }

    expect(seen).toEqual([undefined, undefined, undefined, undefined, 40, 40]);

    const later = nightMs + 60 * minute;
    const memory = { atMs: later, maxBytes: 100, usedBytes: 99, trail: [] };
    const cold = mergeSurvey('zk1', survey, { facts: { memory }, asked: {} }, later);
    expect(cold.memory).not.toHaveProperty('liveBytes');
  });
});
