import { describe, expect, it } from 'vitest';

import { refuse } from '../../../src/model/refusal.ts';
import { refusalReply } from '../../../src/rules/card/refusal-reply.ts';
import { nightMs } from '../../support/builders.ts';

describe('a refusal as an answer', () => {
  it.each([
    [
      refuse('not-permitted', {
        role: 'operator',
        ensemble: 'orders',
        has: 'viewer',
        who: ['Ada', 'Bo'],
      }),
      'This needs the role operator in orders; yours is viewer. Ask one of those who have it: Ada, Bo.',
      '此操作需要集群 orders 的“运维”权限，你的权限是“只读用户”。可以联系有权限的人：Ada、Bo。',
    ],
    [
      refuse('stranger', { handle: 'slack:U0999' }),
      'The bot does not know you, so you can read and nothing else. Ask an administrator to add you to people in the configuration, with this id: slack:U0999.',
      '机器人不认识你，你只能查看，不能操作。请管理员把你加入配置的 people，你的 ID 是：slack:U0999。',
    ],
    [
      refuse('already-acknowledged', { incident: 12, name: 'Ada', via: 'slack', atMs: nightMs }),
      'Incident #12 is acknowledged already by Ada via Slack at 21 Nov 03:00 UTC. Nothing to do. If it needs more people: /zk escalate 12',
      '故障 #12 已被确认（Ada，Slack，11月21日 03:00 UTC）。无需再操作。如需更多人处理：/zk escalate 12',
    ],
    [
      refuse('already-resolved', { incident: 12, foldedInto: 13, atMs: nightMs }),
      'Incident #12 is part of incident #13 now. Go on with #13.',
      '故障 #12 已并入故障 #13。请在故障 #13 中继续处理。',
    ],
    [
      refuse('electing', { untilMs: nightMs }),
      'The ensemble is electing a leader right now. An election takes under a second as a rule. If there is no leader at 21 Nov 03:00 UTC, try again.',
      '集群正在选举 leader。选举通常不到一秒；如果到 11月21日 03:00 UTC 仍没有 leader，请重试。',
    ],
    [
      refuse('recovery-running', { ensemble: 'orders', recovery: 'r-6' }),
      'Another recovery runs in orders (r-6); only one may at a time. Wait until it has finished; its card says so.',
      '集群 orders 正在执行另一个恢复操作（r-6），同一时间只能有一个。请等它结束，结果会显示在卡片上。',
    ],
  ])('is private, and says why and what to do next (%#)', (refusal, english, chinese) => {
    expect(refusalReply(refusal, 'en')).toEqual({
      outcome: 'refused',
      visibility: 'private',
      blocks: [{ kind: 'text', text: english }],
    });
    expect(refusalReply(refusal, 'zh-CN').blocks).toEqual([{ kind: 'text', text: chinese }]);
  });
});
