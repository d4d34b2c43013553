import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';

const ann = 'ann-0123456789abcdef';
const vic = 'vic-0123456789abcdef';

describe('requests from strangers to a bot that knows its people by token', () => {
  let ensemble: ZooKeeperEnsemble;
  let bot: StoryBot;

  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 1 });
    bot = await startStoryBot({
      ensembles: { orders: ensemble },
      token: ann,
      env: { ANN_TOKEN: ann, VIC_TOKEN: vic },
      yaml: [
        'people:',
        '  ann: { name: Ann Chen, roles: { "*": admin }, token: "${ANN_TOKEN}" }',
        '  vic: { name: Vic Vance, roles: { "*": viewer }, token: "${VIC_TOKEN}" }',
      ].join('\n'),
    });
    await bot.green();
  });

  afterAll(async () => {
    await bot?.close();
    await ensemble?.close();
  });

  function post(body: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(`${bot.url}/api/v1/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  }

  it.each([
    ['none', {}],
    ['one that was guessed', { authorization: 'Bearer guessed-0123456789' }],
    ['the beginning of a good one', { authorization: `Bearer ${ann.slice(0, -1)}` }],
    ['a good one and more', { authorization: `Bearer ${ann}x` }],
    ['a good one the wrong way', { authorization: `Basic ${ann}` }],
    ['a cookie nobody sealed', { cookie: `nk_session=${btoa('ann')}.99999999999999.a.b` }],
    ['only the word of a proxy', { 'x-forwarded-user': 'ann', 'x-nightkeeper-via': 'cli' }],
  ])('run nothing with this token: %s', async (_, headers) => {
    const answers = await Promise.all([
      post('{"line":"recover orders zk1 --reason x --confirm yes"}', headers),
      fetch(`${bot.url}/api/v1/incidents`, { headers }),
      fetch(`${bot.url}/api/v1/cards`, { headers }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(await answers[0]?.json()).toMatchObject({
      code: expect.stringMatching(/token|sign-in/u),
    });
  });

  it.each([
    ['nothing', '', 400],
    ['no JSON', '{"line": "status', 400],
    ['a list', '[]', 400],
    ['a number', '7', 400],
    ['no command', '{"lien":"status"}', 400],
    ['a line of the wrong kind', '{"line":{"$ne":""}}', 400],
    ['arguments of the wrong kind', '{"command":"ack","args":[{"id":1}]}', 400],
    ['options of the wrong kind', '{"command":"ack","args":["1"],"options":["x"]}', 400],
    ['a line beyond the bound', JSON.stringify({ line: `status ${'x'.repeat(5000)}` }), 400],
    ['a body beyond the bound', JSON.stringify({ line: 'x'.repeat(100_000) }), 413],
    ['a prototype', '{"__proto__":{"line":"status"}}', 400],
  ])('are told what is wrong with a body that is %s', async (_, body, status) => {
    const answer = await post(body, { authorization: `Bearer ${ann}` });

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      message: expect.stringMatching(/\S/u),
      next: expect.stringMatching(/\S/u),
    });
  });

  it('a person does with their token what their role allows, and no more', async () => {
    const before = ensemble.servers[0]?.pid();

    const reads = await bot.type('status', vic);
    const restarts = await bot.type('recover orders zk1 --reason x --confirm yes', vic);

    expect(reads.outcome).toBe('done');
    expect(restarts).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(JSON.stringify(restarts.blocks)).toContain('needs the role operator in orders');
    expect(ensemble.servers[0]?.pid()).toBe(before);
  });

  it('leave no token and no error behind', () => {
    expect(bot.logged.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(bot.logged.join('\n')).not.toContain('0123456789');
  });
});
