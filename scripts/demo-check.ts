import type { Bot } from '../src/app/bot.ts';
import type { ZooKeeperEnsemble } from '../test/servers/zookeeper.ts';
import { until } from '../test/support/until.ts';

interface CardJson {
  readonly incident: number;
  readonly title: string;
  readonly tone: string;
  readonly stateLine: string;
}

/** Plays the person at the console: sees a server die, acknowledges, restarts it through the bot, waits until all is green. */
export async function check(parts: {
  readonly bot: Bot;
  readonly ensemble: ZooKeeperEnsemble;
  readonly say: (line: string) => void;
}): Promise<number> {
  const { bot, ensemble, say } = parts;
  await until('all three servers are green', async () => await isGreen(bot), 30_000);
  say('green: 3 of 3 serving');

  const [victim] = await ensemble.followers();
  if (victim === undefined) throw new Error('no follower to kill');
  const killedMs = performance.now();
  void victim.kill('SIGKILL');
  say(`killed ${victim.id} with kill -9`);
  const card = await until('a card', async () => (await cards(bot)).at(0), 10_000);
  const cardMs = Math.round(performance.now() - killedMs);
  say(`card: ${card.title}`);

  await ask(bot, { line: `ack ${card.incident}` });
  const acknowledged = await until(
    'the card says who acknowledged',
    async () => (await cards(bot)).find(({ tone }) => tone === 'acknowledged'),
    10_000,
  );
  say(`acknowledged: ${acknowledged.stateLine}`);

  await ask(bot, {
    command: 'recover',
    args: ['restart-server', 'orders', victim.id],
    options: { reason: 'demo check', confirm: 'yes' },
  });
  say(`restart of ${victim.id} asked for, through the bot`);
  const resolved = await until(
    'the card is resolved',
    async () => (await cards(bot)).find(({ tone }) => tone === 'resolved'),
    60_000,
  );
  const resolvedMs = Math.round(performance.now() - killedMs);
  say(`resolved: ${resolved.title}`);
  await until('all is green again', async () => await isGreen(bot), 30_000);
  const all = await cards(bot);
  if (all.length !== 1) throw new Error(`${all.length} cards for one fault`);
  say(`card after ${cardMs} ms, resolved after ${resolvedMs} ms`);
  return 0;
}

async function cards(bot: Bot): Promise<readonly CardJson[]> {
  const body = (await get(bot, '/api/v1/cards')) as { cards: readonly { card: CardJson }[] };
  return body.cards.map(({ card }) => card);
}

async function isGreen(bot: Bot): Promise<boolean> {
  const body = (await get(bot, '/api/v1/status')) as {
    ensembles: readonly { health: string; serving?: number }[];
  };
  return body.ensembles.every(({ health, serving }) => health === 'healthy' && serving === 3);
}

async function get(bot: Bot, path: string): Promise<unknown> {
  const response = await fetch(`${bot.address}${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return await response.json();
}

async function ask(bot: Bot, body: object): Promise<void> {
  const response = await fetch(`${bot.address}/api/v1/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const reply = (await response.json()) as { outcome?: string };
  if (reply.outcome !== 'done') throw new Error(`refused: ${JSON.stringify(reply)}`);
}
