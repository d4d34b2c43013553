import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookChannel, retryAfterMaxMs } from '../../../src/edges/webhook/webhook.ts';
import type { Channel, Delivery } from '../../../src/ports/channel.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../servers/webhook.ts';
import { aCard, aDestination, aLine } from '../../support/cards.ts';

const at = Date.UTC(2026, 10, 21, 3);
const clock: Clock = { now: () => at, sleep: () => Promise.resolve() };
const destination = aDestination({ id: 'hook', channel: 'webhook', address: 'hook' });

function channelTo(receiver: WebhookReceiver, secret: string | undefined): Channel {
  return createWebhookChannel({
    endpoints: {
      hook: {
        url: `${receiver.url}/path-secret?token=query-secret`,
        ...(secret === undefined ? {} : { secret }),
      },
    },
    clock,
    publicVersion: '1.2.3',
    timeoutMs: 1000,
  });
}

channelContract('webhook', async () => {
  const receiver = await startWebhookReceiver();
  return {
    channel: channelTo(receiver, receiver.secret),
    destination,
    // Reads as the documentation tells a receiver to: the newest card of an incident replaces the earlier one.
    async cards() {
      const taken = receiver.requests.filter(({ answer }) => answer.kind !== 'status');
      const incidents = [...new Set(taken.map((request) => request.body.incident))];
      return incidents.map((incident) => {
        const mine = taken.filter((request) => request.body.incident === incident);
        const lines = mine.filter((request) => request.body.event === 'line');
        return {
          text: mine.findLast((request) => request.body.event === 'card')?.body.title ?? '',
          thread: lines.map(({ body }) => `${body.text} ${body.line?.mention.join(' ')}`),
        };
      });
    },
    limitRate: () =>
      receiver.next({ kind: 'status', status: 429, headers: { 'retry-after': '2' } }),
    refuse: () => receiver.next({ kind: 'status', status: 410 }),
    loseAnswer: () => receiver.next({ kind: 'reset' }),
    hang: () => receiver.next({ kind: 'hang' }),
    unplug: () => receiver.close(),
    secrets: [receiver.secret, 'path-secret', 'query-secret'],
    close: () => receiver.close(),
  };
});

describe('the webhook channel', () => {
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await startWebhookReceiver();
  });

  afterEach(() => receiver.close());

  const aShow: Delivery = { kind: 'show', card: aCard(), previous: undefined, text: 'one line' };

  it('signs time and body, so that a receiver can tell a forged request', async () => {
    await channelTo(receiver, receiver.secret).deliver(aShow, destination, 'k1');
    await channelTo(receiver, 'another secret').deliver(aShow, destination, 'k2');
    await channelTo(receiver, undefined).deliver(aShow, destination, 'k3');

    expect(receiver.requests.map((request) => request.signature)).toEqual([
      'valid',
      'invalid',
      'absent',
    ]);
    expect(receiver.requests[0]?.headers['x-nightkeeper-signature']).toMatch(`t=${at},v1=`);
  });

  it('carries the key in header and body, and what a program wants at the top', async () => {
    const card = aCard({ tone: 'acknowledged' });

    await channelTo(receiver, receiver.secret).deliver(
      { ...aShow, card },
      destination,
      'orders:12:hook:1',
    );

    const [request] = receiver.requests;
    expect(request?.key).toBe('orders:12:hook:1');
    expect(request?.headers['user-agent']).toBe('nightkeeper/1.2.3');
    expect(request?.body).toEqual({
      version: 1,
      event: 'card',
      key: 'orders:12:hook:1',
      incident: 12,
      ensemble: 'orders',
      detector: 'quorum-lost',
      severity: 'page',
      tone: 'acknowledged',
      state: 'acknowledged',
      title: card.title,
      text: 'one line',
      card,
    });
  });

  it('tells a line from a card', async () => {
    await channelTo(receiver, receiver.secret).deliver(
      { kind: 'speak', card: aCard({ tone: 'resolved' }), line: aLine(), thread: {} },
      destination,
      'k1',
    );

    expect(receiver.requests[0]?.body).toMatchObject({
      event: 'line',
      state: 'resolved',
      line: { text: aLine().text, mention: [] },
    });
  });

  it.each([
    { status: 400, code: 'delivery-refused' },
    { status: 401, code: 'delivery-refused' },
    { status: 403, code: 'delivery-refused' },
    { status: 404, code: 'delivery-refused' },
    { status: 410, code: 'delivery-refused' },
    { status: 408, code: 'delivery-temporary' },
    { status: 500, code: 'delivery-temporary' },
    { status: 502, code: 'delivery-temporary' },
    { status: 503, code: 'delivery-temporary' },
    { status: 429, code: 'delivery-rate-limited', retryAfterMs: 5000 },
    { status: 429, after: '7', code: 'delivery-rate-limited', retryAfterMs: 7000 },
    { status: 503, after: '2', code: 'delivery-rate-limited', retryAfterMs: 2000 },
    {
      status: 429,
      after: new Date(at + 30_000).toUTCString(),
      code: 'delivery-rate-limited',
      retryAfterMs: 30_000,
    },
    {
      status: 429,
      after: '99999999',
      code: 'delivery-rate-limited',
      retryAfterMs: retryAfterMaxMs,
    },
    { status: 503, after: 'soon', code: 'delivery-temporary' },
  ])('reads $status with Retry-After $after as $code', async ({ status, after, ...expected }) => {
    const headers = after === undefined ? {} : { 'retry-after': after };
    receiver.next({ kind: 'status', status, headers });

    const outcome = channelTo(receiver, undefined).deliver(aShow, destination, 'k1');

    await expect(outcome).rejects.toMatchObject(expected);
  });

  it('does not follow a redirect', async () => {
    receiver.next({ kind: 'status', status: 302, headers: { location: receiver.url } });

    const outcome = channelTo(receiver, undefined).deliver(aShow, destination, 'k1');

    await expect(outcome).rejects.toMatchObject({ code: 'delivery-refused' });
    expect(receiver.requests).toHaveLength(1);
  });

  it('takes a yes with an endless body for a yes', async () => {
    receiver.next({ kind: 'endless' });

    const receipt = await channelTo(receiver, undefined).deliver(aShow, destination, 'k1');

    expect(receipt).toEqual({ key: 'k1' });
  });

  it('says of the bot itself what has begun and what is over, signed like everything', async () => {
    const channel = channelTo(receiver, receiver.secret);
    const receipt = await channel.announce?.(
      { text: 'blind', tone: 'critical' },
      destination,
      'nk-blind-1',
      undefined,
    );
    await channel.announce?.(
      { text: 'sees again', tone: 'resolved' },
      destination,
      'nk-blind-1-over',
      receipt,
    );

    expect(receiver.requests.map(({ signature, key, body }) => [signature, key, body])).toEqual([
      [
        'valid',
        'nk-blind-1',
        { version: 1, event: 'notice', key: 'nk-blind-1', tone: 'critical', text: 'blind' },
      ],
      [
        'valid',
        'nk-blind-1-over',
        {
          version: 1,
          event: 'notice',
          key: 'nk-blind-1-over',
          tone: 'resolved',
          text: 'sees again',
        },
      ],
    ]);
  });
});
