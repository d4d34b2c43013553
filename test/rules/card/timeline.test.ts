import { describe, expect, it } from 'vitest';

import type { IncidentEvent } from '../../../src/model/incident-event.ts';
import type { Language } from '../../../src/model/person.ts';
import { timeline } from '../../../src/rules/card/timeline.ts';
import { aPerson, aStamp, aTriggeredEvent, nightMs } from '../../support/builders.ts';
import { aRecoveryMark } from './incidents.ts';

const { kind: _, fingerprint, detector, subject, sinceMs: __, ...look } = aTriggeredEvent();

/** Everything that can happen to an incident, once. */
const events: readonly IncidentEvent[] = [
  aTriggeredEvent(),
  { ...look, kind: 'observed', facts: { ...look.facts, serving: 1 } },
  {
    ...look,
    kind: 'recognised',
    fingerprint: 'orders/quorum-lost/',
    detector: 'quorum-lost',
    subject: { ensemble: 'orders' },
    facts: { ...look.facts, serving: 1 },
  },
  { kind: 'paged', atMs: nightMs },
  { kind: 'acknowledged', atMs: nightMs, stamp: aStamp() },
  { kind: 'unacknowledged', atMs: nightMs, stamp: aStamp({ via: 'console' }) },
  { kind: 'escalated', atMs: nightMs, stamp: aStamp({ by: 'nightkeeper' }), step: 1, to: ['ann'] },
  { kind: 'escalated', atMs: nightMs, stamp: aStamp(), step: 2, to: ['ann', 'gone'] },
  { kind: 'recovery', atMs: nightMs, mark: aRecoveryMark() },
  { kind: 'folded', atMs: nightMs, into: 13 },
  { kind: 'resolved', atMs: nightMs, grid: [] },
  { kind: 'resolved', atMs: nightMs, grid: [], stamp: aStamp({ via: 'cli' }) },
];
const lines = (list: readonly IncidentEvent[], language: Language = 'en') =>
  timeline(list, language, [aPerson()]).map((row) => row.text);

describe('a timeline', () => {
  it('has a line for everything that can happen', () => {
    expect(lines(events)).toEqual([
      'seen: orders/zk2: down — connection refused, 2 of 3 voters serving, one more failure stops writes',
      'changed: orders/zk2: down — connection refused, 1 of 3 voters serving, writes are stopped',
      'turned out to be: orders: quorum lost — 1 of 3 voters serving',
      'people called',
      'acknowledged by Ann via Slack',
      'acknowledgement taken back by Ann via the console',
      'escalated to Ann',
      'escalated to Ann, gone by Ann',
      'Restart of zk2 runs now, asked by Ada via Slack: hung since 3',
      'folded into incident #13',
      'resolved',
      'resolved by Ann via the command line',
    ]);
  });

  it('says the same in Chinese', () => {
    expect(lines(events, 'zh-CN').slice(3)).toEqual([
      '呼叫值班',
      'Ann 通过 Slack 确认',
      'Ann 通过控制台撤销确认',
      '自动升级至 Ann',
      '由 Ann 升级至 Ann、gone',
      '重启 zk2：执行中，由 Ada 通过 Slack 发起，原因：hung since 3',
      '并入故障 #13',
      '恢复',
      'Ann 通过命令行标记为已恢复',
    ]);
  });

  it('leaves out looks that show a reader nothing new', () => {
    const same: IncidentEvent = { ...look, kind: 'observed' };

    expect(lines([aTriggeredEvent({ fingerprint, detector, subject }), same, same])).toHaveLength(
      1,
    );
  });
});
