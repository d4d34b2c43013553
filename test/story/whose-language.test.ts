import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DingTalkMessage,
  type DingTalkStandIn,
  startDingTalkStandIn,
} from '../servers/dingtalk.ts';
import type { SlackMessage } from '../servers/slack.ts';
import { ops, type Story, startServers, withBot } from '../support/story.ts';

const chinese = /\p{Script=Han}/u;

/** Conversations whose destination says English; the others say nothing, and the configuration is Chinese. */
const abroad = { slack: 'C0000EN1', dingtalk: 'cidAbroad0001==' };
const home = { slack: ops, dingtalk: 'cidHome0000001==' };

// The configuration speaks Chinese, two destinations English, and so does one of the two people.
describe('whose language is spoken, in both chats', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let cards: { readonly here: SlackMessage; readonly there: SlackMessage };
  let groupCards: { readonly here: DingTalkMessage; readonly there: DingTalkMessage };

  beforeAll(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.addPeople('ann0001', 'bo00002');
    dingtalk.addGroup(abroad.dingtalk);
    dingtalk.addGroup(home.dingtalk);
    const servers = await startServers({ servers: 1 });
    servers.slack.addChannel(abroad.slack, 'abroad');
    story = await withBot(servers, {
      dingtalk,
      destinations: {
        'slack-abroad': `{ slack: ${abroad.slack}, language: en }`,
        'group-abroad': `{ dingtalk: "${abroad.dingtalk}", language: en }`,
        'group-home': `{ dingtalk: "${home.dingtalk}" }`,
      },
      yaml: [
        'language: zh-CN',
        'people:',
        '  ann: { name: Ann Chen, language: en, roles: { "*": admin }, slack: U0ANN, dingtalk: ann0001 }',
        '  bo: { name: 王波, roles: { "*": operator }, slack: U0BO, dingtalk: bo00002 }',
      ].join('\n'),
    });
    const [server] = story.ensemble.servers;
    void server?.kill('SIGKILL');
    const slackCard = (channel: string) => story.slack.channel(channel).expectCard(/orders/u);
    const groupCard = (group: string) => dingtalk.expectMessage(group, /orders/u);
    cards = { here: await slackCard(home.slack), there: await slackCard(abroad.slack) };
    groupCards = { here: await groupCard(home.dingtalk), there: await groupCard(abroad.dingtalk) };
  });

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
  });

  it('is that of the destination for a card, and else that of the configuration', () => {
    expect(cards.there.text).not.toMatch(chinese);
    expect(cards.there.buttons).toContain('Acknowledge');
    expect(cards.here.buttons).toContain('确认');
    expect(groupCards.there.text).not.toMatch(chinese);
    expect(groupCards.there.buttons).toContain('Acknowledge');
    expect(groupCards.here.buttons).toContain('确认');
  });

  it.each([
    ['the person before all', 'U0ANN', home.slack, 'There is no incident #901'],
    ['the destination', 'U0BO', abroad.slack, 'There is no incident #902'],
    ['the configuration', 'U0BO', home.slack, '没有故障 #903'],
  ])('is that of %s for an answer in Slack', async (_whose, user, channel, answer) => {
    const [number = ''] = /\d+/u.exec(answer) ?? [];

    await story.slack.slash(`/zk ack ${number}`, user, channel);

    expect((await story.slack.expectEphemeral(user, `#${number}`)).text).toContain(answer);
  });

  it.each([
    ['the person before all', 'ann0001', home.dingtalk, 'There is no incident #901'],
    ['the destination', 'bo00002', abroad.dingtalk, 'There is no incident #902'],
    ['the configuration', 'bo00002', home.dingtalk, '没有故障 #903'],
    ['the configuration, alone with the robot,', 'bo00002', undefined, '没有故障 #904'],
    ['the person, alone with the robot,', 'ann0001', undefined, 'There is no incident #905'],
  ])('is that of %s for an answer in DingTalk', async (_whose, user, group, answer) => {
    const [number = ''] = /\d+/u.exec(answer) ?? [];

    await dingtalk.say(`zk ack ${number}`, user, group === undefined ? {} : { group });

    // What concerns one person alone is told to them alone, wherever they asked.
    const said = await dingtalk.expectMessage(`single:${user}`, `#${number}`);
    expect(said.text).toContain(answer);
  });

  it('is the same for who presses a button: the person before the card', async () => {
    await dingtalk.press(groupCards.here, 'ack', 'ann0001');
    await story.slack.click(cards.here, '备注…', 'U0ANN');
    await story.slack.click(cards.there, 'Note…', 'U0BO');

    expect(dingtalk.whisper(groupCards.here, 'ann0001')).toMatch(/^You have incident #\d/u);
    expect((await story.slack.expectModal('U0ANN', 'What should the others know')).submit).toBe(
      'Write it down',
    );
    expect((await story.slack.expectModal('U0BO', 'What should')).text).not.toMatch(chinese);
  });

  it('says who did it in the language of each place', async () => {
    const slack = (channel: string, text: RegExp) => story.slack.channel(channel).expectCard(text);

    const said = await Promise.all([
      slack(abroad.slack, /Acknowledged by Ann Chen via DingTalk/u),
      slack(home.slack, /Ann Chen.*钉钉/u),
      dingtalk.expectMessage(abroad.dingtalk, /Acknowledged by Ann Chen via DingTalk/u),
      dingtalk.expectMessage(home.dingtalk, /Ann Chen.*钉钉/u),
    ]);

    expect(said.map(({ text }) => chinese.test(text))).toEqual([false, true, false, true]);
  });
});
