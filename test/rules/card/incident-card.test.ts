import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/model/incident.ts';
import {
  detailCharsMax,
  gridRowsMax,
  incidentCard,
  sparkValuesMax,
  symptomLinesMax,
  titleCharsMax,
} from '../../../src/rules/card/incident-card.ts';
import { aDownServer, aRecoveryMark, nightMs, nightSettings } from './incidents.ts';

const settings = nightSettings();
const draw = (incident: Incident, change: Partial<Parameters<typeof incidentCard>[1]> = {}) =>
  incidentCard(incident, { language: 'en', settings, ...change });
const ids = (buttons: readonly { readonly id: string }[]) => buttons.map((button) => button.id);

const acknowledged: Partial<Incident> = {
  state: 'acknowledged',
  pagedMs: nightMs + 60_000,
  acknowledged: { by: 'ada', name: 'Ada', via: 'slack', atMs: nightMs + 120_000 },
};

describe('the card of a server that is down', () => {
  it('says what is wrong, where, what it means and what to do', () => {
    const card = draw(aDownServer());

    expect(card).toMatchObject({
      incident: 12,
      detector: 'member-down',
      server: 'zk2',
      tone: 'critical',
      severity: 'Page',
      title:
        'orders/zk2: down — connection refused, 2 of 3 voters serving, one more failure stops writes',
      runbookUrl: 'https://nightkeeper.example/runbooks/member-down',
      consoleUrl: 'https://nightkeeper.example/incidents/12',
      evidence: ['zk2 ECONNREFUSED 10.0.0.2:2181'],
      stateLine: 'Not paged: waiting whether it comes back · since 21 Nov 03:12 UTC',
      sinceMs: nightMs,
      changedMs: nightMs,
    });
    expect(card.meaning).toContain('There is no spare voter left.');
    expect(card.advice).toContain('last log lines of zk2');
    expect(card.grid).toEqual([
      { server: 'zk1', role: 'voter', state: 'leader', health: 'good', lag: 'in sync' },
      { server: 'zk2', role: 'voter', state: 'down: connection refused', health: 'bad' },
      {
        server: 'zk3',
        role: 'voter',
        state: 'follower',
        health: 'good',
        lag: '3 transactions behind',
      },
    ]);
  });

  it('offers to acknowledge, to escalate and to restart, in this order', () => {
    const card = draw(aDownServer());

    expect(ids(card.buttons)).toEqual(['ack', 'escalate', 'restart']);
    expect(card.buttons[2]).toMatchObject({
      label: 'Restart zk2',
      style: 'danger',
      form: 'restart',
      invocation: {
        command: 'recover',
        args: ['restart-server', 'orders', 'zk2'],
        options: { incident: '12' },
      },
    });
    expect(ids(card.more)).toEqual(['silence', 'note', 'chart', 'show']);
  });

  it('speaks Chinese', () => {
    const card = draw(aDownServer(), { language: 'zh-CN' });

    expect(card.title).toBe(
      'orders/zk2：宕机 — 连接被拒绝，3 个投票节点中 2 个在提供服务，再坏一个将无法写入',
    );
    expect(card.buttons.map((button) => button.label)).toEqual(['确认', '升级', '重启 zk2']);
    expect(card.stateLine).toBe('未呼叫值班：等待其自行恢复 · 始于 11月21日 03:12 UTC');
  });

  it.each([
    ['standalone', 'good'],
    ['observer', 'good'],
    ['not-serving', 'bad'],
    ['timeout', 'bad'],
    ['unreachable', 'bad'],
    ['read-only', 'odd'],
    ['garbled', 'odd'],
    ['unknown', 'odd'],
  ] as const)('marks a server that is %s as %s', (state, health) => {
    const card = draw(aDownServer({ grid: [{ server: 'zk1', role: 'voter', state }] }));

    expect(card.grid[0]?.health).toBe(health);
  });

  it('is the same card when nothing of the incident changed', () => {
    expect(draw(aDownServer())).toEqual(draw(aDownServer()));
  });
});

