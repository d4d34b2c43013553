import { createSmsChannel } from '../../../src/edges/sms/sms.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import { startAliyun, startTwilio } from '../../servers/sms.ts';
import { aDestination } from '../../support/cards.ts';
import { quietLog } from '../../support/log.ts';
import { createMemoryShortMemory } from '../../support/memory/short-memory.ts';
import { realClock } from '../../support/real-clock.ts';
import { aliyunPhones, twilioPhones } from './phones.ts';

channelContract('SMS by Twilio', async () => {
  const server = await startTwilio();
  const { accountSid, authToken, from, url } = server;
  const limited = { code: 20429, message: 'Too Many Requests', status: 429 };
  return {
    channel: createSmsChannel({
      config: { twilio: { accountSid, authToken, from, apiUrl: url } },
      memory: createMemoryShortMemory(realClock),
      clock: realClock,
      log: quietLog,
      timeoutMs: 1000,
    }),
    destination: aDestination({ id: 'phones', channel: 'sms', address: '+41791234567' }),
    handle: '+41797654321',
    cards: () => Promise.resolve(twilioPhones(server)),
    limitRate: () =>
      server.next({
        kind: 'answer',
        answer: { status: 429, body: limited, headers: { 'retry-after': '2' } },
      }),
    refuse: () => server.lock(),
    loseAnswer: () => server.next({ kind: 'reset-after' }),
    hang: () => server.next({ kind: 'hang' }),
    unplug: () => server.close(),
    secrets: [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64'), '1234567'],
    close: () => server.close(),
  };
});

channelContract('SMS by Aliyun', async () => {
  const permits = { minute: 50, hour: 50, day: 50 };
  const server = await startAliyun(permits);
  const { accessKeyId, accessKeySecret, signName, templates, url } = server;
  const config = { accessKeyId, accessKeySecret, signName, templates, perNumber: permits };
  const throttled = { Code: 'Throttling.User', Message: 'Request was denied', RequestId: 'R-1' };
  return {
    channel: createSmsChannel({
      config: { aliyun: { ...config, apiUrl: url } },
      memory: createMemoryShortMemory(realClock),
      clock: realClock,
      log: quietLog,
      timeoutMs: 1000,
    }),
    destination: aDestination({ id: 'phones', channel: 'sms', address: '+8613800138000' }),
    handle: '+8613800138001',
    cards: () => Promise.resolve(aliyunPhones(server)),
    limitRate: () =>
      server.next({
        kind: 'answer',
        answer: { status: 400, body: throttled, headers: { 'x-acs-retry-after': '1500' } },
      }),
    refuse: () => server.refuse('isv.OUT_OF_SERVICE', '业务停机'),
    loseAnswer: () => server.next({ kind: 'reset-after' }),
    hang: () => server.next({ kind: 'hang' }),
    unplug: () => server.close(),
    secrets: [accessKeySecret, '13800138000'],
    close: () => server.close(),
  };
});
