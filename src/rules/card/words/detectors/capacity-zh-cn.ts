import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { bytesOf, flagOf, listOf, numberOf, placeOf, textOf } from '../facts.ts';
import type { capacityEn } from './capacity-en.ts';
import type { FaultWords } from './en.ts';

const { duration, list, sentences } = commonZhCn;

function most(facts: Facts): string {
  const address = textOf(facts, 'address');
  if (address === '') return '';
  const count = numberOf(facts, 'connections');
  return count === 0 ? `，来自 ${address}` : `，${address} 有 ${count} 个连接`;
}

function full(facts: Facts): string {
  const where = textOf(facts, 'mount') || textOf(facts, 'path');
  const disk = textOf(facts, 'disk') === 'dataLogDir' ? '事务日志' : '数据';
  switch (textOf(facts, 'cause')) {
    case 'inodes':
      return `${disk}所在的 ${where} 没有可用的 inode`;
    case 'log':
      return '日志报告磁盘已无空间';
    default:
      return `${disk}磁盘已满 — ${where} 只剩 ${bytesOf(facts, 'freeBytes')}`;
  }
}

export const capacityZhCn: Record<keyof typeof capacityEn, FaultWords> = {
  'disk-full-now': {
    title: (subject, facts) => `${placeOf(subject)}：${full(facts)}`,
    meaning: () =>
      'ZooKeeper 无法写日志时会退出或不断循环：follower 以退出码 10 结束，leader 反复失去领导权。',
    advice: (facts) =>
      sentences([
        '重启之前先腾出空间：旧快照和日志（zkCleanup.sh -n 3），再清理程序自己的日志。',
        numberOf(facts, 'snapshotBytes', -1) >= 0
          ? `快照占 ${bytesOf(facts, 'snapshotBytes')}，事务日志占 ${bytesOf(facts, 'logBytes')}。`
          : '',
        '绝不要删除最新的快照及其之后的任何日志。',
      ]),
    symptom: ({ server }, facts) => `${server}：${full(facts)}`,
    over: (subject, _, lastedMs) =>
      `${placeOf(subject)}：磁盘已有空间，写满持续 ${duration(lastedMs)}`,
  },
  'disk-full-eta': {
    title: (subject, facts) =>
      `${placeOf(subject)}：磁盘约 ${duration(numberOf(facts, 'etaMs'))}后写满 — ${textOf(facts, 'mount')} 还剩 ${bytesOf(facts, 'freeBytes')}`,
    meaning: (facts) =>
      `可用空间每小时稳定减少 ${bytesOf(facts, 'bytesPerHour')}，目前还没有故障。`,
    advice: () => '打开 autopurge 或立即清理；找出写入变多的客户端，或同一块盘上的其他程序。',
    symptom: ({ server }, facts) => `${server}：磁盘约 ${duration(numberOf(facts, 'etaMs'))}后写满`,
    over: (subject) => `${placeOf(subject)}：磁盘不再继续变满`,
  },
  'fd-exhaustion': {
    title: (subject, facts) =>
      `${placeOf(subject)}：文件描述符即将用尽 — 上限 ${numberOf(facts, 'max')}，已用 ${numberOf(facts, 'open')}${most(facts)}`,
    meaning: (facts) =>
      numberOf(facts, 'etaMs', -1) >= 0
        ? `按目前速度 ${duration(numberOf(facts, 'etaMs'))}后用尽。届时新客户端无法连接，已有连接不受影响。`
        : '用尽后新客户端无法连接，已有连接不受影响。',
    advice: (_, { server }) =>
      `在 ${server} 上提高运行中进程的上限（prlimit --nofile），再停掉泄漏连接的客户端。重启只会把洪水引向下一个节点。`,
    symptom: ({ server }, facts) =>
      `${server}：描述符已用 ${numberOf(facts, 'open')}，上限 ${numberOf(facts, 'max')}`,
    over: (subject) => `${placeOf(subject)}：文件描述符已有余量`,
  },
  'heap-pressure': {
    title: (subject, facts) =>
      flagOf(facts, 'ended')
        ? `${placeOf(subject)}：堆内存耗尽（OutOfMemoryError）`
        : `${placeOf(subject)}：GC 之后堆仍占 ${numberOf(facts, 'percent')}% — ${bytesOf(facts, 'liveBytes')}，上限 ${bytesOf(facts, 'maxBytes')}`,
    meaning: (facts) =>
      sentences([
        'GC 停顿会越来越长，直到会话丢失；最后进程退出，退出码是 0。',
        numberOf(facts, 'etaMs', -1) >= 0
          ? `按目前速度 ${duration(numberOf(facts, 'etaMs'))}后耗尽。`
          : '',
      ]),
    advice: () =>
      '在所有节点上提高 -Xmx，不要只改一个：下一个 leader 承载同样的数据。再找出增长的是数据、watch 还是会话。',
    symptom: ({ server }, facts) => `${server}：堆占用 ${numberOf(facts, 'percent')}%`,
    over: (subject) => `${placeOf(subject)}：堆内存已有余量`,
  },
  'connection-limit-hit': {
    title: (subject, facts) =>
      textOf(facts, 'kind') === 'near'
        ? `${placeOf(subject)}：接近连接数上限${most(facts)}，上限 ${numberOf(facts, 'max')}`
        : `${placeOf(subject)}：拒绝连接，单个地址的连接数已到上限${most(facts)}`,
    meaning: (facts) =>
      sentences([
        '该地址上的客户端已经（或很快）无法连接这个节点。',
        numberOf(facts, 'max') > 0
          ? `单个地址最多 ${numberOf(facts, 'max')} 个连接（maxClientCnxns）。`
          : '',
      ]),
    advice: () =>
      '找出不断新建会话而不关闭的客户端。同一网关后的许多客户端只算一个地址，这时应提高 maxClientCnxns。',
    symptom: ({ server }, facts) => `${server}：连接数上限${most(facts)}`,
    over: (subject) => `${placeOf(subject)}：不再拒绝连接`,
  },
  'session-concentration': {
    title: ({ ensemble }, facts) =>
      `${ensemble}：${numberOf(facts, 'percent')}% 的连接来自 ${textOf(facts, 'address')}`,
    meaning: (facts) =>
      `${numberOf(facts, 'total')} 个连接中有 ${numberOf(facts, 'connections')} 个：这个客户端出事，整个集群都会受影响。`,
    advice: () => '联系它的负责人。多数客户端每个进程一个会话就够了。',
    symptom: (_, facts) => `${numberOf(facts, 'percent')}% 的连接来自 ${textOf(facts, 'address')}`,
    over: ({ ensemble }) => `${ensemble}：连接已分散到更多客户端`,
  },
  'unpurged-snapshots': {
    title: (subject, facts) =>
      `${placeOf(subject)}：保留了 ${numberOf(facts, 'count')} 个旧快照，连同日志共 ${bytesOf(facts, 'bytes')}`,
    meaning: (facts) =>
      flagOf(facts, 'isOff')
        ? 'autopurge.purgeInterval 为 0，从不清理，磁盘总有一天会满。'
        : '保留的比 autopurge 应留下的多：它没有运行，或运行失败。',
    advice: () =>
      '下次重启时设置 autopurge.purgeInterval=24 和 autopurge.snapRetainCount=3；在此之前运行 zkCleanup.sh -n 3。',
    symptom: ({ server }, facts) => `${server}：保留了 ${numberOf(facts, 'count')} 个快照`,
    over: (subject) => `${placeOf(subject)}：旧快照已清理`,
  },
  'snapshot-too-big-to-sync': {
    title: (subject, facts) =>
      `${placeOf(subject)}：重启后可能回不来 — 数据需要 ${duration(numberOf(facts, 'needMs'))}，只允许 ${duration(numberOf(facts, 'initMs'))}`,
    meaning: () =>
      '节点启动时必须在 initLimit 内加载或取回全部数据，否则会被踢出并从头再来，没完没了。',
    advice: (facts) =>
      `下次重启前在所有节点上提高 initLimit（现为 ${numberOf(facts, 'initLimit')}），并查明数据为何这么大。`,
    symptom: ({ server }) => `${server}：数据超出 initLimit 的能力`,
    over: (subject) => `${placeOf(subject)}：数据又能在 initLimit 内同步`,
  },
  'node-too-big': {
    title: (subject, facts) =>
      textOf(facts, 'path') === ''
        ? `${placeOf(subject)}：有请求超过 jute.maxbuffer${textOf(facts, 'address') === '' ? '' : `，来自 ${textOf(facts, 'address')}`}`
        : `${placeOf(subject)}：${textOf(facts, 'path')} 快要过大 — ${bytesOf(facts, 'bytes')}，上限 ${bytesOf(facts, 'limitBytes')}`,
    meaning: (facts) =>
      sentences([
        textOf(facts, 'what') === 'children'
          ? `它的 ${numberOf(facts, 'children')} 个子节点的列表是一次应答，必须小于 jute.maxbuffer。`
          : '',
        '发送或请求更多内容的客户端会被断开，它只会一再看到 ConnectionLoss。',
      ]),
    advice: (facts) => {
      const path = textOf(facts, 'path') || textOf(facts, 'suspect');
      return path === ''
        ? '找出这个 znode：数据太大，或子节点太多。把它拆开；如果要提高上限，所有服务器和客户端都要一样。'
        : `把 ${path} 拆开；如果要提高上限，所有服务器和客户端都要一样。`;
    },
    symptom: ({ server }, facts) =>
      textOf(facts, 'path') === ''
        ? `${server}：有过大的请求`
        : `${textOf(facts, 'path')}：已达 jute.maxbuffer 的 ${numberOf(facts, 'percent')}%`,
    over: (subject) => `${placeOf(subject)}：不再有过大的请求`,
  },
  'quota-exceeded': {
    title: ({ ensemble }, facts) => `${ensemble}：超出配额 — ${list(listOf(facts, 'paths'))}`,
    meaning: () => '存放的内容超过约定。硬配额会拒绝下一次写入，软配额只在日志中提示。',
    advice: () => '请路径的负责人清理，或有意提高配额（setquota）。',
    symptom: (_, facts) => `超出配额：${list(listOf(facts, 'paths'))}`,
    over: ({ ensemble }) => `${ensemble}：所有路径都已回到配额之内`,
  },
};
