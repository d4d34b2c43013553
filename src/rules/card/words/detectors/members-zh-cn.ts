import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { numberOf, quorumOf, textOf } from '../facts.ts';
import type { ofMembersEn } from './members-en.ts';
import { at, loss, standing, those } from './parts-zh-cn.ts';

const { duration, sentences } = commonZhCn;

function cut(facts: Facts): string {
  switch (textOf(facts, 'reason')) {
    case 'unresolved':
      return '主机名无法解析';
    case 'unreachable':
      return '没有到主机的路由';
    default:
      return '连接超时';
  }
}

function files(facts: Facts): string {
  const open = numberOf(facts, 'openFiles', -1);
  const max = numberOf(facts, 'maxFiles', -1);
  return open < 0 || max <= 0 ? '' : `最后一次响应时已打开 ${open} 个文件，上限 ${max} 个。`;
}

export const ofMembersZhCn: typeof ofMembersEn = {
  'leader-unresponsive': {
    title: (subject, facts) => {
      const next = textOf(facts, 'successor');
      return next === ''
        ? `${at(subject)}：leader 不响应 — 写入卡住`
        : `${at(subject)}：原 leader 卡死 — 现由 ${next} 担任 leader，${standing(facts)}`;
    },
    meaning: (facts) =>
      textOf(facts, 'successor') === ''
        ? '它能建立连接但不响应。所有写入都在等它，follower 仍可读。约 10 秒后其他节点会放弃它并重新选举。'
        : sentences([
            '其他节点已选出新的 leader，写入恢复。它仍然卡死；恢复后会成为 follower。',
            quorumOf(facts).margin <= 0 ? '已没有冗余的投票节点。' : '',
          ]),
    advice: (_, { server }) =>
      `先保存 ${server} 的 jstack 和 GC 日志，再用 SIGKILL 结束并启动它，可缩短中断。被挂起的进程不响应 SIGTERM。`,
    symptom: ({ server }) => `${server}：leader 不响应`,
    over: (subject, _, lastedMs) => `${at(subject)}：已恢复响应，卡死 ${duration(lastedMs)}`,
  },
  'member-unreachable': {
    title: (subject, facts) =>
      `${those(subject, facts)}：不可达 — ${cut(facts)}，${standing(facts)}`,
    meaning: (facts) =>
      `机器人连不上它，leader 也已失去它：主机故障，或它的网络对所有节点都已中断。${loss(facts)}`,
    advice: (_, { server }) =>
      `从集群的其他节点 ping ${server}，并查看同机架的邻居：同时失联多台是网络问题，只有一台是主机问题。`,
    symptom: ({ server }, facts) => `${server}：不可达 — ${cut(facts)}`,
    over: (subject, _, lastedMs) => `${at(subject)}：已可达，失联 ${duration(lastedMs)}`,
  },
  'member-accept-starved': {
    title: (subject) => `${at(subject)}：无法接入新客户端 — 仍在法定人数中，但新连接得不到响应`,
    meaning: (facts) =>
      sentences(['已连接的客户端不受影响，新客户端会超时。最可能是文件描述符用尽。', files(facts)]),
    advice: (_, { server }) =>
      `在 ${server} 上不停机提高上限（prlimit --nofile），并停掉打开过多连接的客户端。重启只会把连接洪峰转移到下一个节点。`,
    symptom: ({ server }) => `${server}：无法接入新客户端`,
    over: (subject, _, lastedMs) => `${at(subject)}：已能接入新客户端，中断 ${duration(lastedMs)}`,
  },
  'member-rejoin-loop': {
    title: (subject, facts) => `${at(subject)}：反复加入又失败 — ${standing(facts)}`,
    meaning: (facts) =>
      `进程还在，每分钟多次加入 leader、失败、再重来，同时日志会写满磁盘。${loss(facts)}`,
    advice: (_, { server }) =>
      `先查看 ${server} 的磁盘（df），再看日志末尾：空间不足、加载时内存溢出，或与 leader 之间丢包。原因消除后它会自行加入。`,
    symptom: ({ server }) => `${server}：反复加入又失败`,
    over: (subject, _, lastedMs) => `${at(subject)}：已稳定加入，用时 ${duration(lastedMs)}`,
  },
  'member-crash-loop': {
    title: (subject, facts) =>
      `${at(subject)}：每次启动后都崩溃 — ${duration(numberOf(facts, 'windowMs'))}内启动 ${numberOf(facts, 'starts')} 次`,
    meaning: (facts) => sentences(['每次都被重新拉起，随后又很快退出。', exit(facts), loss(facts)]),
    advice: (_, { server }) =>
      `先停止对 ${server} 的自动重启，再看第一次启动的第一个错误。退出码 10 是磁盘，13 是日志无法回退，14 是地址无法绑定。`,
    symptom: ({ server }, facts) =>
      `${server}：每次启动后都崩溃，已 ${numberOf(facts, 'starts')} 次`,
    over: (subject, _, lastedMs) => `${at(subject)}：已稳定运行，反复崩溃 ${duration(lastedMs)}`,
  },
  'read-only-mode': {
    title: (subject, facts) => `${at(subject)}：只读 — 拒绝写入，${standing(facts)}`,
    meaning: (facts) => `它没有法定人数，只向允许只读的客户端提供旧数据。${loss(facts)}`,
    advice: (_, { server }) =>
      `查明 ${server} 为何无法加入其他节点：看它的日志，以及到其他节点 2888、3888 端口的网络。`,
    symptom: ({ server }) => `${server}：只读`,
    over: (subject, _, lastedMs) => `${at(subject)}：已回到法定人数，只读 ${duration(lastedMs)}`,
  },
  'standalone-in-ensemble': {
    title: (subject) => `${at(subject)}：以单机模式运行 — 写入它的数据其他节点都没有`,
    meaning: (facts) =>
      `它启动时的配置里没有另外 ${numberOf(facts, 'others')} 个节点。连到它的客户端读写的是它自己的数据。`,
    advice: (_, { server }) =>
      `在客户端写入之前停掉 ${server}，修正 zoo.cfg 中的 server 行。丢弃任何数据之前，先与其他节点比较。`,
    symptom: ({ server }) => `${server}：以单机模式运行`,
    over: (subject, _, lastedMs) => `${at(subject)}：已回到集群，单机运行 ${duration(lastedMs)}`,
  },
  'observer-down': {
    title: (subject) => `${at(subject)}：observer 失联 — leader 未将其计入`,
    meaning: () => 'observer 没有投票权，写入不受影响；从它读取的客户端得到旧数据，或读不到数据。',
    advice: (_, { server }) =>
      `检查 ${server} 是否在运行、能否连到 leader 的 2888 端口；重启它没有风险。`,
    symptom: ({ server }) => `${server}：observer 失联`,
    over: (subject, _, lastedMs) => `${at(subject)}：已恢复，失联 ${duration(lastedMs)}`,
  },
};

function exit(facts: Facts): string {
  const code = numberOf(facts, 'exitCode', -1);
  return code < 0 ? '' : `退出码为 ${code}。`;
}
