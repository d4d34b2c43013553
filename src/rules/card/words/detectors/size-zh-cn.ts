import type { Facts, Subject } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import { bytes, thousands } from '../figures.ts';
import type { ofSizeEn } from './size-en.ts';

const { duration, list, sentences } = commonZhCn;

function at({ ensemble, server }: Subject): string {
  return server === undefined ? ensemble : `${ensemble}/${server}`;
}

const sure: Readonly<Record<string, string>> = { sure: '将', likely: '很可能', rough: '大致' };

function tree(facts: Facts): string {
  const etaMs = numberOf(facts, 'etaMs', -1);
  const limit = thousands(numberOf(facts, 'limit'));
  return etaMs >= 0
    ? `${thousands(numberOf(facts, 'znodes'))} 个 znode，${sure[textOf(facts, 'confidence')] ?? '很可能'}在 ${duration(etaMs)}后达到 ${limit}`
    : `${thousands(numberOf(facts, 'znodes'))} 个 znode，上限 ${limit}`;
}

function part(facts: Facts): string {
  const path = textOf(facts, 'path');
  const perDay = numberOf(facts, 'pathPerDay');
  if (path === '') return '';
  const count = thousands(numberOf(facts, 'pathZnodes'));
  return perDay > 0
    ? `增长在 ${path} 下：${count} 个 znode，每天增加 ${thousands(perDay)} 个。`
    : `大部分在 ${path} 下：${count} 个。`;
}

function flapping(facts: Facts): string {
  const [path = ''] = listOf(facts, 'paths');
  const more = numberOf(facts, 'count') - 1;
  return more > 0 ? `${path} 等 ${more + 1} 个` : path;
}

function watches(facts: Facts): string {
  return listOf(facts, 'servers').length > 0
    ? `${textOf(facts, 'server')} 上有 ${thousands(numberOf(facts, 'watches'))} 个 watch，上限 ${thousands(numberOf(facts, 'limit'))}`
    : `${thousands(numberOf(facts, 'total'))} 个 watch，每天增加 ${numberOf(facts, 'percentPerDay')}%`;
}

