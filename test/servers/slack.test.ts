import { webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../support/until.ts';
import { type SlackStandIn, startSlackStandIn } from './slack.ts';

const ops = 'C0000OPS';
const post = { channel: ops, text: 'hello' };
const modal = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'Restart?' },
  blocks: [{ type: 'section', text: { type: 'plain_text' as const, text: 'sum' } }],
};

/** Asks as the official client does, once. */
function clientOf(slack: SlackStandIn, token: string) {
  return new webApi.WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: 'error' as never,
  });
}

/** What Slack says to a call that it refuses. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'taken';
  } catch (error) {
    const { data } = error as { readonly data?: { readonly error?: string } };
    return data?.error ?? (error as Error).message;
  }
}

// What the stand-in refuses is what Slack refuses, so that a test that passes means something. Blocks: test/edges/slack/stand-in.test.ts.
describe('the stand-in for Slack', () => {
  let slack: SlackStandIn;
  let client: ReturnType<typeof clientOf>;
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    slack = await startSlackStandIn();
    client = clientOf(slack, slack.botToken);
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await slack.close();
  });

  /** A socket as socket mode opens it; answers every payload at once where it `acks`. */
  async function connect(url: string, acks = true) {
    const heard: string[] = [];
    const socket = new WebSocket(url);
    sockets.push(socket);
    const state = { heard, isOpen: false, isClosed: false };
    socket.on('error', () => (state.isClosed = true));
    socket.on('close', () => (state.isClosed = true));
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string; envelope_id?: string };
      heard.push(frame.type);
      if (frame.type === 'hello') state.isOpen = true;
      if (acks && frame.envelope_id !== undefined)
        socket.send(JSON.stringify({ envelope_id: frame.envelope_id }));
    });
    await until('open or refused', () => state.isOpen || state.isClosed);
    return state;
  }

  async function address(): Promise<string> {
    const app = clientOf(slack, slack.appToken);
    return (await app.apps.connections.open()).url ?? '';
  }

  it('knows its tokens, each for its own methods', async () => {
    const asks = async (token: string) => await refusal(clientOf(slack, token).auth.test());

    expect(await asks('xoxb-another')).toBe('invalid_auth');
    expect(await asks(slack.appToken)).toBe('not_allowed_token_type');
    expect(await refusal(client.apps.connections.open())).toBe('not_allowed_token_type');
    slack.workspace.tokenError = 'token_revoked';
    expect(await refusal(client.chat.postMessage(post))).toBe('token_revoked');
  });

  it.each([
    ['chat:write', (api: typeof client) => api.chat.postMessage(post)],
    ['channels:history', (api: typeof client) => api.conversations.history({ channel: ops })],
    ['channels:read', (api: typeof client) => api.conversations.info({ channel: ops })],
    ['users:read', (api: typeof client) => api.users.info({ user: 'U0ANN' })],
    ['users:read.email', (api: typeof client) => api.users.lookupByEmail({ email: 'a@b.c' })],
    ['im:write', (api: typeof client) => api.conversations.open({ users: 'U0ANN' })],
    [
      'files:write',
      (api: typeof client) => api.files.getUploadURLExternal({ filename: 'a.png', length: 1 }),
    ],
  ])('wants the scope %s to be granted', async (scope, call) => {
    slack.workspace.granted = slack.workspace.granted.filter((one) => one !== scope);

    expect(await refusal(call(client))).toBe('missing_scope');
  });

  it('lets nobody post where the bot is not, or nobody may', async () => {
    const channel = slack.workspace.channels.get(ops)!;

    channel.isMember = false;
    expect(await refusal(client.chat.postMessage(post))).toBe('not_in_channel');
    channel.isArchived = true;
    expect(await refusal(client.chat.postMessage(post))).toBe('is_archived');
    expect(await refusal(client.chat.postMessage({ ...post, channel: 'C0NONE' }))).toBe(
      'channel_not_found',
    );
  });

  it('opens a modal for a trigger once, and for three seconds', async () => {
    const open = async (trigger_id: string) =>
      await refusal(client.views.open({ trigger_id, view: modal }));
    const first = slack.workspace.trigger('U0ANN').id;
    const late = slack.workspace.trigger('U0ANN').id;

    expect(await open(first)).toBe('taken');
    expect(await open(first)).toBe('exchanged_trigger_id');
    expect(await open('made-up')).toBe('invalid_trigger_id');
    slack.workspace.skewMs = 3_001;
    expect(await open(late)).toBe('expired_trigger_id');
  });

  it('takes five answers at a response URL, within thirty minutes', async () => {
    const answer = async (id: string) => {
      const url = `http://127.0.0.1:${slack.port}/response/${id}`;
      const response = await fetch(url, { method: 'POST', body: '{"text":"done"}' });
      return [response.status, await response.text()];
    };
    const { id } = slack.workspace.response(ops, 'U0ANN', undefined);
    const { id: old } = slack.workspace.response(ops, 'U0ANN', undefined);

    for (let use = 1; use <= 5; use += 1) expect((await answer(id))[0]).toBe(200);
    expect(await answer(id)).toEqual([404, 'used_url']);
    slack.workspace.skewMs = 30 * 60_000 + 1000;
    expect(await answer(old)).toEqual([404, 'expired_url']);
  });

  it('limits a channel to a message a second, and says for how long', async () => {
    slack.pacing = true;

    await client.chat.postMessage(post);
    const limited: unknown = await client.chat.postMessage(post).catch((error: unknown) => error);

    expect(limited).toMatchObject({ retryAfter: 1 });
  });

  it('also limits without saying for how long, as proxies on the way do', async () => {
    slack.fault('chat.postMessage', { kind: 'rate-limited' });

    const limited: unknown = await client.chat.postMessage(post).catch((error: unknown) => error);

    expect(limited).toBeInstanceOf(Error);
    expect(limited).not.toHaveProperty('retryAfter');
  });

  it('opens one socket with an address, once', async () => {
    const url = await address();

    expect((await connect(url)).isOpen).toBe(true);
    expect((await connect(url)).isOpen).toBe(false);
  });

  it('hands each payload to one of the open sockets', async () => {
    const both = [await connect(await address()), await connect(await address())];

    for (let sent = 0; sent < 6; sent += 1) await slack.slash('/zk status', 'U0ANN');

    const counts = both.map(
      ({ heard }) => heard.filter((type) => type === 'slash_commands').length,
    );
    expect(counts[0]! + counts[1]!).toBe(6);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('tells a person after three seconds that the app did not respond', async () => {
    await connect(await address(), false);
    const startMs = performance.now();

    await expect(slack.slash('/zk status', 'U0ANN')).rejects.toThrow('did not acknowledge');

    expect(performance.now() - startMs).toBeGreaterThan(2_900);
  });

  it('renews a socket: asks it to go, sends nothing more, and closes it', async () => {
    const first = await connect(await address());
    const second = await connect(await address());

    slack.sockets.refresh();
    for (let sent = 0; sent < 3; sent += 1) await slack.slash('/zk status', 'U0ANN');

    await until('the first is closed', () => first.isClosed);
    expect(first.heard).toEqual(['hello', 'disconnect']);
    expect(second.heard.filter((type) => type === 'slash_commands')).toHaveLength(3);
  });

  it('refuses an older state of a modal', async () => {
    const { view } = await client.views.open({
      trigger_id: slack.workspace.trigger('U0ANN').id,
      view: modal,
    });
    const update = async (hash: string) =>
      await refusal(client.views.update({ view_id: view?.id ?? '', hash, view: modal }));

    expect(await update(view?.hash ?? '')).toBe('taken');
    expect(await update(view?.hash ?? '')).toBe('hash_conflict');
  });
});
