import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/clock.ts';
import type { EmailConfig } from '../../../src/edges/email/config.ts';
import { createEmailChannel } from '../../../src/edges/email/email.ts';
import type { Channel, Delivery } from '../../../src/ports/channel.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import { type DeliveredMail, type Postfix, startPostfix } from '../../servers/postfix.ts';
import { aCard, aDestination, aLine, anEndlessCard } from '../../support/cards.ts';
import { recordingLog } from '../../support/log.ts';
import { until } from '../../support/until.ts';
import { threadsOf } from './mail-thread.ts';

/** Postfix starts as root only, as on every machine it delivers for. */
const asRoot = process.getuid?.() === 0;

describe.skipIf(!asRoot)('mail through a real Postfix', () => {
  let postfix: Postfix;
  let boxes = 0;

  beforeAll(async () => {
    postfix = await startPostfix({
      recipients: {
        'gone@ops.test': '550 5.1.1 no such mailbox',
        'full@ops.test': '452 4.2.2 mailbox full',
      },
      messageBytesMax: 100_000,
    });
  }, 60_000);

  afterAll(() => postfix.close());

  function channel(overrides: Partial<EmailConfig> = {}): Channel {
    const { host, port, user, password, certificates } = postfix;
    return createEmailChannel({
      config: {
        host,
        port,
        security: 'starttls',
        user,
        password,
        from: 'Nightkeeper <bot@nightkeeper.test>',
        caFile: certificates.caFile,
        ...overrides,
      },
      clock: systemClock,
      log: recordingLog(),
    });
  }

  /** A mailbox that no other test writes to. */
  function aBox() {
    boxes += 1;
    const address = `ops${boxes}@ops.test`;
    return { address, to: aDestination({ id: 'ops', channel: 'email', address }) };
  }

  const mailsTo = (address: string): readonly DeliveredMail[] =>
    postfix.mails().filter(({ recipient }) => recipient === address);

  const arrived = (address: string, count: number): Promise<readonly DeliveredMail[]> =>
    until(`${count} mails for ${address}`, () => {
      const mails = mailsTo(address);
      return mails.length >= count && mails;
    });

  const aShow: Delivery = { kind: 'show', card: aCard(), previous: undefined, text: 'one line' };

  channelContract('email through Postfix', () => {
    const { address, to } = aBox();
    const real = channel();
    let taken = 0;
    return Promise.resolve({
      channel: {
        ...real,
        async deliver(...args) {
          const receipt = await real.deliver(...args);
          taken += 1;
          return receipt;
        },
      },
      destination: to,
      handle: 'bo@ops.test',
      // What Postfix has taken comes into the box a moment later.
      cards: async () => threadsOf(await arrived(address, taken)),
      secrets: [postfix.password],
      close: () => Promise.resolve(),
    });
  });

  it.each(['starttls', 'tls'] as const)('signs in and delivers over %s', async (security) => {
    const { address, to } = aBox();
    const port = security === 'tls' ? postfix.tlsPort : postfix.port;

    await channel({ security, port }).deliver(aShow, to, 'k1');

    const [mail] = await arrived(address, 1);
    expect(mail?.headers['received']).toContain('ESMTPSA');
    expect(mail?.headers['return-path']).toBe('<bot@nightkeeper.test>');
    expect(mail?.text).toContain('No writes pass until one more voter serves.');
    expect(mail?.html).toContain('No writes pass until one more voter serves.');
  });

  it('keeps Chinese and emoji as they are, in subject and text', async () => {
    const { address, to } = aBox();
    const card = aCard({
      title: 'orders：失去多数派 🔥 — 3 个投票者中只有 1 个在服务',
      meaning: '在恢复前无法写入 🔥',
    });

    await channel().deliver({ ...aShow, card }, to, 'k1');

    const [mail] = await arrived(address, 1);
    expect(mail?.headers['subject']).toBe(`[nightkeeper] ${card.title}`);
    expect(mail?.text).toContain(card.meaning);
    expect(mail?.html).toContain(card.meaning);
  });

  it('stays below the size that small relays take, however long the card', async () => {
    const { address, to } = aBox();

    await channel().deliver({ ...aShow, card: anEndlessCard() }, to, 'k1');

    expect(await arrived(address, 1)).toHaveLength(1);
  });

  it('trusts no certificate of a stranger, and sends nothing then', async () => {
    const { address, to } = aBox();
    const caFile = postfix.certificates.strangerCaFile;

    await expect(channel({ caFile }).deliver(aShow, to, 'k1')).rejects.toMatchObject({
      code: 'delivery-temporary',
    });
    expect(mailsTo(address)).toEqual([]);
  });

  it('is refused for good with a wrong password, and does not tell it', async () => {
    const { to } = aBox();

    const wrong = channel({ password: 'wrong-password-1' }).deliver(aShow, to, 'k1');

    await expect(wrong).rejects.toMatchObject({
      code: 'delivery-refused',
      message: expect.not.stringContaining('wrong-password-1'),
    });
  });

  it('is refused for good where the server relays for nobody it does not know', async () => {
    const { host, port, certificates } = postfix;
    const stranger = createEmailChannel({
      config: {
        host,
        port,
        security: 'starttls',
        from: 'bot@nightkeeper.test',
        caFile: certificates.caFile,
      },
      clock: systemClock,
      log: recordingLog(),
    });

    await expect(stranger.deliver(aShow, aBox().to, 'k1')).rejects.toMatchObject({
      code: 'delivery-refused',
      message: expect.stringContaining('554'),
    });
  });

  it('delivers to the others when the server refuses one', async () => {
    const { address, to } = aBox();

    const receipt = await channel().deliver(
      aShow,
      { ...to, address: `gone@ops.test,${address}` },
      'k1',
    );

    expect(receipt['missed']).toBe('gone@ops.test');
    expect(await arrived(address, 1)).toHaveLength(1);
  });

  it('says when nobody of a destination can be reached, for good or for now', async () => {
    const { to } = aBox();

    await expect(
      channel().deliver(aShow, { ...to, address: 'gone@ops.test' }, 'k1'),
    ).rejects.toMatchObject({ code: 'delivery-refused' });
    await expect(
      channel().deliver(aShow, { ...to, address: 'full@ops.test' }, 'k1'),
    ).rejects.toMatchObject({ code: 'delivery-temporary' });
  });

  it('makes one thread of an incident', async () => {
    const { address, to } = aBox();
    const mail = channel();
    const thread = await mail.deliver(aShow, to, 'nk-12-ops-card');

    await mail.deliver(
      { kind: 'speak', card: aCard(), line: aLine(), thread },
      to,
      'nk-12-ops-paged',
    );

    const [card, ...others] = threadsOf(await arrived(address, 2));
    expect(others).toEqual([]);
    expect(card?.thread).toEqual([expect.stringContaining(aLine().text)]);
  });
});
