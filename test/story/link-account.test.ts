import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../servers/slack.ts';
import { freePort } from '../support/bot-process.ts';
import { auditOf, errorsOf, ops, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

const token = 'ann-0123456789abcdef';

describe('an account that nobody has named', () => {
  let story: Story;
  let message: SlackMessage;
  let incident: number;

  beforeAll(async () => {
    const port = await freePort();
    story = await startStory({
      http: `port: ${port}, publicUrl: "http://127.0.0.1:${port}"`,
      token,
      env: { ANN_TOKEN: token },
      yaml: 'people: { ann: { name: Ann Chen, roles: { "*": admin }, token: "${ANN_TOKEN}" } }',
    });
    const [victim] = await story.ensemble.followers();
    void victim?.kill('SIGKILL');
    ({ incident } = await story.bot.card('down', (it) => it.server === victim?.id));
    message = await story.slack.channel(ops).expectCard(new RegExp(`orders/${victim?.id}`, 'u'));
  });

  afterAll(async () => {
    await story?.close();
  });

  async function page(path: string, init: RequestInit = {}, cookie = '') {
    const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie };
    const response = await fetch(`${story.bot.url}${path}`, {
      redirect: 'manual',
      ...init,
      headers,
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  function form(fields: Readonly<Record<string, string>>): RequestInit {
    return { method: 'POST', body: new URLSearchParams(fields) };
  }

  it('is linked by its person in the console, and what it pressed is done', async () => {
    const { slack, bot } = story;

    await slack.click(message, 'Acknowledge', 'U0NEW');
    const asked = await slack.expectEphemeral('U0NEW', 'Or link this account to yourself');
    const url = /"url":"([^"]+)"/u.exec(JSON.stringify(asked.raw))?.[1] ?? '';
    const path = new URL(url).pathname;
    const stranger = await page(path);
    const signIn = await page('/sign-in', form({ token, next: path }));
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const question = await page(path, {}, cookie);
    const csrf = /name="csrf" value="([^"]+)"/u.exec(question.text)?.[1] ?? '';
    const forged = await page(path, form({}), cookie);
    const done = await page(path, form({ csrf }), cookie);

    expect(asked.buttons).toEqual(['Link your account']);
    expect(url).toBe(`${story.bot.url}${path}`);
    expect(path).toMatch(/^\/link\/[\w-]{32}$/u);
    expect(stranger.status).toBe(303);
    expect(stranger.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    expect(question.text).toContain('Is u0new in Slack you?');
    expect(question.text).toContain(`ack ${incident}`);
    expect(forged.status).toBe(403);
    expect(done.text).toContain('Your account is linked.');
    await slack.expectEphemeral('U0NEW', `You have incident #${incident}`);
    await until('the card names the person', () => message.text.includes('Ann Chen via Slack'));
    expect(await auditOf(story, 'nightkeeper')).toContainEqual(
      expect.objectContaining({ who: 'ann', what: 'link', outcome: 'done' }),
    );
    expect((await page(path, {}, cookie)).status).toBe(410);
    expect(bot.logged.join('\n')).not.toContain(path);
  });

  it('is that person from then on, until the link is taken away', async () => {
    const { slack, bot } = story;
    const before = slack.ephemerals('U0NEW').length;
    const newest = () => slack.ephemerals('U0NEW').slice(before).at(-1)?.text ?? '';

    await slack.slash(`/zk unack ${incident}`, 'U0NEW', ops);
    await until('it is done', () => newest().includes('is given back'));
    const listed = await bot.type('unlink');
    await bot.type('unlink slack:U0NEW');
    await slack.slash(`/zk ack ${incident}`, 'U0NEW', ops);
    await until('it is not known any more', () => newest().includes('does not know you'));

    expect(JSON.stringify(listed.blocks)).toContain('slack:U0NEW');
  });

  it('is linked from the bot’s own page too, and told there what became of it', async () => {
    const { slack } = story;
    slack.workspace.addChannel('U0TWO', 'u0two');

    await slack.openHome('U0TWO');
    await until('the page', () => slack.home('U0TWO')?.buttons.includes('Acknowledge'));
    await slack.clickHome('U0TWO', 'Acknowledge');
    const asked = await slack.expectModal('U0TWO', 'Or link this account to yourself');
    const path = new URL(/"url":"([^"]+)"/u.exec(JSON.stringify(asked.raw))?.[1] ?? '').pathname;
    const signIn = await page('/sign-in', form({ token, next: path }));
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const csrf = /name="csrf" value="([^"]+)"/u.exec((await page(path, {}, cookie)).text)?.[1];
    await page(path, form({ csrf: csrf ?? '' }), cookie);

    const told = await slack.channel('U0TWO').expectCard(`You have incident #${incident}`);
    expect(told.channel).toBe('U0TWO');
    expect(errorsOf(story)).toEqual([]);
  });
});