describe('the state of a card', () => {
  it.each<[string, Partial<Incident>, string, string]>([
    ['quiet', {}, 'critical', 'Not paged: waiting whether it comes back'],
    [
      'paged',
      { pagedMs: nightMs + 60_000 },
      'critical',
      'Paged 21 Nov 03:13 UTC, nobody has acknowledged yet',
    ],
    [
      'a warning',
      { severity: 'warn' },
      'warning',
      'A warning: nobody is called, look when it suits',
    ],
    ['for the record', { severity: 'info' }, 'info', 'For the record: nobody is called'],
    [
      'acknowledged',
      acknowledged,
      'acknowledged',
      'Acknowledged by Ada via Slack, 21 Nov 03:14 UTC',
    ],
    [
      'escalated by the bot',
      {
        pagedMs: nightMs,
        escalationStep: 1,
        escalated: {
          by: 'nightkeeper',
          name: 'Nightkeeper',
          via: 'nightkeeper',
          atMs: nightMs + 300_000,
          to: ['bo', 'gone'],
        },
      },
      'critical',
      'Paged 21 Nov 03:12 UTC, nobody has acknowledged yet · escalated to Bo, gone, 21 Nov 03:17 UTC',
    ],
    [
      'escalated by a person after the acknowledgement',
      {
        ...acknowledged,
        escalated: { by: 'ada', name: 'Ada', via: 'slack', atMs: nightMs + 300_000, to: ['bo'] },
      },
      'acknowledged',
      'Acknowledged by Ada via Slack, 21 Nov 03:14 UTC · escalated to Bo by Ada, 21 Nov 03:17 UTC',
    ],
  ])('%s', (_, change, tone, line) => {
    const card = draw(aDownServer(change));

    expect(card.tone).toBe(tone);
    expect(card.stateLine).toBe(`${line} · since 21 Nov 03:12 UTC`);
  });

  it.each<[string, Partial<Incident>, string, string]>([
    [
      'went away before anybody was called',
      {},
      'orders/zk2: back, was down 3 s',
      'Resolved 21 Nov 03:12 UTC after 3 s · nobody was called',
    ],
    [
      'went away after somebody took it',
      { ...acknowledged, state: 'resolved' },
      'orders/zk2: back, was down 3 s',
      'Resolved 21 Nov 03:12 UTC after 3 s · handled by Ada',
    ],
    [
      'was closed by hand',
      {
        pagedMs: nightMs,
        resolvedBy: { by: 'bo', name: 'Bo', via: 'cli', atMs: nightMs + 3000 },
      },
      'orders/zk2: down — connection refused, 2 of 3 voters serving, one more failure stops writes',
      'Resolved by Bo via the command line, 21 Nov 03:12 UTC, after 3 s',
    ],
    [
      'became part of another one',
      { foldedInto: 13 },
      'orders/zk2: down — connection refused, 2 of 3 voters serving, one more failure stops writes',
      'Part of incident #13 now',
    ],
  ])('a fault that %s has no buttons left', (_, change, title, line) => {
    const card = draw(aDownServer({ state: 'resolved', resolvedMs: nightMs + 3000, ...change }));

    expect(card).toMatchObject({
      tone: 'resolved',
      title,
      stateLine: line,
      buttons: [],
      more: [],
      changedMs: nightMs + 3000,
    });
    expect(card.meaning + card.advice).not.toContain('start it');
  });

  it('says how long a server that only blinked was away', () => {
    const blink = aDownServer({
      detector: 'member-restarted',
      severity: 'info',
      state: 'resolved',
      resolvedMs: nightMs + 3000,
      facts: { role: 'voter', uptimeMs: 900, blinkMs: 600 },
    });

    expect(draw(blink).title).toBe('orders/zk2: restarted, was away 0.6 s');
  });
});

describe('the buttons of a card', () => {
  it('offer peace and a note, and ask for the words in a form', () => {
    const [silence, note] = draw(aDownServer()).more;

    expect(silence).toMatchObject({
      form: 'reason',
      invocation: { command: 'silence', args: ['#12'], options: { ask: 'yes' } },
    });
    expect(note).toMatchObject({
      form: 'reason',
      invocation: { command: 'note', args: ['12'], options: { ask: 'yes' } },
    });
  });

  it('offer to end the silence they are under', () => {
    const silenced = { silence: 3, untilMs: 9, by: 'ann', name: 'Ann', reason: 'new disk' };

    const card = draw(aDownServer({ silenced }));

    expect(ids(card.more)).toEqual(['unsilence', 'note', 'chart', 'show']);
    expect(card.more[0]?.invocation).toMatchObject({ command: 'unsilence', args: ['3'] });
  });

  it('offer to answer the question whether somebody still has it', () => {
    const asked = aDownServer({
      state: 'acknowledged',
      acknowledged: { by: 'ada', name: 'Ada', via: 'slack', atMs: nightMs },
      reminded: { atMs: nightMs },
    });

    expect(draw(asked).buttons[0]).toMatchObject({
      label: 'Still on it',
      invocation: { command: 'ack', args: ['12'] },
    });
  });

  it('offer to take an acknowledgement back instead of a second one', () => {
    const card = draw(aDownServer(acknowledged));

    expect(ids(card.buttons)).toEqual(['escalate', 'restart']);
    expect(ids(card.more)).toEqual(['silence', 'unack', 'note', 'chart', 'show']);
  });

  it.each<[string, Incident]>([
    [
      'the quorum is lost',
      aDownServer({ detector: 'quorum-lost', subject: { ensemble: 'orders' } }),
    ],
    ['the server is slow', aDownServer({ detector: 'latency-high' })],
    ['the ensemble has no way to restart', aDownServer({ ensemble: 'users' })],
    ['a recovery runs', aDownServer({ recovery: aRecoveryMark() })],
    ['a recovery is verified', aDownServer({ recovery: aRecoveryMark({ state: 'verifying' }) })],
  ])('do not offer a restart when %s', (_, incident) => {
    expect(ids(draw(incident).buttons)).toEqual(['ack', 'escalate']);
  });

  it.each(['member-down', 'member-hung', 'member-not-serving'])(
    'offer a restart for %s, also after one that failed',
    (detector) => {
      const failed = aDownServer({ detector, recovery: aRecoveryMark({ state: 'failed' }) });

      expect(ids(draw(failed).buttons)).toContain('restart');
    },
  );
});

