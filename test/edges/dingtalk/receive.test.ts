import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Form, Reply } from '../../../src/model/reply.ts';
import { type DingTalkMessage, ops } from '../../servers/dingtalk.ts';
import { aPerson } from '../../support/builders.ts';
import { aButton, aCard } from '../../support/cards.ts';
import { until } from '../../support/until.ts';
import { type DingTalkBench, startBench } from './bench.ts';

const form: Form = {
  title: 'Restart zk2?',
  lines: ['5 voters, 4 serving', 'after this 3 of 5, margin 0'],
  reasonLabel: 'Why?',
  submit: 'Restart it',
  cancel: 'Leave it',
  danger: true,
  invocation: { command: 'recover', args: ['restart-server', 'orders', 'zk2'], options: {} },
};

const asks: Reply = { outcome: 'ask', visibility: 'private', blocks: [{ kind: 'form', form }] };

const refuses: Reply = {
  outcome: 'refused',
  visibility: 'private',
  blocks: [{ kind: 'text', text: 'You may read only.' }],
};

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);

const charted: Reply = {
  outcome: 'done',
  visibility: 'public',
  blocks: [
    { kind: 'text', text: 'latency of orders' },
    { kind: 'table', head: ['server', 'trend'], rows: [['zk1', '▁▂▇']] },
  ],
  pictures: [
    { name: 'orders.png', mediaType: 'image/png', alt: 'latency', base64: png.toString('base64') },
  ],
};

const url = 'https://nightkeeper.example/link/once';

/** What somebody hears whom the bot does not know. */
const stranger: Reply = {
  ...refuses,
  blocks: [...refuses.blocks, { kind: 'link', label: 'Say who you are', url }],
};

const restart = aButton({
  id: 'restart',
  label: 'Restart zk2',
  invocation: form.invocation,
  form: 'restart',
});

