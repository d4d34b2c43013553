import { describe, expect, it } from 'vitest';
import type { SlackChannelFacts, SlackFacts } from '../../../src/model/doctor-facts.ts';
import { judgeSlack } from '../../../src/rules/doctor/slack.ts';

const said = <T>(value: T) => ({ kind: 'said', value }) as const;
const refused = (code: string) => ({ kind: 'refused', code }) as const;
const silent = (reason: string) => ({ kind: 'silent', reason }) as const;

function slackFacts(change: Partial<SlackFacts> = {}): SlackFacts {
  return {
    token: said({ user: 'nightkeeper', team: 'Acme' }),
    granted: ['chat:write', 'commands'],
    wanted: ['chat:write', 'commands'],
    wayIn: { kind: 'socket', answer: said(undefined) },
    channels: [],
    emails: [],
    ...change,
  };
}

const codes = (change: Partial<SlackFacts>) =>
  judgeSlack(slackFacts(change)).map(({ code }) => code);

describe('what stands between the bot and Slack', () => {
  it('is nothing when tokens, scopes and way in are good', () => {
    expect(codes({})).toEqual(['slack-token', 'slack-scopes', 'slack-socket']);
  });

  it.each([
    ['invalid_auth', 'slack-token-refused'],
    ['account_inactive', 'slack-token-refused'],
    ['token_revoked', 'slack-token-refused'],
    ['ratelimited', 'slack-away'],
  ])('is the token when Slack says %s', (error, code) => {
    expect(codes({ token: refused(error) })).toEqual([code, 'slack-socket']);
  });

  it('is the network when Slack says nothing, and nothing else is judged then', () => {
    const found = codes({ token: silent('ECONNREFUSED'), granted: [] });

    expect(found).toEqual(['slack-away', 'slack-socket']);
  });

  it('names the scopes that were not granted', () => {
    const [, scopes] = judgeSlack(slackFacts({ granted: ['commands'] }));

    expect(scopes).toMatchObject({
      code: 'slack-scopes-missing',
      outcome: 'wrong',
      facts: { scopes: ['chat:write'] },
    });
  });

  it('does not know the scopes when Slack does not say them', () => {
    const { granted: _, ...silentFacts } = slackFacts();

    expect(judgeSlack(silentFacts)[1]).toMatchObject({
      code: 'slack-scopes-unknown',
      outcome: 'unchecked',
    });
  });

  it.each([
    [refused('invalid_auth'), 'slack-socket-refused'],
    [refused('missing_scope'), 'slack-socket-refused'],
    [refused('ratelimited'), 'slack-socket-unchecked'],
    [silent('TimeoutError'), 'slack-socket-unchecked'],
  ])('is the app-level token, or nobody knows: %o', (answer, code) => {
    expect(codes({ wayIn: { kind: 'socket', answer } })).toContain(code);
  });

  it.each([
    [silent('ECONNREFUSED'), undefined, 'slack-http-wrong'],
    [refused('HTTP 401'), undefined, 'slack-http-wrong'],
    [said(undefined), undefined, 'slack-http-public'],
    [said(undefined), refused('HTTP 404'), 'slack-http-public'],
    [said(undefined), said(undefined), 'slack-http'],
  ])('is the port of HTTP mode: %o, outside %o', (local, answer, code) => {
    const outside =
      answer === undefined ? {} : { outside: { url: 'https://zk.example.com', answer } };

    expect(codes({ wayIn: { kind: 'http', port: 3000, local, ...outside } })).toContain(code);
  });
});

describe('a channel', () => {
  const good = { name: 'ops', isMember: true, isArchived: false, isClosed: false };
  const judge = (answer: SlackChannelFacts['answer']) =>
    judgeSlack(slackFacts({ channels: [{ destination: 'ops', address: 'C0000OPS', answer }] })).at(
      -1,
    );

  it.each([
    [said(good), 'slack-channel'],
    [said({ ...good, isMember: false }), 'slack-channel-outside'],
    [said({ ...good, isArchived: true, isMember: false }), 'slack-channel-archived'],
    [said({ ...good, isClosed: true }), 'slack-channel-closed'],
    [refused('channel_not_found'), 'slack-channel-unknown'],
    [refused('not_in_channel'), 'slack-channel-outside'],
    [refused('is_archived'), 'slack-channel-archived'],
    [refused('missing_scope'), 'slack-channel-unchecked'],
    [silent('TimeoutError'), 'slack-channel-unchecked'],
  ] as const)('%o is %s', (answer, code) => {
    expect(judge(answer)).toMatchObject({ code, about: 'ops' });
  });

  it('names the line that invites the bot by its own name', () => {
    const found = judgeSlack(
      slackFacts({
        token: said({ user: 'zoo', team: 'Acme' }),
        channels: [
          { destination: 'ops', address: 'C0000OPS', answer: said({ ...good, isMember: false }) },
        ],
      }),
    );

    expect(found.at(-1)?.facts).toEqual({ channel: '#ops', invite: '/invite @zoo' });
  });
});

describe('a person known by e-mail', () => {
  it.each([
    [said(true), 'slack-email'],
    [said(false), 'slack-email-unknown'],
    [refused('missing_scope'), 'slack-email-unchecked'],
  ] as const)('%o is %s', (answer, code) => {
    expect(codes({ emails: [{ person: 'eve', answer }] })).toContain(code);
  });
});
