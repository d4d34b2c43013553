import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, listOf, textOf } from '../facts.ts';
import { at } from './parts-zh-cn.ts';
import type { ofPathsEn } from './paths-en.ts';

const { duration, list, sentences } = commonZhCn;

function whom(facts: Facts): string {
  return flagOf(facts, 'all') ? '任何节点' : list(listOf(facts, 'servers'));
}

export const ofPathsZhCn: typeof ofPathsEn = {
  'bot-partitioned': {
    title: (subject, facts) => `${at(subject)}：机器人连不上 ${whom(facts)}`,
    meaning: (facts) =>
      flagOf(facts, 'all')
        ? '机器人的网络中断，或集群的网络中断。现在没有人在监控这个集群，好坏都无从得知。'
        : '其他节点仍将其计入：ZooKeeper 正常，只是机器人到它们的网络不通。那里的故障只能通过其他节点间接发现。',
    advice: (facts) =>
      flagOf(facts, 'all')
        ? '先从别处查看集群，再检查机器人的网络：路由、防火墙、DNS。'
        : `检查机器人与 ${list(listOf(facts, 'servers'))} 之间的网络：路由、防火墙、DNS。不要重启任何节点。`,
    symptom: (_, facts) => `机器人连不上 ${whom(facts)}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：机器人已恢复全部视野，中断 ${duration(lastedMs)}`,
  },
  'canary-failed': {
    title: (subject) => `${at(subject)}：写入失败 — 最近三次测试写入失败了两次`,
    meaning: () =>
      '机器人像客户端一样每秒写入一个 znode。客户端很可能遇到同样的问题：写入失败或卡住。',
    advice: (facts) => {
      const leader = textOf(facts, 'leader');
      return sentences([
        '查看各节点的状态；节点之间的网络中断约 10 秒后会显示出来。',
        leader === '' ? '' : `所有写入都经过 ${leader}：先查它的磁盘、GC 和网络。`,
      ]);
    },
    symptom: () => '测试写入失败',
    over: (subject, _, lastedMs) => `${at(subject)}：写入已恢复，失败 ${duration(lastedMs)}`,
  },
  'peer-mesh-broken': {
    title: (subject, facts) => `${at(subject)}：节点之间无法通信 — ${list(listOf(facts, 'pairs'))}`,
    meaning: () => 'leader 还在时无人察觉；一旦它故障，其余节点虽在运行，却选不出新的 leader。',
    advice: () => '双向打开它们之间的 3888 端口，在此之前不要重启 leader。',
    symptom: (_, facts) => `选举连接缺失：${list(listOf(facts, 'pairs'))}`,
    over: (subject, _, lastedMs) =>
      `${at(subject)}：节点之间已全部连通，中断 ${duration(lastedMs)}`,
  },
};