describe('a click in DingTalk', () => {
  let bench: DingTalkBench;
  let card: DingTalkMessage;

  beforeEach(async () => {
    bench = await startBench();
    const { buttons } = bench.card;
    bench.card = aCard({ buttons: [...buttons, restart] });
    await bench.show();
    [card] = bench.dingtalk.cards(ops) as [DingTalkMessage];
  });

  afterEach(() => bench.close());

  const puts = () => bench.dingtalk.calls.filter(({ name }) => name.startsWith('PUT'));

  it('runs what the button is for, as the person who pressed it', async () => {
    await bench.dingtalk.press(card, 'ack', 'ann');

    expect(bench.acts).toHaveLength(1);
    expect(bench.acts[0]?.invocation).toEqual({ command: 'ack', args: ['12'], options: {} });
    expect(bench.acts[0]?.caller).toMatchObject({ via: 'dingtalk', handle: 'ann' });
  });

  it('shows the card as it is now in the answer, which costs no call', async () => {
    const finish = bench.hold();
    const pressed = bench.dingtalk.press(card, 'ack', 'ann');
    await until('at work', () => bench.acts.length === 1);
    bench.card = aCard({ tone: 'acknowledged', stateLine: 'Ann has it', buttons: [] });
    finish(bench.reply);
    const before = bench.dingtalk.tenant.used.calls;

    await pressed;
    const receipt = { outTrackId: card.id, conversation: ops };
    await bench.show(bench.card, 'nk-12-ops-v2', receipt);

    expect(card.params).toMatchObject({ tone: 'acknowledged', state: '**Ann has it**', ack: '' });
    expect(bench.dingtalk.whisper(card, 'ann')).toBe('done');
    expect(bench.dingtalk.whisper(card, 'bo')).toBe('');
    expect(bench.dingtalk.tenant.used.calls).toBe(before);
  });

  it('holds delivery back while the answer is under way, on another replica too', async () => {
    const other = bench.start();
    await until('both sockets', () => bench.dingtalk.gateway.open === 2);
    const finish = bench.hold();
    const pressed = bench.dingtalk.press(card, 'ack', 'ann');
    await until('at work', () => bench.acts.length === 1);
    const acknowledged = aCard({ tone: 'acknowledged', buttons: [] });
    bench.card = acknowledged;

    const drawn = Promise.all(
      [bench.edge, other].map(({ channel }) =>
        channel.deliver(
          {
            kind: 'show',
            card: acknowledged,
            previous: { outTrackId: card.id, conversation: ops },
            text: 't',
          },
          { id: 'ops', channel: 'dingtalk', address: ops, language: 'en' },
          'nk-12-ops-v2',
        ),
      ),
    );
    finish(bench.reply);
    await Promise.all([pressed, drawn]);

    // One of the two had nothing to do; the same change by the other one does no harm.
    expect(puts().length).toBeLessThanOrEqual(1);
    expect(card.params['tone']).toBe('acknowledged');
  });

  it('has delivery look at the card again, which counts on what the answer has shown', async () => {
    bench.card = aCard({ tone: 'acknowledged', buttons: [] });

    await bench.dingtalk.press(card, 'ack', 'ann');

    await until('looked at again', () => bench.looks.length > 0);
    expect(bench.looks).toEqual([{ incident: 12, destination: 'ops', shown: bench.card }]);
  });

  it('does not count on an answer that was cut off on its way', async () => {
    const acknowledged = aCard({ tone: 'acknowledged', buttons: [] });
    bench.card = acknowledged;
    bench.dingtalk.gateway.freeze();
    void bench.dingtalk.press(card, 'ack', 'ann');
    await until('at work', () => bench.acts.length === 1);
    bench.dingtalk.gateway.drop();

    await until('looked at again', () => bench.looks.length > 0);
    await bench.show(acknowledged, 'nk-12-ops-v2', { outTrackId: card.id, conversation: ops });

    expect(bench.looks).toEqual([{ incident: 12, destination: 'ops', shown: undefined }]);
    expect(card.params['tone']).toBe('acknowledged');
    await until('told', () => bench.dingtalk.whisper(card, 'ann') === 'done');
  });

  it('changes the card again when it looks different from what the answer showed', async () => {
    await bench.dingtalk.press(card, 'ack', 'ann');

    const later = aCard({ tone: 'resolved', title: 'zk2 is back', buttons: [] });
    await bench.show(later, 'nk-12-ops-v3', { outTrackId: card.id, conversation: ops });

    expect(card.params['title']).toBe('🟢 zk2 is back');
    expect(puts()).toHaveLength(1);
  });

  it('says and draws everything again by the API where a click was read so late that its answer may be lost', async () => {
    await bench.dingtalk.press(card, 'ack', 'ann');
    const acknowledged = aCard({ tone: 'acknowledged', buttons: [] });
    bench.card = acknowledged;

    await bench.dingtalk.press(card, 'ack', 'bo', { time: String(Date.now() - 3000) });

    await until('told', () => puts().some(({ body }) => JSON.stringify(body).includes('"bo"')));
    await bench.show(acknowledged, 'nk-12-ops-v2', { outTrackId: card.id, conversation: ops });
    expect(bench.dingtalk.whisper(card, 'bo')).toBe('done');
    expect(JSON.stringify(puts().at(-1)?.body)).toContain('"tone":"acknowledged"');
  });

  it('on Chart shows the figures and the picture in the single chat, and says so on the card', async () => {
    bench.reply = charted;

    await bench.dingtalk.press(card, 'ack', 'ann');

    const picture = await until('the picture', () =>
      bench.dingtalk.messages('single:ann').find(({ kind }) => kind === 'image'),
    );
    expect(bench.dingtalk.tenant.media.get(picture.params['photoURL'] ?? '')).toEqual(png);
    expect(bench.dingtalk.messages('single:ann')[0]?.text).toContain('▁▂▇');
    expect(bench.dingtalk.whisper(card, 'ann')).toContain('single chat');
    expect(bench.dingtalk.messages(ops)).toHaveLength(1);
  });

  it('on Chart says on the card where the person has no single chat, or DingTalk takes no picture', async () => {
    bench.reply = charted;
    await bench.dingtalk.press(card, 'ack', 'eve');
    bench.reply = { ...charted, pictures: [{ ...charted.pictures![0]!, base64: 'bm8gcG5n' }] };
    await bench.dingtalk.press(card, 'ack', 'ann');

    await until('eve is told', () => bench.dingtalk.whisper(card, 'eve').includes('cannot write'));
    await until('ann is told', () => bench.dingtalk.whisper(card, 'ann').includes('40004'));
    expect(bench.dingtalk.messages('single:eve')).toEqual([]);
    expect(bench.dingtalk.messages('single:ann').map(({ kind }) => kind)).toEqual(['markdown']);
  });

  it('is answered within two seconds although the work takes longer, and told afterwards', async () => {
    const finish = bench.hold();

    const pushed = await bench.dingtalk.press(card, 'ack', 'ann');
    const early = bench.dingtalk.whisper(card, 'ann');
    finish(bench.reply);

    await until('the outcome', () => bench.dingtalk.whisper(card, 'ann') === 'done');
    expect((pushed.answeredMs ?? 0) - pushed.sentMs).toBeLessThan(2000);
    expect(early).toBe('Doing it now …');
    expect(bench.acts).toHaveLength(1);
  });

  it('offers to whom it does not know a link that only they see', async () => {
    bench.reply = stranger;

    await bench.dingtalk.press(card, 'ack', 'eve');

    expect(bench.dingtalk.whisper(card, 'eve')).toBe(
      `You may read only. [Say who you are](${url})`,
    );
    expect(card.text).not.toContain(url);
    expect(bench.acts[0]?.caller.answerTo).toBe('eve');
  });

  it('is refused in words that only the person sees', async () => {
    bench.reply = refuses;

    await bench.dingtalk.press(card, 'escalate', 'eve');

    expect(bench.dingtalk.whisper(card, 'eve')).toBe('You may read only.');
    expect(bench.dingtalk.messages(ops)).toHaveLength(1);
  });

  it('answers in the language of the person, else in that of the card', async () => {
    const { settings } = bench;
    const [place] = settings.destinations;
    const wei = aPerson({ id: 'wei', language: 'zh-CN', handles: { dingtalk: 'wei' } });
    bench.settings = { ...settings, people: [wei] };
    bench.reply = asks;
    await bench.dingtalk.press(card, 'restart', 'wei');
    bench.settings = { ...bench.settings, destinations: [{ ...place!, language: 'zh-CN' }] };
    await bench.dingtalk.press(card, 'restart', 'eve');

    expect(bench.dingtalk.whisper(card, 'wei')).toContain('单聊');
    expect(bench.dingtalk.whisper(card, 'eve')).toContain('单聊');
    await until('both are run', () => bench.acts.length === 2);
    expect(bench.acts[1]?.caller.language).toBe('zh-CN');
  });

  it('is done once when it comes twice, also at another replica', async () => {
    bench.start();
    await until('both sockets', () => bench.dingtalk.gateway.open === 2);
    bench.dingtalk.gateway.redeliverMs = 100;
    const finish = bench.hold();

    const pressed = bench.dingtalk.press(card, 'ack', 'ann');
    await until('sent again', () => bench.log.lines.length > 0 && bench.acts.length === 1);
    const since = Date.now();
    await until('several copies', () => Date.now() - since > 400);
    finish(bench.reply);
    await pressed;

    expect(bench.acts).toHaveLength(1);
  });

  it('of a button that is not known any more says so', async () => {
    (card.params as Record<string, string>)['ack_press'] = 'made up';

    await bench.dingtalk.press(card, 'ack', 'ann');

    expect(bench.dingtalk.whisper(card, 'ann')).toContain('not known any more');
    expect(bench.acts).toEqual([]);
  });

  it('answers also when the pipeline fails', async () => {
    bench.fail(new Error('a bug'));

    await bench.dingtalk.press(card, 'ack', 'ann');

    expect(bench.dingtalk.whisper(card, 'ann')).toContain('ran into an error');
  });

  it('on Restart shows the sum and asks for the reason and a yes in the single chat', async () => {
    bench.reply = asks;

    await bench.dingtalk.press(card, 'restart', 'ann');
    const question = await bench.dingtalk.expectMessage('single:ann', /after this 3 of 5/u);
    await bench.dingtalk.say('hung since 3', 'ann');
    const confirm = await bench.dingtalk.expectMessage('single:ann', 'hung since 3');
    bench.reply = {
      ...bench.reply,
      outcome: 'done',
      blocks: [{ kind: 'text', text: 'Restarting' }],
    };
    await bench.dingtalk.say('是', 'ann');

    await bench.dingtalk.expectMessage('single:ann', 'Restarting');
    expect(bench.dingtalk.whisper(card, 'ann')).toContain('single chat');
    expect(question.text).toContain('Answer in one message');
    expect(confirm.text).toContain('[Restart it](dtmd://dingtalkclient/sendMessage?content=yes)');
    expect(bench.acts.at(-1)?.invocation).toEqual({
      ...form.invocation,
      options: { reason: 'hung since 3', confirm: 'yes' },
    });
  });

  it('asks for a length before the reason where there is one to choose', async () => {
    const options = [
      { value: '30m', label: '30 min' },
      { value: '2h', label: '2 h' },
    ];
    const length = {
      kind: 'choice',
      name: 'for',
      label: 'For how long?',
      options,
      chosen: '2h',
    } as const;
    const moment = { kind: 'moment', name: 'until', label: 'or until' } as const;
    const silence = { command: 'silence', args: ['#12'], options: { ask: 'yes' } };
    const quiet = { ...form, danger: false, fields: [length, moment], invocation: silence };
    bench.reply = { ...asks, blocks: [{ kind: 'form', form: quiet }] };

    await bench.dingtalk.say('静默 #12', 'ann');
    const question = await bench.dingtalk.expectMessage('single:ann', 'For how long?');
    await bench.dingtalk.say('2 H', 'ann');
    await bench.dingtalk.expectMessage('single:ann', 'Answer in one message');
    bench.reply = { ...bench.reply, outcome: 'done', blocks: [{ kind: 'text', text: 'Quiet' }] };
    await bench.dingtalk.say('changing the disk', 'ann');
    await bench.dingtalk.expectMessage('single:ann', 'Quiet');

    expect(question.text).toContain('[30 min](dtmd://dingtalkclient/sendMessage?content=30m)');
    expect(bench.acts.at(-1)?.invocation.options).toEqual({
      ask: 'yes',
      for: '2h',
      reason: 'changing the disk',
      confirm: 'yes',
    });
  });

  it('leaves it when the answer is no', async () => {
    bench.reply = asks;
    await bench.dingtalk.press(card, 'restart', 'ann');
    await bench.dingtalk.expectMessage('single:ann', /after this 3 of 5/u);

    await bench.dingtalk.say('取消', 'ann');

    await bench.dingtalk.expectMessage('single:ann', 'Nothing was done');
    expect(bench.acts).toHaveLength(1);
  });

  it('says on the card how to go on where the person has no single chat with the robot', async () => {
    bench.reply = asks;

    await bench.dingtalk.press(card, 'restart', 'zed');

    await until('told', () => bench.dingtalk.whisper(card, 'zed').includes('--reason'));
    expect(bench.dingtalk.whisper(card, 'zed')).toContain('zk recover restart-server orders zk2');
  });
});

