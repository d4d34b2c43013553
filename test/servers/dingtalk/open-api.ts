import { type Json, StoredMessage, type Tenant } from './tenant.ts';

/** What the API answers. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
}

/** One value of a card, and the parameter of a robot message, in bytes (CHAT §2.4, §2.3). */
const valueBytesMax = 1024;
const cardBytesMax = 15_000;
const keyBytesMax = 100;
const trackIdMax = 100;

/** Calls of one API in a second (CHAT §2.7: 20/s per app and API). */
const qpsMax = 20;

export function refuse(status: number, code: string, message = code): ApiAnswer {
  return { status, body: { code, message, requestid: 'stand-in' } };
}

function ok(body: Json = {}): ApiAnswer {
  return { status: 200, body };
}

/** Answers a call of the new API as DingTalk does, or refuses it as DingTalk does. */
export function answerApi(
  tenant: Tenant,
  call: {
    readonly method: string;
    readonly path: string;
    readonly body: Json;
    readonly token: string;
  },
  nowMs: number,
): ApiAnswer {
  const name = `${call.method} ${call.path}`;
  if (name === 'POST /v1.0/oauth2/accessToken') return accessToken(tenant, call.body, nowMs);
  // CHAT §2.3: a token ends after 7200 s; a call with another one is refused.
  if ((tenant.tokens.get(call.token) ?? 0) < nowMs) {
    return refuse(401, 'InvalidAuthentication');
  }
  // CHAT §2.7: 5000 calls a month, token calls are free.
  tenant.used.calls += 1;
  if (tenant.used.calls > tenant.quota.calls)
    return refuse(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg');
  // CHAT §2.7: 20 calls a second per application and API.
  const recent = tenant.calls.filter((each) => each.name === name && nowMs - each.atMs < 1000);
  if (recent.length > qpsMax) return refuse(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
  switch (name) {
    case 'POST /v1.0/card/instances/createAndDeliver':
      return createAndDeliver(tenant, call.body);
    case 'POST /v1.0/card/instances':
      return makeCard(tenant, call.body);
    case 'POST /v1.0/robot/groups/robots/query':
      return listRobots(tenant, call.body);
    case 'PUT /v1.0/card/instances':
      return updateCard(tenant, call.body);
    case 'POST /v1.0/robot/groupMessages/send':
      return sendToGroup(tenant, call.body);
    case 'POST /v1.0/robot/oToMessages/batchSend':
      return sendToPeople(tenant, call.body);
    default:
      return refuse(404, 'InvalidAction.NotFound');
  }
}

function accessToken(tenant: Tenant, body: Json, nowMs: number): ApiAnswer {
  if (body['appKey'] !== tenant.clientId || body['appSecret'] !== tenant.clientSecret)
    return refuse(400, 'invalidClientIdOrSecret');
  return ok({ accessToken: tenant.issueToken(nowMs), expireIn: 7200 });
}

/** CHAT §2.7: the template is looked at before anything else; the card hangs nowhere. */
function makeCard(tenant: Tenant, body: Json): ApiAnswer {
  const outTrackId = textOf(body['outTrackId']);
  if (body['cardTemplateId'] !== tenant.template) return refuse(400, 'param.templateNotExist');
  if (!tenant.isPublished) return refuse(400, 'param.templateUnpublished');
  if (outTrackId === '' || outTrackId.length > trackIdMax)
    return refuse(400, 'param.outTrackIdInvalid');
  if (body['callbackType'] !== 'STREAM') return refuse(400, 'param.callbackRouteKeyInvalid');
  return (
    paramsFault(objectOf(objectOf(body['cardData'])['cardParamMap'])) ?? ok({ result: outTrackId })
  );
}

/** The robots of a group, as robot_1.0 `GetBotListInGroup` lists them; without the right to manage groups the call is refused (CHAT §2.7). */
function listRobots(tenant: Tenant, body: Json): ApiAnswer {
  if (!tenant.mayListRobots)
    return refuse(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied');
  const group = tenant.groups.get(textOf(body['openConversationId']));
  if (group === undefined) return refuse(400, 'invalidParameter.openConversationId.notExist');
  const own = group.isMember ? [{ robotCode: tenant.robotCode, name: 'Nightkeeper' }] : [];
  return ok({ chatbotInstanceVOList: own });
}

function createAndDeliver(tenant: Tenant, body: Json): ApiAnswer {
  const outTrackId = textOf(body['outTrackId']);
  const params = objectOf(objectOf(body['cardData'])['cardParamMap']);
  if (body['cardTemplateId'] !== tenant.template) return refuse(400, 'param.templateNotExist');
  if (!tenant.isPublished) return refuse(400, 'param.templateUnpublished');
  // CHAT §2.4: outTrackId at most 100 characters, and one card each.
  if (outTrackId === '' || outTrackId.length > trackIdMax)
    return refuse(400, 'param.outTrackIdInvalid');
  if (tenant.card(outTrackId) !== undefined) return refuse(400, 'param.cardAlreadyExist');
  const bad = paramsFault(params);
  if (bad !== undefined) return bad;
  // CHAT §2.4: without it a click goes to an HTTP address nobody has.
  if (body['callbackType'] !== 'STREAM') return refuse(400, 'param.callbackRouteKeyInvalid');
  const space = textOf(body['openSpaceId']);
  const model = objectOf(body['imGroupOpenDeliverModel']);
  const group = /^dtv1\.card\/\/IM_GROUP\.(.+)$/u.exec(space)?.[1] ?? '';
  if (body['imGroupOpenSpaceModel'] === undefined)
    return refuse(400, 'param.openSpaceModelMissing');
  if (model['robotCode'] !== tenant.robotCode) return refuse(400, 'robotCode.invalid');
  const delivered = tenant.groups.get(group)?.isMember === true;
  const at = Object.keys(objectOf(model['atUserIds']));
  // The card is made either way; where it could not be delivered it hangs nowhere.
  const conversation = delivered ? group : 'nowhere';
  const made = { conversation, kind: 'card', at, by: 'api', params: strings(params) } as const;
  tenant.post(new StoredMessage({ id: outTrackId, ...made }));
  // CHAT §2.3: HTTP 200 is not success, `deliverResults[].success` is.
  const result = {
    spaceType: 'IM_GROUP',
    spaceId: space,
    success: delivered,
    ...(delivered ? {} : { errorMsg: 'robot is not in the group' }),
  };
  return ok({ success: true, result: { outTrackId, deliverResults: [result] } });
}

function updateCard(tenant: Tenant, body: Json): ApiAnswer {
  const card = tenant.card(textOf(body['outTrackId']));
  // CHAT §2.3: an unknown card is 400.
  if (card === undefined || card.deleted) return refuse(400, 'param.cardNotExist');
  const params = objectOf(objectOf(body['cardData'])['cardParamMap']);
  const privately = objectOf(body['privateData']);
  const all = [
    params,
    ...Object.values(privately).map((each) => objectOf(objectOf(each)['cardParamMap'])),
  ];
  const bad = all.map(paramsFault).find((each) => each !== undefined);
  if (bad !== undefined) return bad;
  applyUpdate(card, body, params);
  // CHAT §2.4: private data is keyed by userId here.
  for (const [userId, data] of Object.entries(privately)) {
    card.tell(userId, strings(objectOf(objectOf(data)['cardParamMap'])));
  }
  return ok({ success: true, result: true });
}

/** CHAT §2.3: without `updateCardDataByKey` a change wipes every value it does not name. */
export function applyUpdate(card: StoredMessage, body: Json, params: Json): void {
  const byKey = objectOf(body['cardUpdateOptions'])['updateCardDataByKey'] === true;
  card.params = { ...(byKey ? card.params : {}), ...strings(params) };
  card.edits += 1;
}

/** CHAT §2.4: strings only, keys ≤ 100 B, values ≤ 1 KB; CHAT §2.3 for the sum. */
export function paramsFault(params: Json): ApiAnswer | undefined {
  let sum = 0;
  for (const [key, value] of Object.entries(params)) {
    if (typeof value !== 'string') return refuse(400, 'param.cardParamMapNotString');
    const bytes = Buffer.byteLength(value, 'utf8');
    if (Buffer.byteLength(key, 'utf8') > keyBytesMax) return refuse(400, 'param.keyTooLong');
    if (bytes > valueBytesMax)
      return refuse(400, 'param.valueTooLong', `${key} has ${bytes} bytes`);
    sum += bytes;
  }
  return sum > cardBytesMax ? refuse(400, 'param.cardDataTooLong') : undefined;
}

function sendToGroup(tenant: Tenant, body: Json): ApiAnswer {
  const group = tenant.groups.get(textOf(body['openConversationId']));
  if (body['robotCode'] !== tenant.robotCode) return refuse(400, 'robot.group.notExist');
  if (group?.isMember !== true) return refuse(400, 'invalidParameter.openConversationId.notExist');
  const read = readMessage(tenant, body);
  if ('status' in read) return read;
  // CHAT §2.3: no @-mention on this API.
  const message = new StoredMessage({ conversation: group.id, at: [], by: 'api', ...read });
  tenant.post(message);
  return ok({ processQueryKey: message.id });
}

function sendToPeople(tenant: Tenant, body: Json): ApiAnswer {
  const users = Array.isArray(body['userIds']) ? (body['userIds'] as unknown[]).map(textOf) : [];
  if (body['robotCode'] !== tenant.robotCode) return refuse(400, 'robot.oto.notExist');
  // CHAT §2.3: at most 20.
  if (users.length === 0 || users.length > 20)
    return refuse(400, 'invalidParameter.userIds.tooLong');
  const read = readMessage(tenant, body);
  if ('status' in read) return read;
  const known = users.filter((user) => tenant.people.has(user));
  if (known.length === 0) return refuse(400, 'robot.oto.staffNotExist');
  for (const user of known) {
    tenant.post(new StoredMessage({ conversation: `single:${user}`, at: [], by: 'api', ...read }));
  }
  // CHAT §2.3: HTTP 200 is not success for all.
  return ok({
    processQueryKey: 'oto',
    invalidStaffIdList: users.filter((user) => !tenant.people.has(user)),
    flowControlledStaffIdList: [],
  });
}

/** CHAT §2.3: the kinds of robot messages that the bot uses. */
function readMessage(
  tenant: Tenant,
  body: Json,
): Pick<StoredMessage, 'kind' | 'params'> | ApiAnswer {
  const param = textOf(body['msgParam']);
  // CHAT §2.3: msgParam ≤ 15 000 bytes.
  if (Buffer.byteLength(param, 'utf8') > cardBytesMax)
    return refuse(400, 'invalidParameter.msgParam.tooLong');
  const params = strings(objectOf(JSON.parse(param)));
  switch (body['msgKey']) {
    case 'sampleMarkdown': {
      const { title = '', text = '' } = params;
      if (title === '' || text === '') return refuse(400, 'invalidParameter.msgParam.invalid');
      return { kind: 'markdown', params: { title, text } };
    }
    case 'sampleImageMsg': {
      // CHAT §2.3: an address or a media id.
      const { photoURL = '' } = params;
      if (!/^https?:/u.test(photoURL) && !tenant.media.has(photoURL))
        return refuse(400, 'invalidParameter.msgParam.invalid');
      return { kind: 'image', params: { photoURL } };
    }
    default:
      return refuse(400, 'invalidParameter.msgKey.invalid');
  }
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function strings(values: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, textOf(value)]));
}
