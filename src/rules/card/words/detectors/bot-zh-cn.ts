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
  'calendar-broken': {
    title: (_, facts) => `无法读取值班日历：${list(listOf(facts, 'schedules'))}`,
    meaning: (facts) =>
      numberOf(facts, 'readMs') === 0
        ? '从未成功读取：机器人不知道谁在值班，将通知后备人员或下一级。'
        : `机器人沿用 ${commonZhCn.time(numberOf(facts, 'readMs'))} 的副本；之后的变更无从得知。`,
    advice: () => '原因见下方；请检查日历地址，以及机器人能否访问。',
    symptom: (_, facts) => `无法读取值班日历：${list(listOf(facts, 'schedules'))}`,
    over: () => '值班日历已恢复可读',
  },
};
