import { describe, expect, it } from 'vitest';

import { mentionsMax, threadLine } from '../../../src/rules/card/thread-line.ts';
import { aStamp } from '../../support/builders.ts';
import { aDownServer, aRecoveryMark, nightMs, nightSettings } from './incidents.ts';

const context = { language: 'en', settings: nightSettings(), channel: 'slack' } as const;
const title = 'orders/zk2: down — connection refused, 2 of 3 voters serving';

describe('a line in the thread of a card', () => {
  it('calls those who may act when the page is due, and nobody for a warning', () => {
    const page = threadLine(aDownServer(), 'paged', context);
    const warning = threadLine(aDownServer({ severity: 'warn' }), 'paged', context);

    expect(page.text).toContain(`Please look: ${title}`);
    expect(page.mention).toEqual(['U0ADA', 'U0BO']);
    expect(warning.mention).toEqual([]);
  });

  it('calls the people of an escalation step, by their handle in this chat', () => {
    const escalated = aDownServer({
      escalationStep: 1,
      escalated: {
        by: 'nightkeeper',
        name: 'Nightkeeper',
        via: 'nightkeeper',
        atMs: nightMs,
        to: ['bo', 'cy'],
      },
    });

    const inSlack = threadLine(escalated, 'escalated:1', context);
    const inDingTalk = threadLine(escalated, 'escalated:1', { ...context, channel: 'dingtalk' });

    expect(inSlack.text).toContain('Nobody has acknowledged, so this goes to Bo, Cy. orders/zk2');
    expect(inSlack.mention).toEqual(['U0BO', 'U0CY']);
    expect(inDingTalk.mention).toEqual(['cy']);
  });

  it('says who escalated by hand', () => {
    const escalated = aDownServer({
      escalated: { by: 'ada', name: 'Ada', via: 'slack', atMs: nightMs, to: ['bo'] },
    });

    expect(threadLine(escalated, 'escalated:1', context).text).toContain('Ada calls Bo.');
  });

  it('tells each step of a recovery as it was then', () => {
    const done = aDownServer({ recovery: aRecoveryMark({ state: 'succeeded' }) });

    expect(threadLine(done, 'recovery:r-7:running', context).text).toBe(
      'Restart of zk2 runs now, asked by Ada via Slack: hung since 3',
    );
    expect(threadLine(done, 'recovery:r-7:verifying', context).text).toContain('waiting until');
    expect(threadLine(done, 'recovery:r-7:succeeded', context).text).toContain('worked');
  });

  it('says how long it took until it was over', () => {
    const resolved = { state: 'resolved', resolvedMs: nightMs + 180_000 } as const;

    expect(threadLine(aDownServer(resolved), 'resolved', context).text).toBe(
      'Resolved after 3 min: orders/zk2: back, was down 3 min',
    );
    expect(threadLine(aDownServer({ ...resolved, foldedInto: 13 }), 'resolved', context).text).toBe(
      'This is part of incident #13 now.',
    );
  });

  it('calls whoever has it when it gets worse, and asks them whether they still have it', () => {
    const taken = aDownServer({ acknowledged: aStamp({ by: 'ada', name: 'Ann' }) });

    const worse = threadLine(taken, 'worse:1', context);
    const reminder = threadLine(taken, 'reminder:1', context);

    expect(worse.text).toMatch(/^It got worse, it is a page now: orders\/zk2: down/u);
    expect(reminder.text).toMatch(/^Ann, do you still have this\?/u);
    expect(worse.mention).toEqual(reminder.mention);
    expect(worse.mention).toHaveLength(1);
  });

  it('says the name of the cause to those who were called, and calls nobody again', () => {
    const line = threadLine(aDownServer({ namedMs: 1 }), 'named:1', context);

    expect(line.text).toMatch(/^The cause is found: orders\/zk2: down/u);
    expect(line.mention).toEqual([]);
  });

  it('calls everybody who may act when nobody answers', () => {
    const hadBy = { ...aStamp({ name: 'Ann' }), untilMs: 2, lapsed: true };

    const line = threadLine(aDownServer({ hadBy }), 'lapsed:2', context);

    expect(line.text).toMatch(/^Ann did not answer/u);
    expect(line.mention.length).toBeGreaterThan(0);
  });

  it('says that a fault came back, for which time', () => {
    const again = aDownServer({ reopened: 2 });

    expect(threadLine(again, 'paged~2', context).text).toMatch(
      /^Again, for the 3rd time\. Please look: /u,
    );
    expect(threadLine(again, 'reopened~2', context)).toMatchObject({ mention: [] });
  });

  it('says who has it and where they said so, and who gave it back', () => {
    const acknowledged = aStamp({ name: '王伟', via: 'dingtalk', atMs: nightMs });
    const had = aDownServer({ state: 'acknowledged', acknowledged });
    const back = aDownServer({ hadBy: { ...acknowledged, untilMs: nightMs + 1, lapsed: false } });
    const chinese = { ...context, language: 'zh-CN' } as const;

    expect(threadLine(had, `has:${nightMs}`, context).text).toBe('王伟 has it, via DingTalk.');
    expect(threadLine(had, `has:${nightMs}`, chinese).text).toBe('王伟 已通过钉钉接手处理。');
    expect(threadLine(back, `back:${nightMs + 1}`, context)).toEqual({
      text: '王伟 gave it back: nobody has it now.',
      mention: [],
    });
  });

  it('tells a note with its author', () => {
    const notes = [{ ...aStamp({ name: 'Ann' }), number: 3, text: 'the disk was full' }];

    expect(threadLine(aDownServer({ notes }), 'note:3', context).text).toBe(
      'Ann: the disk was full',
    );
  });

  it('never says that an expired fault is resolved', () => {
    const expired = aDownServer({
      state: 'resolved',
      resolvedMs: nightMs + 1,
      pagedMs: nightMs,
      expired: true,
      unseen: { sinceMs: nightMs, why: 'unknown' },
    });

    expect(threadLine(expired, 'resolved', context).text).toMatch(
      /^Expired, not resolved; not seen since 21 Nov .*: orders/u,
    );
  });

  it.each(['stranger', 'note:9', 'recovery:r-1:running', 'recovery:r-7:odd', 'escalated:9'])(
    'names the fault for a signal it has nothing to say about: %s',
    (signal) => {
      const line = threadLine(aDownServer({ recovery: aRecoveryMark() }), signal, context);

      expect(line.text).toMatch(/^orders\/zk2: down/u);
      expect(line.mention).toEqual([]);
    },
  );

  it('calls no more people than a chat can bear', () => {
    const crowd = Array.from({ length: 30 }, (_, index) => ({
      kind: 'person' as const,
      id: `p${index}`,
      name: `P${index}`,
      roles: { '*': 'operator' as const },
      handles: { slack: `U${index}` },
    }));

    const line = threadLine(aDownServer(), 'paged', {
      ...context,
      settings: nightSettings({ people: crowd }),
    });

    expect(line.mention).toHaveLength(mentionsMax);
  });
});
