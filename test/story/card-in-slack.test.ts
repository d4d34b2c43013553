import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import type { SlackMessage } from '../servers/slack.ts';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';
import { freePort } from '../support/bot-process.ts';
import { ops, type Servers, startServers } from '../support/story.ts';
import { until } from '../support/until.ts';

const people = [
  'people:',
  '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }',
  '  bo: { name: Bo Berg, roles: { "*": operator }, email: bo@acme.example }',
].join('\n');

/** How long a redraw, a picture or a restart may take on a busy machine. */
const slowMs = 60_000;

const menuOfAll = ['Silence…', 'Note…', 'Chart', 'Timeline', 'Runbook'];

// One night on one card, step by step: each test goes on where the one before it ended.
describe('a card in Slack', { timeout: 2 * slowMs }, () => {
  let servers: Servers;
  let redis: RedisServer;
  let bot: StoryBot;
  let card: SlackMessage;
  let victim: ZooKeeperServer;

  /** The address is what its links lead to. */
  async function start(): Promise<StoryBot> {
    const port = await freePort();
    return await startStoryBot({
      ensembles: { orders: servers.ensemble },
      slack: servers.slack,
      redis,
      yaml: people,
      http: `port: ${port}, publicUrl: "http://127.0.0.1:${port}"`,
    });
  }

  beforeAll(async () => {
    [servers, redis] = await Promise.all([startServers(), startRedis({ appendonly: true })]);
    servers.slack.workspace.addUser('U0BO', 'bo@acme.example');
    bot = await start();
    await bot.green();
    const [follower] = await servers.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
    void victim.kill('SIGKILL');
    card = await servers.slack.channel(ops).expectCard(title());
  });

  afterAll(async () => {
    await bot?.close();
    await servers?.close();
    await redis?.close();
  });

  const title = () => new RegExp(`^orders/${victim.id}: `, 'u');
  const posted = () => servers.slack.channel(ops).messages.filter(({ text }) => title().test(text));
  const reads = (what: RegExp) =>
    until(`the card reads ${what}`, () => what.test(card.text), slowMs);

  it('is red, with two buttons and Restart in reach and the rest in its menu', () => {
    expect(card.color).toBe('#a30200');
    expect(card.buttons).toEqual(['Acknowledge', 'Escalate', `Restart ${victim.id}`]);
    expect(card.overflow).toEqual(menuOfAll);
    expect(JSON.stringify(card.raw)).toMatch(/<!date\^\d+\^\{date_short_pretty\}/u);
    expect(card.metadata).toMatchObject({ event_payload: { key: expect.any(String) } });
  });

  it('takes a note in a form, and keeps it in its thread', async () => {
    const { slack } = servers;

    await slack.click(card, 'Note…', 'U0ANN');
    await slack.expectModal('U0ANN', /Note/u);
    await slack.submitModal('U0ANN', { reason: '   ' });
    const { errors } = slack.modals('U0ANN')[0] ?? {};
    await slack.submitModal('U0ANN', { reason: 'the disk was changed at noon' });

    await until('the note is in the thread', () =>
      card.replies.some(({ text }) => text.includes('the disk was changed at noon')),
    );
    expect(errors).toEqual({ reason: expect.stringMatching(/\S/u) });
    slack.dismissModal('U0ANN');
  });

  it('draws a chart into its thread', async () => {
    await until(
      'there is something to draw',
      async () => (await bot.type('chart 1')).blocks.some(({ kind }) => kind === 'table'),
      slowMs,
    );

    await servers.slack.click(card, 'Chart', 'U0ANN');

    const file = await until(
      'a picture in the thread',
      () => {
        const files = card.replies.flatMap(({ raw }) => (raw['files'] ?? []) as { id: string }[]);
        return servers.slack.workspace.files.get(files[0]?.id ?? '');
      },
      slowMs,
    );
    expect(file.bytes?.subarray(1, 4).toString()).toBe('PNG');
  });

  it('is taken by somebody who is known by their verified e-mail, and turns amber', async () => {
    await servers.slack.click(card, 'Acknowledge', 'U0BO');

    await reads(/Bo Berg via Slack/u);
    expect(card.color).toBe('#daa038');
    expect(card.buttons).toEqual(['Escalate', `Restart ${victim.id}`]);
    expect(card.overflow).toEqual(['Silence…', 'Un-acknowledge', 'Note…', 'Chart', 'Runbook']);
  });

  it('says under the field of a form what is wrong with it, and keeps the rest', async () => {
    const { slack } = servers;

    await slack.click(card, 'Silence…', 'U0ANN');
    const { inputs } = await slack.expectModal('U0ANN', /For how long/u);
    await slack.submitModal('U0ANN', { until: '1700000000', reason: 'new disk' });
    const { errors, submit } = slack.modals('U0ANN')[0] ?? {};
    slack.dismissModal('U0ANN');

    expect(Object.keys(inputs)).toEqual(['for', 'until', 'reason']);
    expect(errors).toEqual({ until: expect.stringMatching(/past|over/u) });
    expect(submit).toBe('Silence');
  });

  it('is silenced until a moment that was picked', async () => {
    const { slack } = servers;
    const until2h = Math.floor(Date.now() / 1000) + 7200;

    await slack.click(card, 'Silence…', 'U0ANN');
    await slack.expectModal('U0ANN', /For how long/u);
    await slack.submitModal('U0ANN', { until: String(until2h), reason: 'new disk' });

    await slack.expectModal('U0ANN', /is silenced until/u);
    await reads(/new disk/u);
    expect(card.overflow[0]).toMatch(/silence/iu);
    await slack.click(card, card.overflow[0] ?? '', 'U0ANN');
    await until('it speaks again', () => card.overflow.includes('Silence…'));
    slack.dismissModal('U0ANN');
  });

  it('shows the sum and who else is there, and rehearses a restart', async () => {
    const { slack } = servers;

    await slack.click(card, `Restart ${victim.id}`, 'U0ANN');
    const { text, inputs } = await slack.expectModal('U0ANN', /margin 0/u);
    await slack.submitModal('U0ANN', { 'dry-run': 'yes', reason: 'try it' });
    const told = await slack.expectModal('U0ANN', /would/iu);

    expect(text).toMatch(/3 voters, 2 serving now/u);
    expect(text).toMatch(/Bo Berg has incident #1/u);
    expect(inputs).toEqual({ 'dry-run': 'Dry run', reason: expect.stringMatching(/Why/u) });
    expect(told.submit).toBeUndefined();
    expect(victim.running()).toBe(false);
    slack.dismissModal('U0ANN');
  });

  it('is posted afresh when somebody deletes it', async () => {
    const { slack } = servers;

    slack.deleteMessage(card);
    await bot.type('unack 1');

    card = await slack.channel(ops).expectCard(title());
    await until('it is free again', () => card.buttons.includes('Acknowledge'), slowMs);
    expect(posted()).toHaveLength(1);
  });

  it('takes the form of a restart at another replica than the one that opened it', async () => {
    const { slack } = servers;
    await slack.click(card, `Restart ${victim.id}`, 'U0ANN');
    await slack.expectModal('U0ANN', /margin 0/u);
    const other = await start();
    await bot.close();
    bot = other;

    await slack.submitModal('U0ANN', { reason: 'it died' });

    await reads(/back/u);
    await until('it is green', () => card.color === '#2eb886', slowMs);
    expect(card.buttons).toEqual([]);
    expect(posted()).toHaveLength(1);
    await servers.ensemble.ready();
  });
});
