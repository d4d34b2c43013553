import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aliyunApi } from '../../../src/edges/sms/aliyun.ts';
import { twilioClient } from '../../../src/edges/sms/twilio.ts';
import {
  type AliyunStandIn,
  startAliyun,
  startTwilio,
  type TwilioStandIn,
} from '../../servers/sms.ts';

const sound = { level: 'Page', code: '12', ensemble: 'orders', what: 'quorum lost', state: 'open' };

describe('the stand-in of Aliyun, asked by the official package', () => {
  let server: AliyunStandIn;

  beforeEach(async () => {
    server = await startAliyun();
  });

  afterEach(() => server.close());

  /** Aliyun's word for one message that differs from a sound one. */
  async function send(change: Readonly<Record<string, string>> = {}) {
    const { accessKeyId, accessKeySecret, signName, templates, url: apiUrl } = server;
    const perNumber = { minute: 1, hour: 5, day: 10 };
    const config = { accessKeyId, accessKeySecret, signName, templates, perNumber, apiUrl };
    const { client, requests } = await aliyunApi(config);
    const { body } = await client.sendSms(
      new requests.SendSmsRequest({
        phoneNumbers: '13800138000',
        signName,
        templateCode: templates.en,
        templateParam: JSON.stringify(sound),
        ...change,
      }),
    );
    return body?.code;
  }

  const having = (variables: Readonly<Record<string, unknown>>) => ({
    templateParam: JSON.stringify({ ...sound, ...variables }),
  });

  it.each([
    ['a sound message', {}, 'OK'],
    ['a number with a plus', { phoneNumbers: '+8613800138000' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['a strange signature', { signName: '别人' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['a strange template', { templateCode: 'SMS_9' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['no JSON', { templateParam: '{' }, 'isv.INVALID_JSON_PARAM'],
    ['a missing variable', having({ what: undefined }), 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['an empty variable', having({ what: '' }), 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['a variable too long', having({ what: '长'.repeat(36) }), 'isv.PARAM_LENGTH_LIMIT'],
    ['an address', having({ what: 'see https://a.example' }), 'isv.PARAM_NOT_SUPPORT_URL'],
    ['a host', having({ what: 'zk1.example.com is down' }), 'isv.PARAM_NOT_SUPPORT_URL'],
    ['brackets of a signature', having({ what: '【x】' }), 'isv.TEMPLATE_PARAMS_ILLEGAL'],
  ])('answers %s so: %s', async (_, change, code) => {
    expect(await send(change as Readonly<Record<string, string>>)).toBe(code);
    expect(server.messages).toHaveLength(code === 'OK' ? 1 : 0);
  });

  it('takes one message in a minute for a number and template, and five in an hour', async () => {
    let nowMs = Date.now();
    server.nowMs = () => nowMs;
    const codes = [await send(), await send()];

    for (let each = 0; each < 5; each += 1) {
      nowMs += 61_000;
      codes.push(await send());
    }

    const full = 'isv.BUSINESS_LIMIT_CONTROL';
    expect(codes).toEqual(['OK', full, 'OK', 'OK', 'OK', 'OK', full]);
  });

  it('takes nothing without a signature', async () => {
    const response = await fetch(`${server.url}/?PhoneNumbers=13800138000`, {
      method: 'POST',
      headers: { 'x-acs-action': 'SendSms' },
    });

    expect(response.status).toBe(400);
    expect(server.strangers).toBe(1);
  });
});

describe('the stand-in of Twilio, asked by the official package', () => {
  let server: TwilioStandIn;

  beforeEach(async () => {
    server = await startTwilio();
  });

  afterEach(() => server.close());

  async function send(change: Readonly<Record<string, string>>): Promise<number | undefined> {
    const { accountSid, authToken, from, url: apiUrl } = server;
    const client = await twilioClient({ accountSid, authToken, from, apiUrl });
    return await client.messages.create({ to: '+41791234567', from, body: 'x', ...change }).then(
      () => undefined,
      ({ code }: { readonly code?: number }) => code,
    );
  }

  it.each([
    ['a sound message', {}, undefined],
    ['a number that is none', { to: '0791234567' }, 21211],
    ['a number of somebody else', { from: '+15005550009' }, 21606],
    ['no words', { body: '' }, 21602],
    ['too many words', { body: 'x'.repeat(1601) }, 21617],
  ])('answers %s so: %s', async (_, change, code) => {
    expect(await send(change)).toBe(code);
  });

  it('takes the same message twice for two', async () => {
    await send({});
    await send({});

    expect(server.messages).toHaveLength(2);
  });

  it('takes nothing without the token', async () => {
    const { url, accountSid } = server;
    const response = await fetch(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST',
      body: new URLSearchParams({ To: '+41791234567', From: server.from, Body: 'x' }),
    });

    expect(response.status).toBe(401);
    expect(server.messages).toEqual([]);
  });
});
