/**
 * Shows what DingTalk receives, for looking at: a real ensemble, the real bot, and in DingTalk's place the stand-in of the tests, drawn
 * as two phones. Buttons and lines work. `npm run preview:dingtalk [-- --port 8421] [-- --pictures docs/images]`
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser, openPage } from '../test/support/browser.ts';
import { until } from '../test/support/until.ts';
import { conversationHtml, pageHtml } from './dingtalk/phone.ts';
import { groups, people, type Scene, startScene } from './dingtalk/scene.ts';

type Language = keyof typeof groups;

const names: Readonly<Record<Language, { readonly group: string; readonly alone: string }>> = {
  'zh-CN': { group: 'ZooKeeper 值班群', alone: 'Nightkeeper' },
  en: { group: 'ZooKeeper on call', alone: 'Nightkeeper' },
};

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8421' }, pictures: { type: 'string' } },
});

console.log('preview: starting Redis, three ZooKeeper servers and the bot …');
const scene = await startScene();
const server = await serve(scene);
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
try {
  if (values.pictures === undefined) await show();
  else await takePictures(values.pictures);
} finally {
  server.close();
  await scene.close();
}
process.exit();

async function show(): Promise<void> {
  console.log(`preview: what DingTalk receives: ${address}/zh-CN and ${address}/en`);
  console.log(`preview: break something on the console: ${scene.console}. Stop with Ctrl-C.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function serve({ dingtalk }: Scene): Promise<Server> {
  const http = createServer((request, response) => {
    const [, name = '', what] = (request.url ?? '/').split('/');
    const language: Language = name === 'en' ? 'en' : 'zh-CN';
    const user = people[language];
    if (request.method === 'POST') {
      void readBody(request)
        .then((body) => act(body, language))
        .catch((error: unknown) => console.error(`preview: ${String(error)}`));
      response.writeHead(202).end();
    } else if (what === 'seen') {
      const group = conversationHtml(dingtalk, groups[language], user);
      const alone = conversationHtml(dingtalk, `single:${user}`, user);
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ group, alone }));
    } else {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(pageHtml(language, names[language]));
    }
  });
  const port = values.pictures === undefined ? Number(values.port) : 0;
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return http;
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Readonly<Record<string, string>>;
}

async function act(what: Readonly<Record<string, string>>, language: Language): Promise<void> {
  const { dingtalk } = scene;
  if (what['kind'] === 'say') {
    const group = what['place'] === 'group' ? { group: groups[language] } : {};
    await dingtalk.say(what['text'] ?? '', people[language], group);
    return;
  }
  const card = dingtalk.cards(groups[language]).find(({ id }) => id === what['id']);
  if (card !== undefined) await dingtalk.press(card, what['button'] ?? '', people[language]);
}

/** Plays the night once: a server dies, somebody takes it, and asks for a restart; one picture in each language. */
async function takePictures(folder: string): Promise<void> {
  const { dingtalk, ensemble } = scene;
  await until(
    'the ensemble is healthy',
    async () => {
      const seen = await (await fetch(`${scene.console}/api/v1/status`)).text();
      return seen.includes('"healthy"');
    },
    60_000,
  );
  const [follower] = await ensemble.followers();
  void follower?.kill('SIGKILL');
  const browser = await launchBrowser();
  for (const language of ['zh-CN', 'en'] as const) {
    const group = groups[language];
    await until('the card', () => dingtalk.cards(group).length === 1, 20_000);
    const [card] = dingtalk.cards(group);
    if (card === undefined) return;
    if (card.params['ack'] !== '') await dingtalk.press(card, 'ack', people[language]);
    await dingtalk.press(card, 'restart', people[language]);
    await until('the question', () => dingtalk.messages(`single:${people[language]}`).length > 0);
    await dingtalk.say(
      language === 'en' ? 'process is gone' : '进程没了，拉起来',
      people[language],
    );
    await until('a yes', () => dingtalk.messages(`single:${people[language]}`).length > 1);
    const opened = await openPage(browser, { width: 870, height: 1000 });
    const { page } = opened;
    await page.goto(`${address}/${language}`);
    await page.waitForSelector('[data-place=alone] article');
    const path = join(folder, `dingtalk-${language === 'en' ? 'en' : 'zh'}.png`);
    await page.locator('main').screenshot({ path });
    console.log(`preview: ${path}`);
    await opened.close();
    await dingtalk.say('cancel', people[language]);
  }
  await browser.close();
}
