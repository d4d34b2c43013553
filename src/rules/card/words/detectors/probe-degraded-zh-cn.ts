import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, textOf } from '../facts.ts';
import type { FaultWords } from './en.ts';

const { list } = commonZhCn;

/** `zk2`，或 `3 个节点` */
function unseen(facts: Facts): string {
  const servers = listOf(facts, 'servers');
  return servers.length === 1 ? list(servers) : `${servers.length} 个节点`;
}

/** 改从何处读取。 */
const sources: Readonly<Record<string, string>> = {
  admin: '数据来自 AdminServer',
  srvr: '数据来自 srvr，没有延迟和已同步 follower 数',
  mntr: '部分四字命令被拒绝',
};

function blind(facts: Facts): string {
  const refused = listOf(facts, 'words');
  if (textOf(facts, 'source') === 'none') return `机器人无法读取 ${unseen(facts)}`;
  return refused.length === 0
    ? `机器人对 ${unseen(facts)} 可见的信息变少`
    : `机器人对 ${unseen(facts)} 可见的信息变少：${list(refused)} 未加入白名单`;
}

export const probeDegradedZhCn: FaultWords = {
  title: (subject, facts) => `${subject.ensemble}：${blind(facts)}`,
  meaning: (facts) =>
    textOf(facts, 'source') === 'none'
      ? `读不到 ${list(listOf(facts, 'servers'))} 的任何信息：即使出了故障也无法发现。`
      : `ZooKeeper 本身不受影响，只是 ${list(listOf(facts, 'servers'))} 可见的信息变少：${sources[textOf(facts, 'source')] ?? sources['mntr']}。`,
  advice: (facts) => {
    const line = textOf(facts, 'line');
    return line === ''
      ? '放行四字命令 mntr、srvr 和 conf，或开启 AdminServer。'
      : `在每个节点的 zoo.cfg 中加入下面这一行，并择机逐个重启：${line}`;
  },
  symptom: (_, facts) => blind(facts),
  over: (subject) => `${subject.ensemble}：机器人已能看到全部信息`,
};
