import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DingTalkStandIn, ops as group, startDingTalkStandIn } from '../servers/dingtalk.ts';
import { type Talk, talkTo } from '../support/dingtalk-talk.ts';
import { ops, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

/** What the organisation may call in a month: few enough to use it up in a night. */
const calls = 30;

// One night, step by step: each test goes on where the one before it ended.
describe('a month of DingTalk that runs short', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let talk: Talk;

  beforeAll(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.tenant.quota = { calls, messages: 1000 };
    dingtalk.addPeople('wei4220');
    talk = talkTo(dingtalk);
    story = await withBot(await startServers(), {
      dingtalk,
      routes: 'routes: [{ to: [duty], fallback: [ops] }, { to: [hook] }]',
      yaml: 'people: { wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, dingtalk: wei4220 } }',
    });
    await until('the stream', () => dingtalk.gateway.open === 1, 20_000);
  });

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
  });

  /** What `/metrics` says of a quota. */
  async function metric(name: 'used' | 'max', quota: string): Promise<number> {
    const page = await (await fetch(`${story.bot.url}/metrics`)).text();
    const line = page
      .split('\n')
      .find((each) => each.startsWith(`nightkeeper_quota_${name}{quota="${quota}"}`));
    return Number(line?.split(' ').at(-1));
  }

  /** Asks in the group for what there is not: the refusal goes into the single chat, which is a call. */
  async function useUpTo(used: number): Promise<void> {
    while (dingtalk.tenant.used.calls < used) await talk.ask('确认 999', 'wei4220', group);
  }

  it('is counted as DingTalk counts it: calls, and messages of stream and webhooks', async () => {
    await talk.ask('确认 999', 'wei4220', group);
    await talk.ask('状态', 'wei4220');

    const { used } = dingtalk.tenant;
    await until(
      'the metrics say the same',
      async () =>
        (await metric('used', 'dingtalk-calls')) === used.calls &&
        (await metric('used', 'dingtalk-messages')) === used.messages,
      30_000,
    );
    expect(used).toEqual({ calls: 1, messages: 3 });
    expect(await metric('max', 'dingtalk-calls')).toBe(calls);
    expect(await metric('max', 'dingtalk-messages')).toBe(1000);
  });

  it('is shown by the doctor, in the chat too', async () => {
    const answer = await talk.ask('诊断 dingtalk', 'wei4220');

    expect(answer.text).toMatch(/✔ 钉钉：本月已用 API 调用 [1-3] \/ 30/u);
    expect(answer.text).toMatch(/✔ 钉钉：本月已用 消息 \d \/ 1,000/u);
  });

  it('is warned about at 80 percent, once', async () => {
    await useUpTo(calls * 0.8);

    await dingtalk.expectMessage(group, /本月已用 80%/u, 30_000);
    const answer = await talk.ask('诊断 dingtalk', 'wei4220');
    const card = await story.bot.card('of the quota', ({ detector }) => detector === 'quota-short');

    expect(answer.text).toMatch(/▲ 钉钉：本月已用 API 调用 \d+ \/ 30/u);
    expect(answer.text).toContain('用尽后卡片改走路由的下一个去处');
    expect(card.tone).toBe('warning');
    expect(dingtalk.cards(group)).toHaveLength(1);
  });

  it('falls over to the next route at once when nothing is left, which says why', async () => {
    await useUpTo(calls);
    const cards = dingtalk.cards(group).length;
    const [first, second] = await story.ensemble.followers();
    const killedMs = Date.now();
    void first?.kill('SIGKILL');
    void second?.kill('SIGKILL');

    const page = await story.slack.channel(ops).expectCard(/quorum lost/u, 40_000);

    expect(page.text).toContain("this month's quota of duty is used up");
    // Without that knowledge nobody would have been asked for a minute.
    expect(Date.now() - killedMs).toBeLessThan(45_000);
    expect(dingtalk.cards(group)).toHaveLength(cards);
    expect(dingtalk.tenant.used.calls).toBeLessThanOrEqual(calls + 1);
  });

  it('says there that it is used up, and answers people on', async () => {
    await story.slack.channel(ops).expectCard(/of this month are used up/u, 30_000);

    const answer = await talk.ask('状态 orders', 'wei4220');

    expect(answer.by).toBe('reply');
    expect(answer.text).toContain('orders');
  });
});
