import { describe, expect, it } from 'vitest';
import { auditOf, errorsOf, ops, sharedStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Three restarts, each with its time to settle, on a machine that does other things too. */
const rollMsMax = 120_000;

describe('a rolling restart', () => {
  const story = sharedStory();

  it('is prepared by a doctor who knows the bot and what it does not see', async () => {
    const { bot } = story;

    // The first look of all is under way when the story begins.
    const well = await until('the doctor finds orders looked at', async () => {
      const found = await bot.type('doctor all');
      return JSON.stringify(found.blocks).includes('is looked at in time') ? found : undefined;
    });
    const gaps = await bot.type('doctor orders');

    expect(JSON.stringify(well.blocks)).toContain('The bot · orders: is looked at in time');
    expect(JSON.stringify(well.blocks)).toContain('The bot · slack: is connected');
    expect(JSON.stringify(gaps.blocks)).toContain('the AdminServer does not answer');
  });

  it(
    'takes every server, the leader last, and shows its progress on one card',
    async () => {
      const { bot, ensemble, slack } = story;
      const leader = await ensemble.leader();
      const before = ensemble.servers.map((server) => server.pid());

      const shown = await bot.type('recover rolling-restart orders');
      const begun = await bot.type(
        'recover rolling-restart orders --reason "new heap size" --confirm yes',
      );
      const message = await slack.channel(ops).expectCard(/orders: Rolling restart/u);
      const over = await bot.card(
        'done',
        (it) => it.detector === 'recovery' && it.tone === 'resolved',
        rollMsMax,
      );

      expect(JSON.stringify(shown.blocks)).toContain('One after the other');
      expect(begun.outcome).toBe('done');
      expect(message.text).toContain('Rolling restart');
      expect(over.recoveryLine).toContain('3 servers were restarted, and all serve in sync');
      // What it does to the servers raises no alarm, and no note for the record either.
      const told = (await bot.cards()).map(({ detector }) => detector);
      expect(told).toEqual(['recovery']);
      const after = ensemble.servers.map((server) => server.pid());
      expect(after.filter((pid) => before.includes(pid))).toEqual([]);
      expect(ensemble.servers.every((server) => server.running())).toBe(true);
      const ends = (await auditOf(story)).map(({ what }) => what);
      expect(ends).toContain('recovery:succeeded');
      await until('somebody else leads', async () => (await ensemble.leader()).id !== leader.id);
      expect(errorsOf(story)).toEqual([]);
    },
    rollMsMax + 30_000,
  );
});
