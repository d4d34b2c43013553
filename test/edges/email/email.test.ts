import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/clock.ts';
import type { EmailConfig } from '../../../src/edges/email/config.ts';
import { createEmailChannel } from '../../../src/edges/email/email.ts';
import { putOffTriesMax } from '../../../src/edges/email/limits.ts';
import type { Channel, Delivery } from '../../../src/ports/channel.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import { type SmtpStandIn, startSmtp } from '../../servers/smtp.ts';
import { aCard, aDestination, aLine } from '../../support/cards.ts';
import { type RecordingLog, recordingLog } from '../../support/log.ts';
import { threadsOf } from './mail-thread.ts';

const ops = aDestination({ id: 'ops', channel: 'email', address: 'ops@ops.test' });
const team = { ...ops, address: 'ann@ops.test,bo@ops.test' };

function channelTo(
  server: SmtpStandIn,
  config: Partial<EmailConfig> = {},
  log: RecordingLog = recordingLog(),
): Channel {
  const { host, port, user, password } = server;
  return createEmailChannel({
    config: {
      host,
      port,
      user,
      password,
      security: 'none',
      from: 'Nightkeeper <bot@nightkeeper.test>',
      ...config,
    },
    clock: systemClock,
    log,
    timeoutMs: 1000,
  });
}

channelContract('email', async () => {
  const server = await startSmtp();
  return {
    channel: channelTo(server),
    destination: ops,
    handle: 'bo@ops.test',
    cards: () => Promise.resolve(threadsOf(server.mails)),
    refuse: () => server.answerRecipient('ops@ops.test', 550, '5.1.1 no such mailbox'),
    loseAnswer: () => server.next({ kind: 'reset' }),
    hang: () => server.next({ kind: 'hang' }),
    unplug: () => server.close(),
    secrets: [server.password, Buffer.from(`\0zkbot\0${server.password}`).toString('base64')],
    close: () => server.close(),
  };
});

