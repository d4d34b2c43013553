import type { Browser } from 'playwright-core';
import type { DingTalkMessage } from '../../test/servers/dingtalk.ts';
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
import { albumHtml, messageHtml } from './phone.ts';
import { groups, people, type Scene, startScene } from './scene.ts';

/** Plays one night, in which a server dies and is restarted, and another in which many die at once; pictures of both in each language. */
export async function takePictures(scene: Scene, address: string, folder: string): Promise<void> {
  const { dingtalk, ensemble } = scene;
  const album = createAlbum();
  await healthy(scene.console);
  const [follower] = await ensemble.followers();
  void follower?.kill('SIGKILL');
  await until('the cards', () => languages.every((one) => hanging(one) !== undefined), 30_000);
  album.note('triggered', draw);
  const browser = await launchBrowser();
  for (const language of languages) {
    await play(scene, card(language), language);
    await takePhones(browser, `${address}/${language}`, pictureOf(folder, 'dingtalk', language));
    if (language === 'en') {
      await until('both say who has it', () => languages.every(isTaken));
      album.note('acknowledged', draw);
      await dingtalk.say('cancel', people.en);
    }
  }
  await dingtalk.say('是', people['zh-CN']);
  await until(
    'it is restarted',
    () => languages.every((one) => /runs now|is done|正在执行|已执行/u.test(card(one).text)),
    30_000,
  );
  album.note('recovering', draw);
  await until('it is over', () => languages.every(isOver), 60_000);
  album.note('resolved', draw);
  await storm(album);
  for (const language of languages)
    await takePicture(
      browser,
      albumHtml(language, album.looks(language)),
      pictureOf(folder, 'dingtalk-states', language),
    );
  await browser.close();

  function hanging(language: Language): DingTalkMessage | undefined {
    return dingtalk.cards(groups[language])[0];
  }

  function card(language: Language): DingTalkMessage {
    const found = hanging(language);
    if (found === undefined) throw new Error('the card is gone');
    return found;
  }

  function draw(language: Language): string {
    return messageHtml(dingtalk, card(language), 'nobody');
  }

  function isTaken(language: Language): boolean {
    return card(language).text.includes('Ann Chen');
  }

  function isOver(language: Language): boolean {
    return /worked|成功/u.test(card(language).text) && card(language).buttons.length === 0;
  }
}

/** Somebody takes it, and asks for a restart. */
async function play({ dingtalk }: Scene, card: DingTalkMessage, language: Language): Promise<void> {
  const user = people[language];
  const alone = () => dingtalk.messages(`single:${user}`).length;
  if ((card.params['ack'] ?? '') !== '') await dingtalk.press(card, 'ack', user);
  await dingtalk.press(card, 'restart', user);
  await until('the question', () => alone() > 0);
  await dingtalk.say(language === 'en' ? 'process is gone' : '进程没了，拉起来', user);
  await until('a yes', () => alone() > 1);
}

async function takePhones(browser: Browser, url: string, path: string): Promise<void> {
  const opened = await openPage(browser, { width: 870, height: 1000 });
  const { page } = opened;
  await page.goto(url);
  await page.waitForSelector('[data-place=alone] article');
  await page.locator('main').screenshot({ path });
  console.log(`preview: ${path}`);
  await opened.close();
}

/** Many ensembles lose a server at once. */
async function storm(album: ReturnType<typeof createAlbum>): Promise<void> {
  const scene = await startScene(stormEnsembles);
  const { dingtalk } = scene;
  // The first has a card of its own.
  const digestOf = (language: Language) =>
    dingtalk.cards(groups[language]).find(({ text }) => /(?:Storm: |同时 )[78]/u.test(text));
  try {
    await healthy(scene.console);
    const [follower] = await scene.ensemble.followers();
    void follower?.kill('SIGKILL');
    await until('the storm', () => languages.every((one) => digestOf(one) !== undefined), 60_000);
    album.note('storm', (language) => {
      const digest = digestOf(language);
      return digest === undefined ? '' : messageHtml(dingtalk, digest, 'nobody');
    });
  } finally {
    await scene.close();
  }
}
