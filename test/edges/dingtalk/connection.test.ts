import { DWClient } from 'dingtalk-stream';
import { afterEach, describe, expect, it } from 'vitest';
import { startDingTalkStandIn } from '../../servers/dingtalk.ts';
import { until } from '../../support/until.ts';
import { DingTalkBench, settingsOf, startBench } from './bench.ts';

// What the SDK does by itself, by the numbers of CHAT.md §2.5, and that none of it reaches the bot.
describe('the connection to DingTalk', () => {
  let bench: DingTalkBench;

  afterEach(() => bench.close());

  const works = async (): Promise<void> => {
    const before = bench.dingtalk.messages('single:ann').length;
    await bench.dingtalk.say('状态', 'ann');
    await until('an answer', () => bench.dingtalk.messages('single:ann').length > before);
  };

  const unconnected = async (): Promise<DingTalkBench> => {
    const made = new DingTalkBench(await startDingTalkStandIn());
    made.dingtalk.addPeople('ann');
    return made;
  };

  it('keeps one socket, registered or not (D17)', async () => {
    bench = await startBench();

    await works();

    expect(bench.dingtalk.gateway.open).toBe(1);
    expect(bench.edge.state()).toEqual({ kind: 'connected', sockets: 1 });
  });

  it('does not multiply its tries while sockets are refused (D1)', async () => {
    bench = await unconnected();
    bench.dingtalk.gateway.refuseSockets = true;
    bench.start();
    const startedMs = Date.now();
    await until('four tries', () => bench.dingtalk.gateway.opens >= 4);
    const tookMs = Date.now() - startedMs;

    bench.dingtalk.gateway.refuseSockets = false;

    await bench.connected();
    await works();
    expect(tookMs).toBeGreaterThan(800);
    expect(bench.dingtalk.gateway.open).toBe(1);
    expect(bench.dingtalk.gateway.accepted).toBe(1);
  });

  it('takes no live socket for dead, however often it has reconnected and however far away it is (D2)', async () => {
    bench = await startBench({ pulse: { everyMs: 30, silentMsMax: 400 } });
    const { gateway } = bench.dingtalk;
    // Left-over clocks of the SDK make trouble only where a pong takes its time.
    gateway.pongAfterMs = 25;
    for (let round = 1; round <= 6; round += 1) {
      gateway.drop();
      await until('the next socket', () => gateway.accepted === round + 1, 20_000);
      await bench.connected();
    }
    const since = Date.now();

    await until('many pulses later', () => Date.now() - since > 800);

    expect(gateway.accepted).toBe(7);
    expect(gateway.open).toBe(1);
  });

  it('notices a socket whose other end is silent (D3)', async () => {
    bench = await startBench({ pulse: { everyMs: 50, silentMsMax: 200 } });

    bench.dingtalk.gateway.freeze();

    await until('a new socket', () => bench.dingtalk.gateway.accepted === 2);
    await bench.connected();
    expect(bench.edge.state().sockets).toBe(1);
  });

  it('says why it cannot connect, and connects once it can (D4)', async () => {
    bench = await unconnected();
    const wrong = { kind: 'refuse', status: 401, code: 'authFailed' } as const;
    bench.dingtalk.fault(/connections\/open/u, wrong, 2);

    bench.start();

    await until('the reason', () => bench.edge.state().reason === 'authFailed');
    expect(bench.edge.state().kind).toBe('down');
    await bench.connected();
  });

  it('tells each change of its state once, and whether waiting helps', async () => {
    bench = await unconnected();
    const wrong = { kind: 'refuse', status: 401, code: 'authFailed' } as const;
    bench.dingtalk.fault(/connections\/open/u, wrong, 2);
    bench.start();
    await bench.connected();

    await bench.dingtalk.down();

    await until('it is down', () => bench.states.at(-1)?.kind === 'down');
    await bench.dingtalk.up();
    await until('it is back', () => bench.states.at(-1)?.kind === 'connected');
    expect(bench.states.filter(({ kind }) => kind !== 'connecting')).toEqual([
      { kind: 'down', sockets: 0, reason: 'authFailed', refused: true },
      { kind: 'connected', sockets: 1 },
      { kind: 'down', sockets: 0, reason: expect.stringMatching(/^ECONN/u) },
      { kind: 'connected', sockets: 1 },
    ]);
  });

  it('gives up a gateway that says nothing (D5)', async () => {
    bench = await unconnected();
    bench.dingtalk.fault(/connections\/open/u, { kind: 'hang' });

    bench.start();

    await until('the next try', () => bench.dingtalk.gateway.opens > 0, 40_000);
    await bench.connected();
    expect(bench.dingtalk.gateway.accepted).toBe(1);
  }, 60_000);

  it('ends its tries when it is closed between them (D6)', async () => {
    bench = await unconnected();
    bench.dingtalk.gateway.refuseSockets = true;
    bench.start();
    await until('some tries', () => bench.dingtalk.gateway.opens >= 2);

    await bench.edge.close();

    const before = bench.dingtalk.gateway.opens;
    bench.dingtalk.gateway.refuseSockets = false;
    const since = Date.now();
    await until('longer than the wait between tries', () => Date.now() - since > 700);
    expect(bench.dingtalk.gateway.opens).toBe(before);
    expect(bench.dingtalk.gateway.open).toBe(0);
  });

  it('survives frames that are none (D7)', async () => {
    bench = await startBench();

    for (const frame of [
      'not json',
      '[]',
      '{"type":7}',
      '{"type":"SYSTEM"}',
      '{"type":"CALLBACK"}',
    ])
      bench.dingtalk.gateway.broadcast(frame);

    await works();
    expect(bench.dingtalk.gateway.accepted).toBe(1);
    expect(bench.log.messages('warn')).toContain('dingtalk sent a frame that cannot be read');
  });

  it('answers and hears on when a command throws (D8)', async () => {
    bench = await startBench();
    bench.fail(new Error('a bug'));

    await bench.dingtalk.say('status', 'ann');

    await bench.dingtalk.expectMessage('single:ann', 'The bot ran into an error');
    bench.dingtalk.gateway.ping('still here');
    await until('the ping is answered', () => bench.dingtalk.gateway.pongs.length === 1);
    expect(bench.dingtalk.gateway.pongs[0]).toContain('still here');
  });

  it('answers an event with a status, not with a promise (D9)', async () => {
    bench = await startBench();
    const seen: unknown[] = [];
    const { gateway } = bench.dingtalk;
    gateway.onAnswer = (answer) => void seen.push(answer);

    gateway.broadcast({
      type: 'EVENT',
      headers: { topic: '*', messageId: 'e-1', eventId: 'event-1' },
      data: '{}',
    });

    await until('an answer', () => seen.length === 1);
    expect(seen[0]).toMatchObject({ code: 200, data: '{"status":"SUCCESS"}' });
  });

  it('opens the next socket before the last one goes (D10)', async () => {
    bench = await startBench();
    const openAt: number[] = [];
    bench.dingtalk.gateway.onClose = () => void openAt.push(bench.dingtalk.gateway.open);

    bench.dingtalk.gateway.disconnect(500);

    await until('the second socket', () => bench.dingtalk.gateway.accepted === 2, 400);
    await works();
    await until('the first is gone', () => bench.dingtalk.gateway.open === 1);
    expect(openAt).toEqual([1]);
    expect(bench.edge.state()).toEqual({ kind: 'connected', sockets: 1 });
  });

  it('asks for its own topics from the first socket on, whatever another client of the process asked for (D11, D12, D16)', async () => {
    const other = new DWClient({ clientId: 'other', clientSecret: 'other' });
    other.registerCallbackListener('/v1.0/of/somebody/else', () => undefined);

    bench = await startBench();

    expect(other.config.subscriptions).toContainEqual({
      type: 'CALLBACK',
      topic: '/v1.0/of/somebody/else',
    });
    expect(bench.dingtalk.gateway.accepted).toBe(1);
    expect(bench.dingtalk.gateway.topics).toEqual([
      'CALLBACK /v1.0/im/bot/messages/get',
      'CALLBACK /v1.0/card/instances/callback',
    ]);
  });

  it('says when an answer could not go back, and redraws the card by the API (D13)', async () => {
    bench = await startBench();
    const receipt = await bench.show();
    const [card] = bench.dingtalk.cards('cidOpsGroup0001==');
    const finish = bench.hold();
    void bench.dingtalk.press(card!, 'ack', 'ann');
    await until('the click is at work', () => bench.acts.length === 1);
    bench.dingtalk.gateway.drop();
    await until('the next socket', () => bench.dingtalk.gateway.accepted === 2);

    bench.card = { ...bench.card, tone: 'acknowledged', version: 2 };
    finish(bench.reply);
    await until('told', () =>
      bench.log.messages('warn').includes('an answer to dingtalk came after its socket had closed'),
    );
    await bench.show(bench.card, 'nk-12-ops-v2', receipt);

    expect(bench.dingtalk.cards('cidOpsGroup0001==')[0]?.params['tone']).toBe('acknowledged');
  });

  it('connects once, however often it is asked to move (D14)', async () => {
    bench = await startBench();

    bench.dingtalk.gateway.disconnect(300);
    bench.dingtalk.gateway.disconnect(300);

    await until('the second socket', () => bench.dingtalk.gateway.accepted === 2);
    await until('the first is gone', () => bench.dingtalk.gateway.open === 1);
    await works();
    expect(bench.dingtalk.gateway.accepted).toBe(2);
  });

  it('leaves no socket behind when it is closed while it connects', async () => {
    bench = await unconnected();
    bench.start();
    await until('the gateway is asked', () => bench.dingtalk.calls.length >= 1);

    await bench.edge.close();

    await until('no socket', () => bench.dingtalk.gateway.open === 0);
    expect(bench.edge.state().sockets).toBe(0);
  });

  it('encodes the ticket, and puts no secret into an address or the log (D15)', async () => {
    bench = await startBench();

    await works();

    const told = JSON.stringify(bench.log.lines);
    expect(told).not.toContain(bench.dingtalk.tenant.clientSecret);
    expect(bench.dingtalk.calls.map(({ name }) => name).join()).not.toMatch(/gettoken|appsecret/u);
  });

  it('starts without DingTalk, and connects when it comes', async () => {
    bench = await unconnected();
    await bench.dingtalk.down();

    bench.start();

    await until('down', () => bench.edge.state().kind === 'down');
    expect(bench.edge.state().reason).toBe('ECONNREFUSED');
    await bench.dingtalk.up();
    await bench.connected();
    await works();
  });

  it('comes back by itself after an outage, with one socket', async () => {
    bench = await startBench();

    await bench.dingtalk.down();
    await until('down', () => bench.edge.state().kind === 'down');
    await bench.dingtalk.up();

    await bench.connected();
    await works();
    expect(bench.dingtalk.gateway.open).toBe(1);
  });

  it('replaces a socket that lives and hears nothing', async () => {
    bench = await startBench({ idleMs: 1_000, retireMs: 100 });

    await until('a fresh socket', () => bench.dingtalk.gateway.accepted >= 2);

    await works();
    await until('one is left', () => bench.edge.state().sockets === 1);
    expect(bench.edge.state().kind).toBe('connected');
  });

  it('tells each change of state once', async () => {
    bench = await startBench();
    await bench.dingtalk.down();
    await until('several tries', () => bench.edge.state().kind === 'down');
    await bench.dingtalk.up();

    await bench.connected();

    const told = bench.log.lines.filter(({ level }) => level !== 'debug');
    expect(told.map(({ message }) => message)).toContain('dingtalk is down for us');
    expect(told.length).toBeLessThan(8);
  });

  it('lets the process end at once when it is closed, and calls that no outage', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    bench = await startBench();

    await bench.edge.close();

    await until('no timer is left', () => timers() <= before, 3000);
    expect(bench.log.messages('warn')).not.toContain('dingtalk is down for us');
  });

  it('writes nothing beside the log', async () => {
    const written: unknown[] = [];
    const { info, warn, error } = console;
    Object.assign(console, { info: note, warn: note, error: note });
    function note(...texts: unknown[]): void {
      written.push(texts);
    }
    try {
      bench = await startBench();
      await works();
      bench.dingtalk.gateway.drop();
      await until('again', () => bench.dingtalk.gateway.accepted === 2);
      await bench.edge.close();
    } finally {
      Object.assign(console, { info, warn, error });
    }

    expect(written).toEqual([]);
  });

  it('uses the address it was given', async () => {
    bench = await unconnected();
    bench.start({ ...settingsOf(bench.dingtalk), apiUrl: `${bench.dingtalk.apiUrl}/` });

    await bench.connected();
    expect(bench.dingtalk.calls[0]?.name).toBe('POST /v1.0/gateway/connections/open');
  });
});
