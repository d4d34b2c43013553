import { commonZhCn } from '../common/zh-cn.ts';
import type { DoctorWords } from './en.ts';

const { list } = commonZhCn;

export const doctorZhCn: DoctorWords = {
  part: '部分',
  state: '状态',
  ok: '正常',
  well: (count) => `机器人正常：${count} 项检查全部通过。`,
  unwell: (bad, count) => `${count} 项检查中有 ${bad} 项需要处理：`,
  next: (ensembles) => `查看某个集群中看不到的内容：doctor ${ensembles[0] ?? '<集群>'}`,
  seesAll: (ensemble) => `${ensemble} 的信息全部可见。`,
  sees: (ensemble, count) => `${ensemble} 有 ${count} 项内容看不到：`,
  what: {
    words: '部分四字命令被拒绝',
    admin: 'AdminServer 无应答',
    session: '没有可用会话',
    machine: '未查看其主机',
    'machine-part': '主机的部分信息看不到',
    log: '未读取日志',
    'jvm-pauses': '未统计 JVM 停顿',
    'old-version': '该版本不提供全部信息',
    tree: '没有遍历 znode 树',
  },
  gap: (text, servers, why) => `${list(servers)}：${text}（${why}）。`,
  unseen: (detectors) => `因此无法识别或只能较晚识别：${detectors.join('、')}`,
  write: (where, line) => `请在 ${where} 中写入：${line}`,
  noLine: '只有升级 ZooKeeper 才能改变。',
};
