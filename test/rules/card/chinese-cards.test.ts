import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/model/incident.ts';
import { incidentCard } from '../../../src/rules/card/incident-card.ts';
import { threadLine } from '../../../src/rules/card/thread-line.ts';
import { aDownServer, aRecoveryMark, nightMs, nightSettings } from './incidents.ts';

const settings = nightSettings();
const card = (incident: Incident) => incidentCard(incident, { language: 'zh-CN', settings });
const say = (incident: Incident, signal: string) =>
  threadLine(incident, signal, { language: 'zh-CN', settings, channel: 'slack' }).text;
const ada = { by: 'ada', name: 'Ada', via: 'console', atMs: nightMs + 120_000 };
const resolved = { state: 'resolved', resolvedMs: nightMs + 180_000 } as const;

describe('a card in Chinese', () => {
  it.each<[Partial<Incident>, string]>([
    [{ severity: 'warn' }, '警告：不呼叫值班，请择机处理 · 始于 11月21日 03:12 UTC'],
    [{ severity: 'info' }, '仅作记录，不呼叫值班 · 始于 11月21日 03:12 UTC'],
    [{ pagedMs: nightMs }, '11月21日 03:12 UTC 已呼叫值班，尚无人确认 · 始于 11月21日 03:12 UTC'],
    [
      { state: 'acknowledged', acknowledged: ada },
      'Ada 于 11月21日 03:14 UTC 通过控制台确认 · 始于 11月21日 03:12 UTC',
    ],
    [
      { pagedMs: nightMs, escalated: { ...ada, by: 'nightkeeper', to: ['bo', 'cy'] } },
      '11月21日 03:12 UTC 已呼叫值班，尚无人确认 · 11月21日 03:14 UTC 自动升级至 Bo、Cy · 始于 11月21日 03:12 UTC',
    ],
    [
      { ...resolved, acknowledged: ada, pagedMs: nightMs },
      '11月21日 03:15 UTC 已恢复，持续 3 分钟 · 处理人：Ada',
    ],
    [
      { ...resolved, resolvedBy: { ...ada, via: 'slack' } },
      'Ada 于 11月21日 03:14 UTC 通过 Slack 标记为已恢复，持续 3 分钟 · 未呼叫任何人',
    ],
    [{ ...resolved, foldedInto: 13 }, '已并入故障 #13'],
  ])('says how it stands (%#)', (change, line) => {
    expect(card(aDownServer(change)).stateLine).toBe(line);
  });

  it('says what became of a restart', () => {
    const failed = (code: string, facts = {}) =>
      card(aDownServer({ recovery: aRecoveryMark({ state: 'failed', outcome: { code, facts } }) }))
        .recoveryLine;

    expect(failed('executor-failed', { exitCode: 3 })).toContain('命令执行失败，退出码 3');
    expect(failed('executor-failed', { exitCode: -1 })).toContain('命令被信号终止');
    expect(failed('executor-timeout', { timeoutMs: 30_000 })).toContain('30 秒内未结束');
    expect(failed('executor-unavailable')).toContain('命令无法启动');
    expect(failed('not-verified')).toContain('节点未恢复服务或未完成同步');
    expect(failed('odd')).toContain('详见审计记录');
  });

  it('speaks in its thread', () => {
    const escalated = aDownServer({ escalated: { ...ada, to: ['bo'] } });
    const done = aDownServer({ recovery: aRecoveryMark({ state: 'succeeded' }) });

    expect(say(aDownServer(), 'paged')).toMatch(/^请处理：orders\/zk2：宕机/u);
    expect(say(escalated, 'escalated:1')).toMatch(/^Ada 呼叫 Bo。orders/u);
    expect(say(done, 'recovery:r-7:verifying')).toContain('等待其恢复服务并完成同步');
    expect(say(done, 'recovery:r-7:succeeded')).toContain('重启 zk2：成功');
    expect(say(aDownServer(resolved), 'resolved')).toBe(
      '已恢复，持续 3 分钟：orders/zk2：已恢复，宕机 3 分钟',
    );
  });

  it('shows symptoms, lag and what it leaves out', () => {
    const lost = card(
      aDownServer({
        detector: 'quorum-lost',
        subject: { ensemble: 'orders' },
        facts: { voters: 3, serving: 1, quorum: 2, need: 1, down: ['zk2'], hung: ['zk3'] },
        evidence: Array.from({ length: 14 }, () => 'x'),
        symptoms: [
          {
            detector: 'member-hung',
            subject: { ensemble: 'orders', server: 'zk3' },
            severity: 'warn',
            facts: {},
            sinceMs: nightMs,
            clearedMs: nightMs,
          },
        ],
      }),
    );

    expect(lost.title).toBe('orders：法定人数不足 — 3 个投票节点中 1 个在提供服务');
    expect(lost.advice).toContain('宕机：zk2。卡死：zk3。');
    expect(lost.symptoms).toEqual(['zk3：卡死 — 能建立连接但不响应（已恢复）']);
    expect(lost.grid.map((row) => row.lag)).toEqual(['已同步', undefined, '落后 3 个事务']);
    expect(lost.evidence.at(-1)).toBe('… 还有 3 项');
  });
});
