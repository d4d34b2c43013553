import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putOffTriesMax, settleMs } from '../../../src/edges/sms/limits.ts';
import { createSmsChannel } from '../../../src/edges/sms/sms.ts';
import type { DeliveryError } from '../../../src/model/errors.ts';
import type { Channel, Delivery } from '../../../src/ports/channel.ts';
import {
  type AliyunStandIn,
  startAliyun,
  startTwilio,
  type TwilioStandIn,
} from '../../servers/sms.ts';
import { aCard, aDestination, aLine } from '../../support/cards.ts';
import { createFakeClock } from '../../support/clock.ts';
import { recordingLog } from '../../support/log.ts';
import { createMemoryShortMemory } from '../../support/memory/short-memory.ts';

const ann = '+41790000001';
const bo = '+41790000002';

const aCall = (text = 'Please look', mention: readonly string[] = []): Delivery => ({
  kind: 'speak',
  card: aCard(),
  line: aLine({ text, mention }),
  thread: {},
});

const anEnd: Delivery = {
  kind: 'speak',
  card: aCard({ tone: 'resolved', title: 'orders: quorum is back' }),
  line: aLine({ text: 'Resolved after 5 min', mention: [] }),
  thread: {},
};

async function failure(sent: Promise<unknown>): Promise<DeliveryError | undefined> {
  return await sent.then(
    () => undefined,
    (error: unknown) => error as DeliveryError,
  );
}

