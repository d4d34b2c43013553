import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import type { FaultWords } from './en.ts';

const { duration, list } = commonZhCn;

export const rollingRestartZhCn: FaultWords = {
  title: ({ ensemble }, facts) => {
    const now = textOf(facts, 'now');
    const count = `${numberOf(facts, 'servers')} 个节点中已重启 ${listOf(facts, 'done').length} 个`;
    return `${ensemble}：滚动重启，${count}${now === '' ? '' : `，${now} 正在重启`}`;
  },
  meaning: () =>
    '节点正在逐个重启，每次只有一个离开，其余节点都在服务。客户端会连到其他节点，写入不受影响。',
  advice: (facts) =>
    `如果不是计划内的，问清是谁在操作。已重启：${list(listOf(facts, 'done'))}。等所有节点都恢复服务后再重启下一个，leader 放在最后。`,
  symptom: () => '滚动重启',
  over: ({ ensemble }, facts, lastedMs) =>
    `${ensemble}：滚动重启结束，${list(listOf(facts, 'done'))}，用时 ${duration(lastedMs)}`,
};
