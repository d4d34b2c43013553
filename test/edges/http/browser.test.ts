import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningConsole, startHttp } from '../../../src/edges/http/server.ts';
import type { Form, Reply } from '../../../src/model/reply.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { type BrowserPage, launchBrowser, openPage, type Screen } from '../../support/browser.ts';
import { anEnsembleSettings, anIncident, aSettings, aStamp } from '../../support/builders.ts';
import { aConsole, aReply, type ConsoleParts, pinIncident } from '../../support/console.ts';
import { until } from '../../support/until.ts';

const restart = { kind: 'command', argv: ['true'], timeoutMs: 1000 } as const;
const settings = aSettings({ ensembles: [anEnsembleSettings({ restart })] });

/** The browser's own time goes on, so the console's does. */
const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('aborted'));
      });
    }),
};

let http: RunningConsole;
let chromium: Browser;
let browser: BrowserPage;
let parts: ConsoleParts;

beforeAll(async () => {
  chromium = await launchBrowser();
});

afterAll(() => chromium.close());

afterEach(async () => {
  await browser.close();
  await http.close();
});

async function open(
  given: Partial<Parameters<typeof aConsole>[0]> = {},
  screen: Screen = {},
): Promise<BrowserPage['page']> {
  parts = aConsole({ clock: realClock, settings, http: { localPerson: 'ann' }, ...given });
  const nowMs = Date.now();
  await pinIncident(parts.stores, anIncident({ sinceMs: nowMs, openedMs: nowMs }), settings);
  http = await startHttp(parts.options);
  browser = await openPage(chromium, screen);
  await browser.page.goto(http.address);
  await awake(browser.page);
  return browser.page;
}

/** Waits until the page's own code runs: a click before that goes nowhere. */
async function awake(page: BrowserPage['page']): Promise<void> {
  await page.waitForSelector('#link[data-state="live"]');
}

/** What `recover` asks back. */
const form: Reply = {
  outcome: 'ask',
  visibility: 'private',
  blocks: [
    {
      kind: 'form',
      form: {
        title: 'Restart zk2 of orders?',
        lines: ['3 voters, 2 serving, after this 2 of 3, margin 0.'],
        reasonLabel: 'Why?',
        submit: 'Restart zk2',
        cancel: 'Leave it',
        danger: true,
        invocation: { command: 'recover', args: ['restart-server', 'orders', 'zk2'], options: {} },
      },
    },
  ],
};