describe('SMS by Twilio', () => {
  let server: TwilioStandIn;
  let channel: Channel;
  let anotherReplica: Channel;
  const clock = createFakeClock();
  let log = recordingLog();

  const phones = aDestination({ id: 'phones', channel: 'sms', address: ann });
  const both = { ...phones, address: `${ann},${bo}` };
  const onlyCalled = { ...phones, address: '' };

  beforeEach(async () => {
    server = await startTwilio();
    server.nowMs = () => clock.now();
    log = recordingLog();
    const memory = createMemoryShortMemory(clock);
    const { accountSid, authToken, from, url: apiUrl } = server;
    const config = { twilio: { accountSid, authToken, from, apiUrl } };
    const make = () => createSmsChannel({ config, memory, clock, log, timeoutMs: 1000 });
    channel = make();
    anotherReplica = make();
  });

  afterEach(() => server.close());

  it('says what it is: calls only, and nothing it could edit', () => {
    expect(channel).toMatchObject({ name: 'sms', edits: false, digests: true, calls: true });
  });

  it('sends again only after it has asked what became of a lost message', async () => {
    server.next({ kind: 'reset-after' });
    const first = await failure(channel.deliver(aCall(), phones, 'k1'));

    const tooSoon = await failure(anotherReplica.deliver(aCall(), phones, 'k1'));
    await clock.advance(settleMs);
    await anotherReplica.deliver(aCall(), phones, 'k1');

    expect(first).toMatchObject({ code: 'delivery-unknown', retryAfterMs: settleMs });
    expect(tooSoon).toMatchObject({ code: 'delivery-unknown' });
    expect(server.messages).toHaveLength(1);
  });

  it('knows a lost message again although the words have changed since', async () => {
    server.next({ kind: 'reset-after' });
    await failure(channel.deliver(aCall('2 of 3 voters serve'), phones, 'k1'));
    await clock.advance(settleMs);

    await channel.deliver(aCall('1 of 3 voters serves (1 min late)'), phones, 'k1');

    expect(server.messages).toHaveLength(1);
  });

  it('sends again what never arrived', async () => {
    server.next({ kind: 'reset-before' });
    const lost = await failure(channel.deliver(aCall(), phones, 'k1'));
    await clock.advance(settleMs);

    await channel.deliver(aCall(), phones, 'k1');

    expect(lost?.code).toBe('delivery-unknown');
    expect(server.messages).toHaveLength(1);
  });

  it('does not take an earlier message of the same words for the lost one', async () => {
    await channel.deliver(aCall(), phones, 'k0');
    await clock.advance(10 * 60_000);
    server.next({ kind: 'reset-before' });
    await failure(channel.deliver(aCall(), phones, 'k1'));
    await clock.advance(settleMs);

    await channel.deliver(aCall(), phones, 'k1');

    expect(server.messages).toHaveLength(2);
  });

  it('gives the others their message where one number is refused', async () => {
    server.unsubscribe(ann);

    await channel.deliver(aCall(), both, 'k1');

    expect(server.messages.map(({ to }) => to)).toEqual([bo]);
    expect(log.messages('warn')).toEqual(['a phone number was refused']);
    expect(inspect(log.lines)).toContain('21610');
    expect(inspect(log.lines)).not.toContain(ann);
  });

  it('is refused where no number takes it, and begins anew with the next try', async () => {
    server.unsubscribe(ann);

    const first = await failure(channel.deliver(aCall(), phones, 'k1'));
    const second = await failure(channel.deliver(aCall(), phones, 'k1'));

    expect(first?.code).toBe('delivery-refused');
    expect(second?.code).toBe('delivery-refused');
    expect(first?.message).not.toContain(ann);
  });

  it('tries again only for those who do not have it', async () => {
    await channel.deliver(aCall(), phones, 'k0');
    server.next({ kind: 'answer', answer: { status: 201, body: { sid: 'SM1' } } });
    server.next({ kind: 'answer', answer: { status: 503, body: 'busy' } });
    const first = await failure(channel.deliver(aCall(), both, 'k1'));

    await channel.deliver(aCall(), both, 'k1');

    expect(first?.code).toBe('delivery-temporary');
    expect(server.messages.slice(1).map(({ to }) => to)).toEqual([bo]);
  });

  it('lets it be after a few tries where others have it', async () => {
    server.next({ kind: 'answer', answer: { status: 201, body: { sid: 'SM1' } } });
    server.next({ kind: 'answer', answer: { status: 503, body: 'busy' } }, putOffTriesMax);

    const tries: (string | undefined)[] = [];
    for (let each = 0; each < putOffTriesMax; each += 1)
      tries.push((await failure(channel.deliver(aCall(), both, 'k1')))?.code);

    expect(tries.at(-1)).toBeUndefined();
    expect(tries.slice(0, -1)).toEqual(
      Array.from({ length: putOffTriesMax - 1 }, () => 'delivery-temporary'),
    );
    expect(log.messages('warn')).toContain('some phone numbers get no SMS');
  });

  it('calls by phone whom it names, and tells those that it is over', async () => {
    await channel.deliver(aCall('Please look', [bo, 'not a number', bo]), onlyCalled, 'k1');
    await channel.deliver(anEnd, onlyCalled, 'k2');

    expect(server.messages.map(({ to }) => to)).toEqual([bo, bo]);
    expect(server.messages[1]?.body).toMatch(/^#12 Resolved/u);
  });

  it('cannot call where nobody has a phone, and says so; the end is told to nobody then', async () => {
    const call = await failure(channel.deliver(aCall(), onlyCalled, 'k1'));
    const end = await failure(channel.deliver(anEnd, onlyCalled, 'k2'));

    expect(call).toMatchObject({ code: 'delivery-refused' });
    expect(call?.message).toContain('nobody who is called has a phone');
    expect(end).toBeUndefined();
  });

  it('keeps a second between two messages of its sender', async () => {
    await channel.deliver(aCall(), both, 'k1');

    const [first, second] = server.messages.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it('speaks of the bot itself with nothing but the network', async () => {
    const what = { text: 'Nightkeeper is blind: Redis is away', tone: 'critical' } as const;

    await channel.announce?.(what, phones, 'k1', undefined);

    expect(server.messages.map(({ body }) => body)).toEqual([what.text]);
  });

  it('finds its message among those of a trial account', async () => {
    const trial = await startTwilio({ isTrial: true });
    trial.nowMs = () => clock.now();
    const { accountSid, authToken, from, url: apiUrl } = trial;
    const config = { twilio: { accountSid, authToken, from, apiUrl } };
    const memory = createMemoryShortMemory(clock);
    const ofTrial = createSmsChannel({ config, memory, clock, log, timeoutMs: 1000 });
    trial.next({ kind: 'reset-after' });
    await failure(ofTrial.deliver(aCall(), phones, 'k1'));
    await clock.advance(settleMs);

    await ofTrial.deliver(aCall(), phones, 'k1');
    const { messages } = trial;
    await trial.close();

    expect(messages).toHaveLength(1);
  });

  it('takes an answer that is no JSON for a lost one', async () => {
    server.next({ kind: 'answer', answer: { status: 200, body: '<html>proxy</html>' } });

    expect(await failure(channel.deliver(aCall(), phones, 'k1'))).toMatchObject({
      code: 'delivery-unknown',
    });
  });
});

describe('SMS by Aliyun', () => {
  let server: AliyunStandIn;
  let channel: Channel;
  const clock = createFakeClock();
  let log = recordingLog();

  const wei = '+8613800138000';
  const li = '+8613800138001';
  const phones = aDestination({ id: 'phones', channel: 'sms', address: wei, language: 'zh-CN' });

  beforeEach(async () => {
    server = await startAliyun();
    server.nowMs = () => clock.now();
    log = recordingLog();
    const { accessKeyId, accessKeySecret, signName, templates, url: apiUrl } = server;
    const perNumber = { minute: 1, hour: 5, day: 10 };
    channel = createSmsChannel({
      config: {
        aliyun: { accessKeyId, accessKeySecret, signName, templates, perNumber, apiUrl },
      },
      memory: createMemoryShortMemory(clock),
      clock,
      log,
      timeoutMs: 1000,
    });
  });

  afterEach(() => server.close());

  it('fills in the template of the language', async () => {
    await channel.deliver(aCall(), phones, 'k1');
    await clock.advance(60_000);
    await channel.deliver(aCall(), { ...phones, language: 'en' }, 'k2');

    expect(server.messages.map(({ template }) => template)).toEqual([
      'SMS_100000001',
      'SMS_100000002',
    ]);
    expect(server.messages[0]).toMatchObject({ number: '13800138000' });
    expect(server.messages[1]?.text).toContain('ensemble orders: Please look. State: open.');
  });

  it('asks by its own id what became of a lost message', async () => {
    server.next({ kind: 'reset-after' });
    await failure(channel.deliver(aCall(), phones, 'k1'));
    await clock.advance(settleMs);

    await channel.deliver(aCall('something else by now'), phones, 'k1');

    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]?.outId).toMatch(/^[0-9a-f]{24}$/u);
  });

  it('gives a number no more in a minute than it may have, and says when to come back', async () => {
    await channel.deliver(aCall(), phones, 'k1');
    await clock.advance(20_000);

    const full = await failure(channel.deliver(aCall(), phones, 'k2'));
    await clock.advance(40_000);
    await channel.deliver(aCall(), phones, 'k2');

    expect(full).toMatchObject({ code: 'delivery-rate-limited', retryAfterMs: 40_000 });
    expect(full?.message).not.toContain('13800138000');
    expect(server.messages).toHaveLength(2);
  });

  it('gives a number no more in an hour, and keeps the last one for a call', async () => {
    for (let each = 1; each <= 4; each += 1) {
      await channel.deliver(aCall(), phones, `k${each}`);
      await clock.advance(61_000);
    }

    await channel.deliver(anEnd, phones, 'end');
    const before = server.messages.length;
    await channel.deliver(aCall(), phones, 'k5');
    await clock.advance(61_000);
    const full = await failure(channel.deliver(aCall(), phones, 'k6'));

    expect(before).toBe(4);
    expect(server.messages).toHaveLength(5);
    expect(full?.code).toBe('delivery-rate-limited');
    expect(full?.retryAfterMs).toBeGreaterThan(50 * 60_000);
  });

  it('goes without a number that has had too many, where others have it', async () => {
    for (let each = 1; each <= 5; each += 1) {
      await channel.deliver(aCall(), { ...phones, address: li }, `k${each}`);
      await clock.advance(61_000);
    }

    await channel.deliver(aCall(), { ...phones, address: `${wei},${li}` }, 'k6');

    expect(server.messages.at(-1)?.number).toBe('13800138000');
    expect(log.messages('warn')).toEqual(['a phone number has had too many SMS']);
  });

  it('believes Aliyun that a number is full, whoever filled it', async () => {
    server.refuse('isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5');

    const full = await failure(channel.deliver(aCall(), phones, 'k1'));

    expect(full).toMatchObject({ code: 'delivery-rate-limited', retryAfterMs: 3_600_000 });
  });

  it('reads a refusal inside of HTTP 200', async () => {
    server.refuse('isv.AMOUNT_NOT_ENOUGH', '账户余额不足');

    const refused = await failure(channel.deliver(aCall(), phones, 'k1'));

    expect(refused).toMatchObject({ code: 'delivery-refused' });
    expect(refused?.message).toBe('Aliyun answered isv.AMOUNT_NOT_ENOUGH: 账户余额不足');
  });

  it('is refused with a wrong secret, which is named nowhere', async () => {
    const { accessKeyId, signName, templates, url: apiUrl } = server;
    const perNumber = { minute: 1, hour: 5, day: 10 };
    const accessKeySecret = 'quite-another-secret';
    const stranger = createSmsChannel({
      config: {
        aliyun: { accessKeyId, accessKeySecret, signName, templates, perNumber, apiUrl },
      },
      memory: createMemoryShortMemory(clock),
      clock,
      log,
    });

    const refused = await failure(stranger.deliver(aCall(), phones, 'k1'));

    expect(refused).toMatchObject({ code: 'delivery-refused' });
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain(accessKeySecret);
    expect(server.strangers).toBe(1);
    expect(server.messages).toEqual([]);
  });
});
