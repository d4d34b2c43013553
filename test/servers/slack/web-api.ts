import {
  type BlocksRefusal,
  type Json,
  listOf,
  objectOf,
  refuseMessage,
  refuseView,
  stringOf,
} from './blocks.ts';
import { type Channel, type StoredMessage, triggerMs, type Workspace } from './workspace.ts';

/** One call of the Web API, as it came in. */
export interface SlackCall {
  readonly method: string;
  readonly args: Json;
  readonly token: string;
  readonly atMs: number;
}

/** What a method answers: a body with `ok`, or a rate limit. */
export type SlackAnswer =
  | {
      readonly kind: 'body';
      readonly body: Json;
      /** What the token was granted: Slack says it with every answer to a good one (`x-oauth-scopes`). */
      readonly scopes?: readonly string[];
    }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number };

export interface WebApiSettings {
  readonly workspace: Workspace;
  readonly botToken: string;
  readonly appToken: string;
  /** A fresh WebSocket address. */
  openConnection(): string;
  /** Where the bytes of a file go. */
  readonly uploadUrl: (file: string) => string;
  /** One message a second per channel (CHAT §4; docs.slack.dev/apis/web-api/rate-limits). */
  pacing: boolean;
}

const botUser = 'U0NIGHTKEEPER';
const botId = 'B0NIGHTKEEPER';

/** Answers one call the way Slack does. A token opens its own methods only (CHAT S10), and a 429 says how long (CHAT S4). */
export function answerCall(call: SlackCall, settings: WebApiSettings): SlackAnswer {
  const needed = call.method === 'apps.connections.open' ? settings.appToken : settings.botToken;
  if (call.token !== needed) {
    const known = call.token === settings.appToken || call.token === settings.botToken;
    return fail(
      known ? 'not_allowed_token_type' : call.token === '' ? 'not_authed' : 'invalid_auth',
    );
  }
  const { workspace } = settings;
  // CHAT S14; docs.slack.dev/reference/methods/auth.test#errors: a token of an app that was removed, or of a bot that was switched off.
  if (workspace.tokenError !== undefined && needed === settings.botToken)
    return fail(workspace.tokenError);
  const method = methods[call.method];
  if (method === undefined) return fail('unknown_method');
  if (needed === settings.appToken) return method(call.args, settings);
  const refusal = refuseScope(call, workspace);
  const answer = refusal ?? method(call.args, settings);
  return answer.kind === 'body' ? { ...answer, scopes: workspace.granted } : answer;
}

/** Scopes of which one is enough, by method (CHAT §4 "Scopes"). docs.slack.dev/reference/methods. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
};

/** Scopes that hang on the kind of the conversation, by the first letter of its id. */
const kinds: Readonly<Record<string, string>> = { C: 'channels', G: 'groups', D: 'im' };
const byKind: Readonly<Record<string, string>> = {
  'conversations.history': 'history',
  'conversations.replies': 'history',
  'conversations.info': 'read',
};

/** A refused call says what it would have needed, and what the token has. */
function refuseScope({ method, args }: SlackCall, { granted }: Workspace): SlackAnswer | undefined {
  const right = byKind[method];
  const kind = kinds[stringOf(args['channel'])[0] ?? 'C'] ?? 'channels';
  const needed = right === undefined ? (scopes[method] ?? []) : [`${kind}:${right}`];
  if (needed.length === 0 || needed.some((scope) => granted.includes(scope))) return undefined;
  return {
    kind: 'body',
    body: {
      ok: false,
      error: 'missing_scope',
      needed: needed.join(','),
      provided: granted.join(','),
    },
  };
}

type Method = (args: Json, settings: WebApiSettings) => SlackAnswer;