describe('the console in a browser', () => {
  it('acknowledges with one click, and shows the card as it is then', async () => {
    const page = await open({
      answer: async () => {
        const incident = anIncident({
          state: 'acknowledged',
          acknowledged: aStamp({ name: 'Ann', via: 'console' }),
          version: 2,
          sinceMs: Date.now(),
        });
        await pinIncident(parts.stores, incident, settings);
        return aReply('Acknowledged.');
      },
    });

    await page.getByRole('button', { name: 'Acknowledge' }).click();

    await page.waitForSelector('#card-12[data-tone="acknowledged"]');
    expect(await page.locator('#card-12 .state-line').textContent()).toContain('Ann');
    expect(await page.getByRole('button', { name: 'Acknowledge', exact: true }).count()).toBe(0);
    expect(await page.locator('.toast').textContent()).toContain('Acknowledged.');
    expect(parts.asked).toMatchObject([
      { invocation: { command: 'ack', args: ['12'] }, caller: { via: 'console', handle: 'ann' } },
    ]);
    expect(browser.complaints).toEqual([]);
  });

  it('sends a double click once', async () => {
    const answers: (() => void)[] = [];
    const page = await open({
      answer: () =>
        new Promise<Reply>((resolve) => answers.push(() => resolve(aReply('Acknowledged.')))),
    });

    await page.locator('#card-12-ack').dblclick();
    await page.waitForSelector('#card-12-ack[data-running]');
    await until('the click has arrived', () => answers.length > 0);
    for (const answer of answers) answer();
    await page.waitForSelector('.toast');

    expect(parts.asked).toHaveLength(1);
  });

  it('keeps a button running while the page redraws itself around it', async () => {
    let answer = (): void => undefined;
    const page = await open({
      answer: () =>
        new Promise<Reply>((resolve) => {
          answer = () => resolve(aReply('Acknowledged.'));
        }),
    });
    const button = page.locator('#card-12-ack');

    await button.click();
    await pinIncident(
      parts.stores,
      anIncident({ version: 2, evidence: ['zk2 EHOSTUNREACH'], sinceMs: Date.now() }),
      settings,
    );
    await page.getByText('zk2 EHOSTUNREACH').waitFor({ state: 'attached' });
    const during = await button.isDisabled();
    await button.dispatchEvent('click');
    answer();
    await page.waitForSelector('.toast');

    expect(during).toBe(true);
    expect(await button.isDisabled()).toBe(false);
    expect(parts.asked).toHaveLength(1);
  });

  it('shows the sum and wants a reason before it restarts', async () => {
    const page = await open({
      answer: ({ options }) =>
        options['reason'] === undefined ? form : aReply('The restart of zk2 has begun.'),
    });

    await page.locator('#card-12-restart').click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const sum = await dialog.textContent();
    await dialog.getByRole('button', { name: 'Restart zk2' }).click();
    const complaint = await dialog.getByRole('alert').textContent();
    await dialog.getByLabel('Why?').fill('hung since 3 a.m.');
    await dialog.getByRole('button', { name: 'Restart zk2' }).click();
    await page.waitForSelector('.toast-done');

    expect(sum).toContain('after this 2 of 3, margin 0');
    expect(complaint).toContain('Please say why');
    expect(parts.asked.map(({ invocation }) => invocation.options)).toEqual([
      { incident: '12' },
      { reason: 'hung since 3 a.m.', confirm: 'yes' },
    ]);
  });

  it('asks for everything a form asks for, and sends what was chosen', async () => {
    const [block] = form.blocks;
    if (block?.kind !== 'form') throw new Error('not a form');
    const options = ['30m', '2h'].map((value) => ({ value, label: `for ${value}` }));
    const asking: Form = {
      ...block.form,
      fields: [
        { kind: 'choice', name: 'for', label: 'How long?', options, chosen: '2h' },
        { kind: 'moment', name: 'until', label: 'Until' },
        { kind: 'flag', name: 'dry-run', label: 'Only look' },
      ],
    };
    const page = await open({
      answer: ({ options: sent }) =>
        sent['reason'] === undefined
          ? { ...form, blocks: [{ kind: 'form', form: asking }] }
          : aReply('Done.'),
    });

    await page.locator('#card-12-restart').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How long?').selectOption('30m');
    await dialog.getByLabel('Only look').check();
    await dialog.getByLabel('Why?').fill('new disk');
    await dialog.getByRole('button', { name: 'Restart zk2' }).click();
    await page.waitForSelector('.toast-done');

    expect(parts.asked.at(-1)?.invocation.options).toEqual({
      for: '30m',
      'dry-run': 'yes',
      reason: 'new disk',
      confirm: 'yes',
    });
    expect(browser.complaints).toEqual([]);
  });

  it('does nothing when the dialogue is left', async () => {
    const page = await open({ answer: () => form });

    await page.locator('#card-12-restart').click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    expect(parts.asked).toHaveLength(1);
  });

  it('asks once more before it escalates', async () => {
    const page = await open();

    await page.locator('#card-12-escalate').click();
    await page.getByRole('dialog').waitFor();
    const before = parts.asked.length;
    await page.getByRole('dialog').getByRole('button').last().click();
    await page.waitForSelector('.toast');

    expect(before).toBe(0);
    expect(parts.asked).toMatchObject([{ invocation: { command: 'escalate', args: ['12'] } }]);
  });

  it('keeps a refusal on the screen, for this reader alone', async () => {
    const page = await open({
      answer: () => aReply('Ann has acknowledged it already.', 'refused'),
    });

    await page.locator('#card-12-ack').click();

    const toast = page.locator('.toast-refused');
    await toast.waitFor();
    expect(await toast.textContent()).toContain('Ann has acknowledged it already.');
    expect(await page.locator('#card-12').textContent()).not.toContain('already');
  });

  it('shows a new card by itself, says it, and counts it in the title', async () => {
    const page = await open();
    await page.evaluate("document.querySelector('#card-12').mark = 'kept'");

    const other = anIncident({
      id: 13,
      fingerprint: 'other',
      sinceMs: Date.now(),
      severity: 'page',
    });
    await pinIncident(parts.stores, other, settings);
    await page.waitForSelector('#card-13');

    expect(await page.title()).toBe('(2) Watch · Nightkeeper');
    expect(await page.locator('#announcer').textContent()).toContain('New fault: orders/zk2');
    expect(await page.locator('#favicon').getAttribute('href')).toContain('critical');
    expect(await page.evaluate("document.querySelector('#card-12').mark")).toBe('kept');
  });

  it('leaves what the reader opened open while it redraws', async () => {
    const page = await open();
    await page.locator('#card-12 .fold summary').first().click();

    await pinIncident(
      parts.stores,
      anIncident({ version: 2, evidence: ['zk2 EHOSTUNREACH'], sinceMs: Date.now() }),
      settings,
    );
    await page.getByText('zk2 EHOSTUNREACH').waitFor();

    expect(await page.locator('#card-12 .fold').first().getAttribute('open')).not.toBeNull();
  });

  it('says that it is cut off, and finds its way back', async () => {
    const page = await open();
    const { port } = http;
    await http.close();

    // A server that closes may still refuse what was asked a moment ago: that reads otherwise, and not for long.
    await page.locator('#link[data-state="lost"]', { hasText: 'Connection lost' }).waitFor();
    http = await startHttp({ ...parts.options, http: { ...parts.options.http, port } });

    await page.waitForSelector('#link[data-state="live"]');
    await page.locator('#card-12-ack').click();
    await page.waitForSelector('.toast-done');
    expect(await page.locator('#link').textContent()).not.toContain('Connection lost');
  });

  it('runs a line typed by keyboard alone: completed, answered, remembered', async () => {
    const table: Reply = {
      outcome: 'done',
      visibility: 'private',
      blocks: [{ kind: 'table', head: ['Server', 'State'], rows: [['zk2', '<b>down</b>']] }],
    };
    const page = await open({ answer: () => table });

    await page.keyboard.press('/');
    await page.keyboard.type('sta');
    await page.waitForSelector('#suggestion-0');
    await page.keyboard.press('Tab');
    await page.keyboard.type('orders');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.reply td');
    const cell = await page.locator('.reply td').last().textContent();
    await page.keyboard.press('ArrowUp');

    expect(parts.asked[0]?.invocation).toEqual({
      command: 'status',
      args: ['orders'],
      options: {},
    });
    expect(cell).toBe('<b>down</b>');
    expect(await page.locator('#line-input').inputValue()).toBe('status orders');
  });

  it('changes theme and language in the header, and stays so', async () => {
    const page = await open();

    await page.getByRole('button', { name: '中文' }).click();
    await page.waitForSelector('html[lang="zh-CN"]');
    await awake(page);
    await page.locator('[data-cookie^="nk_theme"]').click();
    await page.waitForSelector('html[data-theme="light"]');

    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(browser.complaints).toEqual([]);
  });

  it('fits a phone without sideways scrolling, and gives thumbs room', async () => {
    const page = await open({}, { width: 390, height: 844, touch: true });
    const past = { id: 13, state: 'resolved', resolvedMs: Date.now() } as const;
    const subject = { ensemble: 'a-long-name-of-an-ensemble-as-people-give-them', server: 'zk2' };
    await pinIncident(parts.stores, anIncident({ ...past, subject }), settings);

    const addresses = ['/', '/incidents/12', '/nowhere'];
    const overflow: number[] = [];
    for (const address of addresses) {
      await page.goto(`${http.address}${address}`);
      overflow.push(
        Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')),
      );
    }
    await page.goto(http.address);
    const button = await page.locator('#card-12-ack').boundingBox();

    expect(overflow).toEqual([0, 0, 0]);
    expect(button?.height).toBeGreaterThanOrEqual(44);
  });

  it('signs in with a token, and goes on to what was wanted', async () => {
    const token = 'ann-token-0123456789abcdef';
    const tokens = [{ person: 'ann', token }];
    parts = aConsole({ clock: realClock, settings, tokens });
    await pinIncident(parts.stores, anIncident({ sinceMs: Date.now() }), settings);
    http = await startHttp(parts.options);
    browser = await openPage(chromium);
    const { page } = browser;

    await page.goto(`${http.address}/incidents/12`);
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/incidents/12');
    await awake(page);
    await page.locator('#card-12-ack').click();
    await page.waitForSelector('.toast-done');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');

    expect(parts.asked[0]?.caller).toMatchObject({ via: 'console', handle: 'ann' });
    expect(browser.complaints).toEqual([]);
  });
});
