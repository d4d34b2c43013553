import { createHmac } from 'node:crypto';
import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Said } from '../../model/diagnosis.ts';
import type { SlackChannelFacts, SlackFacts, SlackWayIn } from '../../model/doctor-facts.ts';
import type { Destination } from '../../model/notification.ts';
import type { Log } from '../../ports/log.ts';
import type { SlackConfig } from './config.ts';
import { networkReason, slackErrorOf } from './failure.ts';
import { slackScopes } from './manifest.ts';
import { requestPath } from './request-path.ts';
import { clientOptions, createWebClient } from './web-client.ts';

/** How long one question may take. */
const questionMs = 5000;

/** Destinations and people that are asked for, and how many at once: Slack allows fifty of these a minute. */
const askedMax = 30;
const atOnceMax = 5;

const channelSchema = z.object({
  name: z.string().default(''),
  is_im: z.boolean().default(false),
  is_member: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  is_read_only: z.boolean().default(false),
  is_frozen: z.boolean().default(false),
});

/**
 * Asks Slack for what the bot needs of it, and posts nothing: tokens, granted scopes, the channels of destinations, people by their
 * e-mail, and the way in. `apps.connections.open` gives an address that nobody connects to.
 */
export async function examineSlack(options: {
  readonly settings: SlackConfig;
  readonly destinations: readonly Destination[];
  /** People of the configuration that are known by their e-mail only. */
  readonly emails: readonly { readonly person: string; readonly email: string }[];
  /** Where people reach the bot, for requests over HTTP. */
  readonly publicUrl?: string;
  readonly log: Log;
}): Promise<SlackFacts> {
  const { settings, log } = options;
  // A client of its own: a rate limit here must hold up no card.
  const client = createWebClient(settings, log, questionMs);
  const [whoAmI, wayIn] = await Promise.all([
    said(() => client.auth.test()),
    settings.appToken === undefined
      ? httpWay(settings, options.publicUrl)
      : socketWay(settings, settings.appToken, log),
  ]);
  if (whoAmI.kind !== 'said')
    return { token: whoAmI, wanted: slackScopes, wayIn, channels: [], emails: [] };
  const { user = 'nightkeeper', team = '', response_metadata: details } = whoAmI.value;
  const [channels, emails] = await Promise.all([
    fewAtOnce(options.destinations, (each) => askChannel(client, each)),
    fewAtOnce(options.emails, async ({ person, email }) => ({
      person,
      answer: await askEmail(client, email),
    })),
  ]);
  const granted = details?.scopes;
  return {
    token: { kind: 'said', value: { user, team } },
    ...(granted === undefined ? {} : { granted }),
    wanted: slackScopes,
    wayIn,
    channels,
    emails,
  };
}

async function socketWay(settings: SlackConfig, appToken: string, log: Log): Promise<SlackWayIn> {
  const client = new webApi.WebClient(appToken, clientOptions(settings, log, questionMs));
  return { kind: 'socket', answer: await said(() => client.apps.connections.open()) };
}

/** Puts the question to the bot's own port that Slack puts when a request URL is entered, signed as Slack signs it. */
async function httpWay(
  { signingSecret = '', port = 0 }: SlackConfig,
  publicUrl: string | undefined,
): Promise<SlackWayIn> {
  const url = publicUrl === undefined ? undefined : new URL(requestPath, publicUrl).href;
  const [local, outside] = await Promise.all([
    verify(`http://127.0.0.1:${port}${requestPath}`, signingSecret),
    url === undefined ? undefined : verify(url, signingSecret),
  ]);
  return {
    kind: 'http',
    port,
    local,
    ...(url === undefined || outside === undefined ? {} : { outside: { url, answer: outside } }),
  };
}

/** docs.slack.dev/reference/events/url_verification: whoever has the signing secret answers the challenge. */
async function verify(url: string, secret: string): Promise<Said<unknown>> {
  const challenge = `nightkeeper-${process.pid}`;
  const body = JSON.stringify({ type: 'url_verification', challenge });
  const at = Math.floor(Date.now() / 1000);
  const sign = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${sign}`,
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(questionMs),
    });
    const text = await response.text();
    return response.ok && text.includes(challenge)
      ? { kind: 'said', value: undefined }
      : { kind: 'refused', code: `HTTP ${response.status}` };
  } catch (error) {
    return { kind: 'silent', reason: networkReason(error) };
  }
}

async function askChannel(
  client: webApi.WebClient,
  { id, address }: Destination,
): Promise<SlackChannelFacts> {
  const base = { destination: id, address };
  const info = await said(() => client.conversations.info({ channel: address }));
  if (info.kind === 'refused' && info.code === 'missing_scope') {
    // An app of an older manifest: what it may read tells whether it is in there, and not what the channel is called.
    const read = await said(() => client.conversations.history({ channel: address, limit: 1 }));
    const value = { name: '', isMember: true, isArchived: false, isClosed: false };
    return { ...base, answer: read.kind === 'said' ? { kind: 'said', value } : read };
  }
  if (info.kind !== 'said') return { ...base, answer: info };
  const read = channelSchema.safeParse(info.value.channel);
  if (!read.success) return { ...base, answer: { kind: 'silent', reason: 'unreadable answer' } };
  const { name, is_im, is_member, is_archived, is_read_only, is_frozen } = read.data;
  const value = {
    name: is_im ? '' : name,
    isMember: is_im || is_member,
    isArchived: is_archived,
    isClosed: is_read_only || is_frozen,
  };
  return { ...base, answer: { kind: 'said', value } };
}

/** Whether a member of the workspace has this address. */
async function askEmail(client: webApi.WebClient, email: string): Promise<Said<boolean>> {
  const answer = await said(() => client.users.lookupByEmail({ email }));
  if (answer.kind === 'said') return { kind: 'said', value: true };
  return answer.kind === 'refused' && answer.code === 'users_not_found'
    ? { kind: 'said', value: false }
    : answer;
}

async function said<T>(ask: () => Promise<T>): Promise<Said<T>> {
  try {
    return { kind: 'said', value: await ask() };
  } catch (error) {
    const code = slackErrorOf(error);
    if (code !== undefined) return { kind: 'refused', code };
    if (error instanceof webApi.WebAPIRateLimitedError)
      return { kind: 'refused', code: 'ratelimited' };
    if (error instanceof webApi.WebAPIHTTPError)
      return { kind: 'silent', reason: `HTTP ${error.statusCode}` };
    return { kind: 'silent', reason: networkReason(error) };
  }
}

async function fewAtOnce<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < Math.min(items.length, askedMax); at += atOnceMax) {
    const some = items.slice(at, Math.min(at + atOnceMax, askedMax));
    answers.push(...(await Promise.all(some.map(ask))));
  }
  return answers;
}
