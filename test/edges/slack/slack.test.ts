import { afterEach, describe, expect, it } from 'vitest';
import { requestPath } from '../../../src/edges/slack/request-path.ts';
import { postSigned } from '../../servers/slack/transport.ts';
import { startSlackStandIn } from '../../servers/slack.ts';
import { freePort } from '../../support/bot-process.ts';
import { aCard } from '../../support/cards.ts';
import { until } from '../../support/until.ts';
import { withResolvers } from '../../support/with-resolvers.ts';
import { SlackBench, startBench } from './bench.ts';

describe('the connection to Slack', () => {
  let bench: SlackBench;

  afterEach(() => bench.close());

  const works = async (user: string): Promise<void> => {
    await bench.slack.slash('/zk status', user);
    await bench.slack.expectEphemeral(user, 'done');
  };

  it('keeps two sockets, so that one can be renewed without a gap', async () => {
    bench = await startBench();
    const before = bench.slack.sockets.connections;

    bench.slack.sockets.refresh();
    await works('U0ANNA');

    await until('a new socket', () => bench.slack.sockets.connections > before);
    await bench.connected();
    await works('U0BO');
    expect(bench.slack.sockets.connections).toBe(before + 1);
  });

  it('starts without Slack, and connects when it comes', async () => {
    const slack = await startSlackStandIn();
    await slack.down();
    bench = new SlackBench(slack);

    await bench.start();

    await until('down', () => bench.edge.state().kind === 'down');
    expect(bench.edge.state().reason).toBe('ECONNREFUSED');
    await slack.up();
    await bench.connected();
    await works('U0ANNA');
  });

  it('comes back by itself after an outage', async () => {
    bench = await startBench();

    await bench.slack.down();
    await until('down', () => bench.edge.state().kind === 'down');
    await bench.slack.up();

    await bench.connected();
    await works('U0ANNA');
    expect(bench.edge.state()).toEqual({ kind: 'connected', sockets: 2 });
  });

  it('survives a revoked app token while it reconnects', async () => {
    bench = await startBench();
    bench.slack.fault('apps.connections.open', { kind: 'error', error: 'invalid_auth' }, 4);

    bench.slack.sockets.drop();

    await until('the reason', () => bench.edge.state().reason === 'invalid_auth');
    await bench.connected();
    await works('U0ANNA');
    expect(bench.edge.state()).toEqual({ kind: 'connected', sockets: 2 });
  });

  it('says that the bot token is not accepted, and runs on', async () => {
    bench = new SlackBench(await startSlackStandIn());

    await bench.start({ botToken: 'xoxb-revoked' });

    await until('the reason', () => bench.edge.state().reason === 'invalid_auth');
    expect(bench.edge.state().kind).toBe('down');
    await expect(bench.show(aCard())).rejects.toMatchObject({ code: 'delivery-refused' });
  });

  it('notices a bot token that is revoked while nothing is sent, and that it works again', async () => {
    bench = new SlackBench(await startSlackStandIn());
    await bench.start({}, { pace: { tokenMs: 20 } });
    await bench.connected();

    bench.slack.fault('auth.test', { kind: 'error', error: 'token_revoked' });

    const states = await until('both changes', () => {
      const after = bench.states.filter(({ kind }) => kind !== 'connecting').slice(1);
      return after.length >= 2 ? after : undefined;
    });
    expect(states).toEqual([
      { kind: 'down', sockets: 2, reason: 'token_revoked', refused: true },
      { kind: 'connected', sockets: 2 },
    ]);
  });

  it('takes a network that is gone for no revoked token while its sockets stand', async () => {
    bench = new SlackBench(await startSlackStandIn());
    await bench.start({}, { pace: { tokenMs: 20 } });
    await bench.connected();
    const looks = () => bench.slack.calls.filter(({ method }) => method === 'auth.test').length;

    bench.slack.fault('auth.test', { kind: 'reset', when: 'before' });
    const before = looks();
    await until('a look after the reset', () => looks() > before + 1);

    expect(bench.edge.state().kind).toBe('connected');
    expect(bench.states.filter(({ kind }) => kind === 'down')).toEqual([]);
  });

  it('waits as long as Slack asks before it connects again', async () => {
    bench = await startBench();
    const limited = { kind: 'rate-limited', retryAfterSeconds: 1 } as const;
    bench.slack.fault('apps.connections.open', limited, 2);
    const droppedMs = Date.now();

    bench.slack.sockets.drop();

    await until('both went', () => bench.edge.state().sockets === 0);
    await bench.connected();
    expect(Date.now() - droppedMs).toBeGreaterThan(900);
  });

  it('tells each change of state once', async () => {
    bench = await startBench();
    await bench.slack.down();
    await until('down', () => bench.edge.state().kind === 'down');
    await until('several tries', () => bench.log.lines.length > 6);
    await bench.slack.up();

    await bench.connected();

    const told = bench.log.lines.filter(({ level }) => level !== 'debug');
    expect(told.map(({ message }) => message)).toContain('slack is down for us');
    expect(told.length).toBeLessThan(10);
  });

  it('survives frames the SDK cannot read, and acknowledges them', async () => {
    bench = await startBench();

    bench.slack.sockets.broadcast('not json');
    await bench.slack.deliver('events_api', {
      type: 'app_rate_limited',
      team_id: 'T0ACME',
      minute_rate_limited: 1_518_467_820,
    });

    await works('U0ANNA');
    const [notice] = bench.slack.sockets.envelopes;
    expect(notice?.ackedMs).toBeDefined();
    expect(bench.slack.sockets.connections).toBe(2);
  });

  it('gives up a call that is never answered, and logs no token', async () => {
    bench = new SlackBench(await startSlackStandIn());
    bench.slack.fault('apps.connections.open', { kind: 'reset', when: 'before' }, 3);
    bench.slack.fault('auth.test', { kind: 'status', status: 500 });

    await bench.start();

    await bench.connected();
    const logged = JSON.stringify(bench.log.lines);
    for (const secret of [bench.slack.botToken, bench.slack.appToken])
      expect(logged).not.toContain(secret);
  });

  it('leaves no socket behind when it is closed while it connects', async () => {
    bench = new SlackBench(await startSlackStandIn());
    const { promise: released, resolve: answer } = withResolvers<void>();
    bench.slack.fault('apps.connections.open', { kind: 'late', until: released }, 2);
    await bench.start();
    await until('both tries', () => bench.slack.calls.length >= 3);

    await bench.edge.close();
    answer();

    await until('late sockets', () => bench.slack.sockets.connections === 2);
    await until('no socket', () => bench.slack.sockets.open === 0);
    expect(bench.edge.state().sockets).toBe(0);
  });

  it('closes its sockets and waits for answers under way', async () => {
    bench = await startBench();
    const finish = bench.hold();
    await bench.slack.slash('/zk status', 'U0ANNA');
    await until('the line is at work', () => bench.acts.length === 1);

    const closed = bench.edge.close();
    finish({ outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text: 'late' }] });
    await closed;

    expect(bench.slack.ephemerals('U0ANNA').map(({ text }) => text)).toEqual(['late']);
    await until('no socket', () => bench.slack.sockets.open === 0);
  });

  it('lets the process end at once when it is closed, and calls that no outage', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    bench = await startBench();

    await bench.edge.close();

    await until('no timer is left', () => timers() <= before, 2000);
    const said = bench.log.lines.map(({ message }) => message);
    expect(said).not.toContain('slack is down for us');
  });

  describe('without socket mode', () => {
    const slash = new URLSearchParams({
      command: '/zk',
      text: 'status',
      user_id: 'U0EVE',
      trigger_id: '1.2',
      response_url: 'http://127.0.0.1:9/',
      team_id: 'T0ACME',
    }).toString();

    async function listening(): Promise<string> {
      const slack = await startSlackStandIn();
      const port = await freePort();
      bench = new SlackBench(slack);
      await bench.startHttp(port);
      await until('listening', () => bench.edge.state().kind === 'connected');
      return `http://127.0.0.1:${port}${requestPath}`;
    }

    it.each([
      { what: 'without a signature', forge: { secret: undefined } },
      { what: 'with a forged signature', forge: { secret: 'guessed' } },
      {
        what: 'recorded six minutes ago',
        forge: { secret: 'stand-in-signing-secret', atMs: Date.now() - 360_000 },
      },
    ])('answers 401 to a request $what, and runs nothing', async ({ forge }) => {
      const url = await listening();

      const { status } = await postSigned(url, slash, forge);

      expect(status).toBe(401);
      expect(bench.acts).toEqual([]);
    });

    it('serves signed requests like a socket', async () => {
      const url = await listening();
      bench.slack.requestUrl = url;

      await works('U0ANNA');
      await bench.show(aCard());
      const [card] = bench.slack.channel('C0000OPS').messages;
      await bench.slack.click(card!, 'Acknowledge', 'U0BO');

      await bench.slack.expectEphemeral('U0BO', 'done');
      expect(bench.slack.sockets.connections).toBe(0);
    });
  });
});
