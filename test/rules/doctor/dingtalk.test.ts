import { describe, expect, it } from 'vitest';
import type { DingTalkFacts, RobotFacts } from '../../../src/model/doctor-facts.ts';
import { judgeDingTalk, judgeQuota, judgeRobot } from '../../../src/rules/doctor/dingtalk.ts';

const said = <T>(value: T) => ({ kind: 'said', value }) as const;
const refused = (code: string) => ({ kind: 'refused', code }) as const;
const silent = (reason: string) => ({ kind: 'silent', reason }) as const;

function dingtalkFacts(change: Partial<DingTalkFacts> = {}): DingTalkFacts {
  return {
    app: said(undefined),
    stream: said({ topics: ['/v1.0/im/bot/messages/get', '/v1.0/card/instances/callback'] }),
    robotCode: 'ding1',
    groups: [],
    template: { id: 'a.schema', answer: said(undefined) },
    ...change,
  };
}

const codes = (change: Partial<DingTalkFacts>) =>
  judgeDingTalk(dingtalkFacts(change)).map(({ code }) => code);

describe('what stands between the bot and DingTalk', () => {
  it('is nothing when key, stream and template are good', () => {
    expect(codes({})).toEqual(['dingtalk-app', 'dingtalk-stream', 'dingtalk-template']);
  });

  it.each([
    [refused('invalidClientIdOrSecret'), 'dingtalk-app-refused'],
    [refused('system.busy'), 'dingtalk-away'],
    [silent('ENOTFOUND'), 'dingtalk-away'],
  ])('is key and secret, or the network: %o', (app, code) => {
    expect(codes({ app })).toEqual([code, 'dingtalk-stream']);
  });

  it.each([
    [refused('authFailed'), 'dingtalk-stream-refused'],
    [silent('TimeoutError'), 'dingtalk-stream-unchecked'],
  ])('is the stream: %o', (stream, code) => {
    expect(codes({ stream })).toContain(code);
  });

  it('names the topics that clicks and lines come by', () => {
    const [, stream] = judgeDingTalk(dingtalkFacts());

    expect(stream?.facts['topics']).toContain('/v1.0/card/instances/callback');
  });

  it.each([
    [refused('param.templateNotExist'), 'dingtalk-template-refused'],
    [refused('param.templateUnpublished'), 'dingtalk-template-refused'],
    [refused('Forbidden.AccessDenied.AccessTokenPermissionDenied'), 'dingtalk-template-unchecked'],
    [silent('TimeoutError'), 'dingtalk-template-unchecked'],
  ])('is the template: %o', (answer, code) => {
    expect(codes({ template: { id: 'a.schema', answer } })).toContain(code);
  });

  it('is, once, that the organisation has used up the calls of the month', () => {
    const answer = refused('Forbidden.AccessDenied.ApiCountLimitForOrg');
    const groups = ['duty', 'night'].map((destination) => ({ destination, answer }));

    expect(codes({ template: { id: 'a.schema', answer }, groups })).toEqual([
      'dingtalk-app',
      'dingtalk-stream',
      'quota-organisation',
    ]);
  });

  it('is that there is no template', () => {
    const { template: _, ...without } = dingtalkFacts();

    expect(judgeDingTalk(without).at(-1)).toMatchObject({
      code: 'dingtalk-template-none',
      outcome: 'warning',
    });
  });

  it.each([
    [said({ robots: ['other', 'ding1'] }), 'dingtalk-group'],
    [said({ robots: [] }), 'dingtalk-group-outside'],
    [said({ robots: ['other'] }), 'dingtalk-group-other'],
    [refused('invalidParameter.openConversationId.notExist'), 'dingtalk-group-unknown'],
    [refused('Forbidden.AccessDenied.AccessTokenPermissionDenied'), 'dingtalk-group-unchecked'],
    [silent('TimeoutError'), 'dingtalk-group-unchecked'],
  ] as const)('is a group: %o', (answer, code) => {
    expect(codes({ groups: [{ destination: 'duty', answer }] })).toContain(code);
  });
});

describe('a custom robot', () => {
  const judge = (errcode: number, errmsg: string, change: Partial<RobotFacts> = {}) =>
    judgeRobot({
      destination: 'hook',
      isSigned: true,
      hasKeyword: false,
      answer: said({ errcode, errmsg }),
      ...change,
    });

  it.each([
    [400_105, 'unsupported msgtype', 'dingtalk-robot', undefined],
    [40_035, 'missing parameter json', 'dingtalk-robot', undefined],
    [310_000, 'sign not match', 'dingtalk-robot-refused', 'sign'],
    [310_000, 'invalid timestamp', 'dingtalk-robot-refused', 'time'],
    [310_000, 'ip 10.0.0.1 not in whitelist', 'dingtalk-robot-refused', 'address'],
    [310_000, 'keywords not in content', 'dingtalk-robot-refused', 'keyword'],
    [400_101, 'access_token is not exist', 'dingtalk-robot-refused', 'token'],
    [400_102, 'the robot is stopped', 'dingtalk-robot-refused', 'token'],
    [410_100, 'send too fast', 'dingtalk-robot-unchecked', undefined],
    [-1, 'system busy', 'dingtalk-robot-unchecked', undefined],
    [0, 'ok', 'dingtalk-robot-unchecked', undefined],
  ])('that says %i %s is %s', (errcode, errmsg, code, why) => {
    const found = judge(errcode, errmsg);

    expect(found.code).toBe(code);
    expect(found.facts['why']).toBe(why);
  });

  it('may miss the keyword in what is no message', () => {
    expect(judge(310_000, 'keywords not in content', { hasKeyword: true }).code).toBe(
      'dingtalk-robot',
    );
  });

  it('could not be checked where it does not answer', () => {
    expect(judge(0, '', { answer: silent('ECONNRESET') }).code).toBe('dingtalk-robot-unchecked');
  });
});

describe('a quota', () => {
  it.each([
    [0, 'quota-left'],
    [3999, 'quota-left'],
    [4000, 'quota-short'],
    [4999, 'quota-short'],
    [5000, 'quota-over'],
  ])('%i of 5000 is %s', (used, code) => {
    expect(judgeQuota({ meter: 'dingtalk-calls', max: 5000 }, used).code).toBe(code);
  });
});
