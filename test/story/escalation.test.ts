import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/model/reply.ts';
import type { SlackMessage } from '../servers/slack.ts';
import { errorsOf, ops, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Ann all of these days, by her mail address; the calendar of a schedule that Bo does not stand in. */
const calendar = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//story//',
  'BEGIN:VEVENT',
  'UID:1@example.com',
  'DTSTART;VALUE=DATE:20260101',
  'DTEND;VALUE=DATE:20260102',
  'RRULE:FREQ=DAILY',
  'SUMMARY:Primary',
  'ATTENDEE:mailto:ann@example.com',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

// One night, step by step: each test goes on where the one before it ended.
describe('a quorum lost that nobody answers', () => {
  let story: Story;
  let feed: Server;
  let card: number;
  let message: SlackMessage;

  beforeAll(async () => {
    feed = createServer((_request, response) => response.end(calendar)).listen(0, '127.0.0.1');
    await once(feed, 'listening');
    const { port } = feed.address() as AddressInfo;
    story = await startStory({
      env: { ICS: `http://127.0.0.1:${port}/secret/oncall.ics` },
      yaml: `
people:
  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN, email: ann@example.com }
  bo: { name: Bo Berg, roles: { "*": operator }, slack: U0BO }
  cy: { name: Cy Young, roles: { "*": operator }, slack: U0CY }
  dee: { name: Dee Dale, roles: { "*": operator } }
groups: { platform: [bo, dee] }
onCall:
  orders: { zone: Europe/Berlin, ical: { url: "\${ICS}" } }
  night: { zone: Europe/Berlin, rotation: { people: [cy], start: 2026-01-01, every: 1d } }
`,
      routes: `
routes:
  - to: [ops]
    severities: [page]
    escalation:
      - { after: 0m, to: [{ oncall: orders }] }
      - { after: 3s, to: [{ group: platform }] }
    repeat: { every: 2s, times: 20 }
  - { to: [ops, hook] }
`,
    });
  });

  afterAll(async () => {
    await story?.close();
    feed?.close();
  });

  /** Replies in the thread of the card. */
  const replies = (): readonly string[] => message.replies.map(({ text }) => text);
  const reply = (pattern: RegExp): Promise<string> =>
    until(`Slack says ${pattern}`, () => replies().find((text) => pattern.test(text)));

  it('knows from the calendar who is on call, before anything happens', async () => {
    const answer = await until('the calendar was read', async () => {
      const reply: Reply = await story.bot.type('oncall');
      const [table] = reply.blocks;
      return table?.kind === 'table' && table.rows[0]?.[1] === 'Ann Chen' ? table : undefined;
    });

    expect(answer.rows.map(([schedule, who]) => [schedule, who])).toEqual([
      ['orders', 'Ann Chen'],
      ['night', 'Cy Young'],
    ]);
  });

  it('calls who is on call with the page, and nobody else', async () => {
    const { bot, slack, ensemble } = story;
    const [follower] = await ensemble.followers();
    const leader = await ensemble.leader();

    void follower?.kill('SIGKILL');
    void leader.kill('SIGKILL');
    ({ incident: card } = await bot.card('quorum lost', ({ title }) => /quorum lost/u.test(title)));
    message = await slack.channel(ops).expectCard(/quorum lost/u);

    const called = await reply(/Called: Ann Chen/u);
    expect(called).toContain('<@U0ANN>');
    expect(called).not.toMatch(/U0BO|U0CY/u);
    expect(replies().filter((text) => /Please look/u.test(text))).toHaveLength(1);
  });

  it('calls the group of the next step; who has no handle is named', async () => {
    const escalated = await reply(/so this goes to/u);

    expect(escalated).toContain('<@U0BO>');
    expect(escalated).toContain('Dee Dale');
    expect(escalated).not.toMatch(/U0ANN|U0CY/u);
  });

  it('calls them again, each time once', async () => {
    await reply(/again \(1\)/u);
    const second = await reply(/again \(2\)/u);

    expect(second).toContain('<@U0BO>');
    expect(replies().filter((text) => /again \(1\)/u.test(text))).toHaveLength(1);
  });

  it('is quiet once somebody has it, and ends in place', async () => {
    const { bot, slack, ensemble } = story;
    await slack.click(message, 'Acknowledge', 'U0BO');
    await bot.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    const last = (await bot.incident(card)).incident.repeats ?? 0;
    for (const server of ensemble.servers) if (!server.running()) server.start();
    await bot.card('resolved', ({ tone }) => tone === 'resolved', 45_000);

    const { incident, events } = await bot.incident(card);
    expect(incident.repeats).toBe(last);
    expect(
      events.filter((event) => event.kind === 'escalated').map(({ repeat }) => repeat),
    ).toEqual([undefined, undefined, ...Array.from({ length: last }, (_, index) => index + 1)]);
    await until('Slack shows the end', () => /quorum is back/u.test(message.text));
    expect(slack.channel(ops).messages).toHaveLength(1);
    expect(errorsOf(story)).toEqual([]);
  });
});
