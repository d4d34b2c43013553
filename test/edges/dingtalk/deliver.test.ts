import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/edges/dingtalk/api.ts';
import { createCardChannel } from '../../../src/edges/dingtalk/deliver.ts';
import { createMedia } from '../../../src/edges/dingtalk/media.ts';
import { createRobotChannel } from '../../../src/edges/dingtalk/robot.ts';
import { createShown } from '../../../src/edges/dingtalk/shown.ts';
import { createTextChannel } from '../../../src/edges/dingtalk/text-channel.ts';
import { createTracks } from '../../../src/edges/dingtalk/tracks.ts';
import type { Channel, Delivery } from '../../../src/ports/channel.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import {
  type DingTalkMessage,
  type DingTalkStandIn,
  ops,
  startDingTalkStandIn,
} from '../../servers/dingtalk.ts';
import { aCard, aDestination, aLine, anEndlessCard } from '../../support/cards.ts';
import { quietLog } from '../../support/log.ts';
import { createMemoryShortMemory } from '../../support/memory/short-memory.ts';
import { realClock } from '../../support/real-clock.ts';
import { opsGroup, settingsOf } from './bench.ts';

const timeoutMs = 1500;
const meter = { count: () => undefined };
const quick = {
  kind: 'refuse',
  status: 403,
  code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
} as const;
const sending = /POST \/v1\.0\/(?:card|robot)\//u;

function senderTo(dingtalk: DingTalkStandIn) {
  const settings = settingsOf(dingtalk);
  const memory = createMemoryShortMemory(realClock);
  return {
    api: createApi({ settings, clock: realClock, meter, timeoutMs }),
    settings,
    log: quietLog,
    shown: createShown(memory, realClock),
    tracks: createTracks(memory),
    media: createMedia({ settings, clock: realClock, meter }),
  };
}

function cardsTo(dingtalk: DingTalkStandIn): Channel {
  return createCardChannel({ ...senderTo(dingtalk), template: dingtalk.tenant.template });
}

const secretsOf = ({ tenant }: DingTalkStandIn) => [tenant.clientSecret, ...tenant.tokens.keys()];

