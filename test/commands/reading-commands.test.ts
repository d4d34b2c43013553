import { describe, expect, it } from 'vitest';

import { ack } from '../../commands/ack.ts';
import { help } from '../../commands/help.ts';
import { incidents, listedIncidentsMax } from '../../commands/incidents.ts';
import { recover } from '../../commands/recover.ts';
import { show } from '../../commands/show.ts';
import { status } from '../../commands/status.ts';
import type { EnsembleStatus } from '../../src/model/status.ts';
import { overviewRowsMax } from '../../src/rules/card/status-card.ts';
import { aGrid, anIncident, aStamp, aTriggeredEvent, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

function aStatus(overrides: Partial<EnsembleStatus> = {}): EnsembleStatus {
  return {
    ensemble: 'orders',
    atMs: nightMs + 57_000,
    health: 'degraded',
    grid: aGrid(),
    voters: 3,
    serving: 2,
    quorum: 2,
    leader: 'zk1',
    canary: { kind: 'written', atMs: nightMs + 58_000, tookMs: 12 },
    servers: {
      zk1: { version: '3.8.0', connections: 4, tookMs: 2 },
      zk3: { version: '3.8.0', connections: 3, tookMs: 2 },
    },
    ...overrides,
  };
}

describe('the command status', () => {
  it('shows one line for each ensemble, the worst first', async () => {
    const desk = aDesk({
      incidents: [anIncident()],
      statuses: [
        aStatus({ health: 'healthy', serving: 3 }),
        aStatus({ ensemble: 'users', health: 'down', serving: 0, voters: 1, quorum: 1 }),
      ],
    });

    const answer = await run(status, 'status', desk);

    expect(read(answer).split('\n')).toEqual([
      'Ensemble | Health | Voters serving | Leader | Open | Seen',
      'users | no quorum | 0 of 1 | zk1 | — | 3 s ago',
      'orders | healthy | 3 of 3 | zk1 | 1 open | 3 s ago',
    ]);
  });

  it('says what was not looked at yet, and that nothing is configured', async () => {
    const empty = aDesk();
    const none = aDesk({}, { settings: { ...empty.settings, ensembles: [] } });

    expect(read(await run(status, 'status', empty))).toContain(
      'orders | unknown | — | — | — | not looked at yet',
    );
    expect(read(await run(status, 'status orders', empty))).toBe('orders: not looked at yet');
    expect(read(await run(status, 'status', none))).toContain('No ensemble is configured');
  });

  it('shows the servers and the numbers of one ensemble, and what is open there', async () => {
    const desk = aDesk({ incidents: [anIncident()], statuses: [aStatus()] });

    const answer = await run(status, 'status Orders', desk);

    expect(read(answer).split('\n')).toEqual([
      'orders · degraded',
      'zk1 leader',
      'zk2 down: connection refused',
      'zk3 follower',
      'Voters serving: 2 of 3',
      'Quorum: 2',
      'May still fail: 0',
      'Leader: zk1',
      'Test write: written in 12 ms, 2 s ago',
      'Version: 3.8.0',
      'Connections: 7',
      'Seen: 3 s ago',
      'Incident | What | State | Since',
      expect.stringMatching(/^#12 \| orders\/zk2: down — .* \| open \| 1 min ago$/u),
    ]);
  });

  it('shows mixed versions, a failed test write, and leaves out what nobody told', async () => {
    const { leader: _, ...headless } = aStatus({
      health: 'down',
      serving: 1,
      canary: { kind: 'failed', atMs: nightMs, tookMs: 900, detail: 'CONNECTION_LOSS' },
      servers: {
        zk1: { version: '3.8.0', tookMs: 1 },
        zk2: { version: '3.9.3', tookMs: 1 },
        zk3: { tookMs: 1 },
      },
    });
    const silent = aStatus({ servers: { zk1: { tookMs: 1 } } });

    const text = read(await run(status, 'status orders', aDesk({ statuses: [headless] })));
    const quiet = read(await run(status, 'status orders', aDesk({ statuses: [silent] })));

    expect(text).toContain('May still fail: 0\nLeader: —\nTest write: failed 1 min ago');
    expect(text).toContain('Version: 3.8.0 (zk1), 3.9.3 (zk2)\nSeen');
    expect(quiet).toContain('Version: —\nSeen');
  });

  it.each([
    ['status a b', 'Write: /zk status [ensemble]'],
    ['status odrers', 'There is no ensemble "odrers". Did you mean orders?'],
    ['status something-else', 'There are: orders, users.'],
  ])('refuses %s with the next step', async (line, said) => {
    expect(read(await run(status, line, aDesk()))).toContain(said);
  });

  it('counts the ensembles that do not fit', async () => {
    const base = aDesk();
    const [orders] = base.settings.ensembles;
    const many = Array.from({ length: overviewRowsMax + 2 }, (_, index) => ({
      ...orders!,
      id: `e${index}`,
    }));

    const answer = await run(
      status,
      'status',
      aDesk({}, { settings: { ...base.settings, ensembles: many } }),
    );

    expect(read(answer).split('\n')).toHaveLength(overviewRowsMax + 2);
    expect(read(answer)).toMatch(/… 2 more$/u);
  });
});

describe('the command incidents', () => {
  const open = anIncident({ state: 'acknowledged', acknowledged: aStamp() });
  const over = anIncident({ id: 7, state: 'resolved', resolvedMs: nightMs + 3000 });
  const elsewhere = anIncident({ id: 8, ensemble: 'users' });
  const own = anIncident({ id: 9, ensemble: 'nightkeeper', state: 'resolved' });
  const desk = aDesk({ incidents: [open, over, elsewhere, own] });
  const ids = async (line: string) =>
    [...read(await run(incidents, line, desk)).matchAll(/#(\d+)/gu)].map((match) => match[1]);

  it('lists what is open, in one ensemble or everywhere, and with "all" also what is over', async () => {
    expect(await ids('incidents')).toEqual(['12', '8']);
    expect(await ids('incidents orders')).toEqual(['12']);
    expect(await ids('incidents all')).toEqual(['12', '7', '8', '9']);
    expect(await ids('incidents Nightkeeper all')).toEqual(['9']);
    expect(await ids('incidents orders 全部')).toEqual(['12', '7']);
  });

  it('says who has it', async () => {
    expect(read(await run(incidents, 'incidents orders', desk))).toContain('acknowledged · Ann');
  });

  it('says so when there is nothing', async () => {
    expect(read(await run(incidents, 'incidents', aDesk()))).toBe('Nothing is open.');
    expect(read(await run(incidents, 'incidents all', aDesk()))).toContain('no incident yet');
  });

  it('counts what does not fit', async () => {
    const many = Array.from({ length: 23 }, (_, index) => anIncident({ id: index + 1 }));

    const text = read(await run(incidents, 'incidents', aDesk({ incidents: many })));

    expect(text.split('\n')).toHaveLength(listedIncidentsMax + 2);
    expect(text).toMatch(/… 3 more$/u);
  });

  it.each([
    ['incidents a b', 'Write: /zk incidents'],
    ['incidents nowhere', 'There is no ensemble "nowhere".'],
  ])('refuses %s', async (line, said) => {
    expect(read(await run(incidents, line, desk))).toContain(said);
  });
});

describe('the command show', () => {
  it('shows the card and what happened since', async () => {
    const { facts } = anIncident();
    const observed = {
      kind: 'observed',
      severity: 'warn',
      facts,
      evidence: [],
      grid: [],
      symptoms: [],
    } as const;
    const desk = aDesk({
      incidents: [anIncident()],
      events: {
        12: [
          aTriggeredEvent(),
          { ...observed, atMs: nightMs + 5000 },
          { ...observed, atMs: nightMs + 10_000, facts: { ...facts, serving: 1 } },
          { kind: 'paged', atMs: nightMs + 60_000 },
          { kind: 'acknowledged', atMs: nightMs + 90_000, stamp: aStamp() },
        ],
      },
    });

    const lines = read(await run(show, 'show 12', desk)).split('\n');

    expect(lines).toEqual([
      expect.stringContaining('[orders/zk2: down'),
      'Timeline',
      'Time | What',
      expect.stringMatching(/^21 Nov 03:00 UTC \| seen: orders\/zk2: down/u),
      expect.stringMatching(/^\+10 s \| changed: .*writes are stopped$/u),
      '+1 min | people called',
      '+1 min 30 s | acknowledged by Ann via Slack',
    ]);
  });

  it('keeps the beginning and the end of a long timeline', async () => {
    const events = Array.from({ length: 40 }, (_, index) => ({
      kind: 'paged' as const,
      atMs: nightMs + index * 1000,
    }));

    const text = read(
      await run(show, 'show 12', aDesk({ incidents: [anIncident()], events: { 12: events } })),
    );

    expect(text.split('\n')).toHaveLength(3 + 15);
    expect(text).toContain('21 Nov 03:00 UTC | people called\n | … 26 more\n+27 s');
    expect(text).toMatch(/\+39 s \| people called$/u);
  });

  it('needs an incident', async () => {
    expect(read(await run(show, 'show', aDesk()))).toContain('Write: /zk show <incident>');
    expect(read(await run(show, 'show 5', aDesk()))).toContain('There is no incident #5.');
  });
});

describe('the command help', () => {
  const desk = aDesk({}, { commands: [status, ack, recover, help] });

  it('lists every command with its usage', async () => {
    const text = read(await run(help, 'help', desk));

    expect(text).toContain('/zk ack <incident> | Takes an incident');
    expect(text).toContain('More about one: /zk help <command>');
  });

  it.each(['ack', 'ACK', '确认'])('explains %s with an example', async (name) => {
    const text = read(await run(help, `help ${name}`, desk));

    expect(text).toContain('Write: /zk ack <incident>');
    expect(text).toContain('Also: acknowledge, 确认, 认领');
    expect(text).toContain('Who may: operator');
    expect(text).toContain('/zk ack orders');
  });

  it('offers what to begin with: how all stands, and the newest that are open', async () => {
    const open = (count: number) =>
      aDesk(
        { incidents: Array.from({ length: count }, (_, index) => anIncident({ id: index + 1 })) },
        { commands: [status, help] },
      );
    const linesOf = async (given: ReturnType<typeof aDesk>) =>
      read(await run(help, 'help', given))
        .split('You could write:\n')[1]
        ?.split('\n');

    expect(await linesOf(open(1))).toEqual(['status', 'show 1']);
    expect(await linesOf(open(7))).toEqual([
      'status',
      'incidents',
      'show 7',
      'show 6',
      'show 5',
      'show 4',
      'show 3',
    ]);
  });

  it('needs no Redis', async () => {
    const blind = { ...desk, openIncidents: () => Promise.reject(new Error('away')) };

    expect(read(await run(help, 'help', blind))).toContain('/zk ack <incident>');
  });

  it('lists one way to write each command, and all of them for one', async () => {
    const list = read(await run(help, 'help', desk));
    const text = read(await run(help, 'help recover', desk));

    expect(list).toContain('/zk recover [restart-server] <ensemble> <server> … | Restarts');
    expect(list).not.toContain('rolling-restart');
    expect(text).toContain('\n/zk recover rolling-restart|move-leader <ensemble>\n');
  });

  it('guesses what was meant', async () => {
    expect(read(await run(help, 'help recovr', desk))).toBe(
      'There is no command "recovr". Did you mean recover? There are: status, ack, recover, help.',
    );
    expect(read(await run(help, 'help stau', desk))).toContain('Did you mean status?');
    expect(read(await run(help, 'help frobnicate', desk))).not.toContain('Did you mean');
  });

  it('speaks Chinese', async () => {
    const text = read(await run(help, '帮助', { ...desk, language: 'zh-CN' }));

    expect(text).toContain('确认故障');
  });
});
