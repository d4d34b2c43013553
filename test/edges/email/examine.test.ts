import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmailConfig } from '../../../src/edges/email/config.ts';
import { examineMail, sendTestMail } from '../../../src/edges/email/examine.ts';
import { type Postfix, startPostfix } from '../../servers/postfix.ts';
import { freePort } from '../../support/bot-process.ts';

/** Postfix starts as root only, as on every machine it delivers for. */
const asRoot = process.getuid?.() === 0;

describe.skipIf(!asRoot)('a real Postfix, examined', () => {
  let postfix: Postfix;

  beforeAll(async () => {
    postfix = await startPostfix({ recipients: { 'gone@ops.test': '550 5.1.1 no such mailbox' } });
  }, 60_000);

  afterAll(() => postfix.close());

  function config(change: Partial<EmailConfig> = {}): EmailConfig {
    const { host, port, user, password, certificates } = postfix;
    return {
      host,
      port,
      security: 'starttls',
      user,
      password,
      from: 'Nightkeeper <bot@nightkeeper.test>',
      caFile: certificates.caFile,
      ...change,
    };
  }

  it('lets the bot in, and gets no mail', async () => {
    const found = await examineMail(config());
    const overTls = await examineMail(config({ port: postfix.tlsPort, security: 'tls' }));

    expect(found).toMatchObject({ reached: 'ready', isEncrypted: true, hasLogin: true });
    expect(overTls).toMatchObject({ reached: 'ready', isEncrypted: true });
    expect(postfix.mails()).toEqual([]);
  });

  it('refuses a password, which is named nowhere', async () => {
    const found = await examineMail(config({ password: 'a-wrong-password' }));

    expect(found).toMatchObject({ reached: 'encrypted', reason: '535' });
    expect(JSON.stringify(found)).not.toContain('a-wrong-password');
  });

  it('shows a certificate that nobody here trusts', async () => {
    const { caFile: _, ...untrusting } = config();

    expect(await examineMail(untrusting)).toMatchObject({ reached: 'greeted' });
  });

  it('is not there on another port', async () => {
    expect(await examineMail(config({ port: await freePort() }))).toMatchObject({
      reached: 'nowhere',
      reason: 'ECONNREFUSED',
    });
  });

  it('takes a test mail that says what it is, or says why not', async () => {
    const text = { subject: 'Nightkeeper：测试邮件', body: 'Somebody asked for it.' };

    const sent = await sendTestMail(config(), 'ann@ops.test', text, Date.now());
    const refused = await sendTestMail(config(), 'gone@ops.test', text, Date.now());

    expect(sent).toEqual({ kind: 'said', value: undefined });
    const [mail] = await postfix.expect(1);
    expect(mail).toMatchObject({ recipient: 'ann@ops.test', headers: { subject: text.subject } });
    expect(mail?.text).toContain(text.body);
    expect(refused).toMatchObject({ kind: 'refused', code: expect.stringContaining('550') });
  });
});