describe('a line in DingTalk', () => {
  let bench: DingTalkBench;

  beforeEach(async () => {
    bench = await startBench();
  });

  afterEach(() => bench.close());

  const invoked = (): string =>
    bench.acts.map(({ invocation: { command, args } }) => [command, ...args].join(' ')).join(', ');

  it.each([
    ['状态', '状态'],
    ['zk status orders', 'status orders'],
    ['/zk ack 12', 'ack 12'],
    ['确认12', '确认 12'],
    ['确认　１２', '确认 12'],
    ['@Nightkeeper 重启 orders zk2', '重启 orders zk2'],
    ['zk 静默 orders 2h', '静默 orders 2h'],
    ['升级 #7', '升级 #7'],
    ['', 'help'],
  ])('reads %j as %j', async (line, wanted) => {
    await bench.dingtalk.say(line, 'ann');

    await until('it is run', () => bench.acts.length === 1);
    expect(invoked()).toBe(wanted);
  });

  it('is answered by its own address, which costs no call of the API', async () => {
    await bench.dingtalk.say('状态', 'ann');

    const answer = await bench.dingtalk.expectMessage('single:ann', 'done');
    expect(answer.by).toBe('reply');
    expect(bench.dingtalk.tenant.used.calls).toBe(0);
  });

  it('has its picture after the words, where it was asked', async () => {
    bench.reply = charted;

    await bench.dingtalk.say('图表 orders', 'ann', { group: ops });
    await bench.dingtalk.say('图表 orders', 'bo');

    for (const place of [ops, 'single:bo']) {
      await until(`a picture in ${place}`, () => bench.dingtalk.messages(place).length === 2);
      const [words, picture] = bench.dingtalk.messages(place);
      expect(words?.text).toContain('▁▂▇');
      expect(bench.dingtalk.tenant.media.get(picture?.params['photoURL'] ?? '')).toEqual(png);
    }
    // Two calls each, for the upload and the message; the token of the old API is free, and fetched once.
    expect(bench.counted.calls).toBe(4);
    expect(bench.dingtalk.calls.filter(({ name }) => name === 'GET /gettoken')).toHaveLength(1);
  });

  it('fetches another token where the old one is not taken any more', async () => {
    bench.reply = charted;
    await bench.dingtalk.say('图表 orders', 'ann');
    await until('the first', () => bench.dingtalk.messages('single:ann').length === 2);
    bench.dingtalk.tenant.oldTokens.clear();

    await bench.dingtalk.say('图表 orders', 'ann');

    await until('the second', () => bench.dingtalk.messages('single:ann').length === 4);
    expect(bench.dingtalk.calls.filter(({ name }) => name === 'GET /gettoken')).toHaveLength(2);
  });

  it('says in words that its picture was not taken', async () => {
    bench.reply = { ...charted, pictures: [{ ...charted.pictures![0]!, base64: 'bm8gcG5n' }] };

    await bench.dingtalk.say('图表 orders', 'ann');

    const said = await bench.dingtalk.expectMessage('single:ann', 'could not be sent');
    expect(said.text).toContain('40004');
    expect(JSON.stringify(bench.log.lines)).not.toContain(bench.dingtalk.tenant.clientSecret);
  });

  it('is answered in the single chat when its own address has ended', async () => {
    await bench.dingtalk.say('状态', 'ann', { sessionMs: 0 });

    const answer = await bench.dingtalk.expectMessage('single:ann', 'done');
    expect(answer.by).toBe('api');
  });

  it('is answered there after an outage too, and not twice', async () => {
    bench.dingtalk.fault(/POST \/robot\/sendBySession/u, { kind: 'page', status: 502 }, 2);

    await bench.dingtalk.say('状态', 'ann', { group: ops });

    const answer = await bench.dingtalk.expectMessage(ops, 'done', 15_000);
    expect(answer.by).toBe('reply');
    expect(bench.dingtalk.messages(ops)).toHaveLength(1);
    expect(bench.dingtalk.messages('single:ann')).toEqual([]);
  });

  it('is let go of when the bot stops before DingTalk is back', async () => {
    bench.dingtalk.fault(/POST \/robot\/sendBySession/u, { kind: 'page', status: 502 }, 1_000);
    await bench.dingtalk.say('状态', 'ann');
    await until('a try', () => bench.dingtalk.calls.some(({ name }) => name.includes('Session')));

    await bench.close();

    expect(bench.log.lines.map(({ message }) => message)).not.toContain(
      'a frame of dingtalk failed',
    );
  });

  it('in a group is answered there, and calls the person', async () => {
    await bench.dingtalk.say('状态', 'ann', { group: ops });

    const answer = await bench.dingtalk.expectMessage(ops, 'done');
    expect(answer.at).toEqual(['ann']);
  });

  it('that is refused in a group is answered alone', async () => {
    bench.reply = refuses;

    await bench.dingtalk.say('重启 orders zk2', 'bo', { group: ops });

    await bench.dingtalk.expectMessage('single:bo', 'You may read only.');
    expect(bench.dingtalk.messages(ops)).toEqual([]);
  });

  it('that is refused to somebody without a single chat is answered in the group', async () => {
    bench.reply = refuses;

    await bench.dingtalk.say('重启 orders zk2', 'eve', { group: ops });

    const told = await bench.dingtalk.expectMessage(ops, 'You may read only.');
    expect(told.at).toEqual(['eve']);
  });

  it('keeps an address that is for one person out of the group', async () => {
    bench.reply = stranger;

    await bench.dingtalk.say('确认 12', 'ann', { group: ops });
    await bench.dingtalk.expectMessage('single:ann', url);
    await bench.dingtalk.say('确认 12', 'eve', { group: ops });
    const open = await bench.dingtalk.expectMessage(ops, 'You may read only.');

    expect(open.text).not.toContain(url);
  });

  it('is answered later too, in the single chat', async () => {
    const isSaid = await bench.edge.channel.answer?.('ann', stranger, 'en');
    const isLost = await bench.edge.channel.answer?.('eve', stranger, 'en');

    expect([isSaid, isLost]).toEqual([true, false]);
    expect(bench.dingtalk.messages('single:ann')[0]?.text).toContain('You may read only.');
  });

  it('that asks for a restart in a group is asked for its reason alone', async () => {
    bench.reply = asks;

    await bench.dingtalk.say('重启 orders zk2', 'ann', { group: ops });

    await bench.dingtalk.expectMessage('single:ann', /after this 3 of 5/u);
    const told = await bench.dingtalk.expectMessage(ops, 'single chat');
    expect(told.text).not.toContain('3 of 5');
  });

  it('that has its reason already is asked for a yes only', async () => {
    const { invocation } = form;
    const ready = { ...form, invocation: { ...invocation, options: { reason: 'hung' } } };
    bench.reply = { ...asks, blocks: [{ kind: 'form', form: ready }] };

    await bench.dingtalk.say('zk recover orders zk2 --reason hung', 'ann');

    const question = await bench.dingtalk.expectMessage('single:ann', 'Reason: hung');
    expect(question.text).toContain('Answer **yes**');
  });

  it('is a command again once a question is answered, and while it is asked when it says so itself', async () => {
    bench.reply = asks;
    await bench.dingtalk.say('重启 orders zk2', 'ann');
    await bench.dingtalk.expectMessage('single:ann', /after this 3 of 5/u);
    bench.reply = {
      outcome: 'done',
      visibility: 'private',
      blocks: [{ kind: 'text', text: 'fine' }],
    };

    await bench.dingtalk.say('zk status', 'ann');
    await bench.dingtalk.expectMessage('single:ann', 'fine');
    await bench.dingtalk.say('算了', 'ann');
    await bench.dingtalk.expectMessage('single:ann', 'Nothing was done');
    await bench.dingtalk.say('帮助', 'ann');

    await until('run', () => bench.acts.length === 3);
    expect(invoked()).toBe('重启 orders zk2, status, 帮助');
  });

  it('is run once when it comes twice, also at another replica', async () => {
    bench.start();
    await until('both sockets', () => bench.dingtalk.gateway.open === 2);

    for (let copy = 0; copy < 6; copy += 1)
      await bench.dingtalk.say('状态', 'ann', { msgId: 'm-1' });
    await bench.dingtalk.say('帮助', 'ann');

    await until('the last one', () => invoked().includes('帮助'));
    expect(invoked()).toBe('状态, 帮助');
  });

  it('is taken at once, however long its answer takes', async () => {
    const finish = bench.hold();

    const pushed = await bench.dingtalk.say('状态', 'ann');

    expect((pushed.answeredMs ?? 0) - pushed.sentMs).toBeLessThan(1000);
    finish(bench.reply);
    await bench.dingtalk.expectMessage('single:ann', 'done');
  });

  it('that is no text is told what the bot reads', async () => {
    await bench.dingtalk.gateway.push('/v1.0/im/bot/messages/get', {
      msgId: 'picture-1',
      msgtype: 'picture',
      conversationType: '1',
      senderStaffId: 'ann',
      senderNick: 'Ann',
    });

    await bench.dingtalk.expectMessage('single:ann', 'I read text only');
    expect(bench.acts).toEqual([]);
  });

  it('without its text, beyond the quota of the month, runs nothing, and its person hears why', async () => {
    bench.dingtalk.tenant.quota.messages = 0;
    bench.settings = { ...bench.settings, publicUrl: 'https://nightkeeper.example' };

    await bench.dingtalk.say('状态', 'ann', { group: ops });

    const told = await bench.dingtalk.expectMessage('single:ann', 'messages of this month');
    expect(told.by).toBe('api');
    expect(told.text).toContain('(https://nightkeeper.example)');
    expect(bench.acts).toEqual([]);
    expect(bench.log.messages('warn').join()).toContain('quota');
  });

  it('waits for its answer when the bot is stopped', async () => {
    const finish = bench.hold();
    await bench.dingtalk.say('状态', 'ann');
    await until('at work', () => bench.acts.length === 1);

    const closed = bench.edge.close();
    finish(bench.reply);
    await closed;

    expect(bench.dingtalk.messages('single:ann').map(({ text }) => text)).toEqual(['done']);
  });

  it('shows tables and grids one thing a line', async () => {
    bench.reply = {
      outcome: 'done',
      visibility: 'public',
      blocks: [
        {
          kind: 'grid',
          title: 'orders: degraded',
          tone: 'warning',
          rows: [{ server: 'zk1', role: 'voter', state: 'leader', health: 'good', lag: 'in sync' }],
        },
        { kind: 'table', head: ['#', 'what'], rows: [['12', 'zk2 is down']], tones: ['critical'] },
        { kind: 'facts', rows: [['Since', '03:12']] },
      ],
    };

    await bench.dingtalk.say('状态', 'ann');

    const { text } = await bench.dingtalk.expectMessage('single:ann', 'orders: degraded');
    expect(text.split(/\n+/u).map((line) => line.trim())).toEqual([
      '🟠 **orders: degraded**',
      '✅ zk1 · voter · leader · in sync',
      '🔴 **12** · zk2 is down',
      '**Since** 03:12',
    ]);
  });
});
