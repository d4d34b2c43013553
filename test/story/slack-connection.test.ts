import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestPath } from '../../src/edges/slack/request-path.ts';
import { postSigned } from '../servers/slack/transport.ts';
import type { SlackEphemeral } from '../servers/slack.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';
import { freePort } from '../support/bot-process.ts';
import {
  isUp,
  ops,
  people,
  type Story,
  startServers,
  startStory,
  withBot,
} from '../support/story.ts';
import { until } from '../support/until.ts';

/** How soon a token that works again is noticed: the bot tries it twice a minute. */
const noticedMs = 60_000;

describe('the connection to Slack', () => {
  let story: Story;

  beforeAll(async () => {
    story = await startStory({ ensemble: { servers: 1 } });
  });

  afterAll(async () => {
    await story?.close();
  });

  async function ask(line: string): Promise<SlackEphemeral> {
    const before = story.slack.ephemerals('U0ANN').length;
    await story.slack.slash(line, 'U0ANN', ops);
    return await until(`an answer to ${line}`, () => story.slack.ephemerals('U0ANN')[before]);
  }

  it('has two sockets, and misses nothing while Slack renews one', async () => {
    const { sockets } = story.slack;
    await until('two sockets', () => sockets.open === 2);

    sockets.refresh();
    const answer = await ask('/zk status');

    expect(answer.text).toContain('*orders* healthy');
    await until('two sockets', () => sockets.open === 2);
  });

  it('outlives the notice that Slack sends in a storm of events, and acknowledges it', async () => {
    await story.slack.deliver('events_api', {
      type: 'app_rate_limited',
      team_id: 'T0ACME',
      minute_rate_limited: 1_518_467_820,
    });

    expect((await ask('/zk status')).text).toContain('*orders* healthy');
    expect(story.slack.sockets.envelopes.every(({ ackedMs }) => ackedMs !== undefined)).toBe(true);
  });

  describe('without socket mode', () => {
    let bot: StoryBot;
    let url: string;

    beforeAll(async () => {
      const port = await freePort();
      url = `http://127.0.0.1:${port}${requestPath}`;
      const { slack, ensemble } = story;
      slack.addChannel('C0000WEB', 'web');
      bot = await startStoryBot({
        ensembles: { billing: ensemble },
        env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: slack.signingSecret },
        yaml: [
          `slack: { botToken: "\${SLACK_BOT_TOKEN}", signingSecret: "\${SLACK_SIGNING_SECRET}", port: ${port}, apiUrl: "${slack.apiUrl}" }`,
          'destinations: { web: { slack: C0000WEB } }',
          'routes: [{ to: [web] }]',
          people,
        ].join('\n'),
      });
      await bot.green();
      slack.requestUrl = url;
    });

    afterAll(async () => {
      story.slack.requestUrl = undefined;
      await bot?.close();
    });

    it('answers lines and clicks that Slack has signed', async () => {
      await story.slack.slash('/zk sta', 'U0BO', 'C0000WEB');
      const answer = await story.slack.expectEphemeral('U0BO', 'You could write');
      await story.slack.click(answer, 'status', 'U0BO');
      const then = await story.slack.expectEphemeral('U0BO', '*billing*');

      expect(then.text).toContain('healthy');
    });

    it('runs nothing that is forged, or was recorded', async () => {
      const body = new URLSearchParams({
        command: '/zk',
        text: 'freeze billing 2h forged',
        user_id: 'U0ANN',
        channel_id: 'C0000WEB',
        trigger_id: '1.2',
        response_url: 'http://127.0.0.1:9/',
        team_id: 'T0ACME',
      }).toString();
      const secret = story.slack.signingSecret;

      const answers = await Promise.all([
        postSigned(url, body, { secret: undefined }),
        postSigned(url, body, { secret: 'guessed' }),
        postSigned(url, body, { secret, atMs: Date.now() - 301_000 }),
      ]);

      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
      expect(JSON.stringify((await bot.type('silences')).blocks)).not.toContain('forged');
    });
  });
});

describe('a token that Slack does not accept', () => {
  let story: Story;

  beforeAll(async () => {
    const servers = await startServers({ servers: 1 });
    servers.slack.workspace.tokenError = 'token_revoked';
    story = await withBot(servers);
  });

  afterAll(async () => {
    await story?.close();
  });

  it('is a card on the other ways in clear words, and the bot goes on without Slack', async () => {
    const card = await story.bot.card(
      'Slack lets nobody in',
      ({ detector }) => detector === 'chat-down',
    );
    const reply = await story.bot.type('status');

    expect(card.title).toMatch(/Slack does not let the bot in — token_revoked/u);
    expect(card.advice).toContain('its tokens are those of the configuration');
    expect(reply.outcome).toBe('done');
  });

  it(
    'is over by itself once Slack takes it',
    async () => {
      story.slack.workspace.tokenError = undefined;

      await story.bot.card(
        'it is over',
        (each) => each.detector === 'chat-down' && !isUp(each),
        noticedMs,
      );

      await story.slack.slash('/zk status', 'U0ANN', ops);
      const answer = await story.slack.expectEphemeral('U0ANN', '*orders*');
      expect(answer.text).toContain('healthy');
    },
    2 * noticedMs,
  );
});
