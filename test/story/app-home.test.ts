import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startEnsemble,
  type ZooKeeperEnsemble,
  type ZooKeeperServer,
} from '../servers/zookeeper.ts';
import { errorsOf, ops, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

/** How soon the page of somebody shows what happened: the status of ensembles is drawn every fifteen seconds at most. */
const drawnMs = 30_000;

// One night, step by step: each test goes on where the one before it ended.
describe('the bot’s own page in Slack', { timeout: 4 * drawnMs }, () => {
  let story: Story;
  let billing: ZooKeeperEnsemble;
  let victim: ZooKeeperServer;

  beforeAll(async () => {
    const [servers, small] = await Promise.all([startServers(), startEnsemble({ servers: 1 })]);
    billing = small;
    story = await withBot(servers, {
      ensembles: { orders: servers.ensemble, billing },
      yaml: [
        'people:',
        '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }',
        '  vic: { name: Vic Vance, roles: { orders: viewer }, slack: U0VIC }',
        '  wei: { name: 王伟, language: zh-CN, roles: { billing: operator }, slack: U0WEI }',
      ].join('\n'),
    });
    const [follower] = await story.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
  });

  afterAll(async () => {
    await story?.close();
    await billing?.close();
  });

  const page = (user: string): string => story.slack.home(user)?.text ?? '';
  const shows = (user: string, what: RegExp) =>
    until(`the page of ${user} shows ${String(what)}`, () => what.test(page(user)), drawnMs);

  it('shows each person the ensembles they have a role in, in their language', async () => {
    for (const user of ['U0ANN', 'U0VIC', 'U0WEI']) await story.slack.openHome(user);

    await shows('U0ANN', /Nothing is open\./u);
    await shows('U0ANN', /🟢 \*billing\* healthy.*\n🟢 \*orders\* healthy · 3 of 3/u);
    await shows('U0VIC', /🟢 \*orders\* healthy · 3 of 3/u);
    await shows('U0WEI', /🟢 \*billing\* 健康/u);
    expect(page('U0VIC')).not.toContain('billing');
    expect(page('U0WEI')).not.toContain('orders');
  });

  it('is drawn again when a fault comes, for those whom it concerns', async () => {
    const before = story.slack.home('U0WEI')?.drawn;

    void victim.kill('SIGKILL');

    await shows('U0ANN', new RegExp(`#1 orders/${victim.id}: down`, 'u'));
    await shows('U0VIC', /🟠 \*orders\* degraded · 2 of 3 .* 1 open/u);
    expect(story.slack.home('U0ANN')?.buttons.slice(0, 3)).toEqual([
      'Acknowledge',
      'Escalate',
      `Restart ${victim.id}`,
    ]);
    expect(story.slack.home('U0WEI')?.drawn).toBe(before);
  });

  it('has buttons that work, and shows everybody what they did', async () => {
    await story.slack.clickHome('U0ANN', 'Acknowledge');

    await story.slack.expectModal('U0ANN', 'You have incident #1');
    await shows('U0ANN', /Ann Chen/u);
    await shows('U0VIC', /Ann Chen/u);
    expect(story.slack.home('U0ANN')?.buttons).not.toContain('Acknowledge');
    await story.slack.channel(ops).expectCard(/Ann Chen via Slack/u);
  });

  it('says to whom a button is not for, alone, and who can help', async () => {
    await story.slack.clickHome('U0VIC', `Restart ${victim.id}`);

    const modal = await story.slack.expectModal('U0VIC', 'needs the role operator in orders');
    expect(modal.text).toContain('Ann Chen');
    expect(victim.running()).toBe(false);
  });

  it('tells somebody who is not known how to become so', async () => {
    await story.slack.openHome('U0EVE');

    await shows('U0EVE', /does not know you/u);
    expect(page('U0EVE')).toContain('Ask an administrator (Ann Chen) to add you');
    expect(page('U0EVE')).toContain('slack:U0EVE');
  });

  it('restarts a server with the sum and a reason, and is empty when all is well', async () => {
    story.slack.dismissModal('U0ANN');

    await story.slack.clickHome('U0ANN', `Restart ${victim.id}`);
    const { submit } = await story.slack.expectModal('U0ANN', /2 of 3/u);
    await story.slack.submitModal('U0ANN', { reason: 'it died' });

    expect(submit).toBe('Restart');
    await shows('U0ANN', /Nothing is open\./u);
    await shows('U0VIC', /🟢 \*orders\* healthy · 3 of 3/u);
    expect(errorsOf(story)).toEqual([]);
  });
});
