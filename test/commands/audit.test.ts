import { describe, expect, it } from 'vitest';
import { audit, decisionsDefault, decisionsMax } from '../../commands/audit.ts';
import { show } from '../../commands/show.ts';
import type { AuditEntry } from '../../src/model/audit.ts';
import type { Recovery } from '../../src/model/recovery.ts';
import { anIncident, aPerson, aRecovery, aStamp, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

function anEntry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    atMs: nightMs,
    ensemble: 'orders',
    who: 'ann',
    name: 'Ann',
    via: 'slack',
    what: 'acknowledge',
    incident: 12,
    outcome: 'done',
    facts: {},
    ...overrides,
  };
}

const sum = { server: 'zk2', voters: 3, serving: 3, quorum: 2, after: 2, margin: 0, serves: true };
const operator = { kind: 'person', id: 'bo', name: 'Bo', handles: {} } as const;

describe('the command audit', () => {
  it('says who decided what, where from, about what, and how it ended', async () => {
    const desk = aDesk({ audit: [anEntry()] });

    expect(read(await run(audit, 'audit orders', desk)).split('\n')).toEqual([
      'Time | Who | What | About | Outcome | Why',
      expect.stringMatching(/ UTC \| Ann \(Slack\) \| acknowledged \| orders #12 \| done \| $/u),
    ]);
  });

  it('says why somebody was refused, in the words they got', async () => {
    const refused = anEntry({
      what: 'recover',
      outcome: 'refused',
      why: 'would-break-quorum',
      facts: { ...sum, after: 1, margin: -1 },
    });

    const answer = read(await run(audit, 'audit orders', aDesk({ audit: [refused] })));

    expect(answer).toContain('| recover | orders zk2 #12 | refused |');
    expect(answer).toMatch(/refused \| .*zk2/u);
  });

  it('shows the reason and the sum of the guard for a restart', async () => {
    const facts = { ...sum, reason: 'hung since 3', guard: 'allow' };
    const begun = anEntry({ what: 'recovery:requested', facts });

    const answer = read(await run(audit, 'audit', aDesk({ audit: [begun] })));

    expect(answer).toContain('recovery asked for');
    expect(answer).toContain('hung since 3');
    expect(answer).toContain('After stopping zk2: 2 of 3, quorum is 2: margin 0.');
  });

  it('shows what was said with a note, and whom an escalation called', async () => {
    const entries = [
      anEntry({ what: 'note', facts: { reason: 'waiting for the network team' } }),
      anEntry({ what: 'escalate', facts: { to: ['bo', 'carol'] } }),
    ];

    const answer = read(await run(audit, 'audit', aDesk({ audit: entries })));

    expect(answer).toContain('noted | orders #12 | done | waiting for the network team');
    expect(answer).toContain('escalated | orders #12 | done | bo, carol');
  });

  it('leaves out what only repeats the timeline, and names the bot', async () => {
    const entries = [
      anEntry({ what: 'observe', who: 'nightkeeper', name: 'Nightkeeper', via: 'pipeline' }),
      anEntry({ what: 'trigger', who: 'nightkeeper', name: 'Nightkeeper', via: 'pipeline' }),
    ];

    const answer = read(await run(audit, 'audit orders', aDesk({ audit: entries })));

    expect(answer.split('\n')).toHaveLength(2);
    expect(answer).toContain('| Nightkeeper | opened |');
  });

  it('shows the newest twenty, or as many as asked for, within a bound', async () => {
    const many = Array.from({ length: 200 }, (_, index) => anEntry({ atMs: nightMs - index }));
    const desk = aDesk({ audit: many });
    const rows = async (line: string) => read(await run(audit, line, desk)).split('\n').length - 1;

    expect(await rows('audit orders')).toBe(decisionsDefault);
    expect(await rows('audit 3 orders')).toBe(3);
    expect(await rows('audit orders 999999')).toBe(decisionsMax);
  });

  it('is for operators, and without an ensemble shows those that the person operates', async () => {
    const world = { audit: [anEntry(), anEntry({ ensemble: 'users', name: 'Carol' })] };
    const viewer = { via: 'slack', actor: aPerson({ ...operator, roles: { '*': 'viewer' } }) };
    const ofUsers = { via: 'slack', actor: aPerson({ ...operator, roles: { users: 'operator' } }) };

    expect(await run(audit, 'audit orders', aDesk(world, { origin: viewer }))).toMatchObject({
      code: 'not-permitted',
    });
    expect(await run(audit, 'audit', aDesk(world, { origin: viewer }))).toMatchObject({
      code: 'not-permitted',
    });
    const answer = read(await run(audit, 'audit', aDesk(world, { origin: ofUsers })));
    expect(answer).toContain('Carol');
    expect(answer).not.toContain('orders');
  });

  it.each(['audit orders users', 'audit 5 6', 'audit 0'])(
    'does not understand %s',
    async (line) => {
      expect(await run(audit, line, aDesk())).toMatchObject({ code: 'bad-arguments' });
    },
  );

  it('says so where nothing was decided yet, and knows the bot itself', async () => {
    expect(read(await run(audit, 'audit nightkeeper', aDesk()))).toBe(
      'Nothing has been decided there yet.',
    );
    expect(await run(audit, 'audit nowhere', aDesk())).toMatchObject({ code: 'unknown-ensemble' });
  });
});

describe('the command show', () => {
  const recovery: Recovery = aRecovery({
    incident: 12,
    requested: aStamp({ name: 'Ann', via: 'slack' }),
    state: 'failed',
    guards: [
      { atMs: nightMs, at: 'click', verdict: { kind: 'allow', facts: sum } },
      {
        atMs: nightMs,
        at: 'run',
        verdict: {
          kind: 'deny',
          code: 'would-break-quorum',
          facts: { ...sum, after: 1, margin: -1 },
        },
      },
    ],
    startedMs: nightMs,
    finishedMs: nightMs + 4000,
    outcome: { code: 'executor-failed', facts: { exitCode: 3 } },
  });

  it('shows each recovery with what the guard said each time', async () => {
    const desk = aDesk({ incidents: [anIncident()], recoveries: [recovery] });

    const answer = read(await run(show, 'show 12', desk));

    expect(answer).toContain('r-7 Restart of zk2 | Ann (Slack)');
    expect(answer).toContain(
      'when asked for: allowed · After stopping zk2: 2 of 3, quorum is 2: margin 0.',
    );
    expect(answer).toContain('before it ran: refused: ');
    expect(answer).toContain('failed, after 4 s · the command failed with exit code 3');
  });

  it('says nothing of recoveries where there were none', async () => {
    const desk = aDesk({ incidents: [anIncident()], recoveries: [{ ...recovery, incident: 13 }] });

    expect(read(await run(show, 'show 12', desk))).not.toContain('Recoveries');
  });
});
