import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUp, ops, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

const chinese = /[\u4e00-\u9fff]/u;

describe('a fault told in two languages', () => {
  let story: Story;
  let victim: string;

  beforeAll(async () => {
    const servers = await startServers();
    servers.slack.addChannel('C0000CN1', 'zhiban');
    story = await withBot(servers, {
      destinations: { zhiban: '{ slack: C0000CN1, language: zh-CN }' },
      yaml: [
        'people:',
        '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }',
        '  wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, slack: U0WEI }',
      ].join('\n'),
    });
    const [follower] = await story.ensemble.followers();
    victim = follower?.id ?? '';
    void follower?.kill('SIGKILL');
  });

  afterAll(async () => {
    await story?.close();
  });

  it('is a Chinese card in the one channel and an English one in the other', async () => {
    const { slack } = story;

    const there = await slack.channel('C0000CN1').expectCard(new RegExp(`orders/${victim}`, 'u'));
    const here = await slack.channel(ops).expectCard(new RegExp(`orders/${victim}`, 'u'));

    expect(there.text).toContain('宕机');
    expect(there.buttons).toEqual(['确认', '升级', `重启 ${victim}`]);
    expect(here.text).toContain('down');
    expect(here.text).not.toMatch(chinese);
    expect(here.buttons).toEqual(['Acknowledge', 'Escalate', `Restart ${victim}`]);
  });

  it('answers each person in their own language, and who has none in that of the channel', async () => {
    const { slack } = story;
    const here = await slack.channel(ops).expectCard(new RegExp(`orders/${victim}`, 'u'));

    await slack.click(here, 'Acknowledge', 'U0WEI');
    const taken = await slack.expectEphemeral('U0WEI', chinese);
    await slack.click(here, `Restart ${victim}`, 'U0WEI');
    const form = await slack.expectModal('U0WEI', /3/u);
    await slack.slash('/zk ack 999', 'U0WEI', ops);
    const refused = await slack.expectEphemeral('U0WEI', /999/u);
    await slack.slash('/zk ack 999', 'U0ANN', ops);
    const english = await slack.expectEphemeral('U0ANN', /#999/u);
    await slack.slash('/zk ack 998', 'U0ANN', 'C0000CN1');
    const there = await slack.expectEphemeral('U0ANN', /#998/u);

    expect(taken.text).not.toMatch(/acknowledged/iu);
    expect(form.text).toMatch(chinese);
    expect(form.submit).toMatch(chinese);
    expect(refused.text).toMatch(chinese);
    expect(english.text).toContain('There is no incident #999. See what is open: /zk incidents');
    expect(there.text).toContain('没有故障 #998');
  });

  it('names the person on both cards, and ends both in their language', async () => {
    const { slack, ensemble, bot } = story;
    const [here] = slack.channel(ops).messages;
    const [there] = slack.channel('C0000CN1').messages;

    await until('both name the person', () =>
      [here, there].every((message) => message?.text.includes('王伟')),
    );
    ensemble.servers.find(({ id }) => id === victim)?.start();
    await bot.card('over', (card) => !isUp(card));

    await until('both are over', () =>
      [here, there].every((message) => message?.buttons.length === 0),
    );
    expect(there?.text).toContain('已恢复');
    expect(here?.text).toContain('back, was down');
    expect(slack.channel(ops).messages).toHaveLength(1);
    expect(slack.channel('C0000CN1').messages).toHaveLength(1);
  });
});