const methods: Readonly<Record<string, Method>> = {
  'auth.test': () =>
    ok({
      url: 'https://acme.slack.test/',
      team: 'Acme',
      team_id: 'T0ACME',
      user: 'nightkeeper',
      user_id: botUser,
      bot_id: botId,
    }),

  'apps.connections.open': (_args, settings) => ok({ url: settings.openConnection() }),

  'chat.postMessage': (args, { workspace, pacing }) => {
    const channel = workspace.channels.get(String(args['channel']));
    const refused = refusePost(channel, args);
    if (refused !== undefined || channel === undefined) return refused ?? fail('channel_not_found');
    const parent = args['thread_ts'];
    if (parent !== undefined && find(channel, parent) === undefined)
      return fail('thread_not_found');
    const nowMs = Date.now();
    if (pacing && nowMs - channel.lastPostMs < 1000) {
      return { kind: 'rate-limited', retryAfterSeconds: 1 };
    }
    channel.lastPostMs = nowMs;
    const message = workspace.post(channel, { ...args, user: botUser, bot_id: botId });
    return ok({ channel: channel.id, ts: message.ts, message: message.raw });
  },

  'chat.update': (args, { workspace }) => {
    const channel = workspace.channels.get(String(args['channel']));
    const refused = refusePost(channel, args);
    if (refused !== undefined || channel === undefined) return refused ?? fail('channel_not_found');
    const message = find(channel, args['ts']);
    if (message === undefined) return fail('message_not_found');
    if (message.raw['bot_id'] !== botId) return fail('cant_update_message');
    const { metadata = message.raw['metadata'] } = args;
    message.raw = { ...message.raw, ...args, metadata };
    message.edits += 1;
    return ok({ channel: channel.id, ts: message.ts, text: args['text'] });
  },

  'chat.postEphemeral': (args, { workspace }) => {
    const channel = workspace.channels.get(String(args['channel']));
    const refused = refusePost(channel, args);
    if (refused !== undefined || channel === undefined) return refused ?? fail('channel_not_found');
    const { ts } = workspace.whisper(channel.id, String(args['user']), args);
    return ok({ message_ts: ts });
  },

  'conversations.info': (args, { workspace }) => {
    const channel = workspace.channels.get(String(args['channel']));
    // A private channel the bot is not in is none at all: docs.slack.dev/reference/methods/conversations.info#errors
    const isHidden = channel?.isPrivate === true && !channel.isMember;
    if (channel === undefined || isHidden) return fail('channel_not_found');
    const { id, name, isMember, isArchived, isPrivate, isReadOnly } = channel;
    const isDirect = id.startsWith('D');
    return ok({
      channel: {
        id,
        created: 1_700_000_000,
        ...(isDirect
          ? { is_im: true }
          : {
              name,
              is_channel: true,
              is_private: isPrivate,
              is_member: isMember,
              is_archived: isArchived,
              ...(isReadOnly ? { is_read_only: true } : {}),
            }),
      },
    });
  },

  'users.lookupByEmail': (args, { workspace }) => {
    const email = stringOf(args['email']).toLowerCase();
    const user = [...workspace.users.values()].find(
      ({ profile, deleted }) =>
        deleted !== true && stringOf(objectOf(profile)['email']).toLowerCase() === email,
    );
    return user === undefined ? fail('users_not_found') : ok({ user });
  },

  'conversations.history': (args, { workspace }) => {
    const channel = workspace.channels.get(String(args['channel']));
    if (channel === undefined) return fail('channel_not_found');
    if (!channel.isMember) return fail('not_in_channel');
    const top = channel.messages.filter((one) => one.threadTs === undefined && !one.deleted);
    return page(top.toReversed(), args);
  },

  'conversations.replies': (args, { workspace }) => {
    const channel = workspace.channels.get(String(args['channel']));
    if (channel === undefined) return fail('channel_not_found');
    const parent = find(channel, args['ts']);
    if (parent === undefined) return fail('thread_not_found');
    return page([parent, ...parent.replies], args);
  },

  'views.open': (args, { workspace }) => {
    const trigger = workspace.triggers.get(String(args['trigger_id']));
    if (trigger === undefined) return fail('invalid_trigger_id');
    if (trigger.used) return fail('exchanged_trigger_id');
    if (workspace.now() - trigger.atMs > triggerMs) return fail('expired_trigger_id');
    const view = args['view'] as Json;
    const refusal = refuseView(view);
    if (refusal !== undefined) return failBlocks(refusal);
    trigger.used = true;
    const modal = workspace.modal(trigger.user, view);
    return ok({ view: { ...view, id: modal.id, hash: modal.hash } });
  },

  // CHAT §4 "Picture by upload": the three steps of files.uploadV2; the message appears by itself.
  'files.getUploadURLExternal': (args, { workspace, uploadUrl }) => {
    const length = Number(args['length']);
    if (!(length > 0)) return fail('invalid_arguments', ['length']);
    const alt = stringOf(args['alt_text']);
    if (alt.length > 1000) return fail('alt_txt_too_large');
    const file = workspace.announceFile(stringOf(args['filename']), length, alt);
    return ok({ upload_url: uploadUrl(file.id), file_id: file.id });
  },

  'files.completeUploadExternal': (args, { workspace }) => {
    const files = listOf(args['files']).map(({ id }) => workspace.files.get(String(id)));
    const arrived = files.filter((file) => file?.bytes !== undefined && !file.isComplete);
    if (arrived.length !== files.length || files.length === 0) return fail('file_not_found');
    const channel = workspace.channels.get(String(args['channel_id']));
    if (channel === undefined) return fail('channel_not_found');
    if (!channel.isMember) return fail('not_in_channel');
    const parent = args['thread_ts'];
    if (parent !== undefined && find(channel, parent) === undefined)
      return fail('invalid_thread_ts');
    for (const file of arrived) if (file !== undefined) file.isComplete = true;
    workspace.post(channel, {
      text: stringOf(args['initial_comment']),
      user: botUser,
      bot_id: botId,
      ...(parent === undefined ? {} : { thread_ts: parent }),
      files: arrived.map((file) => ({ id: file?.id, name: file?.filename, alt_txt: file?.alt })),
    });
    return ok({ files: arrived.map((file) => ({ id: file?.id })) });
  },

  'conversations.open': (args, { workspace }) => {
    const user = String(args['users']);
    const id = `D${user.slice(1)}`;
    if (!workspace.channels.has(id)) workspace.addChannel(id, user.toLowerCase());
    return ok({ channel: { id } });
  },

  'users.info': (args, { workspace }) => {
    const user = workspace.users.get(String(args['user']));
    return user === undefined ? fail('user_not_found') : ok({ user });
  },

  'views.publish': (args, { workspace }) => {
    const view = args['view'] as Json;
    if (view['type'] !== 'home') return fail('invalid_arguments', ['/view/type']);
    const refusal = refuseView(view);
    if (refusal !== undefined) return failBlocks(refusal);
    workspace.publish(String(args['user_id']), view);
    return ok({ view: { ...view, id: 'V0HOME' } });
  },

  'views.update': (args, { workspace }) => {
    const modal = workspace.modals.find(({ id }) => id === args['view_id']);
    if (modal === undefined || !modal.open) return fail('not_found');
    if (args['hash'] !== undefined && args['hash'] !== modal.hash) return fail('hash_conflict');
    const view = args['view'] as Json;
    const refusal = refuseView(view);
    if (refusal !== undefined) return failBlocks(refusal);
    modal.replace(view);
    return ok({ view: { ...view, id: modal.id, hash: modal.hash } });
  },
};

