import type { Facts, Subject } from '../../../../model/finding.ts';
import type { GridCell } from '../../../../model/incident.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, quorumOf, textOf } from '../facts.ts';
import { ofTheBotZhCn } from './bot-zh-cn.ts';
import { capacityZhCn } from './capacity-zh-cn.ts';
import { consistencyZhCn } from './consistency-zh-cn.ts';
import type { DetectorsWords, FaultName, FaultWords } from './en.ts';
import { ofMembersZhCn } from './members-zh-cn.ts';
import { at, loss, serving, standing, those } from './parts-zh-cn.ts';
import { ofPathsZhCn } from './paths-zh-cn.ts';
import { ofPeersZhCn } from './peers-zh-cn.ts';
import { probeDegradedZhCn } from './probe-degraded-zh-cn.ts';
import { rollingRestartZhCn } from './rolling-restart-zh-cn.ts';
import { securityZhCn } from './security-zh-cn.ts';
import { ofSizeZhCn } from './size-zh-cn.ts';
import { ofSpeedZhCn } from './speed-zh-cn.ts';

const { duration, latency, list, sentences } = commonZhCn;

const member: Pick<
  Record<FaultName, FaultWords>,
  'member-down' | 'member-hung' | 'member-not-serving' | 'member-restarted'
> = {
  'member-down': {
    title: (subject, facts) => `${at(subject)}：宕机 — ${refusal(facts)}，${standing(facts)}`,
    meaning: (facts) => `客户端端口上没有进程响应。${loss(facts)}`,
    advice: (_, { server }) =>
      `先看 ${server} 的退出码和最后几行日志，磁盘满则先清理，再启动进程。`,
    symptom: ({ server }, facts) => `${server}：宕机 — ${refusal(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}：已恢复，宕机 ${duration(lastedMs)}`,
  },
  'member-hung': {
    title: (subject, facts) => `${at(subject)}：卡死 — 能建立连接但不响应，${standing(facts)}`,
    meaning: (facts) => `进程还在，但不响应，它的客户端会一直卡到超时。${loss(facts)}`,
    advice: (_, { server }) =>
      `先在 ${server} 上执行 jstack，并查看 GC 日志、swap 和磁盘。被挂起的进程不响应 SIGTERM，只能用 SIGKILL 结束。`,
    symptom: ({ server }) => `${server}：卡死 — 能建立连接但不响应`,
    over: (subject, _, lastedMs) => `${at(subject)}：已恢复响应，卡死 ${duration(lastedMs)}`,
  },
  'member-not-serving': {
    title: (subject, facts) =>
      `${those(subject, facts)}：进程在运行但未提供服务 — 无法加入 leader，${standing(facts)}`,
    meaning: (facts) => `其他节点已有 leader，而该节点表示自己未提供服务。${loss(facts)}`,
    advice: (_, { server }) =>
      `查看 ${server} 的日志：“Cannot open channel”是端口或 DNS 问题，BindException 是地址或 myid 问题，IOException 是磁盘问题。`,
    symptom: ({ server }) => `${server}：进程在运行，但未提供服务`,
    over: (subject, _, lastedMs) => `${at(subject)}：已恢复服务，中断 ${duration(lastedMs)}`,
  },
  'member-restarted': {
    title: (subject, facts) => `${at(subject)}：发生重启${away(facts)}`,
    meaning: () => '它的客户端短暂断开，现已重新连接。',
    advice: () => '如非计划内操作，请确认是谁重启的，并从日志中找出原因。',
    symptom: ({ server }, facts) => `${server}：发生重启${away(facts)}`,
    over: (subject, facts) => `${at(subject)}：发生重启${away(facts)}`,
  },
};

function refusal(facts: Facts): string {
  return textOf(facts, 'reason') === 'reset' ? '连接被重置' : '连接被拒绝';
}

function away(facts: Facts): string {
  const blinkMs = numberOf(facts, 'blinkMs', -1);
  const uptimeMs = numberOf(facts, 'uptimeMs', -1);
  if (blinkMs >= 0) return `，离线 ${duration(blinkMs)}`;
  return uptimeMs >= 0 ? `，发现时已启动 ${duration(uptimeMs)}` : '';
}

function classes(facts: Facts): string {
  const part = (key: string, word: string): string => {
    const servers = listOf(facts, key);
    return servers.length === 0 ? '' : `${word}：${list(servers)}。`;
  };
  return sentences([
    part('down', '宕机'),
    part('hung', '卡死'),
    part('notServing', '在运行但未提供服务'),
    part('unreachable', '不可达'),
  ]);
}

const ensemble: Pick<
  Record<FaultName, FaultWords>,
  'quorum-lost' | 'electing' | 'quorum-at-risk'