export const ofSizeZhCn: typeof ofSizeEn = {
  'connection-imbalance': {
    title: (subject, facts) =>
      `${at(subject)}：${numberOf(facts, 'total')} 个连接中有 ${numberOf(facts, 'connections')} 个在 ${textOf(facts, 'server')} 上`,
    meaning: (facts) =>
      `每个节点平均 ${numberOf(facts, 'mean')} 个；它一旦故障，大部分客户端会同时断开。`,
    advice: (facts) =>
      sentences([
        '让客户端以随机顺序使用所有节点；重新连接后会再次分散。',
        textOf(facts, 'emptiest') === ''
          ? ''
          : `${textOf(facts, 'emptiest')} 的连接最少，通常是最后重启的那个。`,
      ]),
    symptom: (_, facts) => `大部分连接在 ${textOf(facts, 'server')} 上`,
    over: (subject) => `${at(subject)}：连接已重新分散`,
  },
  'watch-leak': {
    title: (subject, facts) => `${at(subject)}：${watches(facts)}`,
    meaning: () => '有客户端设置了 watch 却从不取走。它们会占满堆内存，使节点停下来做 GC。',
    advice: (facts) => {
      const session = textOf(facts, 'session');
      const address = textOf(facts, 'address');
      return session === ''
        ? '找出这个客户端：先用 wchs 看总数，再在空闲时段对 watch 最多的节点执行一次 wchc。'
        : `大部分属于会话 ${session}${address === '' ? '' : `（来自 ${address}）`}：修复或重启该客户端。`;
    },
    symptom: (_, facts) => watches(facts),
    over: (subject) => `${at(subject)}：watch 数量已恢复`,
  },
  'znode-growth': {
    title: (subject, facts) => `${at(subject)}：${tree(facts)}`,
    meaning: (facts) => {
      const perDay = numberOf(facts, 'perDay');
      return sentences([
        'znode 越多，快照、重启和同步就越慢。',
        perDay > 0 ? `每天增加 ${thousands(perDay)} 个。` : '',
        part(facts),
      ]);
    },
    advice: (facts) => {
      const path = textOf(facts, 'path');
      return path === ''
        ? '找出增长的那部分（统计第二层各路径的子节点数，或启用 crawl 遍历），请负责人清理，或改用 container、TTL znode。'
        : `请 ${path} 的负责人清理，或在那里改用 container、TTL znode。`;
    },
    symptom: (_, facts) => tree(facts),
    over: (subject, facts) =>
      `${at(subject)}：${thousands(numberOf(facts, 'znodes'))} 个 znode，已低于上限`,
  },
  'data-size': {
    title: (subject, facts) =>
      `${at(subject)}：${thousands(numberOf(facts, 'znodes'))} 个 znode 中共有 ${bytes(numberOf(facts, 'bytes'))} 数据`,
    meaning: (facts) =>
      sentences([
        `上限是 ${bytes(numberOf(facts, 'limitBytes'))}。这些数据全部在内存中，写进每个快照，并在节点重新加入时经网络传输。`,
        textOf(facts, 'path') === ''
          ? ''
          : `大部分在 ${textOf(facts, 'path')} 下（${bytes(numberOf(facts, 'pathBytes'))}）。`,
      ]),
    advice: (facts) =>
      `找出最大的 znode${textOf(facts, 'largest') === '' ? '' : `（先看 ${textOf(facts, 'largest')}）`}，把内容移到别处；同时调大所有节点的堆内存。`,
    symptom: (_, facts) => `${bytes(numberOf(facts, 'bytes'))} 数据`,
    over: (subject, facts) => `${at(subject)}：${bytes(numberOf(facts, 'bytes'))} 数据，已低于上限`,
  },
  'ephemeral-flapping': {
    title: (subject, facts) => `${at(subject)}：反复消失又出现 — ${flapping(facts)}`,
    meaning: (facts) =>
      `在那里注册的客户端 ${duration(numberOf(facts, 'windowMs'))}内消失又回来 ${numberOf(facts, 'times')} 次：每次依赖它的一方都会看到它消失。`,
    advice: (facts) => {
      const addresses = listOf(facts, 'addresses');
      return addresses.length === 0
        ? '检查创建它的客户端：长时间停顿（GC）、会话超时太短，或进程反复重启。'
        : `检查 ${list(addresses)} 上的客户端：长时间停顿（GC）、会话超时太短，或进程反复重启。`;
    },
    symptom: (_, facts) => `反复消失又出现：${flapping(facts)}`,
    over: (subject) => `${at(subject)}：不再有反复消失又出现的 znode`,
  },
  'zxid-rollover-eta': {
    title: (subject, facts) =>
      `${at(subject)}：事务计数器将在 ${duration(numberOf(facts, 'etaMs'))}后用完`,
    meaning: (facts) =>
      `还剩 ${thousands(numberOf(facts, 'left'))} 个事务，每秒 ${thousands(numberOf(facts, 'perSecond'))} 个；用完时 leader 会退位并开始选举。`,
    advice: (facts) =>
      sentences([
        `在此之前找一个空闲时段重启 leader${textOf(facts, 'server') === '' ? '' : `（${textOf(facts, 'server')}）`}：选举会启用新的计数器，时间由你决定。`,
        textOf(facts, 'address') === ''
          ? ''
          : `${textOf(facts, 'address')} 发送的请求最多（包括读取）：询问其负责人，这么多写入是否是计划内的。`,
      ]),
    symptom: (_, facts) => `事务计数器将在 ${duration(numberOf(facts, 'etaMs'))}后用完`,
    over: (subject) => `${at(subject)}：事务计数器已重新开始`,
  },
  'snapshot-sync-storm': {
    title: (subject, facts) =>
      `${at(subject)}：leader 一小时内发送了 ${numberOf(facts, 'snapshots')} 次完整快照`,
    meaning: (facts) => {
      const servers = listOf(facts, 'servers');
      return sentences([
        '加入的节点落后太多，只发差异已经不够；其间网络和磁盘都很忙。',
        servers.length === 0 ? '' : `最近加入：${list(servers)}。`,
      ]);
    },
    advice: () => '先查明它们为何离开，再调大所有节点的 zookeeper.commitLogCount。',
    symptom: (_, facts) => `一小时内 ${numberOf(facts, 'snapshots')} 次完整快照`,
    over: (subject) => `${at(subject)}：leader 不再发送完整快照`,
  },
};
