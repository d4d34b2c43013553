import type { FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildHttp, type RunningConsole, startHttp } from '../../../src/edges/http/server.ts';
import type { OnCallNow } from '../../../src/model/on-call.ts';
import type { Silence } from '../../../src/model/silence.ts';
import { type BrowserPage, launchBrowser, openPage } from '../../support/browser.ts';
import { aPerson, aSettings, aStamp, nightMs } from '../../support/builders.ts';
import { createFakeClock } from '../../support/clock.ts';
import { aConsole, aReply, type ConsoleParts } from '../../support/console.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';

const settings = aSettings({
  people: [aPerson(), aPerson({ id: 'bo', name: 'Bo <b>' }), aPerson({ id: 'cy', name: 'Cy' })],
});

const onCall: readonly OnCallNow[] = [
  {
    schedule: 'platform',
    zone: 'UTC',
    people: ['bo'],
    source: 'rotation',
    untilMs: nightMs + 3_600_000,
    next: ['cy'],
    strangers: [],
  },
  { schedule: 'night', zone: 'UTC', people: [], source: 'nobody', strangers: [] },
];

function aSilence(overrides: Partial<Omit<Silence, 'id'>> = {}): Omit<Silence, 'id'> {
  return {
    scope: { ensemble: 'orders', server: 'zk2' },
    reason: 'new disk',
    set: aStamp({ name: 'Ann' }),
    startMs: nightMs,
    endMs: nightMs + 7_200_000,
    ...overrides,
  };
}

async function silenced({ stores }: ConsoleParts): Promise<void> {
  await stores.silences.add(aSilence(), nightMs);
  const window = { reason: 'patches', scope: {}, window: 'sunday', endMs: nightMs + 60_000 };
  await stores.silences.add(aSilence(window), nightMs);
}

describe('who is on call and what is silenced, on the watch', () => {
  let app: FastifyInstance;

  afterEach(() => app.close());

  async function read(parts: ConsoleParts, language: string): Promise<string> {
    ({ app } = await buildHttp(parts.options));
    const headers = { accept: 'text/html', 'accept-language': language };
    const { body } = await app.inject({ url: '/', headers });
    return body.replaceAll(/<[^>]+>/gu, ' ').replaceAll(/\s+/gu, ' ');
  }

  it.each([
    [
      'en',
      [
        'On call platform Bo &lt;b&gt; until 2026-11-21 04:00:00 UTC , then Cy night nobody',
        'Silenced 2 * patches until 2026-11-21 03:01:00 UTC , maintenance window sunday End',
        'orders/zk2 new disk until 2026-11-21 05:00:00 UTC , by Ann End',
      ],
    ],
    [
      'zh-CN',
      [
        '值班 platform Bo &lt;b&gt; 至 2026-11-21 04:00:00 UTC , 之后是 Cy night 无人',
        '静默中 2 * patches 至 2026-11-21 03:01:00 UTC , 维护窗口 sunday 结束',
        'orders/zk2 new disk 至 2026-11-21 05:00:00 UTC , 由 Ann 设置 结束',
      ],
    ],
  ])('are told in %s', async (language, said) => {
    const parts = aConsole({ clock: createFakeClock(nightMs), settings, onCall });
    await silenced(parts);

    const text = await read(parts, language);

    for (const line of said) expect(text).toContain(line);
  });

  it('take no room where there is nothing to say', async () => {
    const text = await read(aConsole({ clock: createFakeClock(nightMs) }), 'en');

    expect(text).not.toMatch(/On call|Silenced/u);
  });
});

describe('a silence on the console, in a browser', () => {
  let chromium: Browser;
  let browser: BrowserPage;
  let http: RunningConsole;

  beforeAll(async () => {
    chromium = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await http?.close();
    await chromium.close();
  });

  it('is ended with one click, and is gone', async () => {
    const parts: ConsoleParts = aConsole({
      clock: realClock,
      settings,
      onCall,
      http: { localPerson: 'ann' },
      answer: async () => {
        await parts.stores.silences.end(1, aStamp());
        parts.stores.bulletins.publish({ kind: 'status', ensemble: 'orders' });
        return aReply('Silence 1 of orders/zk2 is over.');
      },
    });
    const active = async () =>
      (await parts.stores.silences.list()).filter(({ ended }) => ended === undefined);
    await silenced(parts);
    http = await startHttp({ ...parts.options, silences: active });
    browser = await openPage(chromium);
    const { page } = browser;
    await page.goto(http.address);
    await page.waitForSelector('#link[data-state="live"]');

    const before = await page.locator('#silences li').count();
    const named = await page.locator('#on-call-platform strong').textContent();
    await until('the click is taken up', async () => {
      if (parts.asked.length === 0) await page.locator('#silence-1-end').click();
      return parts.asked.length > 0;
    });
    await page.locator('#silence-1').waitFor({ state: 'detached' });

    expect([before, await page.locator('#silences li').count()]).toEqual([2, 1]);
    expect(named).toBe('Bo <b>');
    expect(parts.asked[0]).toMatchObject({ invocation: { command: 'unsilence', args: ['1'] } });
    expect(browser.complaints).toEqual([]);
  });
});
