import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf } from '../facts.ts';
import type { ofTheBotEn } from './bot-en.ts';

const { list } = commonZhCn;

export const ofTheBotZhCn: typeof ofTheBotEn = {
  'redis-at-risk': {
    title: (_, facts) => `Redis 可能丢失机器人的数据 — ${numberOf(facts, 'count')} 项设置需要修正`,
    meaning: () => '事件、确认和通知记录都保存在 Redis 中；崩溃或内存写满时可能丢失。',
    advice: (facts) =>
      `请修正证据中列出的设置（${list(listOf(facts, 'codes'))}）；机器人每分钟重新检查。`,
    symptom: () => 'Redis 可能丢失机器人的数据',
    over: () => 'Redis 的设置已恢复安全',
  },
};
