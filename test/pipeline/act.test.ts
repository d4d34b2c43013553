import { describe, expect, it } from 'vitest';
import { help } from '../../commands/help.ts';
import { NightkeeperError } from '../../src/model/errors.ts';
import { refuse } from '../../src/model/refusal.ts';
import type { Reply } from '../../src/model/reply.ts';
import { createAct } from '../../src/pipeline/act.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { createRecoverer } from '../../src/pipeline/recover.ts';
import type { Caller } from '../../src/ports/act.ts';
import type { Command } from '../../src/ports/command.ts';
import { anIncident, aPerson, aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

const done: Reply = {
  outcome: 'done',
  visibility: 'public',
  blocks: [{ kind: 'text', text: 'ok' }],
};

/** A command that counts how often it ran and whom it saw. */
function aCommand(overrides: Partial<Command> = {}) {
  const seen: string[] = [];
  const command: Command = {
    name: 'ack',
    aliases: ['确认'],
    usage: 'ack <incident>',
    role: 'operator',
    completes: ['incident'],
    run: (_invocation, desk) => {
      seen.push(desk.origin.actor.id);
      return Promise.resolve(desk.permit('operator', 'orders') ?? done);
    },
    ...overrides,
  };
  return { command, seen };
}

function anAct(...commands: readonly Command[]) {
  const house = aHouse({
    commands,
    settings: aSettings({
      people: [
        aPerson({ id: 'ann', handles: { slack: 'U0ANN', email: 'ann@example.com' } }),
        aPerson({
          id: 'vic',
          name: 'Vic',
          roles: { orders: 'viewer' },
          handles: { slack: 'U0VIC' },
        }),
      ],
    }),
  });
  return {
    house,
    act: createAct(
      house,
      createRecoverer(
        house,
        createMembers(house, () => undefined),
      ),
    ),
  };
}

const slack = (handle: string, more: Partial<Caller> = {}): Caller => ({
  via: 'slack',
  handle,
  name: 'Ann',
  ...more,
});
const ack = { command: 'ack', args: ['12'], options: {} };

describe('the way in', () => {
  it('knows a person by the id of the chat', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    const reply = await act(ack, slack('U0ANN'));

    expect(reply.outcome).toBe('done');
    expect(seen).toEqual(['ann']);
  });

  it('knows a person by a verified e-mail', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    await act(ack, slack('U0OTHER', { email: 'Ann@Example.com' }));

    expect(seen).toEqual(['ann']);
  });

  it('never takes somebody for a person because of a name', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    const reply = await act(ack, slack('U0EVIL', { name: 'Ann' }));

    expect(reply).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(seen).toEqual([]);
  });

  it('does not take the person id from a chat for a sign-in', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    await act(ack, slack('ann'));

    expect(seen).toEqual([]);
  });

  it('tells a stranger who can help', async () => {
    const { command } = aCommand();
    const house = aHouse({
      commands: [command],
      settings: aSettings({
        people: [
          aPerson({ id: 'vic', name: 'Vic', roles: { '*': 'viewer' } }),
          aPerson({ id: 'ann', name: 'Ann Chen', roles: { '*': 'admin' } }),
        ],
      }),
    });
    const act = createAct(
      house,
      createRecoverer(
        house,
        createMembers(house, () => undefined),
      ),
    );

    const reply = await act(ack, slack('U0EVIL'));

    expect(JSON.stringify(reply.blocks)).toContain('Ask an administrator (Ann Chen) to add you');
  });

  it('lets a stranger use what everyone may use', async () => {
    const { command, seen } = aCommand({ role: 'everyone', run: () => Promise.resolve(done) });
    const { act } = anAct(command);

    const reply = await act(ack, slack('U0EVIL'));

    expect(reply.outcome).toBe('done');
    expect(seen).toEqual([]);
  });

  it('tells a viewer which role is needed and who has it, in private, and writes it down', async () => {
    const { command } = aCommand();
    const { act, house } = anAct(command);

    const reply = await act(ack, slack('U0VIC'));

    expect(reply).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(JSON.stringify(reply.blocks)).toContain('Ann');
    const [entry] = await house.incidents.audited('orders', 1);
    expect(entry).toMatchObject({ who: 'vic', outcome: 'refused', why: 'not-permitted' });
  });

  it('finds a command by its Chinese name', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    await act({ ...ack, command: '确认' }, slack('U0ANN'));

    expect(seen).toEqual(['ann']);
  });

  it('answers a command nobody knows with the ones there are', async () => {
    const { command } = aCommand();
    const { act } = anAct(command);

    const reply = await act({ ...ack, command: 'akc' }, slack('U0ANN'));

    expect(reply).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(JSON.stringify(reply.blocks)).toContain('ack');
  });

  it('lets help say what was likely meant', async () => {
    const { command } = aCommand();
    const { act } = anAct(command, help);

    const reply = await act({ ...ack, command: 'ackk' }, slack('U0EVIL'));

    expect(reply.outcome).toBe('refused');
    expect(JSON.stringify(reply.blocks)).toContain('Did you mean ack?');
  });

  it('writes down which incident a stranger pressed a button of', async () => {
    const { command } = aCommand();
    const { act, house } = anAct(command);
    await house.incidents.commit({
      incident: anIncident({ id: 12, version: 1 }),
      expectedVersion: 0,
      events: [],
      audit: [],
    });

    await act(ack, slack('U0EVIL'));

    const [entry] = await house.incidents.audited('orders', 1);
    expect(entry).toMatchObject({ who: 'slack:U0EVIL', incident: 12, why: 'stranger' });
  });

  it('runs a click that the chat sends twice only once, and gives the same answer', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    const [first, second] = await Promise.all([
      act(ack, slack('U0ANN'), 'click-1'),
      act(ack, slack('U0ANN'), 'click-1'),
    ]);

    expect(seen).toHaveLength(1);
    expect(second).toBe(first);
  });

  it('does not give one person the answer to another one’s click', async () => {
    const { command, seen } = aCommand();
    const { act } = anAct(command);

    await act(ack, slack('U0ANN'), 'same-id');
    const other = await act(ack, slack('U0EVIL'), 'same-id');

    expect(other.outcome).toBe('refused');
    expect(seen).toEqual(['ann']);
  });

  it('says so when Redis is gone, and does not throw', async () => {
    const { command } = aCommand({
      run: () => Promise.reject(new NightkeeperError('redis-unavailable', 'no connection')),
    });
    const { act } = anAct(command);

    const reply = await act(ack, slack('U0ANN'));

    expect(reply).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(JSON.stringify(reply.blocks)).toContain('Redis');
  });

  it('answers a bug with an apology instead of silence, and logs it', async () => {
    const { command } = aCommand({ run: () => Promise.reject(new Error('boom')) });
    const { act, house } = anAct(command);

    const reply = await act(ack, slack('U0ANN'));

    expect(reply.outcome).toBe('refused');
    expect(house.logged).toContain('error: invocation failed');
    expect(JSON.stringify(reply)).not.toContain('boom');
  });

  it('answers in the language of the person', async () => {
    const { command } = aCommand({
      run: () => Promise.resolve(refuse('unknown-incident', { incident: 12 })),
    });
    const { act, house } = anAct(command);
    house.settingsAre(aSettings({ people: [aPerson({ language: 'zh-CN' })] }));

    const reply = await act(ack, slack('U0ANN'));

    expect(JSON.stringify(reply.blocks)).toMatch(/[\u4e00-\u9fff]/u);
  });
});

