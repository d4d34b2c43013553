/**
 * Shows what Slack receives, for looking at: a real ensemble, the real bot, and in Slack's place the stand-in of the tests, drawn as a
 * channel, a thread, the bot's own page and modals. Buttons, forms and the line work.
 * `npm run preview:slack [-- --port 8422] [-- --pictures docs/images]`
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import type { Language } from './album.ts';
import { takePictures } from './slack/pictures.ts';
import { channels, people, startScene } from './slack/scene.ts';
import { pageHtml, seenBy } from './slack/window.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8422' }, pictures: { type: 'string' } },
});

console.log('preview: starting Redis, three ZooKeeper servers and the bot …');
const scene = await startScene();
const { slack } = scene;
const server = await serve();
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
  console.log(`preview: what Slack receives: ${address}/en and ${address}/zh-CN`);
  console.log(`preview: break something on the console: ${scene.console}. Stop with Ctrl-C.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function serve(): Promise<Server> {
  const http = createServer((request, response) => {
    const [, name = '', what] = (request.url ?? '/').split('/');
    const language: Language = name === 'zh-CN' ? 'zh-CN' : 'en';
    if (request.method === 'POST') {
      void readBody(request)
        .then((body) => act(body, language))
        .catch((error: unknown) => console.error(`preview: ${String(error)}`));
      response.writeHead(202).end();
    } else if (what === 'seen') {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(seenBy(slack, channels[language], people[language])));
    } else {
      const channel = language === 'en' ? 'zookeeper' : 'zookeeper-值班';
      response.writeHead(200, { 'content-type': 'text/html' }).end(pageHtml(channel));
    }
  });
  const port = values.pictures === undefined ? Number(values.port) : 0;
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return http;
}

interface Sent {
  readonly kind?: string;
  readonly ts?: string;
  readonly label?: string;
  readonly text?: string;
  readonly values?: Readonly<Record<string, string>>;
}

async function readBody(request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Sent;
}

async function act(sent: Sent, language: Language): Promise<void> {
  const user = people[language];
  const { kind, ts, label = '', text = '', values: typed = {} } = sent;
  if (kind === 'home') return await slack.openHome(user);
  if (kind === 'line') return void (await slack.slash(text, user, channels[language]));
  if (kind === 'submit') return await slack.submitModal(user, inSeconds(typed));
  if (kind === 'dismiss') return slack.dismissModal(user);
  const all = [...slack.channel(channels[language]).messages, ...slack.ephemerals(user)];
  const target = all.find((one) => one.ts === ts);
  if (target === undefined) await slack.clickHome(user, label);
  else await slack.click(target, label, user);
}

/** Slack sends moments in seconds; a browser's field has local time. */
function inSeconds(typed: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [
      name,
      /^\d{4}-\d\d-\d\dT/u.test(value) ? String(new Date(value).getTime() / 1000) : value,
    ]),
  );
}
