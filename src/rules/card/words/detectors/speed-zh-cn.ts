import type { Facts, Subject } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import type { ofSpeedEn } from './speed-en.ts';

const { duration, latency, list, sentences } = commonZhCn;

function at(subject: Subject): string {
  return subject.server === undefined ? subject.ensemble : `${subject.ensemble}/${subject.server}`;
}

function where(facts: Facts): string {
  const servers = listOf(facts, 'servers');
  return servers.length === 0 ? '整个集群' : list(servers);
}

const kinds: Readonly<Record<string, string>> = { write: '写入', read: '读取' };

const stages: Readonly<Record<string, string>> = {
  prep_processor_queue_time_ms: '等待预处理（leader 的 CPU）',
  sync_processor_queue_time_ms: '等待 leader 的磁盘',
  fsynctime: 'leader 的磁盘',
  quorum_ack_latency: '等待 follower 确认',
  propagation_latency: '传播到 follower',
};

function slower(facts: Facts): string {
  const kind = kinds[textOf(facts, 'kind')] ?? '请求';
  return `${kind}耗时 ${latency(numberOf(facts, 'latencyMs'))}，平时这个时段 ${latency(numberOf(facts, 'usualMs'))}`;
}

function paused(facts: Facts): string {
  const longestMs = numberOf(facts, 'longestMs');
  const share = `停顿占 ${numberOf(facts, 'percent')}% 的时间`;
  return longestMs > 0 ? `进程停顿 — ${share}，最长 ${latency(longestMs)}` : `进程停顿 — ${share}`;
}

function syncs(facts: Facts): string {
  const syncMs = numberOf(facts, 'syncMs');
  return syncMs > 0
    ? `磁盘慢 — 一次刷盘耗时 ${latency(syncMs)}，上限 ${latency(numberOf(facts, 'limitMs'))}`
    : `磁盘慢 — ${numberOf(facts, 'warned')} 次刷盘超过一秒`;
}

function expired(facts: Facts): string {
  const sessions = numberOf(facts, 'sessions');
  const count = numberOf(facts, 'expired');
  return sessions > 0 ? `${sessions} 个会话中有 ${count} 个过期` : `${count} 个会话过期`;
}