function refusePost(channel: Channel | undefined, args: Json): SlackAnswer | undefined {
  if (channel === undefined) return fail('channel_not_found');
  if (channel.isArchived) return fail('is_archived');
  if (!channel.isMember) return fail('not_in_channel');
  const blocks = listOf(args['blocks']);
  const attachments = listOf(args['attachments']);
  const text = stringOf(args['text']);
  if (text === '' && blocks.length === 0 && attachments.length === 0) return fail('no_text');
  if (text.length > 40_000) return fail('msg_too_long');
  const refusal = refuseMessage(blocks, attachments);
  return refusal === undefined ? undefined : failBlocks(refusal);
}

/** The part of a listing that `oldest`, `latest`, `limit` and `cursor` ask for; metadata only where asked. */
function page(messages: readonly StoredMessage[], args: Json): SlackAnswer {
  const oldest = Number(args['oldest'] ?? 0);
  const limit = Math.min(Number(args['limit'] ?? 100), 999);
  const start = Number(args['cursor'] ?? 0);
  const within = messages.filter((one) => Number(one.ts) > oldest);
  const withMetadata = String(args['include_all_metadata']) === 'true';
  const listed = within.slice(start, start + limit).map((one) => {
    const { metadata, ...rest } = one.raw;
    const replies = one.replies.length;
    return {
      ...rest,
      ts: one.ts,
      ...(replies === 0
        ? {}
        : { thread_ts: one.ts, reply_count: replies, latest_reply: one.replies.at(-1)?.ts }),
      ...(withMetadata && metadata !== undefined ? { metadata } : {}),
    };
  });
  const more = start + limit < within.length;
  return ok({
    messages: listed,
    has_more: more,
    response_metadata: { next_cursor: more ? String(start + limit) : '' },
  });
}

function find(channel: Channel, ts: unknown): StoredMessage | undefined {
  return channel.messages.find((message) => message.ts === ts && !message.deleted);
}

function ok(body: Json): SlackAnswer {
  return { kind: 'body', body: { ok: true, ...body } };
}

export function fail(error: string, messages: readonly string[] = []): SlackAnswer {
  return {
    kind: 'body',
    body: {
      ok: false,
      error,
      ...(messages.length === 0
        ? {}
        : { response_metadata: { messages: messages.map((where) => `[ERROR] ${where}`) } }),
    },
  };
}

function failBlocks(refusal: BlocksRefusal): SlackAnswer {
  return fail(refusal.error, refusal.where);
}
