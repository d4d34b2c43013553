import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type DingTalkStandIn, ops, startDingTalkStandIn } from '../../servers/dingtalk.ts';

type Json = Readonly<Record<string, unknown>>;

// The stand-in itself: what it refuses is what DingTalk refuses, so that a test that passes means something.
describe('the stand-in for DingTalk', () => {
  let dingtalk: DingTalkStandIn;

  beforeEach(async () => {
    dingtalk = await startDingTalkStandIn();
    dingtalk.addPeople('ann');
  });

  afterEach(() => dingtalk.close());

  async function send(
    method: string,
    path: string,
    body: Json,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: Json }> {
    const response = await fetch(`${dingtalk.apiUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Json };
  }

  async function call(method: string, path: string, body: Json) {
    const { clientId, clientSecret } = dingtalk.tenant;
    const { body: token } = await send('POST', '/v1.0/oauth2/accessToken', {
      appKey: clientId,
      appSecret: clientSecret,
    });
    return await send(method, path, body, {
      'x-acs-dingtalk-access-token': String(token['accessToken']),
    });
  }

  const aCard = (outTrackId: string, params: Json = { title: 't' }): Json => ({
    cardTemplateId: dingtalk.tenant.template,
    outTrackId,
    callbackType: 'STREAM',
    cardData: { cardParamMap: params },
    openSpaceId: `dtv1.card//IM_GROUP.${ops}`,
    imGroupOpenSpaceModel: {},
    imGroupOpenDeliverModel: { robotCode: dingtalk.tenant.robotCode },
  });
  const create = (body: Json) => call('POST', '/v1.0/card/instances/createAndDeliver', body);
  const change = (body: Json) => call('PUT', '/v1.0/card/instances', body);

  async function ticket(): Promise<{ readonly url: string; readonly status: number }> {
    const { clientId, clientSecret } = dingtalk.tenant;
    const { status, body } = await send(
      'POST',
      '/v1.0/gateway/connections/open',
      { clientId, clientSecret, subscriptions: [] },
      { accept: 'application/json' },
    );
    const sign = encodeURIComponent(String(body['ticket']));
    return { status, url: `${String(body['endpoint'])}?ticket=${sign}` };
  }

  const opens = (url: string): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.on('open', () => {
        resolve(true);
        socket.close();
      });
      socket.on('error', () => resolve(false));
    });

  it('gives tickets that open one socket, once, and only when they are encoded', async () => {
    const { url } = await ticket();
    const { url: other } = await ticket();

    expect(await opens(url)).toBe(true);
    expect(await opens(url)).toBe(false);
    expect(await opens(decodeURIComponent(other))).toBe(false);
  });

  it('gives no ticket to another secret, nor to who does not ask for JSON', async () => {
    const { clientId, clientSecret } = dingtalk.tenant;
    const path = '/v1.0/gateway/connections/open';
    const wrong = await send(
      'POST',
      path,
      { clientId, clientSecret: 'x' },
      { accept: 'application/json' },
    );
    const xml = await send('POST', path, { clientId, clientSecret }, { accept: 'text/xml' });

    expect([wrong.status, xml.status]).toEqual([401, 400]);
  });

  it('takes no token that it did not give, or that has ended', async () => {
    const stranger = await send(
      'PUT',
      '/v1.0/card/instances',
      {},
      {
        'x-acs-dingtalk-access-token': 'made-up',
      },
    );
    const secret = await send('POST', '/v1.0/oauth2/accessToken', { appKey: 'a', appSecret: 'b' });

    expect(stranger).toMatchObject({ status: 401, body: { code: 'InvalidAuthentication' } });
    expect(secret.status).toBe(400);
  });

  it.each([
    ['another template', { cardTemplateId: 'x.schema' }, 'param.templateNotExist'],
    ['another callback type', { callbackType: 'HTTP' }, 'param.callbackRouteKeyInvalid'],
    ['an id of 101 characters', { outTrackId: 'x'.repeat(101) }, 'param.outTrackIdInvalid'],
    [
      'a value that is no string',
      { cardData: { cardParamMap: { n: 1 } } },
      'param.cardParamMapNotString',
    ],
    [
      'a value of 1025 bytes',
      { cardData: { cardParamMap: { v: `${'中'.repeat(341)}xx` } } },
      'param.valueTooLong',
    ],
    [
      'a name of 101 bytes',
      { cardData: { cardParamMap: { ['k'.repeat(101)]: '' } } },
      'param.keyTooLong',
    ],
    ['another robot', { imGroupOpenDeliverModel: { robotCode: 'x' } }, 'robotCode.invalid'],
  ])('refuses a card with %s', async (_, change_, code) => {
    expect(await create({ ...aCard('k1'), ...change_ })).toMatchObject({
      status: 400,
      body: { code },
    });
  });

  it('refuses a card of more than 15,000 bytes altogether', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 16 }, (_, at) => [`v${at}`, 'x'.repeat(1000)]),
    );

    expect((await create(aCard('k1', many))).body).toMatchObject({ code: 'param.cardDataTooLong' });
  });

  it('makes one card of an id, and says of another group that it was not delivered', async () => {
    await create(aCard('k1'));
    const again = await create(aCard('k1'));
    const elsewhere = await create({
      ...aCard('k2'),
      openSpaceId: 'dtv1.card//IM_GROUP.cidOther==',
    });

    expect(again.body).toMatchObject({ code: 'param.cardAlreadyExist' });
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.body).toMatchObject({ result: { deliverResults: [{ success: false }] } });
    expect(dingtalk.messages(ops)).toHaveLength(1);
  });

  it('wipes what a change does not name, unless it is by key', async () => {
    await create(aCard('k1', { title: 't', state: 's' }));
    const [card] = dingtalk.messages(ops);

    await change({
      outTrackId: 'k1',
      cardData: { cardParamMap: { title: 'new' } },
      cardUpdateOptions: { updateCardDataByKey: true },
    });
    const byKey = { ...card?.params };
    await change({ outTrackId: 'k1', cardData: { cardParamMap: { title: 'only' } } });

    expect(byKey).toEqual({ title: 'new', state: 's' });
    expect(card?.params).toEqual({ title: 'only' });
    expect((await change({ outTrackId: 'none' })).body).toMatchObject({
      code: 'param.cardNotExist',
    });
  });

  it('limits the parameter of a robot message, and the people of one', async () => {
    const { robotCode } = dingtalk.tenant;
    const text = (bytes: number) => JSON.stringify({ title: 't', text: 'x'.repeat(bytes) });
    const message = { robotCode, msgKey: 'sampleMarkdown' };
    const group = await call('POST', '/v1.0/robot/groupMessages/send', {
      ...message,
      openConversationId: ops,
      msgParam: text(15_000),
    });
    const many = await call('POST', '/v1.0/robot/oToMessages/batchSend', {
      ...message,
      userIds: Array.from({ length: 21 }, (_, at) => `u${at}`),
      msgParam: text(10),
    });
    const some = await call('POST', '/v1.0/robot/oToMessages/batchSend', {
      ...message,
      userIds: ['ann', 'nobody'],
      msgParam: text(10),
    });

    expect(group.body).toMatchObject({ code: 'invalidParameter.msgParam.tooLong' });
    expect(many.status).toBe(400);
    expect(some).toMatchObject({ status: 200, body: { invalidStaffIdList: ['nobody'] } });
  });

  it('counts the calls of the month, and refuses beyond', async () => {
    dingtalk.tenant.quota.calls = 1;

    await create(aCard('k1'));
    const second = await create(aCard('k2'));

    expect(second).toMatchObject({
      status: 403,
      body: { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' },
    });
  });

  it('refuses more than 20 calls of one API in a second', async () => {
    const { clientId, clientSecret } = dingtalk.tenant;
    const { body } = await send('POST', '/v1.0/oauth2/accessToken', {
      appKey: clientId,
      appSecret: clientSecret,
    });
    const headers = { 'x-acs-dingtalk-access-token': String(body['accessToken']) };
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, at) =>
        send('POST', '/v1.0/card/instances/createAndDeliver', aCard(`k${at}`), headers),
      ),
    );

    const limited = answers.filter(({ status }) => status === 403);
    expect(limited).toHaveLength(5);
    expect(limited[0]?.body).toMatchObject({ code: expect.stringContaining('QpsLimit') as string });
  });

  describe('as a custom robot', () => {
    const message = { msgtype: 'markdown', markdown: { title: 't', text: 'ZooKeeper' } };

    function signed(url: string, secret: string, atMs: number): string {
      const sign = createHmac('sha256', secret).update(`${atMs}\n${secret}`).digest('base64');
      return `${url}&timestamp=${atMs}&sign=${encodeURIComponent(sign)}`.replace(
        dingtalk.apiUrl,
        '',
      );
    }

    it('takes what is signed within the hour', async () => {
      const { url } = dingtalk.addRobot(ops, { secret: 'SEC1' });
      const right = await send('POST', signed(url, 'SEC1', Date.now()), message);
      const old = await send('POST', signed(url, 'SEC1', Date.now() - 3_700_000), message);
      const forged = await send('POST', signed(url, 'SEC2', Date.now()), message);

      expect([right, old, forged].map(({ body }) => body['errcode'])).toEqual([
        0, 310_000, 310_000,
      ]);
    });

    it('wants its keyword, and no more than 20,000 bytes', async () => {
      const { url } = dingtalk.addRobot(ops, { keyword: '告警' });
      const path = url.replace(dingtalk.apiUrl, '');
      const long = { ...message, markdown: { title: 't', text: '告警'.repeat(5000) } };

      expect((await send('POST', path, message)).body).toMatchObject({ errcode: 310_000 });
      expect((await send('POST', path, long)).body).toMatchObject({ errcode: 460_101 });
    });

    it('shuts out who sends more than 20 in a minute, for ten minutes', async () => {
      const { url } = dingtalk.addRobot(ops);
      const path = url.replace(dingtalk.apiUrl, '');
      const codes: unknown[] = [];
      for (let index = 0; index < 21; index += 1)
        codes.push((await send('POST', path, message)).body['errcode']);
      dingtalk.skewMs = 9 * 60_000;
      codes.push((await send('POST', path, message)).body['errcode']);
      dingtalk.skewMs = 11 * 60_000;
      codes.push((await send('POST', path, message)).body['errcode']);

      expect(codes.slice(19)).toEqual([0, 410_100, 410_100, 0]);
    });

    it('calls only who stands in the text too', async () => {
      const { url } = dingtalk.addRobot(ops);
      const at = { atUserIds: ['ann'] };

      await send('POST', url.replace(dingtalk.apiUrl, ''), { ...message, at });

      expect(dingtalk.messages(ops)[0]?.at).toEqual([]);
    });
  });
});
