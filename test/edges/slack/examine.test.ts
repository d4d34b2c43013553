import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlackConfig } from '../../../src/edges/slack/config.ts';
import { examineSlack } from '../../../src/edges/slack/examine.ts';
import { type SlackStandIn, startSlackStandIn } from '../../servers/slack.ts';
import { freePort } from '../../support/bot-process.ts';
import { aDestination } from '../../support/cards.ts';
import { recordingLog } from '../../support/log.ts';
import { until } from '../../support/until.ts';
import { SlackBench } from './bench.ts';

let slack: SlackStandIn;

beforeEach(async () => {
  slack = await startSlackStandIn();
});

afterEach(() => slack.close());

function examine(change: Partial<SlackConfig> = {}, publicUrl?: string) {
  const { botToken, appToken, apiUrl } = slack;
  return examineSlack({
    settings: { botToken, appToken, apiUrl, ...change },
    destinations: [aDestination()],
    emails: [{ person: 'eve', email: 'eve@example.com' }],
    ...(publicUrl === undefined ? {} : { publicUrl }),
    log: recordingLog(),
  });
}

describe('Slack, examined', () => {
  it('is asked for everything and told nothing', async () => {
    const facts = await examine();

    expect(facts).toMatchObject({
      token: { kind: 'said', value: { user: 'nightkeeper', team: 'Acme' } },
      granted: facts.wanted,
      wayIn: { kind: 'socket', answer: { kind: 'said' } },
      channels: [{ answer: { value: { name: 'ops', isMember: true } } }],
      emails: [{ person: 'eve', answer: { kind: 'said', value: false } }],
    });
    expect(slack.channel('C0000OPS').messages).toEqual([]);
    expect(slack.sockets.connections).toBe(0);
  });

  it.each([
    [{ botToken: 'xoxb-another' }, { token: { kind: 'refused', code: 'invalid_auth' } }],
    [
      { appToken: 'xapp-another' },
      { wayIn: { answer: { kind: 'refused', code: 'invalid_auth' } } },
    ],
  ])('refuses another token, which is named nowhere: %o', async (change, expected) => {
    const facts = await examine(change);

    expect(facts).toMatchObject(expected);
    expect(JSON.stringify(facts)).not.toContain('another');
  });

  it('knows no private channel that the bot is not in', async () => {
    const channel = slack.workspace.channels.get('C0000OPS');
    if (channel === undefined) throw new Error('no channel');
    Object.assign(channel, { isPrivate: true, isMember: false });

    expect((await examine()).channels[0]?.answer).toEqual({
      kind: 'refused',
      code: 'channel_not_found',
    });
  });

  it('may hang or limit the rate: the doctor does not wait for it', async () => {
    slack.fault('conversations.info', { kind: 'hang' });
    slack.fault('apps.connections.open', { kind: 'rate-limited', retryAfterSeconds: 60 });

    const facts = await examine();

    expect(facts.channels[0]?.answer).toMatchObject({ kind: 'silent' });
    expect(facts.wayIn).toMatchObject({ answer: { kind: 'refused', code: 'ratelimited' } });
  }, 20_000);
});

describe('requests over HTTP, examined', () => {
  it('reach whoever knows the signing secret, here and from outside', async () => {
    const bench = new SlackBench(slack);
    const port = await freePort();
    await bench.startHttp(port);
    await until('listening', () => bench.edge.state().kind === 'connected');
    const { botToken, apiUrl, signingSecret } = slack;
    const settings = { botToken, apiUrl, signingSecret, port };
    const ask = (change: Partial<SlackConfig>, publicUrl?: string) =>
      examineSlack({
        settings: { ...settings, ...change },
        destinations: [],
        emails: [],
        ...(publicUrl === undefined ? {} : { publicUrl }),
        log: recordingLog(),
      });

    const good = await ask({}, `http://127.0.0.1:${port}/`);
    const forged = await ask({ signingSecret: 'guessed' });
    const nobody = await ask({ port: await freePort() });

    expect(good.wayIn).toMatchObject({
      local: { kind: 'said' },
      outside: { answer: { kind: 'said' } },
    });
    expect(forged.wayIn).toMatchObject({ local: { kind: 'refused', code: 'HTTP 401' } });
    expect(nobody.wayIn).toMatchObject({ local: { kind: 'silent', reason: 'ECONNREFUSED' } });
    await bench.close();
  });
});
