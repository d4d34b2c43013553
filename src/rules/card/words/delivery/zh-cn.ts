import { commonZhCn } from '../common/zh-cn.ts';
import type { DeliveryWords } from './en.ts';

const { duration, list, time } = commonZhCn;

const why = { limited: '该聊天限制了消息频率', failing: '当时无法送达该聊天' };

export const deliveryZhCn: DeliveryWords = {
  late: (byMs, reason) => `晚到 ${duration(byMs)}：${why[reason]}`,
  lateOver: (firedMs, overMs, reason) =>
    `${time(firedMs)} 发生，${time(overMs)} 恢复；期间${reason === 'limited' ? '该聊天被限流' : '无法送达该聊天'}`,
  lateLine: (text, byMs) => `${text}（晚到 ${duration(byMs)}）`,
  fallback: (instead, forMs) =>
    `发到这里，因为 ${list(instead)} 已有 ${duration(forMs)} 无法送达，那边没有通知到任何人`,
  usedUp: (instead) => `发到这里，因为 ${list(instead)} 本月配额已用完，那边没有通知到任何人`,
  digest: {
    title: (total, open) =>
      open === 0
        ? `故障风暴已结束：共 ${total} 个`
        : `故障风暴：同时 ${total} 个，未恢复 ${open} 个`,
    meaning: '同时出现的故障太多，逐个发卡片会互相淹没。没有丢失：全部在这里和控制台上。',
    advice: '先找共同原因（网络、供电、发布）。用 `/zk show 编号` 查看其中一个及其按钮。',
    over: '这里无需再处理。每个故障都保存在控制台上。',
    line: (id, title) => `#${id} ${title}`,
    acknowledged: (line) => `${line}（已确认）`,
    resolved: (line) => `${line}（已恢复）`,
    own: (line) => `${line}（已有单独卡片）`,
    state: (total, resolved, isOver) =>
      `${isOver ? '故障风暴已结束' : '故障风暴仍在继续'}：共 ${total} 个，已恢复 ${resolved} 个`,
    list: '列出未恢复的故障',
    called: (count, lines) => `请查看，共 ${count} 个故障：${list(lines)}`,
    ended: (total, resolved, open) =>
      `故障风暴已结束：共 ${total} 个，已恢复 ${resolved} 个${open === 0 ? '' : `，未恢复 ${open} 个`}。`,
  },
};
