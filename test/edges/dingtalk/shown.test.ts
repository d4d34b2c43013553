import { describe, expect, it } from 'vitest';
import { createShown } from '../../../src/edges/dingtalk/shown.ts';
import { createMemoryShortMemory } from '../../support/memory/short-memory.ts';
import { realClock } from '../../support/real-clock.ts';
import { withResolvers } from '../../support/with-resolvers.ts';

const card = 'nk-12-ops-v1';
const acknowledged = { state: 'Ann has it' };

function aShown() {
  return createShown(createMemoryShortMemory(realClock), realClock);
}

describe('what the answer to a click has shown', () => {
  it('is shown, for everybody who asks', async () => {
    const shown = aShown();
    await shown.begin(card);
    const isCounted = await shown.end(card, acknowledged);

    expect(isCounted).toBe(true);
    expect(await shown.isShown(card, acknowledged)).toBe(true);
    expect(await shown.isShown(card, acknowledged)).toBe(true);
  });

  it('is nothing where the answer brought nothing', async () => {
    const shown = aShown();
    await shown.begin(card);
    const isCounted = await shown.end(card);

    expect(isCounted).toBe(false);
    expect(await shown.isShown(card, acknowledged)).toBe(false);
  });

  it('is not what something else looks like', async () => {
    const shown = aShown();
    await shown.begin(card);
    await shown.end(card, acknowledged);

    expect(await shown.isShown(card, { state: 'Nobody has it' })).toBe(false);
  });

  it('does not count while a change by the API is on its way: it may arrive after the answer', async () => {
    const shown = aShown();
    const { promise, resolve } = withResolvers<void>();
    const changed = shown.around(card, () => promise);

    await shown.begin(card);
    const isCounted = await shown.end(card, acknowledged);
    resolve();
    await changed;

    expect(isCounted).toBe(false);
    expect(await shown.isShown(card, acknowledged)).toBe(false);
  });

  it('does not count where a change arrived before the answer was given', async () => {
    const shown = aShown();
    await shown.begin(card);
    await shown.around(card, () => Promise.resolve());
    await shown.end(card, acknowledged);

    expect(await shown.isShown(card, acknowledged)).toBe(false);
  });

  it('does not count any more after a later change', async () => {
    const shown = aShown();
    await shown.begin(card);
    await shown.end(card, acknowledged);
    await shown.around(card, () => Promise.resolve());

    expect(await shown.isShown(card, acknowledged)).toBe(false);
  });
});
