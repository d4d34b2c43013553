import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AliyunConfig, TwilioConfig } from '../../../src/edges/sms/config.ts';
import { examineSms } from '../../../src/edges/sms/examine.ts';
import {
  type AliyunStandIn,
  startAliyun,
  startTwilio,
  type TwilioStandIn,
} from '../../servers/sms.ts';

const nowMs = Date.now();

describe('Twilio, examined', () => {
  let server: TwilioStandIn;

  beforeEach(async () => {
    server = await startTwilio();
  });

  afterEach(() => server.close());

  async function examine(change: Partial<TwilioConfig> = {}) {
    const { accountSid, authToken, from, url: apiUrl } = server;
    const twilio = { accountSid, authToken, from, apiUrl, ...change };
    return await examineSms({ twilio }, nowMs);
  }

  it('lets the bot in, knows the sender, says what is left, and sends nothing', async () => {
    expect(await examine()).toEqual({
      provider: 'Twilio',
      account: { kind: 'said', value: undefined },
      balance: { amount: 12.34, currency: 'USD' },
      sender: { name: server.from, answer: { kind: 'said', value: 'ready' } },
      templates: [],
    });
    expect(server.messages).toEqual([]);
  });

  it('knows numbers and messaging services of this account only', async () => {
    const other = await examine({ from: '+15005550009' });
    const { from: _, ...config } = { from: '', messagingService: server.service };
    const service = await examine(config);
    const gone = await examine({ ...config, messagingService: `MG${'0'.repeat(32)}` });

    expect(other.sender.answer).toEqual({ kind: 'said', value: 'unknown' });
    expect(service.sender.answer).toEqual({ kind: 'said', value: 'ready' });
    expect(gone.sender.answer).toEqual({ kind: 'said', value: 'unknown' });
  });

  it('cannot tell of a name who takes it', async () => {
    const { sender } = await examine({ from: 'Nightkeeper' });

    expect(sender).toEqual({ name: 'Nightkeeper', answer: { kind: 'said', value: 'unchecked' } });
  });

  it('refuses a token, which is named nowhere', async () => {
    const facts = await examine({ authToken: 'a-wrong-token' });

    expect(facts.account).toEqual({ kind: 'refused', code: '20003' });
    expect(JSON.stringify(facts)).not.toContain('a-wrong-token');
  });

  it('is not there', async () => {
    await server.close();

    expect((await examine()).account).toEqual({ kind: 'silent', reason: 'ECONNREFUSED' });
  });
});

describe('Aliyun, examined', () => {
  let server: AliyunStandIn;

  beforeEach(async () => {
    server = await startAliyun();
  });

  afterEach(() => server.close());

  async function examine(change: Partial<AliyunConfig> = {}) {
    const { accessKeyId, accessKeySecret, signName, templates, url: apiUrl } = server;
    const perNumber = { minute: 1, hour: 5, day: 10 };
    return await examineSms(
      {
        aliyun: { accessKeyId, accessKeySecret, signName, templates, perNumber, apiUrl, ...change },
      },
      nowMs,
    );
  }

  it('lets the bot in, knows signature and templates, and sends nothing', async () => {
    const ready = { kind: 'said', value: 'ready' };

    const facts = await examine();

    expect(facts.account.kind).toBe('said');
    expect(facts.sender).toEqual({ name: '守夜人', answer: ready });
    expect(facts.templates.map(({ answer }) => answer)).toEqual([ready, ready]);
    expect(server.messages).toEqual([]);
  });

  it('does not know what is not there, and has not approved what waits', async () => {
    server.unapprove(server.templates.en);

    const facts = await examine({
      signName: '别人',
      templates: { 'zh-CN': 'SMS_999', en: server.templates.en },
    });

    expect(facts.sender.answer).toEqual({ kind: 'said', value: 'unknown' });
    expect(facts.templates).toEqual([
      { code: 'SMS_999', answer: { kind: 'said', value: 'unknown' } },
      { code: server.templates.en, answer: { kind: 'said', value: 'waiting' } },
    ]);
  });

  it('says of a template that it wants what the bot does not have', async () => {
    const facts = await examine({ templates: { en: server.strangeTemplate } });

    expect(facts.templates[0]?.answer).toEqual({ kind: 'said', value: 'other-variables' });
  });

  it('may send, and not look', async () => {
    server.forbidReading();

    const facts = await examine();

    expect(facts.account.kind).toBe('said');
    expect(facts.sender.answer).toEqual({ kind: 'refused', code: 'isp.RAM_PERMISSION_DENY' });
  });

  it('refuses a key, which is named nowhere', async () => {
    const facts = await examine({ accessKeySecret: 'a-wrong-secret' });

    expect(facts.account).toEqual({ kind: 'refused', code: 'SignatureDoesNotMatch' });
    expect(JSON.stringify(facts)).not.toContain('a-wrong-secret');
  });

  it('is not there', async () => {
    await server.close();

    expect((await examine()).account).toEqual({ kind: 'silent', reason: 'ECONNREFUSED' });
  });
});
