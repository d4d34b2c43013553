import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/app/catalog.ts';
import { displayWidth } from '../../src/edges/slack/text.ts';
import type { SlackEphemeral } from '../servers/slack.ts';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { errorsOf, ops, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** What a phone shows in one line of a block of code. */
const phoneColumns = 42;

/** How long an answer may take on a busy machine. */
const slowMs = 30_000;

// One night, step by step: each test goes on where the one before it ended.
describe('the line of commands in Slack', { timeout: 4 * slowMs }, () => {
  let story: Story;
  let victim: ZooKeeperServer;

  beforeAll(async () => {
    story = await startStory();
    const [follower] = await story.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
  });

  afterAll(async () => {
    await story?.close();
  });

  /** Types a line and reads the private answer to it. */
  async function ask(line: string, user = 'U0ANN'): Promise<SlackEphemeral> {
    const before = story.slack.ephemerals(user).length;
    await story.slack.slash(line, user, ops);
    return await until(`an answer to ${line}`, () => story.slack.ephemerals(user)[before], slowMs);
  }

  /** Presses a button on an answer and reads what comes. */
  async function press(answer: SlackEphemeral, label: string): Promise<SlackEphemeral> {
    const before = story.slack.ephemerals('U0ANN').length;
    await story.slack.click(answer, label, 'U0ANN');
    return await until(
      `an answer to ${label}`,
      () => story.slack.ephemerals('U0ANN')[before],
      slowMs,
    );
  }

  it('lists every command, and explains each with examples', async () => {
    const list = await ask('/zk');

    for (const { name, aliases } of commands) {
      const { text } = await ask(`/zk help ${name}`);
      expect(list.text).toContain(`/zk ${name}`);
      expect(text).toMatch(/\bWrite\b.*\/zk/u);
      expect(text).toMatch(/For example[\s\S]*\/zk/u);
      for (const alias of aliases) expect(text).toContain(alias);
    }
    expect(list.text).not.toContain('… 1 more');
  });

  it('shows the ensembles a line each, and the servers of one as a grid that fits a phone', async () => {
    const all = await ask('/zk status');
    const one = await ask('/zk STATUS Orders');

    expect(all.text).toMatch(/^🟢 \*orders\* healthy · 3 of 3 · zk\d · .* ago$/mu);
    expect(one.text).toMatch(/^✓ {2}zk1 {2}voter {2}(?:leader|follower)/mu);
    expect(one.text.match(/^✓ /gmu)).toHaveLength(3);
    expect(codeLines(one.text).filter((line) => displayWidth(line) > phoneColumns)).toEqual([]);
  });

  it.each([
    ['/zk sta', 'status', '🟢 *orders* healthy'],
    ['/zk stauts', 'status', '🟢 *orders* healthy'],
    ['/zk status ord', 'status orders', '🟢 *orders · healthy*'],
    ['/zk help ak', 'help ack', '/zk ack <incident>'],
  ])('completes %s with a button that says %s', async (line, label, then) => {
    const answer = await ask(line);

    expect(answer.text).toContain(`/zk ${label}`);
    expect(answer.buttons).toContain(label);
    expect((await press(answer, label)).text).toContain(then);
  });

  it('goes on word by word with what there is', async () => {
    const actions = await ask('/zk recover');
    const ensembles = await press(actions, 'recover restart-server');
    const servers = await press(ensembles, 'recover restart-server orders');

    expect(actions.buttons).toEqual(
      expect.arrayContaining(['recover restart-server', 'recover rolling-restart']),
    );
    expect(ensembles.buttons).toEqual(['recover restart-server orders']);
    expect(servers.buttons).toEqual(
      ['zk1', 'zk2', 'zk3'].map((server) => `recover restart-server orders ${server}`),
    );
    await story.slack.click(servers, servers.buttons[0] ?? '', 'U0ANN');
    expect((await story.slack.expectModal('U0ANN', /Restart zk1/u)).submit).toBe('Restart');
    story.slack.dismissModal('U0ANN');
  });

  it('answers half a line with the incidents that are open, and takes their number or ensemble', async () => {
    await victim.kill('SIGKILL');
    await story.slack.channel(ops).expectCard(/down/u);

    const start = await ask('/zk');
    const half = await ask('/zk ack');
    const taken = await press(half, 'ack 1');
    const given = await ask('/zk unack orders');
    const again = await ask('/zk ack #1');

    expect(start.buttons).toEqual(['status', 'show 1']);
    expect((await press(start, 'show 1')).text).toContain('What to do');
    expect(half.text).toContain(`/zk ack 1 — orders/${victim.id}: down`);
    expect(taken.text).toContain('You have incident #1');
    expect(given.text).toContain('#1 is given back');
    expect(again.text).toContain('You have incident #1');
    expect((await ask('/zk ack 99')).buttons).toEqual(['ack 1']);
  });

  it('shows what is open, and a grid of a broken ensemble that fits a phone too', async () => {
    const open = await ask('/zk incidents');
    const grid = await ask('/zk status orders');

    expect(open.text).toMatch(/^\*#1\* orders\/zk\d: down .* acknowledged · Ann Chen · .* ago$/mu);
    expect(grid.text).toMatch(/^✗ {2}zk\d {2}voter {2}down: connection refused$/mu);
    expect(codeLines(grid.text).filter((line) => displayWidth(line) > phoneColumns)).toEqual([]);
  });

  it.each([
    ['2h', /until/u],
    ['90 min', /until/u],
    ['for 1h30m', /until/u],
    ['until tomorrow', /until/u],
  ])('reads %s as an end', async (end, said) => {
    const silenced = await ask(`/zk silence orders ${victim.id} ${end} new disk`);
    const half = await ask('/zk unsilence');

    expect(silenced.text).toMatch(said);
    expect(half.buttons).toHaveLength(1);
    expect(half.text).toContain('new disk');
    expect((await press(half, half.buttons[0] ?? '')).text).toMatch(
      /^Silence \d of orders\/zk\d is over/u,
    );
  });

  it('asks in a form for what only the writer knows', async () => {
    const answer = await ask('/zk silence orders 2h');
    await story.slack.click(answer, 'silence orders 2h --ask=yes', 'U0ANN');
    await story.slack.expectModal('U0ANN', /Silence orders/u);

    await story.slack.submitModal('U0ANN', { reason: 'maintenance' });

    await story.slack.expectModal('U0ANN', /orders is silenced until/u);
    expect((await ask('/zk silences')).text).toContain('maintenance');
    await ask('/zk unsilence 5');
  });

  it('answers whoever may not, and who is not known, with who can help', async () => {
    expect((await ask('/zk ack 1', 'U0VIC')).text).toMatch(/needs the role operator.*Bo Berg/su);
    expect((await ask('/zk ack 1', 'U0EVE')).text).toContain('Ask an administrator (Ann Chen)');
    expect((await ask('/zk status', 'U0EVE')).text).toContain('*orders*');
    expect(errorsOf(story)).toEqual([]);
  });
});

/** Lines inside blocks of code, which a phone does not break between words. */
function codeLines(text: string): readonly string[] {
  return text.split('```').flatMap((part, index) => (index % 2 === 1 ? part.split('\n') : []));
}
