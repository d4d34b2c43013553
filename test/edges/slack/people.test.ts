import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownMs } from '../../../src/edges/slack/people.ts';
import { aPerson, aSettings } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { type SlackBench, startBench } from './bench.ts';

describe('who somebody is in Slack', () => {
  let bench: SlackBench;
  const lookups = () => bench.slack.calls.filter(({ method }) => method === 'users.info').length;

  beforeEach(async () => {
    bench = await startBench();
    bench.settings = aSettings({
      people: [
        aPerson({ id: 'ann', handles: { slack: 'U0ANNA' } }),
        aPerson({ id: 'bo', handles: { email: 'bo@acme.example' } }),
      ],
    });
  });

  afterEach(() => bench.close());

  async function callerOf(user: string) {
    const before = bench.acts.length;
    await bench.slack.slash('/zk status', user);
    return await until('the line is read', () => bench.acts[before]?.caller);
  }

  it('is not asked about people whom the configuration names by their id', async () => {
    const caller = await callerOf('U0ANNA');

    expect(caller).not.toHaveProperty('email');
    expect(lookups()).toBe(0);
  });

  it('is their verified e-mail, asked for once in a while', async () => {
    bench.slack.workspace.addUser('U0BO', 'bo@acme.example');

    expect(await callerOf('U0BO')).toMatchObject({ handle: 'U0BO', email: 'bo@acme.example' });
    expect(await callerOf('U0BO')).toMatchObject({ email: 'bo@acme.example' });
    expect(lookups()).toBe(1);

    bench.nowMs += knownMs + 1;
    bench.slack.workspace.addUser('U0BO', 'bo@acme.example', { deleted: true });
    expect(await callerOf('U0BO')).not.toHaveProperty('email');
  });

  it.each([
    ['has not confirmed the address', { is_email_confirmed: false }],
    ['is of another workspace, whose administrator may write any address', { team_id: 'T0EVIL' }],
    ['is a stranger in a shared channel', { is_stranger: true }],
    ['has left', { deleted: true }],
    ['is a bot', { is_bot: true }],
  ])('is not the e-mail of somebody who %s', async (_, more) => {
    bench.slack.workspace.addUser('U0BO', 'bo@acme.example', more);

    expect(await callerOf('U0BO')).not.toHaveProperty('email');
  });

  it('is answered without it when Slack does not say', async () => {
    bench.slack.fault('users.info', { kind: 'error', error: 'missing_scope' });

    expect(await callerOf('U0NOBODY')).not.toHaveProperty('email');
    expect(JSON.stringify(bench.log.lines)).toContain('missing_scope');
  });

  it('speaks the language of the person, then that of the conversation, then the general one', async () => {
    bench.slack.addChannel('C0000CN1', 'zhiban');
    const destinations = [
      { id: 'cn', channel: 'slack', address: 'C0000CN1', language: 'zh-CN' },
    ] as const;
    const wei = aPerson({ id: 'wei', language: 'zh-CN', handles: { slack: 'U0WEI' } });
    bench.settings = aSettings({ destinations, people: [wei, ...bench.settings.people] });
    const long = `/zk ${'x'.repeat(5000)}`;

    await bench.slack.slash(long, 'U0ANNA');
    await bench.slack.slash(long, 'U0BO', 'C0000CN1');
    await bench.slack.slash(long, 'U0WEI');

    const ann = await bench.slack.expectEphemeral('U0ANNA', /./u);
    const bo = await bench.slack.expectEphemeral('U0BO', /./u);
    const weiReads = await bench.slack.expectEphemeral('U0WEI', /./u);
    expect(ann.text).toContain('too long to read');
    expect([bo.text, weiReads.text]).toEqual(Array(2).fill(expect.stringContaining('内容太长')));
  });
});
