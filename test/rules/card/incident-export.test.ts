import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/model/audit.ts';
import type { IncidentEvent } from '../../../src/model/incident-event.ts';
import type { Sample } from '../../../src/model/sample.ts';
import { eventsMax } from '../../../src/ports/incident-store.ts';
import {
  type ExportInput,
  exportDecisionsMax,
  incidentMarkdown,
} from '../../../src/rules/card/incident-export.ts';
import {
  anIncident,
  aPerson,
  aReading,
  aRecovery,
  aSample,
  aStamp,
  aTriggeredEvent,
  nightMs,
} from '../../support/builders.ts';

const sum = { server: 'zk2', voters: 3, serving: 2, quorum: 2, after: 2, margin: 0 };
const ann = (afterMs: number) => aStamp({ name: 'Ann', via: 'slack', atMs: nightMs + afterMs });

const resolved = anIncident({
  state: 'resolved',
  sinceMs: nightMs,
  openedMs: nightMs + 1000,
  pagedMs: nightMs + 11_000,
  resolvedMs: nightMs + 600_000,
  evidence: ['zk2 refused 10.0.0.2:2181'],
});

const events: readonly IncidentEvent[] = [
  aTriggeredEvent({ atMs: nightMs + 1000 }),
  { kind: 'paged', atMs: nightMs + 11_000 },
  { kind: 'acknowledged', atMs: nightMs + 71_000, stamp: ann(71_000) },
  { kind: 'resolved', atMs: nightMs + 600_000, grid: [] },
];

function entry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    atMs: nightMs + 71_000,
    ensemble: 'orders',
    who: 'ann',
    name: 'Ann',
    via: 'slack',
    what: 'acknowledge',
    incident: 12,
    outcome: 'done',
    facts: {},
    ...overrides,
  };
}

function written(input: Partial<ExportInput> = {}, language: 'en' | 'zh-CN' = 'en'): string {
  return incidentMarkdown(
    { incident: resolved, events, recoveries: [], audit: [], samples: [], ...input },
    { language, people: [aPerson()], nowMs: nightMs + 3_600_000 },
  );
}

