import { afterEach, describe, expect, it } from 'vitest';
import { beatMs, listenersMax } from '../../../src/edges/http/live.ts';
import { type RunningConsole, startHttp } from '../../../src/edges/http/server.ts';
import { nightMs } from '../../support/builders.ts';
import { createFakeClock } from '../../support/clock.ts';
import { aConsole } from '../../support/console.ts';
import { until } from '../../support/until.ts';

let http: RunningConsole;
const lines: AbortController[] = [];

afterEach(async () => {
  for (const line of lines.splice(0)) line.abort();
  await http.close();
});

async function open() {
  const clock = createFakeClock(nightMs);
  const parts = aConsole({ clock });
  http = await startHttp(parts.options);
  return { ...parts, clock };
}

/** Listens as a page does. `heard` grows as the line speaks. */
async function listen(headers: Record<string, string> = {}) {
  const line = new AbortController();
  lines.push(line);
  const response = await fetch(`${http.address}/api/v1/events`, { headers, signal: line.signal });
  const state = { response, heard: '', isOver: false };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) state.heard += decoder.decode(piece);
    state.isOver = true;
  };
  read().catch(() => {
    state.isOver = true;
  });
  return state;
}

describe('the live line', () => {
  it('greets with the time and the name of the process', async () => {
    await open();

    const line = await listen();

    await until('the greeting', () => line.heard.includes('event: hello'));
    expect(line.response.headers.get('content-type')).toContain('text/event-stream');
    expect(line.heard).toMatch(/data: \{"boot":"[\w-]{36}","now":\d+\}/u);
  });

  it('passes hints on to every page', async () => {
    const { stores } = await open();
    const [one, other] = await Promise.all([listen(), listen()]);
    await until('both greetings', () => [one, other].every((line) => line.heard.includes('hello')));

    stores.bulletins.publish({ kind: 'card', incident: 12 });
    stores.bulletins.publish({ kind: 'status', ensemble: 'orders' });

    for (const line of [one, other]) {
      await until('both hints', () => line.heard.includes('event: status'));
      expect(line.heard).toContain('event: card\ndata: {"kind":"card","incident":12}');
    }
  });

  it('says that it lives when nothing happens', async () => {
    const { clock } = await open();
    const line = await listen();
    await until('the greeting', () => line.heard.includes('hello'));

    await clock.advance(beatMs);

    expect(await until('a beat', () => line.heard.includes(': beat\n'))).toBe(true);
  });

  it('takes a page back that names an event nobody remembers', async () => {
    await open();

    const line = await listen({ 'last-event-id': 'another-process-17' });

    expect(await until('the greeting', () => line.heard.includes('event: hello'))).toBe(true);
  });

  it('turns away a page too many, and takes it when another has gone', async () => {
    await open();
    const pages = await Promise.all(Array.from({ length: listenersMax }, () => listen()));
    await until('all greetings', () => pages.every((page) => page.heard.includes('hello')));

    const refused = await listen();
    lines[0]?.abort();
    const taken = await until('a free place', async () => {
      const line = await listen();
      return line.response.status === 200 ? line : undefined;
    });

    expect(refused.response.status).toBe(503);
    expect(refused.response.headers.get('retry-after')).toBe('10');
    await until('the greeting', () => taken.heard.includes('hello'));
  });

  it('ends its lines when the console closes', async () => {
    await open();
    const line = await listen();
    await until('the greeting', () => line.heard.includes('hello'));

    await http.close();

    expect(await until('the end', () => line.isOver)).toBe(true);
  });
});

describe('the port', () => {
  it('fails with a code when somebody has it already', async () => {
    await open();
    const { options } = aConsole({ clock: createFakeClock() });

    const second = startHttp({ ...options, http: { ...options.http, port: http.port } });

    await expect(second).rejects.toMatchObject({ code: 'http-bind-failed' });
  });
});
