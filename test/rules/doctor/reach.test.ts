import { describe, expect, it } from 'vitest';
import { judgeMail, judgeReach, judgeSent } from '../../../src/rules/doctor/reach.ts';

const server = { host: 'mx.example.com', port: 587, hasLogin: true };

describe('the mail server', () => {
  it.each([
    [{ reached: 'ready', isEncrypted: true, tookMs: 5 }, 'mail'],
    [{ reached: 'ready', isEncrypted: false, tookMs: 5 }, 'mail-open'],
    [{ reached: 'nowhere', reason: 'ECONNREFUSED' }, 'mail-away'],
    [{ reached: 'greeted', reason: 'ETLS' }, 'mail-tls'],
    [{ reached: 'encrypted', reason: '535' }, 'mail-login'],
  ] as const)('that got as far as %o is %s', (far, code) => {
    expect(judgeMail({ ...server, ...far }).code).toBe(code);
  });

  it('of this machine may be without encryption', () => {
    const local = { ...server, host: '127.0.0.1', port: 25 };

    expect(judgeMail({ ...local, reached: 'ready', isEncrypted: false, tookMs: 1 }).code).toBe(
      'mail',
    );
  });

  it('took the test mail, or said why not', () => {
    expect(judgeSent('a@b', { kind: 'said', value: undefined }).code).toBe('mail-sent');
    expect(judgeSent('a@b', { kind: 'refused', code: '550 no such user' })).toMatchObject({
      code: 'mail-refused',
      facts: { reason: '550 no such user' },
    });
  });
});

describe('a webhook', () => {
  const to = { destination: 'hook', host: 'hooks.example.com', isTls: false };
  const silent = { kind: 'silent', reason: 'CERT_HAS_EXPIRED' } as const;

  it.each([
    [{ answer: { kind: 'said', value: { tookMs: 3 } } }, 'webhook'],
    [{ answer: silent }, 'webhook-away'],
    [{ answer: silent, isTls: true }, 'webhook-tls'],
  ] as const)('%o is %s', (far, code) => {
    expect(judgeReach({ ...to, ...far }).code).toBe(code);
  });
});