describe('a line that is not whole', () => {
  it('is answered with what it can become, in place of a list of words', async () => {
    const { command } = aCommand({
      name: 'status',
      aliases: [],
      usage: 'status [ensemble]',
      role: 'everyone',
      completes: ['ensemble'],
      run: () =>
        Promise.resolve(
          refuse('unknown-ensemble', { ensemble: 'ord', suggestion: 'orders', known: ['orders'] }),
        ),
    });
    const { act } = anAct(command);

    const reply = await act({ command: 'status', args: ['ord'], options: {} }, slack('U0ANN'));

    expect(reply.outcome).toBe('refused');
    expect(reply.blocks.at(-1)).toEqual({
      kind: 'completions',
      title: 'You could write:',
      lines: [{ line: 'status orders', hint: expect.stringContaining('zk1') }],
    });
    expect(JSON.stringify(reply.blocks)).not.toContain('There are:');
  });

  it('speaks of no word that it does not offer', async () => {
    const { command } = aCommand({
      name: 'status',
      completes: ['ensemble'],
      run: () =>
        Promise.resolve(refuse('unknown-ensemble', { ensemble: 'ord', suggestion: 'old' })),
    });
    const { act } = anAct(command);

    const reply = await act({ command: 'status', args: ['ord'], options: {} }, slack('U0ANN'));

    expect(JSON.stringify(reply.blocks)).not.toContain('Did you mean');
  });

  it('offers the incidents that are open, in the language of the reader', async () => {
    const { command } = aCommand({ run: () => Promise.resolve(refuse('bad-arguments')) });
    const { act, house } = anAct(command);
    await house.incidents.commit({
      incident: anIncident({ id: 12, version: 1 }),
      expectedVersion: 0,
      events: [],
      audit: [],
    });

    const reply = await act(
      { command: '确认', args: [], options: {} },
      slack('U0ANN', { language: 'zh-CN' }),
    );

    expect(reply.blocks.at(-1)).toMatchObject({
      title: '可以这样写：',
      lines: [{ line: '确认 12', hint: expect.stringMatching(/\p{Script=Han}/u) }],
    });
  });

  it('offers a form for the words that only its writer has, once', async () => {
    const { command } = aCommand({
      run: () => Promise.resolve(refuse('silence-reason-missing')),
    });
    const { act } = anAct(command);
    const asked = { command: 'ack', args: ['orders', '2h'], options: {} };

    const typed = await act(asked, slack('U0ANN'));
    const sent = await act({ ...asked, options: { ask: 'yes' } }, slack('U0ANN'));

    expect(typed.blocks.at(-1)).toMatchObject({
      lines: [{ line: 'ack orders 2h --ask=yes', hint: 'asks for the rest' }],
    });
    expect(sent.blocks).toHaveLength(1);
  });

  it('says its refusal alone while nobody knows what there is', async () => {
    const { command } = aCommand({ run: () => Promise.resolve(refuse('bad-arguments')) });
    const { act, house } = anAct(command);
    house.incidents.open = () => Promise.reject(new Error('away'));

    const reply = await act({ command: 'ack', args: [], options: {} }, slack('U0ANN'));

    expect(reply.blocks).toHaveLength(1);
  });
});
