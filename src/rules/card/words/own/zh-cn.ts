import { commonZhCn } from '../common/zh-cn.ts';
import type { OwnWords } from './en.ts';

const { duration, time } = commonZhCn;

export const ownZhCn: OwnWords = {
  blind: (facts) =>
    [
      `Nightkeeper 失明：Redis（${facts.redis}）自 ${time(facts.sinceMs)} 起没有应答。`,
      '恢复之前不会发现也不会关闭任何故障；已记录的不会丢失。',
      ...(facts.replicas > 1
        ? [`本消息由 ${facts.replicas} 个副本之一发出，其他副本可能仍能连接。`]
        : []),
      ownZhCn.next,
    ].join(''),
  seesAgain: (facts) =>
    `Nightkeeper 恢复正常：Redis 已恢复。自 ${time(facts.sinceMs)} 起失明 ${duration(facts.blindMs)}。`,
  next: '下一步：检查 Redis 是否在运行（redis-cli ping），查看其日志和磁盘。恢复后机器人会自动继续工作。',
  noRedis: (facts) =>
    `Redis（${facts.redis}）已 ${duration(facts.blindMs)} 没有应答，机器人失明。${ownZhCn.next}`,
};
