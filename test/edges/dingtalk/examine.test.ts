import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/clock.ts';
import type { DingTalkConfig } from '../../../src/edges/dingtalk/config.ts';
import { examineDingTalk, examineRobot } from '../../../src/edges/dingtalk/examine.ts';
import { type DingTalkStandIn, ops, startDingTalkStandIn } from '../../servers/dingtalk.ts';
import { aDestination } from '../../support/cards.ts';

let dingtalk: DingTalkStandIn;

beforeEach(async () => {
  dingtalk = await startDingTalkStandIn();
});

afterEach(() => dingtalk.close());

async function examine(change: Partial<DingTalkConfig> = {}, groups: readonly string[] = [ops]) {
  const { clientId, clientSecret, template, quota } = dingtalk.tenant;
  const counted: string[] = [];
  const facts = await examineDingTalk({
    settings: {
      clientId,
      clientSecret,
      cardTemplateId: template,
      apiUrl: dingtalk.apiUrl,
      quota,
      ...change,
    },
    destinations: groups.map((address) =>
      aDestination({ id: address, channel: 'dingtalk', address }),
    ),
    meter: { count: (what) => void counted.push(what) },
    clock: systemClock,
  });
  return { facts, counted };
}

describe('a DingTalk application, examined', () => {
  it('is good, posts nothing, leaves no socket, and costs what it says', async () => {
    const { facts, counted } = await examine();

    expect(facts).toMatchObject({
      app: { kind: 'said' },
      stream: {
        kind: 'said',
        value: { topics: expect.arrayContaining(['/v1.0/card/instances/callback']) as string[] },
      },
      groups: [{ answer: { kind: 'said', value: { robots: [dingtalk.tenant.robotCode] } } }],
      template: { answer: { kind: 'said' } },
    });
    expect(counted).toEqual(['calls', 'calls']);
    expect(dingtalk.tenant.used.calls).toBe(2);
    expect(dingtalk.tenant.messages).toEqual([]);
    expect(dingtalk.gateway.accepted).toBe(0);
  });

  it('refuses another secret, and is asked nothing more', async () => {
    const { facts } = await examine({ clientSecret: 'another-secret' });

    expect(facts).toMatchObject({
      app: { kind: 'refused', code: 'invalidClientIdOrSecret' },
      stream: { kind: 'refused', code: 'authFailed' },
      groups: [],
    });
    expect(JSON.stringify(facts)).not.toContain('another-secret');
  });

  it.each([
    ['param.templateNotExist', () => void 0, '00000000-0000-0000-0000-000000000000.schema'],
    ['param.templateUnpublished', () => void (dingtalk.tenant.isPublished = false), undefined],
  ])('says %s of the template', async (code, arrange, id) => {
    arrange();

    const { facts } = await examine(id === undefined ? {} : { cardTemplateId: id });

    expect(facts.template?.answer).toEqual({ kind: 'refused', code });
  });

  it('says in which groups its robot is, where it may', async () => {
    dingtalk.addGroup('cidQuiet000001==');
    dingtalk.expel('cidQuiet000001==');

    const { facts } = await examine({}, [ops, 'cidQuiet000001==', 'cidNowhere0001==']);
    dingtalk.tenant.mayListRobots = false;
    const { facts: blind } = await examine();

    expect(facts.groups.map(({ answer }) => answer)).toEqual([
      { kind: 'said', value: { robots: [dingtalk.tenant.robotCode] } },
      { kind: 'said', value: { robots: [] } },
      { kind: 'refused', code: 'invalidParameter.openConversationId.notExist' },
    ]);
    expect(blind.groups[0]?.answer).toEqual({
      kind: 'refused',
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    });
  });

  it('is silent where it hangs, or where a proxy answers for it', async () => {
    dingtalk.fault(/oauth2/u, { kind: 'page', status: 502 });
    dingtalk.fault(/gateway/u, { kind: 'hang' });

    const { facts } = await examine();

    expect(facts.app).toEqual({ kind: 'silent', reason: 'http-502' });
    expect(facts.stream).toMatchObject({ kind: 'silent' });
  }, 20_000);
});

describe('a custom robot, examined', () => {
  const secret = 'SEC0123456789abcdef';
  const answerOf = async (robot: {
    readonly url: string;
    readonly secret?: string;
    readonly keyword?: string;
  }) => (await examineRobot('hook', robot, systemClock)).answer;

  it('takes the signature, complains of the message, and writes nothing', async () => {
    const { url } = dingtalk.addRobot(ops, { secret });

    expect(await answerOf({ url, secret })).toMatchObject({ value: { errcode: 400_105 } });
    expect(dingtalk.messages(ops)).toEqual([]);
  });

  it.each([
    ['another one', { secret: 'SECanother' }, 'sign not match'],
    ['none', {}, 'invalid timestamp'],
  ])('refuses a signature with %s', async (_, change, errmsg) => {
    const { url } = dingtalk.addRobot(ops, { secret });

    const answer = await answerOf({ url, ...change });

    expect(answer).toEqual({ kind: 'said', value: { errcode: 310_000, errmsg } });
    expect(JSON.stringify(answer)).not.toContain('access_token');
  });

  it('refuses a clock that is an hour off', async () => {
    const { url } = dingtalk.addRobot(ops, { secret });
    dingtalk.skewMs = 2 * 3_600_000;

    expect(await answerOf({ url, secret })).toMatchObject({
      value: { errcode: 310_000, errmsg: 'invalid timestamp' },
    });
  });

  it('wants a keyword, and is gone once it is stopped', async () => {
    const { url, token } = dingtalk.addRobot(ops, { keyword: 'zk' });

    expect(await answerOf({ url })).toMatchObject({ value: { errmsg: 'keywords not in content' } });
    dingtalk.stopRobot(token);
    expect(await answerOf({ url })).toMatchObject({ value: { errcode: 400_102 } });
  });
});