channelContract('dingtalk cards', async () => {
  const dingtalk = await startDingTalkStandIn();
  const lines = (): readonly string[] =>
    dingtalk
      .messages(ops)
      .filter(({ params }) => params['kind'] === 'line')
      .map(({ text }) => text);
  return {
    channel: cardsTo(dingtalk),
    destination: opsGroup,
    handle: 'bo',
    cards: () =>
      Promise.resolve(dingtalk.cards(ops).map(({ text }) => ({ text, thread: lines() }))),
    limitRate: () => dingtalk.fault(sending, quick),
    refuse: () => dingtalk.expel(ops),
    loseAnswer: () =>
      dingtalk.fault(/(?:POST|PUT) \/v1\.0\/card\//u, { kind: 'reset', when: 'after' }),
    hang: () => dingtalk.fault(sending, { kind: 'hang' }),
    unplug: () => dingtalk.down(),
    deleteCard() {
      const newest = dingtalk.cards(ops).at(-1);
      if (newest !== undefined) dingtalk.delete(newest);
    },
    changesAgain: true,
    get secrets() {
      return secretsOf(dingtalk);
    },
    close: () => dingtalk.close(),
  };
});

/** Texts hang one below the other: what follows a card and repeats its title without being one is its thread. */
function asCards(dingtalk: DingTalkStandIn) {
  const messages = dingtalk.messages(ops);
  const isLine = ({ text }: DingTalkMessage) => text.startsWith('#### ');
  const called = dingtalk.messages('single:bo').map(() => ' bo');
  return messages
    .filter((message) => !isLine(message))
    .map(({ text }) => ({
      text,
      thread: messages.filter(isLine).map((line) => `${line.text}${called.join('')}`),
    }));
}

channelContract('dingtalk texts', async () => {
  const dingtalk = await startDingTalkStandIn();
  dingtalk.addPeople('bo');
  return {
    channel: createTextChannel(senderTo(dingtalk)),
    destination: opsGroup,
    handle: 'bo',
    cards: () => Promise.resolve(asCards(dingtalk)),
    limitRate: () => dingtalk.fault(sending, quick),
    refuse: () => dingtalk.expel(ops),
    loseAnswer: () => dingtalk.fault(sending, { kind: 'reset', when: 'after' }),
    hang: () => dingtalk.fault(sending, { kind: 'hang' }),
    unplug: () => dingtalk.down(),
    get secrets() {
      return secretsOf(dingtalk);
    },
    close: () => dingtalk.close(),
  };
});

channelContract('dingtalk robot', async () => {
  const dingtalk = await startDingTalkStandIn();
  const secret = 'SECstandin0123456789';
  const robot = dingtalk.addRobot(ops, { secret, keyword: 'ZooKeeper' });
  return {
    channel: createRobotChannel({
      robots: { ops: { url: robot.url, secret, keyword: 'ZooKeeper' } },
      clock: realClock,
      meter,
      quota: 3000,
      timeoutMs,
    }),
    destination: aDestination({ channel: 'dingtalkRobot', address: 'ops' }),
    handle: 'bo',
    cards: () => Promise.resolve(asCards(dingtalk)),
    refuse: () => dingtalk.stopRobot(robot.token),
    loseAnswer: () => dingtalk.fault(/robot\/send/u, { kind: 'reset', when: 'after' }),
    hang: () => dingtalk.fault(/robot\/send/u, { kind: 'hang' }),
    unplug: () => dingtalk.down(),
    secrets: [secret, robot.token],
    close: () => dingtalk.close(),
  };
});

const aShow = (title = 'zk2 is down'): Delivery => ({
  kind: 'show',
  card: aCard({ title }),
  previous: undefined,
  text: title,
});

describe('cards in DingTalk', () => {
  let dingtalk: DingTalkStandIn;

  beforeEach(async () => {
    dingtalk = await startDingTalkStandIn();
  });

  afterEach(() => dingtalk.close());

  it.each([
    {
      fault: { kind: 'refuse', status: 400, code: 'param.templateNotExist' },
      code: 'delivery-refused',
    },
    {
      fault: { kind: 'refuse', status: 400, code: 'param.templateUnpublished' },
      code: 'delivery-refused',
    },
    {
      fault: { kind: 'refuse', status: 400, code: 'param.contentUnsafe' },
      code: 'delivery-refused',
    },
    {
      fault: { kind: 'refuse', status: 400, code: 'chatbotId.notAllow.sendOTO' },
      code: 'delivery-refused',
    },
    {
      fault: {
        kind: 'refuse',
        status: 400,
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      },
      code: 'delivery-refused',
    },
    {
      fault: { kind: 'refuse', status: 403, code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' },
      code: 'delivery-rate-limited',
    },
    {
      fault: { kind: 'refuse', status: 400, code: 'send.too.fast' },
      code: 'delivery-rate-limited',
    },
    {
      fault: { kind: 'refuse', status: 403, code: 'Forbidden.AccessDenied.QpsLimitForApi' },
      code: 'delivery-rate-limited',
    },
    { fault: { kind: 'refuse', status: 500, code: 'system.busy' }, code: 'delivery-unknown' },
    { fault: { kind: 'page', status: 200 }, code: 'delivery-unknown' },
    { fault: { kind: 'page', status: 502 }, code: 'delivery-unknown' },
    {
      fault: { kind: 'refuse', status: 400, code: 'an.error.of.tomorrow' },
      code: 'delivery-temporary',
    },
    { fault: { kind: 'reset', when: 'before' }, code: 'delivery-unknown' },
  ] as const)('reads $fault as $code', async ({ fault, code }) => {
    dingtalk.fault(sending, fault);

    const outcome = cardsTo(dingtalk).deliver(aShow(), opsGroup, 'k1');

    await expect(outcome).rejects.toMatchObject({ code });
    expect(dingtalk.calls.filter(({ name }) => sending.test(name))).toHaveLength(1);
  });

  it('takes 200 for no success where the card was not delivered', async () => {
    dingtalk.expel(ops);

    const outcome = cardsTo(dingtalk).deliver(aShow(), opsGroup, 'k1');

    await expect(outcome).rejects.toMatchObject({
      code: 'delivery-refused',
      message: 'DingTalk did not deliver the card: robot is not in the group',
    });
  });

  it('delivers after the robot was invited, although the first card of that key was made', async () => {
    const channel = cardsTo(dingtalk);
    dingtalk.expel(ops);
    await channel.deliver(aShow(), opsGroup, 'k1').catch(() => undefined);
    dingtalk.addGroup(ops);

    const receipt = await channel.deliver(aShow(), opsGroup, 'k1');

    expect(dingtalk.cards(ops)).toHaveLength(1);
    expect(await channel.reconcile?.('k1', opsGroup, 0)).toEqual(receipt);
  });

  it('goes on with a card that is there already', async () => {
    const channel = cardsTo(dingtalk);
    await channel.deliver(aShow(), opsGroup, 'k1');

    const receipt = await channel.deliver(aShow(), opsGroup, 'k1');

    expect(receipt).toEqual({ outTrackId: 'k1', conversation: ops });
    expect(dingtalk.cards(ops)).toHaveLength(1);
  });

  it('fetches one token for many cards, and another one when it has ended', async () => {
    const channel = cardsTo(dingtalk);
    const tokens = () => dingtalk.calls.filter(({ name }) => name.endsWith('accessToken')).length;

    await Promise.all(['k1', 'k2', 'k3'].map((key) => channel.deliver(aShow(), opsGroup, key)));
    const before = tokens();
    dingtalk.skewMs = 7_300_000;
    await channel.deliver(aShow(), opsGroup, 'k4');

    expect([before, tokens()]).toEqual([1, 2]);
    expect(dingtalk.cards(ops)).toHaveLength(4);
  });

  it('never makes a value longer than DingTalk takes, in English and Chinese', async () => {
    const channel = cardsTo(dingtalk);

    for (const language of ['en', 'zh-CN'] as const) {
      const card = anEndlessCard({ language, meaning: '集群失去法定人数。'.repeat(300) });
      await channel.deliver(
        { kind: 'show', card, previous: undefined, text: 't' },
        opsGroup,
        language,
      );
    }

    const [english, chinese] = dingtalk.cards(ops);
    expect(english?.params['evidence']).toMatch(/… \d+ more$/u);
    expect(chinese?.params['grid']).toMatch(/… 还有 \d+ 项$/u);
  });

  it('leaves nothing of an earlier state on the card', async () => {
    const channel = cardsTo(dingtalk);
    const previous = await channel.deliver(aShow(), opsGroup, 'k1');
    const resolved = aCard({ tone: 'resolved', evidence: [], symptoms: [], buttons: [], more: [] });

    await channel.deliver({ kind: 'show', card: resolved, previous, text: 't' }, opsGroup, 'k2');

    const [card] = dingtalk.cards(ops);
    expect(card?.buttons).toEqual([]);
    expect(card?.params).toMatchObject({ tone: 'resolved', evidence: '', symptoms: '', ack: '' });
  });

  it('posts afresh when the destination has moved to another group', async () => {
    dingtalk.addGroup('cidDevGroup0002==');
    const channel = cardsTo(dingtalk);
    const previous = await channel.deliver(aShow(), opsGroup, 'k1');

    const moved = aDestination({ channel: 'dingtalk', address: 'cidDevGroup0002==' });
    await channel.deliver({ ...aShow(), previous } as Delivery, moved, 'k2');

    expect(dingtalk.cards('cidDevGroup0002==')).toHaveLength(1);
    expect(dingtalk.cards(ops)[0]?.edits).toBe(0);
  });

  it('never lets data call people or make links', async () => {
    const channel = cardsTo(dingtalk);
    const card = aCard({
      title: '@all [pay](https://evil.example) **now**',
      evidence: ['# not a title', '`x`'],
    });

    await channel.deliver({ kind: 'show', card, previous: undefined, text: 't' }, opsGroup, 'k1');

    const params = dingtalk.cards(ops)[0]?.params ?? {};
    expect(params['title']).not.toMatch(/[[\]*]/u);
    expect(params['evidence']).toContain('\u200B# not a title');
  });

  it('calls people by the only way there is in a group: a card of its own', async () => {
    const channel = cardsTo(dingtalk);
    const card = aCard();
    const thread = await channel.deliver(aShow(), opsGroup, 'k1');

    await channel.deliver(
      { kind: 'speak', card, line: aLine({ mention: ['ann', 'bo'] }), thread },
      opsGroup,
      'k2',
    );

    const line = dingtalk.messages(ops).at(-1);
    expect(line?.at).toEqual(['ann', 'bo']);
    expect(line?.buttons).toEqual([]);
  });

  it('shows the beginning of a file, how to read the rest, and the way to the console', async () => {
    const channel = cardsTo(dingtalk);
    const file = {
      title: 't',
      text: 'whole',
      head: ['zk2 srvr', 'Mode: follower'],
      more: '/zk evidence r-7',
    };
    const line = aLine({ text: 'What zk2 said', file });
    const card = aCard();

    await channel.deliver({ kind: 'speak', card, line, thread: {} }, opsGroup, 'k1');

    const [said] = dingtalk.messages(ops);
    expect(said?.params).toMatchObject({
      kind: 'line',
      state: 'What zk2 said',
      evidence: 'zk2 srvr  \nMode: follower  \n/zk evidence r-7',
    });
    expect(said?.params['links']).toContain(card.consoleUrl);
  });

  it('says of the bot itself what has begun, finds it again, and changes it when it is over', async () => {
    const channel = cardsTo(dingtalk);
    const began = { text: 'blind', tone: 'critical' } as const;
    const receipt = await channel.announce?.(began, opsGroup, 'nk-blind-1', undefined);

    expect(await channel.reconcile?.('nk-blind-1', opsGroup, 0)).toEqual(receipt);
    expect(await channel.reconcile?.('nk-blind-2', opsGroup, 0)).toBeUndefined();
    await channel.announce?.({ text: 'sees again', tone: 'resolved' }, opsGroup, 'over', receipt);

    expect(dingtalk.messages(ops).map(({ text }) => text)).toEqual(['🟢 Nightkeeper\nsees again']);
  });
});

describe('texts in DingTalk', () => {
  let dingtalk: DingTalkStandIn;

  beforeEach(async () => {
    dingtalk = await startDingTalkStandIn();
  });

  afterEach(() => dingtalk.close());

  it('have links that send the command as the person who presses them', async () => {
    await createTextChannel(senderTo(dingtalk)).deliver(aShow(), opsGroup, 'k1');

    const [text] = dingtalk.messages(ops);
    expect(text?.text).toContain(
      '[Acknowledge](dtmd://dingtalkclient/sendMessage?content=zk%20ack%2012)',
    );
  });

  it('call people in their single chats, since a group hears no call', async () => {
    dingtalk.addPeople('ann');
    const line = aLine({ text: 'nobody came', mention: ['ann', 'left-the-company'] });

    await createTextChannel(senderTo(dingtalk)).deliver(
      { kind: 'speak', card: aCard(), line, thread: {} },
      opsGroup,
      'k2',
    );

    expect(dingtalk.messages('single:ann')[0]?.text).toContain('nobody came');
    expect(dingtalk.messages(ops)).toHaveLength(1);
  });
});

describe('a custom robot', () => {
  let dingtalk: DingTalkStandIn;

  beforeEach(async () => {
    dingtalk = await startDingTalkStandIn();
  });

  afterEach(() => dingtalk.close());

  const hook = aDestination({ channel: 'dingtalkRobot', address: 'ops' });

  function robotTo(guard: { readonly secret?: string; readonly keyword?: string } = {}): Channel {
    const { url } = dingtalk.addRobot(ops, guard);
    return createRobotChannel({
      robots: { ops: { url, ...guard } },
      clock: realClock,
      meter,
      quota: 3000,
      timeoutMs,
    });
  }

  it('has links to the console instead of buttons', async () => {
    await robotTo().deliver(aShow(), hook, 'k1');

    const [text] = dingtalk.messages(ops);
    expect(text?.text).toContain('(https://nightkeeper.example/incidents/12)');
    expect(text?.text).not.toContain('dtmd:');
  });

  it('says its keyword where the message lacks it', async () => {
    await robotTo({ keyword: '告警' }).deliver(aShow(), hook, 'k1');

    expect(dingtalk.messages(ops)).toHaveLength(1);
  });

  it('takes a message once, however often it is sent', async () => {
    const robot = robotTo();

    await robot.deliver(aShow(), hook, 'k1');
    await robot.deliver(aShow(), hook, 'k1');

    expect(dingtalk.messages(ops)).toHaveLength(1);
  });

  it('is left alone for as long as DingTalk shuts it out', async () => {
    const robot = robotTo();
    for (let index = 0; index < 20; index += 1) await robot.deliver(aShow(), hook, `k${index}`);

    const outcome = robot.deliver(aShow(), hook, 'one too many');

    await expect(outcome).rejects.toMatchObject({
      code: 'delivery-rate-limited',
      retryAfterMs: 600_000,
    });
  });

  it('sends at most 20 a minute by its budget, whenever the minute begins', () => {
    const { burst = 0, everyMs = 0 } = robotTo().budget ?? {};

    expect(burst + 60_000 / everyMs).toBeLessThanOrEqual(20);
  });

  it.each([
    { what: 'a wrong signature', guard: { secret: 'SECright' }, used: { secret: 'SECwrong' } },
    { what: 'a missing keyword', guard: { keyword: '告警' }, used: {} },
  ])('is refused for good for $what', async ({ guard, used }) => {
    const { url } = dingtalk.addRobot(ops, guard);
    const robots = { ops: { url, ...used } };
    const robot = createRobotChannel({ robots, clock: realClock, meter, quota: 3000, timeoutMs });

    const outcome = robot.deliver(aShow(), hook, 'k1');

    await expect(outcome).rejects.toMatchObject({
      code: 'delivery-refused',
      message: 'the robot said 310000',
    });
  });

  it('calls people by name in the text', async () => {
    const robot = robotTo();

    await robot.deliver(
      { kind: 'speak', card: aCard(), line: aLine({ mention: ['ann'] }), thread: {} },
      hook,
      'k2',
    );

    expect(dingtalk.messages(ops)[0]?.at).toEqual(['ann']);
  });
});
