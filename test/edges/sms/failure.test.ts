import { describe, expect, it } from 'vitest';
import { aliyunOutcome, networkOutcome, twilioOutcome } from '../../../src/edges/sms/failure.ts';

const kindOf = (outcome: ReturnType<typeof twilioOutcome>): string =>
  'ofNumber' in outcome && outcome.ofNumber ? `${outcome.kind} of number` : outcome.kind;

describe('what an answer of Twilio means', () => {
  it.each([
    [400, '21211', 'refused of number'],
    [400, '21610', 'refused of number'],
    [400, '21614', 'refused of number'],
    [400, '21408', 'refused of number'],
    [400, '21603', 'refused'],
    [400, '21617', 'refused'],
    [401, '20003', 'refused'],
    [403, '20005', 'refused'],
    [404, '20404', 'refused'],
    [429, '20429', 'limited'],
    [429, '', 'limited'],
    [400, '21611', 'limited'],
    [500, '20500', 'unknown'],
    [502, '', 'unknown'],
    [503, '20503', 'temporary'],
    [504, '', 'unknown'],
  ])('%i %s: %s', (status, code, kind) => {
    expect(kindOf(twilioOutcome({ status, code, message: 'm' }))).toBe(kind);
  });

  it('waits as long as it says, within an hour', () => {
    const wait = (retryAfterMs?: number) => {
      const told = retryAfterMs === undefined ? {} : { retryAfterMs };
      const outcome = twilioOutcome({ status: 429, code: '', message: '', ...told });
      return outcome.kind === 'limited' ? outcome.waitMs : -1;
    };

    expect([wait(2_000), wait(), wait(0), wait(9e9)]).toEqual([2_000, 5_000, 500, 3_600_000]);
  });

  it('is told without numbers of people and accounts', () => {
    const message = `The 'To' number +41 79 123 45 67 of AC${'0a'.repeat(16)} is not\nvalid`;

    expect(twilioOutcome({ status: 400, code: '21211', message })).toMatchObject({
      reason: "Twilio answered 21211: The 'To' number … of … is not valid",
    });
  });
});

describe('what an answer of Aliyun means', () => {
  it.each([
    [200, 'OK', 'OK', 'sent'],
    [200, 'isv.MOBILE_NUMBER_ILLEGAL', '非法手机号', 'refused of number'],
    [200, 'isv.OUT_OF_SERVICE', '业务停机', 'refused'],
    [200, 'isv.AMOUNT_NOT_ENOUGH', '余额不足', 'refused'],
    [200, 'isv.SMS_TEMPLATE_ILLEGAL', '模板', 'refused'],
    [200, 'isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1', 'limited of number'],
    [200, 'isv.DAY_LIMIT_CONTROL', '触发日发送限额', 'limited'],
    [200, 'isp.SYSTEM_ERROR', '系统错误', 'unknown'],
    [200, '', '', 'refused'],
    [400, 'Throttling.User', 'denied', 'limited'],
    [400, 'SignatureDoesNotMatch', 'no', 'refused'],
    [404, 'InvalidAccessKeyId.NotFound', 'no', 'refused'],
    [500, 'InternalError', 'no', 'unknown'],
    [503, 'ServiceUnavailable', 'no', 'temporary'],
    [502, '', '<html>', 'unknown'],
  ])('%i %s %s: %s', (status, code, message, kind) => {
    expect(kindOf(aliyunOutcome({ status, code, message }))).toBe(kind);
  });

  it.each([
    ['触发分钟级流控Permits:1', 60_000],
    ['触发小时级流控Permits:5', 3_600_000],
    ['触发天级流控Permits:10', 3_600_000],
    ['something new', 60_000],
  ])('waits for the span that is full: %s', (message, waitMs) => {
    const code = 'isv.BUSINESS_LIMIT_CONTROL';

    expect(aliyunOutcome({ status: 200, code, message })).toMatchObject({ waitMs });
  });
});

describe('what it means that there was no answer', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'temporary'],
    [Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'temporary'],
    [
      new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) }),
      'temporary',
    ],
    [Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'unknown'],
    [Object.assign(new Error('x'), { name: 'RequestTimeoutError' }), 'unknown'],
    ['not even an error', 'unknown'],
  ])('%#', (error, kind) => {
    expect(networkOutcome('Twilio', error).kind).toBe(kind);
  });

  it('never tells the words of an error, which may hold the whole request', () => {
    const error = new Error('POST https://api/?PhoneNumbers=13800138000&Signature=s3cret failed');

    expect(networkOutcome('Aliyun', error)).toEqual({
      kind: 'unknown',
      reason: 'Aliyun did not answer: Error',
    });
  });
});
