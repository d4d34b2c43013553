import { afterEach, describe, expect, it } from 'vitest';
import { type ChatWatch, watchChats } from '../../src/app/chat-trouble.ts';
import { NightkeeperError } from '../../src/model/errors.ts';
import { aHouse } from '../support/house.ts';
import { until } from '../support/until.ts';

const own = 'nightkeeper';

describe('the card about a chat that is down', () => {
  let watch: ChatWatch | undefined;

  afterEach(() => watch?.stop());

  it('comes at once where the chat refuses the token, and is over when it takes it', async () => {
    const house = aHouse();
    watch = watchChats(house, 5);

    watch.heard('slack', { kind: 'connected' });
    watch.heard('slack', { kind: 'down', reason: 'token_revoked', refused: true });
    const [card] = await until('the card', async () => {
      const open = await house.incidents.open(own);
      return open.length > 0 ? open : undefined;
    });

    expect(card).toMatchObject({
      detector: 'chat-down',
      severity: 'warn',
      subject: { server: 'slack' },
      facts: { reason: 'token_revoked', refused: true },
    });
    watch.heard('slack', { kind: 'connected' });
    await until('its end', async () => (await house.incidents.open(own)).length === 0);
  });

  it('waits a minute for a chat that cannot be reached, and calls people after five', async () => {
    const house = aHouse();
    watch = watchChats(house, 5);

    watch.heard('slack', { kind: 'down', reason: 'ECONNREFUSED' });
    await house.clock.advance(59_000);
    watch.heard('slack', { kind: 'down', reason: 'ETIMEDOUT' });
    const early = await house.incidents.open(own);
    await house.clock.advance(2_000);
    await until('the card', async () => (await house.incidents.open(own)).length === 1);
    await house.clock.advance(240_000);
    await until('the page', async () => (await house.incidents.open(own))[0]?.severity === 'page');

    expect(early).toEqual([]);
    expect((await house.incidents.open(own))[0]).toMatchObject({
      facts: { reason: 'ETIMEDOUT' },
      pagedMs: expect.any(Number),
    });
  });

  it('is over when the configuration has that chat no more', async () => {
    const house = aHouse();
    watch = watchChats(house, 5);
    watch.heard('dingtalk', { kind: 'down', reason: 'authFailed', refused: true });
    await until('the card', async () => (await house.incidents.open(own)).length === 1);

    watch.heard('dingtalk', { kind: 'off' });

    await until('its end', async () => (await house.incidents.open(own)).length === 0);
    expect((await house.incidents.recent(own, 5)).map(({ state }) => state)).toEqual(['resolved']);
  });

  it('is told later where Redis was away', async () => {
    const house = aHouse();
    let isUp = false;
    const allocate = (ensemble: string) =>
      isUp
        ? house.incidents.allocate(ensemble)
        : Promise.reject(new NightkeeperError('redis-unavailable', 'away'));
    watch = watchChats({ ...house, incidents: { ...house.incidents, allocate } }, 5);

    watch.heard('slack', { kind: 'down', reason: 'invalid_auth', refused: true });
    isUp = true;

    await until('the card', async () => (await house.incidents.open(own)).length === 1);
    expect((await house.incidents.open(own))[0]?.detector).toBe('chat-down');
  });
});
