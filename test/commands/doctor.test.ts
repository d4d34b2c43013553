import { describe, expect, it } from 'vitest';

import { doctor } from '../../commands/doctor.ts';
import { type Diagnosis, diagnose } from '../../src/model/diagnosis.ts';
import { troublesMax } from '../../src/rules/card/doctor-card.ts';
import { aPerson } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const outside = diagnose('slack-channel-outside', 'ops', {
  channel: '#ops',
  invite: '/invite @nightkeeper',
});
const unseen = diagnose('zk-not-seen', 'orders', {
  what: 'words',
  why: 'words',
  said: 'mntr, cons',
  detectors: ['session-concentration'],
  where: 'zoo.cfg',
  line: '4lw.commands.whitelist=srvr,mntr',
  servers: ['zk1', 'zk2'],
});
const fine = diagnose('redis-keeps');

function lines(answer: Awaited<ReturnType<typeof run>>): readonly string[] {
  return read(answer).split('\n');
}

describe('the command doctor', () => {
  it('says that all is well', async () => {
    const answer = await run(doctor, 'doctor', aDesk({ diagnoses: [fine] }));

    expect(lines(answer)[0]).toBe('All is well: 1 check.');
    expect(read(answer)).toContain('/zk doctor click');
    expect(read(answer)).toContain('/zk doctor orders');
  });

  it('says what is wrong first, each with its next step and where to read on', async () => {
    const answer = await run(doctor, '诊断', aDesk({ diagnoses: [fine, unseen, outside] }));

    expect(lines(answer).slice(0, 7)).toEqual([
      '1 wrong, 1 warning, 1 ok',
      '✖ Slack · ops: the bot is not in #ops',
      '→ In the channel: /invite @nightkeeper',
      'Read: No cards in the channel (docs/troubleshooting.md#no-cards-in-the-channel)',
      '▲ ZooKeeper · orders: zk1, zk2: some four-letter words are refused (not allowed: mntr, cons). Not recognised, or later, without it: session-concentration',
      '→ Write in zoo.cfg of each of them, then restart them one after the other: 4lw.commands.whitelist=srvr,mntr',
      'Read: Something is not recognised (docs/troubleshooting.md#something-is-not-recognised)',
    ]);
  });

  it('says it in the language of who asks, reasons and all', async () => {
    const unseenIn = aDesk({ diagnoses: [unseen] }, { language: 'zh-CN' });

    expect(lines(await run(doctor, '诊断', unseenIn)).slice(1, 4)).toEqual([
      '▲ ZooKeeper · orders：zk1、zk2：部分四字命令被拒绝（不允许：mntr、cons）。因此无法识别或只能较晚识别：session-concentration',
      '→ 请写入各服务器的 zoo.cfg，然后逐台重启：4lw.commands.whitelist=srvr,mntr',
      '请读：有些故障没有识别（docs/troubleshooting.zh-CN.md#有些故障没有识别）',
    ]);
  });

  it('says below a check that could not be made what would tell', async () => {
    const unchecked = diagnose('dingtalk-group-unchecked', 'duty', { error: 'Forbidden' });

    const answer = lines(await run(doctor, 'doctor all', aDesk({ diagnoses: [unchecked] })));

    expect(answer.at(-1)).toMatch(/^→ .*qyapi_chat_manage.*\/zk doctor click$/u);
  });

  it('links to the page of the console where people have one', async () => {
    const desk = aDesk({ diagnoses: [outside] });
    const settings = { ...desk.settings, publicUrl: 'https://zk.example.com/' };

    const answer = await run(doctor, 'doctor', aDesk({ diagnoses: [outside] }, { settings }));

    expect(read(answer)).toContain(
      'https://zk.example.com/troubleshooting#no-cards-in-the-channel',
    );
  });

  it('tells programs the same as data', async () => {
    const answer = await run(doctor, 'doctor', aDesk({ diagnoses: [outside] }));

    expect(answer).toMatchObject({
      data: {
        results: [
          {
            part: 'slack',
            about: 'ops',
            code: 'slack-channel-outside',
            outcome: 'wrong',
            next: 'In the channel: /invite @nightkeeper',
            symptom: 'no-cards-in-the-channel',
          },
        ],
      },
    });
  });

  it('lists every check with all, and those of a part with its name', async () => {
    const diagnoses = [fine, outside];

    expect(read(await run(doctor, 'doctor all', aDesk({ diagnoses })))).toContain(
      '✔ Redis: what it is told survives a restart of Redis',
    );
    const slack = read(await run(doctor, 'doctor slack', aDesk({ diagnoses })));
    expect(slack).toContain('the bot is not in #ops');
    expect(slack).not.toContain('Redis');
  });

  it('looks at one ensemble afresh', async () => {
    const desk = aDesk({ diagnoses: [unseen] });

    const answer = await run(doctor, 'doctor orders', desk);

    expect(desk.asked).toEqual(['examine orders']);
    expect(read(answer)).toContain('4lw.commands.whitelist');
  });

  it('shows a bounded number of troubles', async () => {
    const diagnoses = Array.from({ length: 60 }, () => outside);

    const answer = await run(doctor, 'doctor', aDesk({ diagnoses }));

    expect('blocks' in answer ? answer.blocks.length : 0).toBe(troublesMax + 2);
    expect(read(answer)).toContain('… 46 more');
  });

  it('refuses what it does not know, and an ensemble the person may not see', async () => {
    const origin = { via: 'console', actor: aPerson({ roles: { users: 'viewer' } }) } as const;

    expect(await run(doctor, 'doctor payments', aDesk())).toMatchObject({
      code: 'unknown-ensemble',
    });
    expect(await run(doctor, 'doctor orders now', aDesk())).toMatchObject({
      code: 'bad-arguments',
    });
    expect(await run(doctor, 'doctor orders', aDesk({}, { origin }))).toMatchObject({
      code: 'not-permitted',
    });
  });

  it('tells nobody of an ensemble they may not look at', async () => {
    const origin = { via: 'console', actor: aPerson({ roles: { users: 'viewer' } }) } as const;
    const other = diagnose('zk-away', 'users zk9', { reason: 'refused', detail: '' });
    const mine = diagnose('zk-away', 'orders zk1', { reason: 'refused', detail: '' });

    const text = read(await run(doctor, 'doctor', aDesk({ diagnoses: [other, mine] }, { origin })));

    expect(text).toContain('users zk9');
    expect(text).not.toContain('orders zk1');
  });

  it('is not for strangers, but their press of a test card counts', async () => {
    const actor = { kind: 'stranger', id: 'slack:U0999', name: 'Sam' } as const;
    const origin = { via: 'slack', actor } as const;
    const came = diagnose('click-came-back', 'ops', {
      name: 'Sam',
      via: 'slack',
      stranger: 'slack:U0999',
      afterMs: 4000,
    });
    const desk = aDesk({ diagnoses: [came] }, { origin });

    expect(await run(doctor, 'doctor', desk)).toMatchObject({ code: 'stranger' });
    expect(await run(doctor, 'doctor click', desk)).toMatchObject({ code: 'stranger' });
    const text = read(await run(doctor, 'doctor pressed 1a2b3c4d', desk));
    expect(text).toContain('Your click came back');
    expect(text).toContain('slack:U0999 is nobody of the configuration');
    expect(desk.asked).toEqual(['press 1a2b3c4d']);
  });
});

