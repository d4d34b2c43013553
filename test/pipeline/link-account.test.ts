import { describe, expect, it } from 'vitest';
import { ack } from '../../commands/ack.ts';
import type { Reply } from '../../src/model/reply.ts';
import { createAct } from '../../src/pipeline/act.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { offerMs, offersMax, readOffer, takeOffer } from '../../src/pipeline/link-account.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { createRecoverer } from '../../src/pipeline/recover.ts';
import { anEnsembleSettings, aPerson, aSettings, aTrigger } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const mallory = {
  via: 'slack',
  handle: 'U0MAL',
  name: 'mal',
  answerTo: 'https://hooks.slack.test/1',
};
const press = { command: 'ack', args: ['1'], options: {} };

/** A house with one incident, a chat, and two people: Ann without an account in the chat, Bo with one. */
async function scene() {
  const answers: { to: string; reply: Reply }[] = [];
  const slack = {
    ...createMemoryChannel(),
    name: 'slack',
    answer: (to: string, reply: Reply) => {
      answers.push({ to, reply });
      return Promise.resolve(true);
    },
  };
  const settings = {
    ...aSettings({
      ensembles: [anEnsembleSettings()],
      people: [
        aPerson({ id: 'ann', name: 'Ann', roles: { '*': 'operator' }, handles: {} }),
        aPerson({ id: 'bo', name: 'Bo', roles: { '*': 'operator' }, handles: { slack: 'U0BO' } }),
      ],
    }),
    publicUrl: 'https://console.example/',
  };
  const house = aHouse({ settings, commands: [ack], channels: [slack] });
  await applyOpen(house, 'orders', aTrigger());
  const act = createAct(
    house,
    createRecoverer(
      house,
      createMembers(house, () => undefined),
    ),
  );
  return { house, act, answers };
}

function keyIn(reply: Reply): string {
  const link = reply.blocks.find((block) => block.kind === 'link');
  return /^https:\/\/console\.example\/link\/([\w-]{32})$/u.exec(link?.url ?? '')?.[1] ?? '';
}

describe('somebody the bot does not know', () => {
  it('is offered to say who they are, and then what they pressed is done', async () => {
    const { house, act, answers } = await scene();

    const refused = await act(press, mallory);
    const key = keyIn(refused);
    const question = await readOffer(house, key);
    const outcome = await takeOffer(house, act, key, 'ann');

    expect(refused).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(question).toMatchObject({ caller: { handle: 'U0MAL' }, invocation: press });
    expect(outcome).toBe('linked');
    expect(answers).toMatchObject([{ to: mallory.answerTo, reply: { outcome: 'done' } }]);
    expect(await house.incidents.get(1)).toMatchObject({
      state: 'acknowledged',
      acknowledged: { by: 'ann', via: 'slack' },
    });
    expect(await house.incidents.audited('nightkeeper', 5)).toMatchObject([
      { who: 'ann', what: 'link', outcome: 'done', facts: { account: 'slack:U0MAL' } },
    ]);
  });

  it('is known from then on, until an administrator takes the account away', async () => {
    const { house, act } = await scene();
    await takeOffer(house, act, keyIn(await act(press, mallory)), 'ann');

    expect(await act(press, mallory)).toMatchObject({ outcome: 'refused' });
    expect(keyIn(await act(press, mallory))).toBe('');
    await house.links.remove('slack', 'U0MAL');

    expect(keyIn(await act(press, mallory))).not.toBe('');
  });

  it('cannot use an offer twice, nor one that is too old', async () => {
    const { house, act, answers } = await scene();
    const first = keyIn(await act(press, mallory));
    const second = keyIn(await act(press, mallory));

    await takeOffer(house, act, first, 'ann');
    expect(await takeOffer(house, act, first, 'ann')).toBe('over');
    await house.clock.advance(offerMs + 1);

    expect(await takeOffer(house, act, second, 'ann')).toBe('over');
    expect(await readOffer(house, second)).toBeUndefined();
    expect(answers).toHaveLength(1);
  });

  it.each([
    ['has an account there by the configuration', 'bo', 'taken'],
    ['is not in the configuration', 'eve', 'unknown-person'],
  ])('does not become somebody who %s', async (_, person, outcome) => {
    const { house, act, answers } = await scene();

    expect(await takeOffer(house, act, keyIn(await act(press, mallory)), person)).toBe(outcome);
    expect(await house.links.list()).toEqual([]);
    expect(answers).toEqual([]);
  });

  it('does not get a second account for one person', async () => {
    const { house, act } = await scene();
    await takeOffer(house, act, keyIn(await act(press, mallory)), 'ann');

    const other = keyIn(await act(press, { ...mallory, handle: 'U0OTHER' }));

    expect(await takeOffer(house, act, other, 'ann')).toBe('taken');
    expect(await house.links.find('slack', 'U0OTHER')).toBeUndefined();
    expect(await house.incidents.audited('nightkeeper', 1)).toMatchObject([{ outcome: 'refused' }]);
  });

  it('gets a bounded number of offers', async () => {
    const { act } = await scene();
    const keys: string[] = [];
    for (let turn = 0; turn <= offersMax; turn += 1) keys.push(keyIn(await act(press, mallory)));

    expect(new Set(keys.slice(0, offersMax)).size).toBe(offersMax);
    expect(keys.at(-1)).toBe('');
  });

  it('is only refused where no console can be reached, or no answer can come later', async () => {
    const { house, act } = await scene();
    const { answerTo: _, ...nowhere } = mallory;

    expect(keyIn(await act(press, nowhere))).toBe('');
    house.settingsAre(aSettings({ people: [] }));
    expect(keyIn(await act(press, mallory))).toBe('');
  });
});
