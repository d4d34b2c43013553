import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/app/log.ts';
import { NightkeeperError } from '../../src/model/errors.ts';

function aLog(secrets: readonly string[] | (() => readonly string[]) = []) {
  const lines: string[] = [];
  const log = createLog({ secrets, out: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('the log', () => {
  it('writes one line of JSON an event, facts beside a constant message', () => {
    const { log, last } = aLog();

    log.warn({ ensemble: 'orders', attempt: 2 }, 'probe timed out');

    expect(last()).toMatchObject({
      level: 'warn',
      ensemble: 'orders',
      attempt: 2,
      message: 'probe timed out',
    });
    expect(Date.parse(String(last()['time']))).toBeGreaterThan(0);
  });

  it('leaves out what is only for finding bugs', () => {
    const { log, lines } = aLog();

    log.debug({}, 'detail');

    expect(lines).toEqual([]);
  });

  it('keeps code and cause of an error', () => {
    const { log, last } = aLog();
    const cause = new Error('ECONNREFUSED 127.0.0.1:6379');

    log.error({ err: new NightkeeperError('redis-unavailable', 'no Redis', { cause }) }, 'blind');

    expect(last()['err']).toMatchObject({
      code: 'redis-unavailable',
      message: 'no Redis',
      cause: { message: 'ECONNREFUSED 127.0.0.1:6379' },
    });
  });

  it('hides secrets wherever they turn up, as JSON writes them, too', () => {
    const { log, lines } = aLog(['xoxb-1-hush', 'with"quote\\and']);

    log.info({ url: 'https://x/?t=xoxb-1-hush', note: 'with"quote\\and' }, 'sent xoxb-1-hush');

    expect(lines.join('')).not.toMatch(/hush|quote/u);
    expect(lines.join('')).toContain('https://x/?t=[hidden]');
  });

  it('hides facts that are secret by their name', () => {
    const { log, lines } = aLog();

    log.info({ token: 'abc', headers: { authorization: 'Bearer abc' } }, 'request');

    expect(lines.join('')).not.toContain('abc');
  });

  it('learns new secrets when the configuration changes', () => {
    const known: string[] = [];
    const { log, lines } = aLog(() => known);
    known.push('new-secret');

    log.info({ text: 'new-secret' }, 'reloaded');

    expect(lines.join('')).not.toContain('new-secret');
  });
});