describe('a test of clicks', () => {
  const waiting: readonly Diagnosis[] = [
    diagnose('click-posted', 'ops'),
    diagnose('click-not-posted', 'duty', { reason: 'Slack said not_in_channel' }),
  ];
  const round = { id: '00c0ffee', diagnoses: waiting };

  it('posts into every chat or into one, and says how to ask how it stands', async () => {
    const desk = aDesk({ round });

    const answer = await run(doctor, 'doctor click', desk);
    await run(doctor, 'doctor click ops', desk);

    expect(desk.asked).toEqual(['post a test card to every chat', 'post a test card to ops']);
    expect(read(answer)).toContain('/zk doctor clicks 00c0ffee');
    expect(read(answer)).toContain('could not be posted: Slack said not_in_channel');
    expect(answer).toMatchObject({ data: { round: '00c0ffee' } });
  });

  it('says how it stands, and that one is over', async () => {
    expect(read(await run(doctor, 'doctor clicks 00c0ffee', aDesk({ round })))).toContain(
      'nobody has pressed its button yet',
    );
    expect(await run(doctor, 'doctor clicks 12345678', aDesk({ round }))).toMatchObject({
      outcome: 'refused',
    });
    expect(await run(doctor, 'doctor pressed 12345678', aDesk())).toMatchObject({
      outcome: 'refused',
    });
  });

  it('needs a chat that takes clicks, and somebody who may post', async () => {
    const origin = { via: 'console', actor: aPerson({ roles: { '*': 'viewer' } }) } as const;

    expect(read(await run(doctor, 'doctor click', aDesk()))).toContain('nothing to post');
    expect(await run(doctor, 'doctor click', aDesk({ round }, { origin }))).toMatchObject({
      code: 'not-permitted',
    });
  });
});

describe('a test mail', () => {
  it('goes to an address that somebody named who may do everything', async () => {
    const desk = aDesk();

    const answer = await run(doctor, 'doctor --send-to ann@example.com', desk);

    expect(desk.asked).toEqual(['mail to ann@example.com']);
    expect(read(answer)).toContain('ann@example.com: the mail server took a test mail');
  });

  it('goes nowhere for others, and to nothing that is no address', async () => {
    const actor = aPerson({ roles: { '*': 'operator' } });
    const operator = aDesk({}, { origin: { via: 'slack', actor } });

    expect(await run(doctor, 'doctor --send-to ann@example.com', operator)).toMatchObject({
      code: 'not-permitted',
    });
    expect(await run(doctor, 'doctor --send-to "a b@x"', aDesk())).toMatchObject({
      code: 'bad-arguments',
    });
  });
});
