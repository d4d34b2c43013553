import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Said } from '../../model/diagnosis.ts';
import type { DingTalkFacts, RobotFacts } from '../../model/doctor-facts.ts';
import type { Destination } from '../../model/notification.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Api, createApi } from './api.ts';
import { type DingTalkConfig, type DingTalkRobotConfig, defaultApiUrl } from './config.ts';
import { robotCodeOf } from './deliver.ts';
import { ApiError, answerOf, reasonOf } from './failure.ts';
import { callMs } from './limits.ts';
import { subscriptions } from './link.ts';
import type { Meter } from './meter.ts';
import { signed } from './robot.ts';

/** Groups that are asked for: each is a call of the month's quota. */
const groupsMax = 10;

const robotsSchema = z.object({
  chatbotInstanceVOList: z.array(z.object({ robotCode: z.string().default('') })).default([]),
});

const robotSchema = z.object({ errcode: z.number(), errmsg: z.string().default('') });

/**
 * Asks DingTalk for what the bot needs of it, and posts nothing: key and secret, a ticket that nobody uses, the robots of the groups,
 * and a card of the template that hangs nowhere. Costs a call of the API for each group and one for the template.
 */
export async function examineDingTalk(options: {
  readonly settings: DingTalkConfig;
  readonly destinations: readonly Destination[];
  readonly meter: Meter;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<DingTalkFacts> {
  const { settings } = options;
  const robotCode = robotCodeOf(settings);
  const api = createApi(options);
  const [app, stream] = await Promise.all([
    said(() => token(settings)),
    said(() => ticket(settings)),
  ]);
  if (app.kind !== 'said') return { app, stream, robotCode, groups: [] };
  const { cardTemplateId: id } = settings;
  const [groups, template] = await Promise.all([
    Promise.all(
      options.destinations.slice(0, groupsMax).map(async ({ id: destination, address }) => ({
        destination,
        answer: await said(() => robotsOf(api, address)),
      })),
    ),
    id === undefined ? undefined : said(() => makeCard(api, id)),
  ]);
  return {
    app,
    stream,
    robotCode,
    groups,
    ...(id === undefined || template === undefined ? {} : { template: { id, answer: template } }),
  };
}

/** Not by `createApi`, which would keep it to itself: whether key and secret are taken is the question. It is free of quota. */
async function token(settings: DingTalkConfig): Promise<unknown> {
  return await post(settings, '/v1.0/oauth2/accessToken', {
    appKey: settings.clientId,
    appSecret: settings.clientSecret,
  });
}

/** A ticket opens one socket within 90 s; this one opens none. */
async function ticket(settings: DingTalkConfig): Promise<{ readonly topics: readonly string[] }> {
  const { clientId, clientSecret } = settings;
  const answer = await post(settings, '/v1.0/gateway/connections/open', {
    clientId,
    clientSecret,
    ua: 'nightkeeper',
    subscriptions,
  });
  if (typeof answer['ticket'] !== 'string') throw new ApiError(200, 'unreadable-answer');
  return { topics: subscriptions.map(({ topic }) => topic) };
}

/** "Query the robots of a group", robot_1.0 `GetBotListInGroup`; needs the right `qyapi_chat_manage`. */
async function robotsOf(
  api: Api,
  openConversationId: string,
): Promise<{ readonly robots: readonly string[] }> {
  const answer = await api.call('POST', '/v1.0/robot/groups/robots/query', { openConversationId });
  const read = robotsSchema.safeParse(answer);
  if (!read.success) throw new ApiError(200, 'unreadable-answer');
  return { robots: read.data.chatbotInstanceVOList.map(({ robotCode }) => robotCode) };
}

/** A card that is made and delivered nowhere. open.dingtalk.com, "create a card instance", card_1.0 `CreateCard`. */
async function makeCard(api: Api, cardTemplateId: string): Promise<unknown> {
  return await api.call('POST', '/v1.0/card/instances', {
    cardTemplateId,
    outTrackId: `nightkeeper-doctor-${randomUUID()}`,
    callbackType: 'STREAM',
    cardData: { cardParamMap: { kind: 'line' } },
    imGroupOpenSpaceModel: { supportForward: false },
  });
}

/**
 * Posts to a custom robot what no robot can post, a message of no kind: it answers what it thinks of token, signature and address, and
 * writes nothing. [guess] That these come before the message is seen, and documented nowhere.
 */
export async function examineRobot(
  destination: string,
  robot: DingTalkRobotConfig,
  clock: Pick<Clock, 'now'>,
): Promise<RobotFacts> {
  const answer = await said(async () => {
    const response = await fetch(signed(robot, clock.now()), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ msgtype: 'nightkeeper-doctor' }),
      redirect: 'error',
      signal: AbortSignal.timeout(callMs),
    });
    const read = robotSchema.safeParse(answerOf(response.status, await response.text()));
    if (!read.success) throw new ApiError(response.status, 'unreadable-answer');
    return read.data;
  });
  const { secret, keyword } = robot;
  return { destination, isSigned: secret !== undefined, hasKeyword: keyword !== undefined, answer };
}

async function post(
  { apiUrl }: DingTalkConfig,
  path: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const base = (apiUrl ?? defaultApiUrl).replace(/\/+$/u, '');
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(callMs),
  });
  return answerOf(response.status, await response.text());
}

async function said<T>(ask: () => Promise<T>): Promise<Said<T>> {
  try {
    return { kind: 'said', value: await ask() };
  } catch (error) {
    // A page of a proxy is no word of DingTalk's.
    if (error instanceof ApiError && !/^http-|^unreadable/u.test(error.code))
      return { kind: 'refused', code: error.code };
    return {
      kind: 'silent',
      reason: error instanceof ApiError ? error.code : reasonOf(error),
    };
  }
}
