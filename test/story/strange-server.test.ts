import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EnsembleStatus } from '../../src/model/status.ts';
import { listenTcp, type TcpServer } from '../servers/tcp.ts';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';
import { errorsOf, isUp, listen, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Talks without an end, and not about ZooKeeper. */
function endless(socket: Socket): void {
  const noise = `zk_avg_latency\tmany\nzk_\u0000\u0007${'x'.repeat(60_000)}\n`;
  const more = (): void => {
    while (!socket.destroyed && socket.write(noise));
  };
  socket.on('drain', more);
  more();
}

/** Takes the connection and says nothing. */
function silent(socket: Socket): void {
  socket.resume();
}

/** Another kind of server on the port. */
function foreign(socket: Socket): void {
  socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>no</html>');
}

describe('something strange where a server should be', () => {
  let story: Story;
  let victim: ZooKeeperServer;
  let stranger: TcpServer | undefined;

  beforeAll(async () => {
    story = await startStory();
    const [follower] = await story.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
  });

  afterEach(async () => {
    await stranger?.close();
    stranger = undefined;
  });

  afterAll(async () => {
    await story?.close();
  });

  async function place(meet: (socket: Socket) => void): Promise<void> {
    await stranger?.close();
    stranger = await listenTcp(meet, victim.clientPort);
  }

  async function statusOf(bot: StoryBot): Promise<EnsembleStatus> {
    const { ensembles } = (await bot.get('/api/v1/status')) as { ensembles: EnsembleStatus[] };
    const [status] = ensembles;
    if (status === undefined) throw new Error('no status');
    return status;
  }

  /** Waits until the victim looks so, for several looks in a row. */
  async function seenAs(bot: StoryBot, state: string): Promise<void> {
    for (let looks = 0, lastMs = 0; looks < 4; ) {
      const { grid, atMs } = await until(`${victim.id} is ${state}`, async () => {
        const status = await statusOf(bot);
        const cell = status.grid.find(({ server }) => server === victim.id);
        return cell?.state === state && status.atMs > lastMs ? status : undefined;
      });
      expect(grid.filter((cell) => cell.server !== victim.id).map((cell) => cell.state)).toEqual(
        expect.arrayContaining(['leader', 'follower']),
      );
      lastMs = atMs;
      looks += 1;
    }
  }

  it.each([
    ['talks without an end', endless, 'garbled'],
    ['takes connections and says nothing', silent, 'timeout'],
    ['speaks another language', foreign, 'garbled'],
  ] as const)(
    'that %s does not end the fault of the server it stands for',
    async (_, meet, state) => {
      const { bot } = story;
      await bot.green();
      const ear = listen(story);
      void victim.kill('SIGKILL');
      const { incident } = await bot.card('down', (it) => it.server === victim.id && isUp(it));

      await place(meet);
      await seenAs(bot, state);
      const meanwhile = (await bot.incident(incident)).incident;
      await stranger?.close();
      victim.start();
      await ear.over(incident);
      await story.ensemble.ready();

      expect(meanwhile.state).toBe('triggered');
      expect(ear.servers()).toEqual([victim.id]);
      expect(errorsOf(story)).toEqual([]);
    },
  );

  it('from the first look on is named for what it is, and the others are left in peace', async () => {
    await story.bot.green();
    const ear = listen(story);
    await victim.kill('SIGKILL');
    await place(endless);

    const bot = await startStoryBot({
      ensembles: { orders: story.ensemble },
      // Several looks make one verdict.
      ensembleYaml: 'probe: { every: 1s, timeout: 500ms }',
    });
    try {
      await seenAs(bot, 'garbled');
      const card = await bot.card('it cannot be read', isUp);
      const shown = await bot.type('status orders');

      expect(card.title).toContain(victim.id);
      expect(card.evidence.join('\n')).toContain(victim.id);
      expect(JSON.stringify(shown.blocks)).toMatch(new RegExp(`${victim.id}.*unreadable`, 'u'));
      expect(await bot.cards()).toHaveLength(1);
      expect(bot.logged.filter((line) => line.startsWith('error'))).toEqual([]);
    } finally {
      await bot.close();
    }
    await stranger?.close();
    victim.start();
    await story.ensemble.ready();

    // The other bot may have seen it down for a moment, or only its place taken.
    expect(ear.servers().filter((id) => id !== victim.id)).toEqual([]);
  });
});
