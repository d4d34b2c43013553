import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startHeartbeat } from '../../src/app/heartbeat.ts';
import { sendHeartbeat } from '../../src/edges/heartbeat/beat.ts';
import type { HeartbeatConfig } from '../../src/edges/heartbeat/config.ts';
import { createFakeClock } from '../support/clock.ts';
import { recordingLog } from '../support/log.ts';

const to: HeartbeatConfig = {
  url: 'http://switch.example.com/key',
  method: 'GET',
  everyMs: 60_000,
};

describe('the heartbeat to the outside', () => {
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  function start(config: () => HeartbeatConfig | undefined = () => to) {
    const clock = createFakeClock();
    const log = recordingLog();
    const state = { ready: true, trouble: undefined as string | undefined, sent: 0 };
    const counted: string[] = [];
    const heartbeat = startHeartbeat({
      config,
      isReady: () => state.ready,
      send() {
        state.sent += 1;
        return Promise.resolve(state.trouble);
      },
      clock,
      log,
      telemetry: { count: (_name, labels) => void counted.push(labels?.['outcome'] ?? '') },
    });
    closing.push(() => heartbeat.stop());
    return { clock, log, state, counted };
  }

  it('is sent at once and then as often as the configuration says', async () => {
    const { clock, state, counted, log } = start();
    await clock.advance(0);
    expect(state.sent).toBe(1);

    await clock.advance(300_000);

    expect(state.sent).toBe(6);
    expect(new Set(counted)).toEqual(new Set(['sent']));
    expect(log.lines).toEqual([]);
  });

  it('is held back while the bot is blind, and comes again when it sees', async () => {
    const { clock, state, counted, log } = start();
    await clock.advance(0);
    state.ready = false;
    await clock.advance(180_000);
    expect(state.sent).toBe(1);
    expect(counted.filter((outcome) => outcome === 'held-back')).toHaveLength(3);

    state.ready = true;
    await clock.advance(60_000);

    expect(state.sent).toBe(2);
    expect(log.lines.map(({ message }) => message)).toEqual([
      'heartbeat to the outside not sent',
      'heartbeat to the outside is sent again',
    ]);
  });

  it('says once that it fails, counts every time, and goes on trying', async () => {
    const { clock, state, counted, log } = start();
    state.trouble = 'ECONNREFUSED';
    await clock.advance(180_000);

    expect(state.sent).toBeGreaterThan(2);
    expect(counted.filter((outcome) => outcome === 'failed').length).toBeGreaterThan(1);
    expect(log.messages('warn')).toHaveLength(1);
  });

  it('is not sent where none is wanted', async () => {
    const { clock, state } = start(() => undefined);

    await clock.advance(180_000);

    expect(state.sent).toBe(0);
  });
});

describe('sendHeartbeat', () => {
  it('says what is wrong in a word, and never the address', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/reset') request.socket.destroy();
      else response.writeHead(request.url === '/key' ? 200 : 404).end('body');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const answers = [
      await sendHeartbeat({ url: `${at}/key`, method: 'GET' }, '1.0.0'),
      await sendHeartbeat({ url: `${at}/gone`, method: 'POST' }, '1.0.0'),
      await sendHeartbeat({ url: `${at}/reset`, method: 'GET' }, '1.0.0'),
      await sendHeartbeat({ url: 'http://127.0.0.1:1/key', method: 'GET' }, '1.0.0'),
    ];

    expect(asked).toEqual(['GET /key', 'POST /gone', 'GET /reset']);
    expect(answers).toEqual([undefined, 'answered 404', expect.any(String), expect.any(String)]);
    expect(answers.join(' ')).not.toMatch(/key|gone\b|127/u);
    await new Promise((resolve) => server.close(resolve));
  });
});
