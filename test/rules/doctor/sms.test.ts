import { describe, expect, it } from 'vitest';
import type { SmsFacts } from '../../../src/model/doctor-facts.ts';
import { words } from '../../../src/rules/card/words/words.ts';
import { balanceMin, judgeSms } from '../../../src/rules/doctor/sms.ts';

const ready = { kind: 'said', value: 'ready' } as const;

function facts(overrides: Partial<SmsFacts> = {}): SmsFacts {
  return {
    provider: 'Aliyun',
    account: { kind: 'said', value: undefined },
    sender: { name: '守夜人', answer: ready },
    templates: [{ code: 'SMS_1', answer: ready }],
    ...overrides,
  };
}

const codes = (overrides: Partial<SmsFacts>) =>
  judgeSms(facts(overrides)).map(({ code, outcome }) => `${code} ${outcome}`);

describe('what the doctor says of SMS', () => {
  it.each<readonly [Partial<SmsFacts>, readonly string[]]>([
    [{}, ['sms ok', 'sms-sender ok', 'sms-template ok']],
    [{ account: { kind: 'refused', code: 'SignatureDoesNotMatch' } }, ['sms-login wrong']],
    [{ account: { kind: 'silent', reason: 'ECONNREFUSED' } }, ['sms-away wrong']],
    [
      { account: { kind: 'refused', code: 'isp.RAM_PERMISSION_DENY' }, templates: [] },
      ['sms-cannot-look warning', 'sms-sender ok'],
    ],
    [
      { balance: { amount: balanceMin - 0.01, currency: 'USD' }, templates: [] },
      ['sms-balance-low warning', 'sms-sender ok'],
    ],
    [
      { balance: { amount: balanceMin, currency: 'USD' }, templates: [] },
      ['sms ok', 'sms-sender ok'],
    ],
    [
      { sender: { name: 'x', answer: { kind: 'said', value: 'unknown' } }, templates: [] },
      ['sms ok', 'sms-sender-unknown wrong'],
    ],
    [
      { sender: { name: 'x', answer: { kind: 'said', value: 'waiting' } }, templates: [] },
      ['sms ok', 'sms-sender-waiting wrong'],
    ],
    [
      { sender: { name: 'x', answer: { kind: 'said', value: 'unchecked' } }, templates: [] },
      ['sms ok', 'sms-sender-unchecked unchecked'],
    ],
    [
      { templates: [{ code: 'SMS_1', answer: { kind: 'said', value: 'waiting' } }] },
      ['sms ok', 'sms-sender ok', 'sms-template-waiting wrong'],
    ],
    [
      { templates: [{ code: 'SMS_1', answer: { kind: 'said', value: 'unknown' } }] },
      ['sms ok', 'sms-sender ok', 'sms-template-unknown wrong'],
    ],
    [
      { templates: [{ code: 'SMS_1', answer: { kind: 'said', value: 'other-variables' } }] },
      ['sms ok', 'sms-sender ok', 'sms-template-variables wrong'],
    ],
    [
      {
        templates: [
          { code: 'SMS_1', answer: { kind: 'refused', code: 'isp.RAM_PERMISSION_DENY' } },
        ],
      },
      ['sms ok', 'sms-sender ok', 'sms-template-unchecked unchecked'],
    ],
  ])('%#', (overrides, said) => {
    expect(codes(overrides)).toEqual(said);
  });

  it('says what is left, and the next step of each trouble, in both languages', () => {
    const [left] = judgeSms(facts({ balance: { amount: 12.345, currency: 'EUR' } }));
    const [low] = judgeSms(facts({ balance: { amount: 1, currency: 'EUR' } }));

    expect(words('en').doctor.checks.sms(left?.facts ?? {}).text).toContain('12.35 EUR left');
    expect(words('zh-CN').doctor.checks['sms-balance-low'](low?.facts ?? {})).toMatchObject({
      text: expect.stringContaining('1.00 EUR'),
      next: expect.stringContaining('充值'),
    });
  });
});
