import type { DrillEnd, EndedDrill } from '../../../../model/drill.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import type { DrillWords } from './en.ts';

const { duration, time } = commonZhCn;

const ends: Readonly<Record<DrillEnd, (name: string) => string>> = {
  stopped: (name) => `由 ${name} 结束`,
  over: () => '全部已恢复',
  bound: () => '时间已到',
  'real-fault': () => '因真实故障而中止',
};

function said({ acknowledged, decided }: EndedDrill['report']): string {
  const taken =
    acknowledged === undefined
      ? '无人确认。'
      : `${acknowledged.name} 在 ${duration(acknowledged.afterMs)}后确认。`;
  const did =
    decided === undefined
      ? '无人作出恢复决定。'
      : `${decided.name} 在 ${duration(decided.afterMs)}后决定：${decided.action} ${decided.server}。`;
  return `${taken}${did}`;
}

export const drillZhCn: DrillWords = {
  mark: (text) => `演练 DRILL · ${text}`,
  meaning: '这是演练：没有任何故障，也不会对任何服务器做任何操作。',
  over: ({ why, name, report }) => `演练结束：${ends[why](name)}。${said(report)}`,
  started: (recording, ensemble, untilMs) =>
    `演练 DRILL ${recording} 已在 ${ensemble} 开始：卡片、呼叫和审批与真实故障相同，均标明演练；其中的恢复操作不会真正执行。最迟 ${time(untilMs)} 结束，或输入：drill stop ${ensemble}`,
  running: (recording, ensemble, name, untilMs) =>
    `演练 DRILL ${recording} 正在 ${ensemble} 进行，由 ${name} 发起，最迟 ${time(untilMs)} 结束`,
  last: (recording, ensemble, atMs) => `${ensemble} 最近一次演练：${recording}，${time(atMs)}。`,
  recordings: (names) => `可重放：${names.join('、')}。开始：drill ${names[0]} <集群>`,
  stop: '结束',
};