describe('a recovery on the card', () => {
  it.each([
    [aRecoveryMark(), 'Restart of zk2 runs now, asked by Ada via Slack: hung since 3'],
    [
      aRecoveryMark({ state: 'succeeded' }),
      'Restart of zk2 worked, asked by Ada via Slack: it serves and is in sync again',
    ],
    [
      aRecoveryMark({
        state: 'failed',
        outcome: { code: 'executor-failed', facts: { exitCode: 3 } },
      }),
      'Restart of zk2 failed, asked by Ada via Slack: the command failed with exit code 3; its output is kept with the recovery',
    ],
    [
      aRecoveryMark({
        state: 'failed',
        outcome: {
          code: 'would-break-quorum',
          facts: { server: 'zk2', voters: 3, quorum: 2, after: 1 },
        },
      }),
      'Restart of zk2 failed, asked by Ada via Slack: Taking zk2 down would leave 1 of 3 voters, and 2 are needed: writes would stop.',
    ],
    [
      aRecoveryMark({ state: 'failed', action: 'dance', outcome: { code: 'odd', facts: {} } }),
      'dance of zk2 failed, asked by Ada via Slack: read the audit',
    ],
    [
      aRecoveryMark({ state: 'failed' }),
      'Restart of zk2 failed, asked by Ada via Slack: read the audit',
    ],
  ])('says how it stands (%#)', (recovery, line) => {
    expect(draw(aDownServer({ recovery })).recoveryLine).toBe(line);
  });

  it('is absent where none concerns the card', () => {
    expect(draw(aDownServer())).not.toHaveProperty('recoveryLine');
  });
});

describe('the bounds of a card', () => {
  it('counts what it leaves out, and never cuts a character in two', () => {
    const card = draw(
      aDownServer({
        ensemble: '🔥'.repeat(200),
        subject: { ensemble: '🔥'.repeat(200), server: 'zk2' },
        evidence: Array.from({ length: 20 }, () => '🔥'.repeat(300)),
        symptoms: Array.from({ length: 20 }, (_, index) => ({
          detector: 'member-down',
          subject: { ensemble: 'orders', server: `zk${index}` },
          severity: 'warn' as const,
          facts: { reason: 'refused' },
          sinceMs: nightMs,
          ...(index === 0 ? { clearedMs: nightMs } : {}),
        })),
        grid: Array.from({ length: 40 }, (_, index) => ({
          server: `zk${index}`,
          role: 'voter' as const,
          state: index === 39 ? ('refused' as const) : ('follower' as const),
        })),
      }),
    );

    expect(Array.from(card.title)).toHaveLength(titleCharsMax);
    expect(card.title).toMatch(/🔥…$/u);
    expect(card.evidence).toHaveLength(12);
    expect(card.evidence.at(-1)).toBe('… 9 more');
    expect(Array.from(card.evidence[0] ?? '')).toHaveLength(detailCharsMax);
    expect(card.symptoms).toHaveLength(symptomLinesMax);
    expect(card.symptoms[0]).toBe('zk0: down — connection refused (over)');
    expect(card.symptoms.at(-1)).toBe('… 13 more');
    expect(card.grid).toHaveLength(gridRowsMax);
    expect(card.grid[0]?.server).toBe('zk39');
    expect(card.grid.at(-1)?.server).toBe('… 26 more');
  });

  it('draws the figure a fault shows in, as many values as a line holds', () => {
    const spark = Array.from({ length: 100 }, (_, index) => String(index));
    const slow = aDownServer({ detector: 'latency-high', facts: { kind: 'write', spark } });

    const card = draw(slow);

    expect(card.spark?.label).toBe('mean time of a write: 99 ms');
    expect(card.spark?.values).toHaveLength(sparkValuesMax);
    expect(card.spark?.values.at(-1)).toBe(99);
    expect(draw(aDownServer({ facts: { spark } })).spark).toBeUndefined();
  });

  it('links nothing where no address is known, and the runbooks of the house where they are', () => {
    const { publicUrl: _, ...nowhere } = settings;

    expect(draw(aDownServer(), { settings: nowhere })).not.toHaveProperty('runbookUrl');
    expect(draw(aDownServer(), { settings: nowhere })).not.toHaveProperty('consoleUrl');
    expect(
      draw(aDownServer(), { settings: { ...nowhere, runbookUrl: 'https://wiki/zk/' } }).runbookUrl,
    ).toBe('https://wiki/zk/member-down');
  });
});
