import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DingTalkStandIn, ops as group, startDingTalkStandIn } from '../servers/dingtalk.ts';
import { isUp, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

// One night, step by step: each test goes on where the one before it ended.
describe('DingTalk away while a server dies', () => {
  let story: Story;
  let dingtalk: DingTalkStandIn;
  let victim: string;

  beforeAll(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.addPeople('wei4220');
    story = await withBot(await startServers(), {
      dingtalk,
      yaml: 'people: { wei: { name: 王伟, language: zh-CN, roles: { "*": operator }, dingtalk: wei4220 } }',
    });
    const [follower] = await story.ensemble.followers();
    victim = follower?.id ?? '';
  });

  afterAll(async () => {
    await story?.close();
    await dingtalk?.close();
  });

  it('shows the fault elsewhere meanwhile, and says that DingTalk is down for it', async () => {
    await dingtalk.down();
    void story.ensemble.servers.find(({ id }) => id === victim)?.kill('SIGKILL');

    const card = await story.bot.card('the server is down', isUp);
    const ready = await until('not connected', async () => {
      const body = JSON.stringify(await story.bot.get('/readyz'));
      return body.includes('dingtalk') && body.includes('down') ? body : undefined;
    });

    expect(card.server).toBe(victim);
    expect(ready).toContain('ECONN');
  });

  it('gets one card when it is back, although the first answer was lost', async () => {
    dingtalk.fault(/createAndDeliver/u, { kind: 'reset', when: 'after' });

    await dingtalk.up();

    const [card] = await until(
      'the card',
      () => {
        const cards = dingtalk.cards(group);
        return cards.length > 0 ? cards : undefined;
      },
      20_000,
    );
    await until(
      'its outcome is known',
      () => dingtalk.calls.some(({ name }) => name === 'PUT /v1.0/card/instances'),
      20_000,
    );
    expect(card?.params['title']).toContain(victim);
    expect(dingtalk.cards(group)).toHaveLength(1);
  });

  it('takes a click over its new socket, and is the only one', async () => {
    const [card] = dingtalk.cards(group);

    await until('the socket', () => dingtalk.gateway.open === 1, 20_000);
    await dingtalk.press(card!, 'ack', 'wei4220');

    await story.bot.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    await until('it shows it', () => /王伟/u.test(card?.params['state'] ?? ''));
    expect(dingtalk.gateway.open).toBe(1);
    expect(dingtalk.cards(group)).toHaveLength(1);
  });

  it('tells elsewhere that DingTalk does not let it in, until it does', async () => {
    dingtalk.fault(
      /connections\/open/u,
      { kind: 'refuse', status: 401, code: 'authFailed' },
      1_000,
    );

    dingtalk.gateway.drop();

    const told = await story.bot.card('not let in', ({ detector }) => detector === 'chat-down');
    dingtalk.heal();
    await story.bot.card(
      'let in again',
      ({ detector, tone }) => detector === 'chat-down' && tone === 'resolved',
      30_000,
    );
    expect(told.title).toContain('authFailed');
  });
});