describe('an incident as Markdown', () => {
  it('says how long it took until it was noticed, called, taken and over', () => {
    const lines = written().split('\n');

    expect(lines).toContainEqual(expect.stringMatching(/^- \*\*Noticed:\*\* .*, after 1 s$/u));
    expect(lines).toContainEqual(
      expect.stringMatching(/^- \*\*People called:\*\* .*, after 11 s$/u),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^- \*\*Acknowledged:\*\* .*, after 1 min · Ann \(Slack\)$/u),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^- \*\*Resolved:\*\* .*, after 10 min$/u));
  });

  it('tells what it was and what was seen, also after it is over', () => {
    const text = written();

    expect(text.split('\n')[0]).toMatch(/^# Incident #12: .*zk2/u);
    expect(text).toContain('## What it means');
    expect(text).toContain('```text\nzk2 refused 10.0.0.2:2181\n```');
    expect(text).toContain('## Servers, as last seen');
    expect(text).toMatch(/\| zk1 \| voter \| leader \|/u);
    expect(text).not.toContain('still open');
  });

  it('has every step of the timeline with its time', () => {
    const text = written();

    expect(text).toMatch(/\| \d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} \|  \| seen: /u);
    expect(text).toContain('| 10 s | people called |');
    expect(text).toContain('| 1 min 10 s | acknowledged by Ann via Slack |');
    expect(text).toContain('| 9 min 59 s | resolved |');
  });

  it('says that an open incident is open, and for how long', () => {
    const { resolvedMs: _resolved, pagedMs: _paged, ...rest } = resolved;

    const text = written({ incident: { ...rest, state: 'triggered' }, events: events.slice(0, 1) });

    expect(text).toContain('> The incident is still open');
    expect(text).toContain('- **Resolved:** not yet, open for 1 h');
    expect(text).toContain('- **Acknowledged:** no');
    expect(text).toContain('- **People called:** no');
  });

  it('shows restarts with who, why, every verdict of the guard, and what the command printed', () => {
    const recovery = aRecovery({
      incident: 12,
      requested: ann(80_000),
      reason: 'hung since 3',
      state: 'succeeded',
      guards: [
        { atMs: nightMs, at: 'click', verdict: { kind: 'allow', facts: sum } },
        { atMs: nightMs, at: 'run', verdict: { kind: 'allow', facts: sum } },
      ],
      startedMs: nightMs + 81_000,
      finishedMs: nightMs + 85_000,
      output: 'stopping\n```\nstarted\n',
    });

    const text = written({ recoveries: [recovery] });

    expect(text).toContain('### r-7: Restart of zk2');
    expect(text).toContain('- **Why:** hung since 3');
    expect(text).toContain('- **Guard:** when asked for: allowed · After stopping zk2: 2 of 3');
    expect(text).toContain('- **Guard:** before it ran: allowed');
    expect(text).toContain('- **Result:** worked, after 4 s');
    expect(text).toContain('````text\nstopping\n```\nstarted\n````');
  });

  it('shows what people decided, the refused things too, of this incident alone', () => {
    const text = written({
      audit: [
        entry({ what: 'recover', outcome: 'refused', why: 'would-break-quorum', facts: sum }),
        entry(),
        entry({ incident: 13, name: 'Carol' }),
        entry({ who: 'nightkeeper', name: 'Nightkeeper', what: 'page' }),
        entry({ what: 'recovery:running', name: 'Dan' }),
      ],
    });

    const part = text.slice(text.indexOf('## Who decided what')).split('\n\n')[1] ?? '';
    const rows = part.split('\n').slice(2);
    expect(rows).toEqual([
      expect.stringContaining('| Ann (Slack) | acknowledged | done |'),
      expect.stringContaining('| Ann (Slack) | recover | refused |'),
    ]);
  });

  it('draws the latency around the fault, with gaps where there was no answer', () => {
    const at = (index: number, latency: number): Sample =>
      aReading({ server: 'zk2', metrics: { avg_latency: latency }, atMs: nightMs + index * 5000 });
    const failed = aSample('zk2', 'refused', nightMs + 10_000);
    const longAgo: Sample = { ...at(0, 900), atMs: nightMs - 86_400_000 };

    const text = written({ samples: [longAgo, at(0, 1), at(1, 5), failed, at(3, 9)] });

    expect(text).toContain('```text\n▁▅ █  1 to 9\n```');
    expect(written()).not.toContain('Latency of the server');
  });

  it('lets no name and no reason become Markdown', () => {
    const evil = 'x](https://evil.test) | <img src=x> **b**\n# heading';
    const stamp = aStamp({ name: evil, via: 'slack', atMs: nightMs });

    const text = written({
      events: [...events, { kind: 'acknowledged', atMs: nightMs, stamp }],
      recoveries: [aRecovery({ incident: 12, requested: stamp, reason: evil, output: evil })],
      audit: [entry({ name: evil, facts: { reason: evil } })],
      incident: { ...resolved, evidence: [evil] },
    });

    const page = marked.parse(text, { async: false, gfm: true });
    expect(page).not.toMatch(/<img|<a\b|<h1[^>]*>heading/u);
    expect(page.match(/<h1/gu)).toHaveLength(1);
    for (const row of page.match(/<tr>[\s\S]*?<\/tr>/gu) ?? [])
      expect((row.match(/<t[dh]/gu) ?? []).length).toBeLessThanOrEqual(5);
  });

  it('stays one document of bounded length with the longest life that is kept', () => {
    const life: readonly IncidentEvent[] = [
      aTriggeredEvent(),
      ...Array.from(
        { length: eventsMax - 1 },
        (_, index): IncidentEvent => ({
          kind: 'acknowledged',
          atMs: nightMs + index,
          stamp: aStamp({ name: 'n'.repeat(5000) }),
        }),
      ),
    ];
    const audit = Array.from({ length: 1000 }, () =>
      entry({ facts: { reason: 'r'.repeat(5000) } }),
    );

    const text = written({ events: life, audit });

    expect(text.match(/acknowledged by n/gu)).toHaveLength(eventsMax - 1);
    expect(text.match(/\| acknowledged \| done \|/gu)).toHaveLength(exportDecisionsMax);
    expect(text.length).toBeLessThan(700_000);
  });

  it('speaks the language of who asks', () => {
    const text = written({ audit: [entry()] }, 'zh-CN');

    expect(text).toContain('# 故障 #12');
    expect(text).toContain('## 谁做了什么决定');
    expect(text).toContain('**集群:** orders');
  });
});
