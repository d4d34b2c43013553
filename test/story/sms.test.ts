import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwilio, type TwilioStandIn } from '../servers/sms.ts';
import { errorsOf, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

const duty = '+41790000001';
const bo = '+41790000002';

// One night, step by step: each test goes on where the one before it ended.
describe('a quorum lost while people sleep', () => {
  let story: Story;
  let twilio: TwilioStandIn;
  let card: number;

  beforeAll(async () => {
    twilio = await startTwilio();
    story = await startStory({
      env: { TWILIO_AUTH_TOKEN: twilio.authToken },
      destinations: { phones: `{ sms: ["${duty}"] }` },
      routes: `
routes:
  - to: [phones, ops]
    escalation: [{ after: 3s, to: [bo] }]
  - { to: [ops, hook] }
`,
      yaml: `
people:
  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }
  bo: { name: Bo Berg, roles: { "*": viewer }, slack: U0BO, phone: "${bo}" }
sms:
  twilio:
    accountSid: ${twilio.accountSid}
    authToken: "\${TWILIO_AUTH_TOKEN}"
    from: "${twilio.from}"
    apiUrl: "${twilio.url}"
`,
    });
  });

  afterAll(async () => {
    await story?.close();
    await twilio?.close();
  });

  /** What was said of the incident, and to whom. */
  const said = () => twilio.messages.filter(({ body }) => body.includes(`#${card} `));
  const sms = (pattern: RegExp, to: string) =>
    until(
      `an SMS ${pattern} to ${to}`,
      () => said().find((one) => one.to === to && pattern.test(one.body)),
      30_000,
    );

  it('is examined, and sends nothing for it', async () => {
    const reply = await story.bot.type('doctor sms');

    const text = JSON.stringify(reply);
    expect(text).toContain('Twilio lets the bot in; 12.34 USD left');
    expect(text).toContain('Twilio knows the sender');
    expect(twilio.messages).toEqual([]);
  });

  it('rings the phone of the destination, once although the answer got lost', async () => {
    const { bot, ensemble } = story;
    const [follower] = await ensemble.followers();
    const leader = await ensemble.leader();
    twilio.next({ kind: 'reset-after' });

    void follower?.kill('SIGKILL');
    void leader.kill('SIGKILL');

    ({ incident: card } = await bot.card('quorum lost', ({ title }) => /quorum lost/u.test(title)));
    const page = await sms(/Please look/u, duty);
    expect(page.body).toMatch(/^Page #\d+ Please look: orders: quorum lost/u);
  });

  it('rings the phone of whoever the escalation comes to', async () => {
    await sms(/orders: quorum lost/u, bo);

    expect(said().filter(({ body }) => /Please look/u.test(body))).toHaveLength(1);
  });

  it('says to both that it is over, and nothing in between', async () => {
    const { bot, ensemble } = story;
    await bot.type(`ack ${card}`);
    await bot.type(`note ${card} on it`);
    for (const server of ensemble.servers) if (!server.running()) server.start();

    await bot.card(
      'resolved',
      (each) => each.incident === card && each.tone === 'resolved',
      45_000,
    );
    await sms(/Resolved after/u, duty);
    await sms(/Resolved after/u, bo);

    const later = said().map(({ to, body }) => `${to} ${/Resolved/u.test(body) ? 'over' : 'call'}`);
    expect(later).toEqual([
      `${duty} call`,
      `${duty} call`,
      `${bo} call`,
      `${duty} over`,
      `${bo} over`,
    ]);
    expect(errorsOf(story)).toEqual([]);
  });
});
