import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DingTalkMessage,
  type DingTalkStandIn,
  ops as group,
  startDingTalkStandIn,
} from '../servers/dingtalk.ts';
import { freePort } from '../support/bot-process.ts';
import { saysOf, type Talk, talkTo } from '../support/dingtalk-talk.ts';
import { errorsOf, isUp, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

const signedGroup = 'cidSignedRobot01==';
const keywordGroup = 'cidKeywordRobot1==';

/** What a robot is sent within a minute at most, and at once. */
const perMinute = 20;
const atOnce = 10;

// One night, step by step: each test goes on where the one before it ended.
describe('DingTalk without a card template, and without an application', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let talk: Talk;
  let victim: string;
  let incident: number;
  let card: DingTalkMessage;

  beforeAll(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.addPeople('wei4220');
    talk = talkTo(dingtalk);
    for (const id of [signedGroup, keywordGroup]) dingtalk.addGroup(id);
    const signed = dingtalk.addRobot(signedGroup, { secret: 'SEC0123456789abcdef' });
    const keyword = dingtalk.addRobot(keywordGroup, { keyword: '值班' });
    const port = await freePort();
    story = await withBot(await startServers(), {
      dingtalk,
      dingtalkCards: false,
      http: `port: ${port}, publicUrl: "http://127.0.0.1:${port}"`,
      destinations: {
        signed: '{ dingtalkRobot: { url: "${SIGNED_URL}", secret: "${SIGNED_SECRET}" } }',
        keyword: '{ dingtalkRobot: { url: "${KEYWORD_URL}", keyword: "值班" }, language: zh-CN }',
      },
      env: { SIGNED_URL: signed.url, SIGNED_SECRET: signed.secret ?? '', KEYWORD_URL: keyword.url },
      yaml: 'people: { wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, dingtalk: wei4220 } }',
    });
    const [follower] = await story.ensemble.followers();
    victim = follower?.id ?? '';
    void follower?.kill('SIGKILL');
    ({ incident } = await story.bot.card('the server is down', isUp));
    card = await dingtalk.expectMessage(group, new RegExp(`orders/${victim}.*宕机`, 'u'));
  });

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
  });

  const consoleLink = () => `(${story.bot.url}/incidents/${incident})`;

  it('is a text with links that say what the buttons would do', () => {
    expect(card.kind).toBe('markdown');
    expect(saysOf(card)).toEqual([
      { label: '确认', says: `zk ack ${incident}` },
      { label: '升级', says: expect.stringContaining(`zk escalate ${incident}`) },
      { label: `重启 ${victim}`, says: expect.stringContaining(`zk recover`) },
      { label: expect.stringContaining('静默'), says: expect.stringContaining('zk silence') },
    ]);
    expect(card.text).toContain(consoleLink());
    expect(card.text).toMatch(new RegExp(`^❌ ${victim} · `, 'mu'));
  });

  it('is told by custom robots, signed or with their keyword, with a link to the console for the buttons', async () => {
    const signed = await dingtalk.expectMessage(
      signedGroup,
      new RegExp(`orders/${victim}: down`, 'u'),
    );
    const keyword = await dingtalk.expectMessage(keywordGroup, new RegExp(`${victim}.*宕机`, 'u'));

    for (const { by, text } of [signed, keyword]) {
      expect(by).toBe('robot');
      expect(text).toContain(consoleLink());
      expect(text).not.toContain('dtmd:');
    }
    expect(signed.text).not.toContain('值班');
    expect(keyword.text).toContain('值班');
  });

  it('is acknowledged by a tap on its link, and told in all groups', async () => {
    const done = await talk.tap(card, '确认', 'wei4220');

    expect(done.text).toContain(String(incident));
    await story.bot.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    await dingtalk.expectMessage(group, /王伟 已通过钉钉接手处理/u);
    await dingtalk.expectMessage(signedGroup, /王伟 has it, via DingTalk/u);
    await dingtalk.expectMessage(keywordGroup, /王伟 已通过钉钉接手处理/u);
  });

  it('is restarted by a tap, with reason and confirmation in the single chat', async () => {
    const { says = '' } = saysOf(card).find(({ label }) => label.startsWith('重启')) ?? {};
    await dingtalk.say(says, 'wei4220', { group });
    await dingtalk.expectMessage('single:wei4220', '确定重启');
    const confirm = await talk.ask('进程没了', 'wei4220');
    await talk.tap(confirm, /重启/u, 'wei4220');

    await story.bot.card('over', (each) => each.incident === incident && !isUp(each), 30_000);
    expect(confirm.text).toContain('进程没了');
    await dingtalk.expectMessage(group, new RegExp(`🟢.*${victim}`, 'u'), 20_000);
    await dingtalk.expectMessage(signedGroup, new RegExp(`🟢.*${victim}`, 'u'), 20_000);
    await story.ensemble.ready();
  });

  it('is not sent more than a robot takes, however much there is to tell', async () => {
    const before = dingtalk.messages(signedGroup).length;
    const startedMs = Date.now();
    for (let count = 1; count <= 2 * perMinute; count += 1)
      await story.bot.type(`note ${incident} note ${count}`);

    await until('the first notes', () => dingtalk.messages(signedGroup).length > before, 20_000);
    await until('some time later', () => Date.now() - startedMs > 8_000, 20_000);

    const minutes = (Date.now() - startedMs) / 60_000;
    const sent = dingtalk.messages(signedGroup).length - before;
    expect(sent).toBeLessThanOrEqual(atOnce + minutes * (perMinute - atOnce));
    // Nothing was refused for coming too often, which would shut the robot out for ten minutes.
    expect(errorsOf(story)).toEqual([]);
    expect(story.bot.logged.join('\n')).not.toContain('410100');
  });
});