> = {
  'quorum-lost': {
    title: ({ ensemble: id }, facts) => `${id}：法定人数不足 — ${serving(facts)}`,
    meaning: (facts) =>
      sentences([
        '无法写入，也无法建立新会话，客户端停在 CONNECTING。',
        needed(numberOf(facts, 'need')),
      ]),
    advice: (facts) =>
      sentences([
        '先恢复最容易恢复的节点：进程停止的优先，其次磁盘满的，最后是主机故障的。切勿清空数据，切勿 reconfig。',
        classes(facts),
      ]),
    symptom: (_, facts) => `法定人数不足，还差 ${numberOf(facts, 'need')} 个`,
    over: (subject, _, lastedMs) => `${at(subject)}：法定人数已恢复，中断 ${duration(lastedMs)}`,
  },
  electing: {
    title: ({ ensemble: id }) => `${id}：正在选举 leader — 写入暂停`,
    meaning: () => '当前没有 leader，客户端会短暂遇到 ConnectionLoss；选举通常不到一秒。',
    advice: (facts) => {
      const last = textOf(facts, 'lastLeader');
      return last === ''
        ? '如果持续不结束，请检查节点之间的网络。'
        : `如果持续不结束，先检查上一任 leader：${last}（${stateOf(textOf(facts, 'lastLeaderState'))}），看 GC、磁盘和网络。`;
    },
    symptom: () => '正在选举 leader',
    over: (subject, _, lastedMs) => `${at(subject)}：已有 leader，选举用时 ${duration(lastedMs)}`,
  },
  'quorum-at-risk': {
    title: ({ ensemble: id }, facts) => {
      const { voters, quorum } = quorumOf(facts);
      return `${id}：法定人数告急 — ${voters} 个投票节点中 ${numberOf(facts, 'synced', quorum)} 个已同步，再坏一个将无法写入`;
    },
    meaning: (facts) =>
      sentences([
        `客户端暂未受影响，但已同步的投票节点刚好 ${quorumOf(facts).quorum} 个，一个也不能再少。`,
        numberOf(facts, 'voters') % 2 === 0 ? '偶数个投票节点的容错能力与少一个时相同。' : '',
      ]),
    advice: (facts) => {
      const missing = listOf(facts, 'missing');
      return sentences([
        '停止一切维护操作，并恢复一个投票节点。',
        missing.length === 0 ? '' : `缺少：${list(missing)}。`,
      ]);
    },
    symptom: () => '法定人数告急：没有冗余的投票节点',
    over: (subject, _, lastedMs) => `${at(subject)}：已恢复冗余，告急持续 ${duration(lastedMs)}`,
  },
};

function needed(count: number): string {
  return count <= 0
    ? '运行的投票节点数量足够，但未能选出 leader。'
    : `还需要 ${count} 个投票节点。`;
}

function stateOf(state: string): string {
  return commonZhCn.states[state as GridCell['state']] ?? state;
}

const kinds: Readonly<Record<string, string>> = { write: '写入', read: '读取', request: '请求' };

function slow(facts: Facts): string {
  const kind = kinds[textOf(facts, 'kind')] ?? '请求';
  return `${kind}变慢 — 平均 ${latency(numberOf(facts, 'latencyMs'))}，上限 ${latency(numberOf(facts, 'limitMs'))}`;
}

const others: Pick<
  Record<FaultName, FaultWords>,
  'latency-high' | 'probe-degraded' | 'rolling-restart' | 'detector-failed' | 'config-broken'
> = {
  'latency-high': {
    title: (subject, facts) => `${at(subject)}：${slow(facts)}`,
    meaning: () => '该节点的客户端在等待；如继续恶化，会话可能过期。',
    advice: () => '先判断是单个节点还是全部、是读还是写，再看 fsync 耗时、GC 停顿和请求队列。',
    symptom: ({ server }, facts) => `${server}：${slow(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：延迟已恢复正常，变慢持续 ${duration(lastedMs)}`,
  },
  'probe-degraded': probeDegradedZhCn,
  'rolling-restart': rollingRestartZhCn,
  'detector-failed': {
    title: (subject, facts) =>
      `${at(subject)}：检测器 ${textOf(facts, 'detector') || '（未命名）'} 出错`,
    meaning: () =>
      '这是机器人自身的问题，不是 ZooKeeper 的。其他检测器照常工作，但此类故障暂时无法发现。',
    advice: () => '请附上下面的证据上报，期间人工关注该集群。',
    symptom: (_, facts) => `检测器 ${textOf(facts, 'detector') || '（未命名）'} 出错`,
    over: (subject, facts) =>
      `${at(subject)}：检测器 ${textOf(facts, 'detector') || '（未命名）'} 已恢复`,
  },
  'config-broken': {
    title: (_, facts) => {
      const faults = numberOf(facts, 'count');
      return `新配置未生效 — ${textOf(facts, 'file') || 'nightkeeper.yaml'} ${faults === 0 ? '无法读取' : `有 ${faults} 处错误`}`;
    },
    meaning: () => '机器人继续使用之前的配置。',
    advice: (facts) =>
      `请修正该文件，改动后会自动重新读取。查看全部错误：nightkeeper config check ${textOf(facts, 'file') || 'nightkeeper.yaml'}`,
    symptom: () => '新配置未生效',
    over: () => '配置已恢复有效并已生效',
  },
};

const faults: Readonly<Record<FaultName, FaultWords>> = {
  ...member,
  ...ensemble,
  ...others,
  ...ofSpeedZhCn,
  ...ofSizeZhCn,
  ...capacityZhCn,
  ...consistencyZhCn,
  ...securityZhCn,
  ...ofMembersZhCn,
  ...ofPeersZhCn,
  ...ofPathsZhCn,
  ...ofTheBotZhCn,
};

function unnamed(detector: string): FaultWords {
  const text = (subject: Subject): string => `${at(subject)}：${detector}`;
  return {
    title: text,
    meaning: () => '当前版本的机器人没有此类故障的说明。',
    advice: () => '请查看证据，并把所有机器人副本升级到同一版本。',
    symptom: text,
    over: (subject) => `${text(subject)} 已结束`,
  };
}

export const detectorsZhCn: DetectorsWords = { faults, unnamed };
