import { describe, expect, it } from 'vitest';

import { abort } from '../../commands/abort.ts';
import { ack } from '../../commands/ack.ts';
import { approve } from '../../commands/approve.ts';
import { audit } from '../../commands/audit.ts';
import { auto } from '../../commands/auto.ts';
import { backup } from '../../commands/backup.ts';
import { backups } from '../../commands/backups.ts';
import { chart } from '../../commands/chart.ts';
import { doctor } from '../../commands/doctor.ts';
import { drill } from '../../commands/drill.ts';
import { escalate } from '../../commands/escalate.ts';
import { evidence } from '../../commands/evidence.ts';
import { exportIncident } from '../../commands/export.ts';
import { freeze } from '../../commands/freeze.ts';
import { help } from '../../commands/help.ts';
import { incidents } from '../../commands/incidents.ts';
import { note } from '../../commands/note.ts';
import { oncall } from '../../commands/oncall.ts';
import { recover } from '../../commands/recover.ts';
import { reject } from '../../commands/reject.ts';
import { resolve } from '../../commands/resolve.ts';
import { show } from '../../commands/show.ts';
import { silence } from '../../commands/silence.ts';
import { silences } from '../../commands/silences.ts';
import { status } from '../../commands/status.ts';
import { unack } from '../../commands/unack.ts';
import { unfreeze } from '../../commands/unfreeze.ts';
import { unlink } from '../../commands/unlink.ts';
import { unsilence } from '../../commands/unsilence.ts';
import type { Command } from '../../src/ports/command.ts';
import { words } from '../../src/rules/card/words/words.ts';
import { anIncident, aRecovery, aStamp } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const commands: readonly Command[] = [
  silence,
  unlink,
  unsilence,
  freeze,
  unfreeze,
  silences,
  status,
  incidents,
  show,
  ack,
  unack,
  escalate,
  oncall,
  note,
  resolve,
  recover,
  approve,
  abort,
  auto,
  drill,
  evidence,
  doctor,
  reject,
  audit,
  exportIncident,
  chart,
  backup,
  backups,
  help,
];
const aSilence = {
  id: 3,
  scope: { ensemble: 'users' },
  reason: 'x',
  set: aStamp(),
  startMs: 0,
  endMs: 9e12,
};
const sum = { server: 'zk2', voters: 3, serving: 3, quorum: 2, after: 2, margin: 0, serves: true };
const desk = (facts: object = sum) =>
  aDesk(
    {
      incidents: [anIncident()],
      silences: [aSilence, { ...aSilence, id: 4, scope: { ensemble: 'orders' }, freezes: 'too' }],
      evidence: [{ server: 'zk2', atMs: 1, answers: { mntr: 'zk_uptime\t9' } }],
      recoveries: [aRecovery({ id: 'r-12', state: 'awaiting' })],
      preview: {
        verdict: { kind: 'allow', facts: { ...sum, ...facts } },
        command: 'systemctl restart zk2',
      },
    },
    { language: 'zh-CN', commands },
  );

describe('the chat line in Chinese', () => {
  it.each<[Command, string, string]>([
    [ack, '确认 12', '故障 #12 由你处理：orders/zk2：宕机'],
    [unack, '撤销确认 12', '已撤销对故障 #12 的确认'],
    [escalate, '升级 orders', '故障 #12 已升级至 Ann。'],
    [recover, '重启 orders zk2 --reason “卡死” --confirm 是', '重启 zk2：已开始（r-7）'],
    [status, '状态', '集群 | 健康状况'],
    [incidents, '故障', '#12 | orders/zk2：宕机'],
    [incidents, '故障 users', '没有未恢复的故障。'],
    [help, '帮助 重启', '先说明对法定人数的影响'],
  ])('answers %#', async (command, line, said) => {
    expect(command.aliases).toContain(line.split(' ')[0]);
    expect(read(await run(command, line, desk()))).toContain(said);
  });

  it.each([
    [{}, '停止 zk2 后：3 个投票节点剩 2 个，法定人数 2，余量 0。'],
    [{ after: 0, margin: -1, standalone: true }, '在它恢复之前无法写入。\n它是唯一的节点'],
    [{ led: true }, '它是 leader，重启会引发选举'],
    [{ serves: false }, '它当前未提供服务'],
    [{ lost: true, capable: 2 }, '法定人数已经不足。zk2 恢复后，3 个投票节点中 2 个可提供服务'],
    [{ role: 'observer' }, 'zk2 是 observer，停止它不影响法定人数。'],
  ])('shows the sum of a restart %#', async (facts, said) => {
    expect(read(await run(recover, '重启 orders zk2', desk(facts)))).toContain(said);
  });

  it('has help and examples for every command, in both languages, and no two share a word', () => {
    for (const { about } of [words('en').commands, words('zh-CN').commands]) {
      expect(Object.keys(about).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
      for (const text of Object.values(about)) expect(text.examples.length).toBeGreaterThan(0);
    }
    const all = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('gives only examples that are understood', async () => {
    for (const language of ['en', 'zh-CN'] as const)
      for (const command of commands)
        for (const example of words(language).commands.about[command.name]?.examples ?? []) {
          const answer = await run(command, example, desk());

          expect([command.name, ...command.aliases]).toContain(example.split(' ')[0]);
          expect(answer).not.toHaveProperty('kind');
        }
  });
});
