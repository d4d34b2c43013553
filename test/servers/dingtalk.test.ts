import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../support/until.ts';
import { type DingTalkStandIn, startDingTalkStandIn } from './dingtalk.ts';

const robotTopic = '/v1.0/im/bot/messages/get';
const cardTopic = '/v1.0/card/instances/callback';

interface Frame {
  readonly type: string;
  readonly headers: { readonly topic: string; readonly messageId: string };
}

// The stream of the stand-in: what it demands is what DingTalk demands. Its API and its custom robots: test/edges/dingtalk/stand-in.test.ts.
describe('the stand-in for the stream of DingTalk', () => {
  let dingtalk: DingTalkStandIn;
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    dingtalk = await startDingTalkStandIn();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await dingtalk.close();
  });

  async function ticket(topics: readonly string[] = [robotTopic, cardTopic]): Promise<string> {
    const { clientId, clientSecret } = dingtalk.tenant;
    const subscriptions = topics.map((topic) => ({ type: 'CALLBACK', topic }));
    const response = await fetch(`${dingtalk.apiUrl}/v1.0/gateway/connections/open`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, subscriptions }),
    });
    const answer = (await response.json()) as Readonly<Record<string, string>>;
    return `${answer['endpoint']}?ticket=${encodeURIComponent(answer['ticket'] ?? '')}`;
  }

  /** A socket that answers every callback while it `answers`. */
  async function connect(url: string) {
    const socket = new WebSocket(url);
    sockets.push(socket);
    const state = { heard: [] as Frame[], answers: true, isOpen: false, isClosed: false };
    socket.on('open', () => (state.isOpen = true));
    socket.on('error', () => (state.isClosed = true));
    socket.on('close', () => (state.isClosed = true));
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      state.heard.push(frame);
      if (!state.answers || frame.type !== 'CALLBACK') return;
      const { messageId } = frame.headers;
      socket.send(JSON.stringify({ code: 200, headers: { messageId }, data: '{"response":null}' }));
    });
    await until('open or refused', () => state.isOpen || state.isClosed);
    return state;
  }

  const callbacks = ({ heard }: { readonly heard: readonly Frame[] }) =>
    heard.filter(({ type }) => type === 'CALLBACK');

  it('takes a ticket for ninety seconds, once', async () => {
    const [used, fresh, late] = [await ticket(), await ticket(), await ticket()];

    expect((await connect(used)).isOpen).toBe(true);
    expect((await connect(used)).isOpen).toBe(false);
    dingtalk.gateway.skewMs = 89_000;
    expect((await connect(fresh)).isOpen).toBe(true);
    dingtalk.gateway.skewMs = 91_000;
    expect((await connect(late)).isOpen).toBe(false);
  });

  it('sends each message over one of the sockets, whichever', async () => {
    const both = [await connect(await ticket()), await connect(await ticket())];

    for (let sent = 0; sent < 40; sent += 1) await dingtalk.say('状态', 'ann');

    const counts = both.map((socket) => callbacks(socket).length);
    expect(counts[0]! + counts[1]!).toBe(40);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('sends only what a socket has asked for', async () => {
    const cards = await connect(await ticket([cardTopic]));
    const messages = await connect(await ticket([robotTopic]));

    for (let sent = 0; sent < 5; sent += 1) await dingtalk.say('状态', 'ann');

    expect([callbacks(cards).length, callbacks(messages).length]).toEqual([0, 5]);
  });

  it('sends again what was not answered, as the same message', async () => {
    const socket = await connect(await ticket());
    socket.answers = false;
    dingtalk.gateway.redeliverMs = 50;

    const said = dingtalk.say('状态', 'ann');
    await until('it came again', () => callbacks(socket).length >= 2);
    socket.answers = true;
    await said;

    expect(new Set(callbacks(socket).map(({ headers }) => headers.messageId)).size).toBe(1);
  });

  it('asks a socket to go, is silent on it, and closes it a while later', async () => {
    const old = await connect(await ticket());

    dingtalk.gateway.disconnect(300);
    const next = await connect(await ticket());
    for (let sent = 0; sent < 5; sent += 1) await dingtalk.say('状态', 'ann');

    expect(old.heard.map(({ headers }) => headers.topic)).toEqual(['disconnect']);
    expect(callbacks(next)).toHaveLength(5);
    await until('it is closed', () => old.isClosed);
  });

  it('counts what it pushes, and beyond the month sends messages without their text', async () => {
    dingtalk.tenant.quota.messages = 1;
    await connect(await ticket());
    const texts: unknown[] = [];
    sockets[0]!.on('message', (data: Buffer) => {
      const { data: text } = JSON.parse(data.toString()) as { readonly data: string };
      const { text: words, errorCode } = JSON.parse(text) as Readonly<Record<string, unknown>>;
      texts.push(words ?? errorCode);
    });

    await dingtalk.say('状态', 'ann');
    await dingtalk.say('状态', 'ann');

    expect(texts).toEqual([{ content: ' 状态' }, '20001']);
  });
});
