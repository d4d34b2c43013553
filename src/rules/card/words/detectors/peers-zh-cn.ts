import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { at, standing } from './parts-zh-cn.ts';
import type { ofPeersEn } from './peers-en.ts';

const { duration, latency, list, sentences } = commonZhCn;

function link(facts: Facts): string {
  const queueMs = numberOf(facts, 'queueMs');
  const ackMs = numberOf(facts, 'ackMs');
  const lateMs = numberOf(facts, 'lateMs');
  if (lateMs > Math.max(queueMs, ackMs)) return `事务晚到 ${latency(lateMs)}`;
  return queueMs >= ackMs ? `数据包排队 ${latency(queueMs)}` : `确认耗时 ${latency(ackMs)}`;
}

export const ofPeersZhCn: typeof ofPeersEn = {
  'stale-leader': {
    title: (subject, facts) => {
      const next = textOf(facts, 'successor');
      return `${at(subject)}：失效的 leader — ${next === '' ? '跟随它的节点不足法定人数' : `${next} 才是拥有法定人数的 leader`}`;
    },
    meaning: () =>
      '它与其他节点隔离，自己还未察觉：连在它上面的客户端会卡住。约 12 秒内它会自行退位。',
    advice: (_, { server }) =>
      `检查 ${server} 与其他节点之间 2888、3888 端口的网络，两个方向都要查。`,
    symptom: ({ server }) => `${server}：失效的 leader`,
    over: (subject, _, lastedMs) => `${at(subject)}：已回到法定人数，被隔离 ${duration(lastedMs)}`,
  },
  'two-leaders': {
    title: ({ ensemble: id }, facts) =>
      `${id}：出现两个 leader — ${list(listOf(facts, 'leaders'))}`,
    meaning: (facts) =>
      listOf(facts, 'effective').length > 1
        ? '两者都有法定人数，同一份配置不可能出现这种情况：数据可能分叉。'
        : '旧 leader 应在数秒内退位，但它没有。连错节点的客户端会卡住，或写入其他人看不到的数据。',
    advice: () =>
      '比较两者的成员列表（conf、voting_view），停掉不属于正式成员的那个并保存其数据。在此之前不要启动、清空或 reconfig 任何节点。',
    symptom: (_, facts) => `两个 leader：${list(listOf(facts, 'leaders'))}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：已恢复为一个 leader，两个 leader 持续 ${duration(lastedMs)}`,
  },
  'election-churn': {
    title: ({ ensemble: id }, facts) =>
      `${id}：leader 反复更换 — ${duration(numberOf(facts, 'windowMs'))}内 ${numberOf(facts, 'changes')} 次`,
    meaning: () =>
      '每次更换都会让所有客户端短暂断开。没有节点宕机：leader 失去了 follower，进程仍在运行。',
    advice: (facts) =>
      `检查失去 leader 身份的节点的 GC 停顿、磁盘和网络：${list(listOf(facts, 'leaders'))}。重启只会再引发一次选举。`,
    symptom: (_, facts) => `leader 更换了 ${numberOf(facts, 'changes')} 次`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：leader 已稳定，反复更换持续 ${duration(lastedMs)}`,
  },
  'slow-election': {
    title: ({ ensemble: id }, facts) =>
      `${id}：${duration(numberOf(facts, 'electionMs'))}仍未选出 leader — 运行的投票节点足够，但无法达成一致`,
    meaning: () => '运行的节点足够，却无法写入，也无法建立新会话。选举通常不到一秒。',
    advice: (facts) =>
      sentences([
        '检查每个节点能否解析并连到其他节点的 3888 端口，以及各节点的成员列表是否一致。',
        listOf(facts, 'looking').length === 0
          ? ''
          : `正在寻找 leader：${list(listOf(facts, 'looking'))}。`,
      ]),
    symptom: (_, facts) => `${duration(numberOf(facts, 'electionMs'))}仍未选出 leader`,
    over: (subject, _, lastedMs) => `${at(subject)}：已有 leader，选举超时 ${duration(lastedMs)}`,
  },
  'unsynced-follower': {
    title: (subject, facts) => `${at(subject)}：未与 leader 同步 — ${standing(facts)}`,
    meaning: (facts) =>
      sentences([
        '它在运行，但 leader 未将其计入：它提供的是旧数据，追赶期间则不提供服务。',
        textOf(facts, 'peerState') === '' ? '' : `它的状态：${textOf(facts, 'peerState')}。`,
      ]),
    advice: (_, { server }) =>
      `比较最新快照的大小、到 ${server} 的链路和 initLimit：必须能在时限内传完。期间不要重启其他节点。`,
    symptom: ({ server }) => `${server}：未同步`,
    over: (subject, _, lastedMs) => `${at(subject)}：已同步，落后 ${duration(lastedMs)}`,
  },
  'follower-link-slow': {
    title: (subject, facts) =>
      flagOf(facts, 'ofAll')
        ? `${at(subject)}：leader 的链路变慢 — ${link(facts)}`
        : `${at(subject)}：到 leader 的链路变慢 — ${link(facts)}`,
    meaning: (facts) =>
      flagOf(facts, 'ofAll')
        ? '到每个 follower 都慢：写入耗时长，leader 可能失去所有 follower。'
        : '从它读到的是旧数据，它随时可能掉队。其他节点的客户端暂未察觉。',
    advice: (_, { server }) =>
      `检查 ${server} 是否丢包、链路打满或 CPU 繁忙（ss -ti、ethtool -S、mtr），以及中间的交换机。`,
    symptom: ({ server }, facts) => `${server}：链路变慢，${link(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}：链路已恢复，变慢 ${duration(lastedMs)}`,
  },
  'follower-lag': {
    title: (subject, facts) => `${at(subject)}：落后 leader ${numberOf(facts, 'lag')} 个事务`,
    meaning: () => '从它读取的客户端得到旧数据，写入不受影响。',
    advice: (_, { server }) =>
      `检查 ${server} 的磁盘（fsync）、GC 停顿和链路；这些恢复后它会自行追上。`,
    symptom: ({ server }, facts) => `${server}：落后 ${numberOf(facts, 'lag')} 个事务`,
    over: (subject, _, lastedMs) => `${at(subject)}：已追上，落后 ${duration(lastedMs)}`,
  },
};