describe('the mail channel', () => {
  let server: SmtpStandIn;

  beforeEach(async () => {
    server = await startSmtp();
  });

  afterEach(() => server.close());

  const aShow: Delivery = { kind: 'show', card: aCard(), previous: undefined, text: 'one line' };

  const failure = async (channel: Channel, to = ops, delivery = aShow): Promise<unknown> =>
    await channel.deliver(delivery, to, 'k1').then(
      () => undefined,
      (error: unknown) => error,
    );

  it('says that it cannot edit, so that nobody gets a mail for each redraw', () => {
    expect(channelTo(server).edits).toBe(false);
  });

  it('keeps the thread together: references, subject and Message-IDs of our own domain', async () => {
    const channel = channelTo(server);
    const thread = await channel.deliver(aShow, ops, 'nk-12-ops-card');
    const later = aCard({ tone: 'resolved', title: 'orders: has a quorum again' });

    await channel.deliver(
      { kind: 'speak', card: later, line: aLine(), thread },
      ops,
      'nk-12-ops-x',
    );

    const [first, second] = server.mails;
    expect(first?.headers['message-id']).toMatch(/^<nightkeeper\.12\.\w{24}@nightkeeper\.test>$/u);
    expect(second?.headers['in-reply-to']).toBe(first?.headers['message-id']);
    expect(second?.headers['references']).toBe(first?.headers['message-id']);
    expect(second?.headers['message-id']).not.toBe(first?.headers['message-id']);
    expect(first?.headers['subject']).toBe(
      '[nightkeeper] orders: quorum lost — 1 of 3 voters serving',
    );
    expect(second?.headers['subject']).toBe(`Re: ${first?.headers['subject']}`);
    expect(second?.text).toContain('orders: has a quorum again');
  });

  it('has the same Message-ID for every try, and another one for another fault of the same number', async () => {
    server.next({ kind: 'reset' });
    await failure(channelTo(server));
    await channelTo(server).deliver(aShow, ops, 'k1');
    await channelTo(server).deliver({ ...aShow, card: aCard({ sinceMs: 1 }) }, ops, 'k1');

    const ids = server.mails.map(({ headers }) => headers['message-id']);
    expect(ids).toHaveLength(3);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('writes to everybody of a destination, and to whom it calls', async () => {
    const channel = channelTo(server);
    const line = aLine({ mention: ['carol@ops.test', 'ann@ops.test', 'no-address'] });

    await channel.deliver({ kind: 'speak', card: aCard(), line, thread: {} }, team, 'k1');

    const [mail] = server.mails;
    expect(mail?.recipients).toEqual(['ann@ops.test', 'bo@ops.test', 'carol@ops.test']);
    expect(mail?.headers['to']).toBe('ann@ops.test, bo@ops.test');
    expect(mail?.headers['cc']).toBe('carol@ops.test');
    expect(mail?.from).toBe('bot@nightkeeper.test');
  });

  it('says without any card that the bot is blind, and that it sees again under the same subject', async () => {
    const channel = channelTo(server);
    const gone = { text: 'I am blind: Redis is gone', tone: 'critical' } as const;

    const first = await channel.announce?.(gone, team, 'blind-1', undefined);
    const back = { text: 'Redis is back after 3 min', tone: 'resolved' } as const;
    await channel.announce?.(back, team, 'back-1', first);

    const [blind, sees] = server.mails;
    expect(blind?.headers['subject']).toBe('[nightkeeper] I am blind: Redis is gone');
    expect(blind?.headers['importance']).toBe('high');
    expect(blind?.html).toContain('I am blind: Redis is gone');
    expect(sees?.headers['subject']).toBe('Re: [nightkeeper] I am blind: Redis is gone');
    expect(sees?.headers['in-reply-to']).toBe(blind?.headers['message-id']);
    expect(sees?.text).toContain('Redis is back after 3 min');
    expect(sees?.recipients).toEqual(['ann@ops.test', 'bo@ops.test']);
  });

  it('asks machines not to answer, and marks what is urgent', async () => {
    await channelTo(server).deliver(aShow, ops, 'k1');
    await channelTo(server).deliver({ ...aShow, card: aCard({ tone: 'warning' }) }, ops, 'k2');

    expect(server.mails[0]?.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-nightkeeper-key': 'k1',
      importance: 'high',
    });
    expect(server.mails[1]?.headers['importance']).toBeUndefined();
  });

  it('lets no text begin a header of its own', async () => {
    const title = 'orders\r\nBcc: thief@evil.test\r\n\r\nhello';

    await channelTo(server).deliver({ ...aShow, card: aCard({ title }) }, ops, 'k1');

    const [mail] = server.mails;
    expect(mail?.recipients).toEqual(['ops@ops.test']);
    expect(mail?.headers['bcc']).toBeUndefined();
    expect(mail?.headers['subject']).toBe('[nightkeeper] orders Bcc: thief@evil.test hello');
  });

  it('delivers to the others when one address is refused, logs it, and tells them in the next mail', async () => {
    const log = recordingLog();
    const channel = channelTo(server, {}, log);
    server.answerRecipient('bo@ops.test', 550, '5.1.1 no such mailbox');

    const thread = await channel.deliver(aShow, team, 'k1');
    await channel.deliver({ kind: 'speak', card: aCard(), line: aLine(), thread }, team, 'k2');

    expect(server.mails.map(({ recipients }) => recipients)).toEqual([
      ['ann@ops.test'],
      ['ann@ops.test'],
    ]);
    expect(server.mails[0]?.text).not.toContain('bo@ops.test');
    expect(server.mails[1]?.text).toContain('refused the earlier mail for bo@ops.test');
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      facts: { address: 'bo@ops.test', answer: '550 5.1.1 no such mailbox' },
    });
  });

  it('tries again for who is put off, and sends nobody the same mail twice', async () => {
    const channel = channelTo(server);
    server.answerRecipient('bo@ops.test', 450, '4.2.0 greylisted, come again', 1);

    const first = await failure(channel, team);
    await channel.deliver(aShow, team, 'k1');

    expect(first).toMatchObject({ code: 'delivery-temporary' });
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([
      ['ann@ops.test'],
      ['bo@ops.test'],
    ]);
  });

  it('goes on without who is put off for ever', async () => {
    const log = recordingLog();
    const channel = channelTo(server, {}, log);
    server.answerRecipient('bo@ops.test', 452, '4.2.2 mailbox full');

    for (let tries = 1; tries < putOffTriesMax; tries += 1)
      expect(await failure(channel, team)).toMatchObject({ code: 'delivery-temporary' });
    expect(await failure(channel, team)).toBeUndefined();

    expect(server.mails).toHaveLength(1);
    expect(log.messages('warn')).toEqual(['the mail server refused an address']);
  });

  it.each([
    [421, '4.3.2 shutting down', 'delivery-temporary'],
    [450, '4.2.0 come again', 'delivery-temporary'],
    [452, '4.3.1 no space', 'delivery-temporary'],
    [550, '5.7.1 not wanted', 'delivery-refused'],
    [552, '5.3.4 too big', 'delivery-refused'],
    [554, '5.7.1 spam', 'delivery-refused'],
  ])('after the message, %i %s means %s', async (code, text, meaning) => {
    server.next({ kind: 'status', code, text });

    expect(await failure(channelTo(server))).toMatchObject({ code: meaning });
    expect(server.mails).toHaveLength(0);
  });

  it.each([
    [450, 'delivery-temporary'],
    [550, 'delivery-refused'],
  ])('when every address is answered %i, that is %s', async (code, meaning) => {
    server.answerRecipient('ann@ops.test', code, 'no');
    server.answerRecipient('bo@ops.test', code, 'no');

    expect(await failure(channelTo(server), team)).toMatchObject({ code: meaning });
  });

  it('tries again while one of the addresses may come to be taken', async () => {
    server.answerRecipient('ann@ops.test', 550, 'no');
    server.answerRecipient('bo@ops.test', 450, 'later');

    expect(await failure(channelTo(server), team)).toMatchObject({ code: 'delivery-temporary' });
  });

  it.each([
    [454, 'delivery-temporary'],
    [535, 'delivery-refused'],
  ])('a sign-in answered %i is %s, and the password is not told', async (code, meaning) => {
    server.answerSignIn(code, `no: ${server.password}`);

    const error = await failure(channelTo(server));

    expect(error).toMatchObject({ code: meaning });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(server.password);
  });

  it('sends no password and no mail where it cannot be encrypted', async () => {
    const error = await failure(channelTo(server, { security: 'starttls' }));

    expect(error).toMatchObject({ code: 'delivery-refused' });
    expect(server.mails).toHaveLength(0);
  });

  it('says which file it cannot read', async () => {
    const error = await failure(channelTo(server, { caFile: '/nowhere/ca.pem' }));

    expect(error).toMatchObject({
      code: 'delivery-temporary',
      message: 'email.caFile cannot be read: ENOENT',
    });
  });
});
