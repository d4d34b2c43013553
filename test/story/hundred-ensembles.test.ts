import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackStandIn } from '../servers/slack.ts';
import { startSlackStandIn } from '../servers/slack.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';
import { freePort } from '../support/bot-process.ts';
import { ops, people } from '../support/story.ts';
import { until } from '../support/until.ts';

/** How long a hundred first looks may take on a busy machine. */
const slowMs = 120_000;

describe('a bot that watches a hundred ensembles', { timeout: slowMs }, () => {
  let real: ZooKeeperEnsemble;
  let slack: SlackStandIn;
  let bot: StoryBot;

  beforeAll(async () => {
    [real, slack] = await Promise.all([startEnsemble({ servers: 1 }), startSlackStandIn()]);
    const nobody = await freePort();
    const [server] = real.servers;
    const ports = Array.from({ length: 99 }, () => server?.clientPort ?? 0);
    const ensembles = [...ports, nobody].map(
      (port, index) =>
        `  payments-eu-${String(index).padStart(3, '0')}: { servers: [{ id: zk1, client: "127.0.0.1:${port}", admin: false }], discover: false, sensors: { sessions: false, canary: false }, survey: false, probe: { every: 30s } }`,
    );
    bot = await startStoryBot({
      ensembles: {},
      slack,
      yaml: people,
      ensemblesYaml: ensembles.join('\n'),
    });
    await slack.channel(ops).expectCard(/payments-eu-099/u, slowMs);
  }, slowMs);

  afterAll(async () => {
    await bot?.close();
    await Promise.all([real?.close(), slack?.close()]);
  });

  it('tells all of them in one answer, a line each, the worst first', async () => {
    let lines: readonly string[] = [];
    await until(
      'all have been looked at',
      async () => {
        const before = slack.ephemerals('U0ANN').length;
        await slack.slash('/zk status', 'U0ANN', ops);
        const answer = await until('an answer', () => slack.ephemerals('U0ANN')[before]);
        lines = answer.text.split('\n');
        return lines.filter((line) => line.startsWith('🟢')).length === 99;
      },
      slowMs,
    );

    expect(lines).toHaveLength(100);
    expect(lines[0]).toMatch(/^🔴 \*payments-eu-099\* no quorum · 0 of 1 · 1 open · .* ago$/u);
    expect(lines[1]).toMatch(/^🟢 \*payments-eu-000\* healthy · 1 of 1 · zk1 · .* ago$/u);
  });

  it('completes a name among them', async () => {
    await slack.slash('/zk status payments-eu-05', 'U0BO', ops);

    const { buttons } = await slack.expectEphemeral('U0BO', 'You could write');
    expect(buttons).toEqual(
      Array.from({ length: 10 }, (_, index) => `status payments-eu-05${index}`),
    );
  });
});
