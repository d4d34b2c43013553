import type { Browser } from 'playwright-core';
import type { SlackMessage } from '../../test/servers/slack.ts';
import { launchBrowser, openPage } from '../../test/support/browser.ts';
import { until } from '../../test/support/until.ts';
import {
  createAlbum,
  healthy,
  type Language,
  languages,
  pictureOf,
  stormEnsembles,
  takePicture,
} from '../album.ts';
import { channels, people, type Scene, startScene } from './scene.ts';
import { albumHtml, messageHtml } from './window.ts';

/** Plays one night, in which a server dies and is restarted, and another in which many die at once; pictures of both in each language. */
export async function takePictures(scene: Scene, address: string, folder: string): Promise<void> {
  const { slack } = scene;
  const album = createAlbum();
  await healthy(scene.console);
  const [follower] = await scene.ensemble.followers();
  void follower?.kill('SIGKILL');
  const text = new RegExp(`orders/${follower?.id}`, 'u');
  const card = (language: Language): SlackMessage => {
    const found = slack.channel(channels[language]).messages.find((one) => text.test(one.text));
    if (found === undefined) throw new Error('the card is gone');
    return found;
  };
  const draw = (language: Language) => {
    const { raw, ts } = card(language);
    return messageHtml(slack, raw, ts);
  };
  for (const language of languages)
    await slack.channel(channels[language]).expectCard(text, 30_000);
  album.note('triggered', draw);
  const browser = await launchBrowser();
  for (const language of languages) {
    await play(scene, card(language), language);
    await takeWindow(browser, `${address}/${language}`, pictureOf(folder, 'slack', language));
    if (language === 'en') {
      await until('both say who has it', () => languages.every(isTaken));
      album.note('acknowledged', draw);
      slack.dismissModal(people.en);
    }
  }
  await slack.submitModal(people['zh-CN'], { reason: '进程没了，拉起来' });
  await until(
    'it is restarted',
    () =>
      languages.every((one) =>
        /restart .* (?:runs|is done)|重启.*(?:正在|完成)/iu.test(card(one).text),
      ),
    30_000,
  );
  album.note('recovering', draw);
  await until('it is over', () => languages.every(isOver), 60_000);
  album.note('resolved', draw);
  await storm(album);
  for (const language of languages)
    await takePicture(
      browser,
      albumHtml(album.looks(language)),
      pictureOf(folder, 'slack-states', language),
    );
  await browser.close();

  function isOver(language: Language): boolean {
    return /worked|成功|已重新/u.test(card(language).text) && card(language).buttons.length === 0;
  }

  function isTaken(language: Language): boolean {
    return card(language).text.includes('Ann Chen');
  }
}

/** Somebody takes it, writes a note, looks at a chart and asks for a restart. */
async function play({ slack }: Scene, card: SlackMessage, language: Language): Promise<void> {
  const user = people[language];
  const en = language === 'en';
  const number = /#(\d+)/u.exec(card.text)?.[1] ?? '';
  if (card.buttons.some((label) => ['Acknowledge', '确认'].includes(label)))
    await slack.click(card, en ? 'Acknowledge' : '确认', user);
  const note = en ? 'the disk was changed at noon' : '中午更换过磁盘';
  await slack.slash(`/zk note ${number} ${note}`, user, card.channel);
  await slack.click(card, en ? 'Chart' : '图表', user);
  await slack.openHome(user);
  await until('note and chart', () => card.replies.length >= 2, 30_000);
  const restart = card.buttons.find((label) => /Restart|重启/u.test(label)) ?? '';
  await slack.click(card, restart, user);
  await until('the sum', () => slack.modals(user)[0]?.submit !== undefined, 20_000);
  await until('the page', () => slack.home(user) !== undefined, 20_000);
}

async function takeWindow(browser: Browser, url: string, path: string): Promise<void> {
  const opened = await openPage(browser, { width: 1560, height: 1000 });
  const { page } = opened;
  await page.goto(url);
  await page.waitForSelector('.modal textarea');
  await page.locator('[data-place=channel] .overflow summary').first().click();
  await page.locator('main').screenshot({ path });
  console.log(`preview: ${path}`);
  await opened.close();
}

/** Many ensembles lose a server at once. */
async function storm(album: ReturnType<typeof createAlbum>): Promise<void> {
  const scene = await startScene(stormEnsembles);
  const { slack } = scene;
  try {
    await healthy(scene.console);
    const [follower] = await scene.ensemble.followers();
    void follower?.kill('SIGKILL');
    // The first has a card of its own.
    const text = /(?:Storm: |同时 )[78]/u;
    const digests = await Promise.all(
      languages.map((language) => slack.channel(channels[language]).expectCard(text, 60_000)),
    );
    album.note('storm', (language) => {
      const digest = digests[languages.indexOf(language)];
      return digest === undefined ? '' : messageHtml(slack, digest.raw, digest.ts);
    });
  } finally {
    await scene.close();
  }
}
