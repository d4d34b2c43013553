import { describe, expect, it } from 'vitest';
import { chatCharsMax, exportIncident } from '../../commands/export.ts';
import type { IncidentEvent } from '../../src/model/incident-event.ts';
import {
  anIncident,
  aPerson,
  aSettings,
  aStamp,
  aTriggeredEvent,
  nightMs,
} from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const longLife: readonly IncidentEvent[] = [
  aTriggeredEvent(),
  ...Array.from(
    { length: 100 },
    (_, index): IncidentEvent => ({
      kind: 'acknowledged',
      atMs: nightMs + index,
      stamp: aStamp(),
    }),
  ),
];
const world = { incidents: [anIncident()], events: { 12: longLife } };
const ann = aPerson();

describe('the command export', () => {
  it.each(['cli', 'api', 'console'])('gives the whole text and nothing else to %s', async (via) => {
    const answer = await run(
      exportIncident,
      'export 12',
      aDesk(world, { origin: { via, actor: ann } }),
    );

    const text = read(answer);
    expect(text.startsWith('# Incident #12: ')).toBe(true);
    expect(text.match(/acknowledged by/gu)).toHaveLength(100);
  });

  it('gives a chat as much as a message holds, and says where the whole is', async () => {
    const origin = { via: 'slack', actor: ann };
    const there = aDesk(world, {
      origin,
      settings: aSettings({ publicUrl: 'https://nk.example/' }),
    });

    const answer = await run(exportIncident, 'export 12', aDesk(world, { origin }));
    const linked = await run(exportIncident, 'export 12', there);

    const [where, text] = 'blocks' in answer ? answer.blocks : [];
    expect(where).toMatchObject({ text: expect.stringContaining('nightkeeper export 12 > ') });
    expect(text?.kind === 'text' ? Array.from(text.text).length : 0).toBe(chatCharsMax);
    expect(read(linked)).toContain('https://nk.example/api/v1/incidents/12/export.md');
  });

  it('is for people of the configuration', async () => {
    const stranger = { kind: 'stranger', id: 'slack:U0999', name: 'Zed' } as const;
    const desk = aDesk(world, { origin: { via: 'slack', actor: stranger } });

    expect(exportIncident.role).toBe('viewer');
    expect(await run(exportIncident, 'export 12', desk)).toMatchObject({ kind: 'refusal' });
  });

  it('knows no incident that never was', async () => {
    expect(await run(exportIncident, 'export 99', aDesk(world))).toMatchObject({
      code: 'unknown-incident',
    });
  });
});
