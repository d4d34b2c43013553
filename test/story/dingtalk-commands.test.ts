import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/app/catalog.ts';
import { connectRedis } from '../../src/edges/redis/connect.ts';
import { createSilenceStore } from '../../src/edges/redis/silence-store.ts';
import { type DingTalkStandIn, ops as group, startDingTalkStandIn } from '../servers/dingtalk.ts';
import { saysOf, type Talk, talkTo } from '../support/dingtalk-talk.ts';
import { quietLog } from '../support/log.ts';
import { errorsOf, isUp, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Bytes of a line that a phone shows in two or three rows. */
const lineBytesMax = 200;

// One night, step by step: each test goes on where the one before it ended.
describe('commands in DingTalk', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let talk: Talk;
  let victim: string;
  let incident: number;

  beforeAll(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.addPeople('wei4220', 'ann0001', 'vic0001', 'zed0001');
    talk = talkTo(dingtalk);
    story = await withBot(await startServers(), {
      dingtalk,
      routes: 'routes: [{ to: [ops, duty, hook], escalation: [{ after: 30m, people: [ann] }] }]',
      yaml: [
        'people:',
        '  ann: { name: Ann Chen, language: en, roles: { "*": admin }, slack: U0ANN, dingtalk: ann0001 }',
        '  wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, dingtalk: wei4220 }',
        '  vic: { name: Vic Vance, language: en, roles: { "*": viewer }, dingtalk: vic0001 }',
      ].join('\n'),
    });
    const [follower] = await story.ensemble.followers();
    victim = follower?.id ?? '';
    await until('the stream', () => dingtalk.gateway.open === 1, 20_000);
  });

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
  });

  /** Those in force. */
  async function silences() {
    const { url } = story.bot.redis;
    const link = connectRedis({ url, prefix: 'nightkeeper', log: quietLog });
    try {
      const all = await createSilenceStore(link).list();
      return all.filter(({ endMs, ended }) => ended === undefined && endMs > Date.now());
    } finally {
      await link.close();
    }
  }

  const open = async () => (await story.bot.incident(incident)).incident;

  it.each([
    ['zk status orders', 'ann0001'],
    ['/zk STATUS Orders', 'ann0001'],
    ['@Nightkeeper zk status orders', 'ann0001'],
    ['状态 orders', 'wei4220'],
    ['状态orders', 'wei4220'],
    ['　状态　ＯＲＤＥＲＳ', 'wei4220'],
  ])('reads "%s" in the group, and shows every server there, one a line', async (line, userId) => {
    const { by, at, text } = await talk.ask(line, userId, group);

    expect([by, at]).toEqual(['reply', [userId]]);
    for (const { id } of story.ensemble.servers)
      expect(text).toMatch(
        new RegExp(`^✅ ${id} · (?:voter|投票节点) · (?:leader|follower)`, 'mu'),
      );
    expect(text).not.toContain('|');
    for (const each of text.split('\n'))
      expect(Buffer.byteLength(each)).toBeLessThanOrEqual(lineBytesMax);
  });

  it.each([
    ['状态', 'wei4220'],
    ['zk', 'wei4220'],
    ['zk status', 'ann0001'],
  ])('reads "%s" in the single chat too', async (line, userId) => {
    const { conversation, text } = await talk.ask(line, userId);

    expect(conversation).toBe(`single:${userId}`);
    expect(text).toContain(line === 'zk' ? '/zk status' : 'orders');
  });

  it('shows all commands to who asks for help, and one with its usage and examples', async () => {
    const all = await talk.ask('帮助', 'wei4220');
    const one = await talk.ask('帮助 静默', 'wei4220');
    const english = await talk.ask('help silence', 'ann0001');

    for (const { name } of commands) expect(all.text).toContain(`/zk ${name}`);
    expect(one.text).toContain('/zk silence');
    expect(one.text).toMatch(/\p{Script=Han}/u);
    expect(english.text).toMatch(/^\/zk silence orders zk2 2h new disk *$/mu);
  });

  it.each(['zk stauts orders', 'statu orders', '状 orders'])(
    'answers "%s" with what it can become, to be tapped',
    async (line) => {
      const refused = await talk.ask(line, 'wei4220');

      const done = await talk.tap(refused, /^(?:status|状态) orders$/u, 'wei4220');

      expect(done.text).toMatch(/✅ \S+ · /u);
    },
  );

  it('answers half a line in the group alone, with what is open', async () => {
    void story.ensemble.servers.find(({ id }) => id === victim)?.kill('SIGKILL');
    ({ incident } = await story.bot.card('the server is down', isUp));

    const asked = await talk.ask('确认', 'wei4220', group);
    const done = await talk.tap(asked, `确认 ${incident}`, 'wei4220');

    expect(asked.conversation).toBe('single:wei4220');
    expect(asked.text).toContain(victim);
    expect(done.text).toContain(String(incident));
    expect((await open()).acknowledged).toMatchObject({ name: '王伟', via: 'dingtalk' });
  });

  it.each([
    ['取消确认 orders', 'triggered'],
    ['确认{}', 'acknowledged'],
    ['zk unack #{}', 'triggered'],
    ['＠Nightkeeper 确认 ＃{}', 'acknowledged'],
    ['取消确认{}', 'triggered'],
  ])('takes "%s" for what it means', async (line, state) => {
    await talk.ask(line.replace('{}', String(incident)), 'wei4220', group);

    expect((await open()).state).toBe(state);
  });

  it('calls the next people on 升级, in the group', async () => {
    await talk.ask(`升级 ${incident}`, 'wei4220', group);

    const call = await until('a call', () =>
      dingtalk.messages(group).find(({ params }) => params['kind'] === 'line'),
    );
    expect(call.at).toEqual(['ann0001']);
    expect((await open()).escalated).toMatchObject({ name: '王伟', to: ['ann'] });
  });

  it.each([
    ['静默 orders 2h 换盘', 2 * 60],
    ['静默 orders 90分钟 换盘', 90],
    ['zk silence orders for 1h30m disk swap', 90],
  ])('reads the length in "%s"', async (line, minutes) => {
    const set = await talk.ask(line, 'wei4220', group);
    const [silence] = await silences();
    const ended = await talk.ask(`解除静默 ${silence?.id}`, 'wei4220', group);

    const { startMs = 0, endMs = 0, reason } = silence ?? {};
    expect(Math.round((endMs - startMs) / 60_000)).toBe(minutes);
    expect(reason).toMatch(/^(?:换盘|disk swap)$/u);
    expect([set.by, ended.by]).toEqual(['reply', 'reply']);
    expect(await silences()).toEqual([]);
  });

  it('asks for a length and a reason where they are missing', async () => {
    const asked = await talk.ask('静默 orders', 'wei4220', group);

    expect(asked.conversation).toBe('single:wei4220');
    expect(asked.text).toMatch(/2h/u);
  });

  it('refuses alone what a person may not do, and says who may', async () => {
    const refused = await talk.ask(`zk ack ${incident}`, 'vic0001', group);
    const stranger = await talk.ask(`zk ack ${incident}`, 'zed0001', group);

    expect(refused.conversation).toBe('single:vic0001');
    expect(refused.text).toMatch(/Ann Chen/u);
    expect(stranger.conversation).toBe('single:zed0001');
    expect((await open()).state).toBe('triggered');
  });

  it('does once what DingTalk delivers twice', async () => {
    const before = dingtalk.messages(group).length;
    const alone = dingtalk.messages('single:wei4220').length;
    const again = { group, msgId: 'the-same-message' };

    await dingtalk.say(`确认 ${incident}`, 'wei4220', again);
    await dingtalk.say(`确认 ${incident}`, 'wei4220', again);
    await dingtalk.say('状态 orders', 'wei4220', { group });
    const answers = () =>
      dingtalk
        .messages(group)
        .slice(before)
        .filter(({ by }) => by === 'reply');
    await until('both lines are answered', () => answers().length >= 2);

    expect(answers().filter(({ text }) => /✅/u.test(text))).toHaveLength(1);
    expect(answers()).toHaveLength(2);
    expect(dingtalk.messages('single:wei4220')).toHaveLength(alone);
  });

  it('does once what is pressed once and comes twice', async () => {
    const [card] = dingtalk.cards(group);
    const givenBack = async () =>
      (await story.bot.incident(incident)).events.filter(({ kind }) => kind === 'unacknowledged');
    await until('the card offers it', () => card?.params['unack'] !== '', 20_000);
    const before = (await givenBack()).length;
    const headers = { eventId: 'the-same-click' };

    await Promise.all([
      dingtalk.press(card!, 'unack', 'wei4220', headers),
      dingtalk.press(card!, 'unack', 'wei4220', headers),
    ]);

    await until('it is given back', async () => (await open()).state === 'triggered');
    expect(await givenBack()).toHaveLength(before + 1);
    expect(dingtalk.whisper(card!, 'wei4220')).not.toMatch(/无需|没有|尚未/u);
  });

  it('asks for reason and confirmation of 重启 in the single chat, and does it', async () => {
    await dingtalk.say(`重启 orders ${victim}`, 'wei4220', { group });
    const question = await dingtalk.expectMessage('single:wei4220', '确定重启');
    const confirm = await talk.ask('进程没了，拉起来', 'wei4220');
    const yes = saysOf(confirm).map(({ says }) => says);
    await talk.tap(confirm, /重启/u, 'wei4220');

    expect(question.text).toContain(`停止 ${victim} 后：3 个投票节点剩 2 个，法定人数 2，余量 0`);
    expect(confirm.text).toContain('进程没了，拉起来');
    expect(yes).toEqual(['是', '取消']);
    await story.bot.card('over', (each) => each.incident === incident && !isUp(each), 30_000);
    await story.ensemble.ready();
    expect(errorsOf(story)).toEqual([]);
  });
});