export const ofSpeedZhCn: typeof ofSpeedEn = {
  'jvm-pause': {
    title: (subject, facts) => `${at(subject)}：${paused(facts)}`,
    meaning: (facts) =>
      sentences([
        '停顿期间它不响应任何人；停顿超过会话超时，客户端就会失去会话。',
        flagOf(facts, 'led') ? '它是 leader，所有人都在等。' : '',
      ]),
    advice: (_, { server }) => `先看 ${server} 的 GC 日志和堆，再看机器的 CPU steal 和 swap。`,
    symptom: ({ server }, facts) => `${server}：${paused(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}：运行恢复平稳，停顿持续 ${duration(lastedMs)}`,
  },
  'fsync-slow': {
    title: (subject, facts) => `${at(subject)}：${syncs(facts)}`,
    meaning: (facts) =>
      flagOf(facts, 'stalls')
        ? '磁盘慢的节点太多，每次写入都要等其中一个。'
        : '客户端暂时感觉不到：速度正常的多数节点会确认写入。再有一块慢盘就可能不同了。',
    advice: (_, { server }) =>
      `查看还有什么在写 ${server} 事务日志所在的磁盘；给日志（dataLogDir）单独的磁盘。`,
    symptom: ({ server }, facts) => `${server}：${syncs(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}：磁盘恢复正常，慢了 ${duration(lastedMs)}`,
  },
  'latency-degraded': {
    title: (subject, facts) => `${at(subject)}：比平时慢 — ${slower(facts)}`,
    meaning: (facts) => `出现在 ${where(facts)}。仍低于上限，但情况有变化。`,
    advice: (facts) => {
      const stage = stages[textOf(facts, 'stage')];
      return sentences([
        stage === undefined ? '' : `写入的大部分时间花在${stage}。`,
        '找出变化的原因：新的客户端、一次发布、同一台机器上的邻居。',
      ]);
    },
    symptom: (_, facts) => `比平时慢：${slower(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}：速度恢复如常，变慢持续 ${duration(lastedMs)}`,
  },
  overload: {
    title: (subject, facts) =>
      `${at(subject)}：过载 — ${textOf(facts, 'worst') || '某个节点'} 上有 ${numberOf(facts, 'waiting')} 个请求在等待`,
    meaning: (facts) =>
      sentences([
        `客户端发来的请求超过 ${where(facts)} 的处理能力；接下来是请求超时，然后是会话过期。`,
        flagOf(facts, 'throttled') ? 'ZooKeeper 已经在限制客户端。' : '',
      ]),
    advice: (facts) => {
      const address = textOf(facts, 'address');
      return sentences([
        address === ''
          ? '找到发送最多的客户端（cons 可以看到），让它停下或放慢。'
          : `${address} 发送最多：让该客户端停下或放慢。`,
        '切勿重启过载的 leader：所有客户端会同时涌回来。',
      ]);
    },
    symptom: (_, facts) => `过载：${numberOf(facts, 'waiting')} 个请求在等待`,
    over: (subject, _, lastedMs) => `${at(subject)}：已能跟上负载，过载持续 ${duration(lastedMs)}`,
  },
  'pending-syncs': {
    title: (subject, facts) =>
      `${at(subject)}：leader 上有 ${numberOf(facts, 'waiting')} 个 sync() 调用在等待`,
    meaning: () => '靠 sync() 读取最新数据的客户端会卡住；有 follower 落后。',
    advice: (facts) =>
      `查看哪个 follower 落后（对比 ${textOf(facts, 'server') || 'leader'} 上的 zxid 和 synced_followers），再看它的磁盘和网络。`,
    symptom: (_, facts) => `${numberOf(facts, 'waiting')} 个 sync() 调用在等待`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：sync() 恢复响应，等待持续 ${duration(lastedMs)}`,
  },
  'session-expiry-storm': {
    title: (subject, facts) => `${at(subject)}：${expired(facts)}`,
    meaning: (facts) => {
      const gone = numberOf(facts, 'ephemerals');
      return sentences([
        '服务失去了注册的内容：锁、主节点身份、服务地址。',
        gone > 0 ? `${gone} 个临时 znode 随之消失。` : '',
      ]);
    },
    advice: (facts) => {
      const server = textOf(facts, 'server');
      const address = textOf(facts, 'address');
      return sentences([
        address === '' ? '' : `多数来自 ${address}：先检查那台机器及其上的进程。`,
        server === ''
          ? '所有节点的会话都受影响：检查 leader 是否停顿，或客户端共用的网络。'
          : `多数会话连在 ${server} 上：先看它的网络和停顿，再看客户端所在的主机。`,
        '确认各服务已重新注册。',
      ]);
    },
    symptom: (_, facts) => expired(facts),
    over: (subject, facts) => `${at(subject)}：会话恢复稳定 — ${expired(facts)}`,
  },
  'write-rate-anomaly': {
    title: (subject, facts) =>
      `${at(subject)}：每秒 ${numberOf(facts, 'perSecond')} 次写入，平时这个时段 ${numberOf(facts, 'usual')} 次`,
    meaning: () => '有人写入的数量远超往日。ZooKeeper 本身没有问题。',
    advice: (facts) => {
      const [address, path] = [textOf(facts, 'address'), textOf(facts, 'path')];
      return sentences([
        address === ''
          ? '询问最繁忙的客户端的负责人，这是否是计划内的。'
          : `${address} 发送的请求最多（包括读取）：询问其负责人，这是否是计划内的。`,
        path === '' ? '' : `znode 树中 ${path} 增长最快。`,
      ]);
    },
    symptom: (_, facts) => `每秒 ${numberOf(facts, 'perSecond')} 次写入`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：写入量恢复如常，偏高持续 ${duration(lastedMs)}`,
  },
};
