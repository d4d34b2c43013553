import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openPage } from '../test/support/browser.ts';
import { until } from '../test/support/until.ts';

export type Language = 'en' | 'zh-CN';

export const languages: readonly Language[] = ['en', 'zh-CN'];

/** What becomes of a card in one night, and what many of them become. */
export type Moment = 'triggered' | 'acknowledged' | 'recovering' | 'resolved' | 'storm';

const names: Readonly<Record<Language, Readonly<Record<Moment, string>>>> = {
  en: {
    triggered: 'Triggered',
    acknowledged: 'Acknowledged',
    recovering: 'Recovering',
    resolved: 'Resolved',
    storm: 'A storm: one card for all',
  },
  'zh-CN': {
    triggered: '触发',
    acknowledged: '已确认',
    recovering: '恢复中',
    resolved: '已恢复',
    storm: '风暴：一张卡片说明全部',
  },
};

/** The ensembles of a storm: all are served by the same three servers. */
export const stormEnsembles = [
  'orders',
  'payments',
  'search',
  'stock',
  'prices',
  'shipping',
  'ledger',
  'mail',
] as const;

/** How a card looked at the moments of a night, in both languages. */
export interface Album {
  note(moment: Moment, draw: (language: Language) => string): void;
  looks(language: Language): readonly { readonly name: string; readonly html: string }[];
}

export function createAlbum(): Album {
  const noted: { readonly moment: Moment; readonly html: Readonly<Record<Language, string>> }[] =
    [];
  return {
    note: (moment, draw) =>
      noted.push({ moment, html: { en: draw('en'), 'zh-CN': draw('zh-CN') } }),
    looks: (language) =>
      noted.map(({ moment, html }) => ({ name: names[language][moment], html: html[language] })),
  };
}

/** Takes a picture of a page that is nothing but HTML. */
export async function takePicture(browser: Browser, html: string, path: string): Promise<void> {
  const opened = await openPage(browser, { width: 1700, height: 1000 });
  const { page } = opened;
  await page.setContent(html);
  writeFileSync(path, await page.locator('main').screenshot());
  console.log(`preview: ${path}`);
  await opened.close();
}

/** `docs/images/slack-zh.png` */
export function pictureOf(folder: string, name: string, language: Language): string {
  return join(folder, `${name}-${language === 'en' ? 'en' : 'zh'}.png`);
}

/** Resolves when the bot with this console sees everything well. */
export async function healthy(address: string): Promise<void> {
  await until(
    'everything is healthy',
    async () => {
      const text = await (await fetch(`${address}/api/v1/status`)).text();
      return text.includes('"healthy"') && !/"(?:unknown|degraded|down)"/u.test(text);
    },
    60_000,
  );
}
