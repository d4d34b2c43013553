/**
 * Shows what DingTalk receives, for looking at: a real ensemble, the real bot, and in DingTalk's place the stand-in of the tests, drawn
 * as two phones. Buttons and lines work. `npm run preview:dingtalk [-- --port 8421] [-- --pictures docs/images]`
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import type { Language } from './album.ts';
import { conversationHtml, pageHtml } from './dingtalk/phone.ts';
import { takePictures } from './dingtalk/pictures.ts';
import { groups, people, type Scene, startScene } from './dingtalk/scene.ts';

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
  else await takePictures(scene, address, values.pictures);
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
