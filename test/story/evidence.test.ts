import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DingTalkStandIn, ops as group, startDingTalkStandIn } from '../servers/dingtalk.ts';
import type { SlackMessage } from '../servers/slack.ts';
import { ops, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

// One night, step by step: each test goes on where the one before it ended.
describe('a restart of a server that still answers', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let follower: string;
  let card: SlackMessage;

  beforeAll(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.addPeople('wei4220');
    story = await withBot(await startServers({ whitelist: '*' }), {
      dingtalk,
      ensembleYaml: 'approvals: { restart-server: 1 }',
      yaml: [
        'people:',
        '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }',
        '  wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, dingtalk: wei4220 }',
      ].join('\n'),
    });
    follower = (await story.ensemble.followers())[0]?.id ?? '';
  });

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
  });

  it('is asked for in Slack, and agreed to in DingTalk', async () => {
    const line = `/zk recover restart-server orders ${follower} --reason "oil change" --confirm yes`;
    await story.slack.slash(line, 'U0ANN');
    card = await story.slack.channel(ops).expectCard('oil change');
    await until('DingTalk asks', () => dingtalk.cards(group).length > 0);

    await dingtalk.press(dingtalk.cards(group)[0]!, 'approve', 'wei4220');
    await dingtalk.expectMessage('single:wei4220', 'oil change');
    await dingtalk.say('同意，周末维护', 'wei4220');
    await dingtalk.expectMessage('single:wei4220', '周末维护');
    await dingtalk.say('是', 'wei4220');

    await story.bot.card(
      'done',
      ({ recoveryLine = '', tone }) => tone === 'resolved' && recoveryLine.includes(follower),
      60_000,
    );
    expect(card.text).toContain(follower);
  });

  it('leaves what the server said before as a file in the thread in Slack', async () => {
    const [file] = await until('a file in the thread', () => {
      const files = card.replies.flatMap(({ raw }) => (raw['files'] ?? []) as { id: string }[]);
      return files.length > 0 ? files : undefined;
    });

    const text = story.slack.workspace.files.get(file?.id ?? '')?.bytes?.toString() ?? '';
    expect(text).toContain(`=== ${follower} · `);
    expect(text).toMatch(/--- srvr ---\nZookeeper version/u);
    expect(text).toContain('zk_server_state\tfollower');
    expect(text).toContain('tickTime=');
  });

  it('leaves its beginning in DingTalk, with the way to the rest', async () => {
    const said = await dingtalk.expectMessage(group, 'Zookeeper version');

    expect(said.params['kind']).toBe('line');
    expect(said.params['evidence']).toContain('Mode: follower');
    expect(said.params['evidence']).toMatch(/\/zk evidence r-\d+/u);
    expect(story.bot.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
