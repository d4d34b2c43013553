import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import type { limitRefusalsEn } from './limits-en.ts';

const { list, time } = commonZhCn;

function ensemble(facts: Facts): string {
  const id = textOf(facts, 'ensemble');
  return id === '' ? '该集群' : id === '*' ? '所有集群' : `集群 ${id} `;
}

export const limitRefusalsZhCn: typeof limitRefusalsEn = {
  frozen: (facts) => ({
    text: `${ensemble(facts)}在 ${time(numberOf(facts, 'untilMs'))} 之前不执行任何恢复操作：${textOf(facts, 'window') === '' ? `由 ${textOf(facts, 'name')} 冻结` : `维护窗口 ${textOf(facts, 'window')}`}（${textOf(facts, 'reason')}）。`,
    next: `请先与其沟通。提前结束：/zk unsilence ${numberOf(facts, 'silence')}`,
  }),
  'not-frozen': (facts) => ({
    text: `${ensemble(facts)}没有被冻结。`,
    next: '查看当前生效的设置：/zk silences',
  }),
  'freeze-end-missing': (facts) => ({
    text: '冻结需要结束时间。',
    next: `写法：/zk ${textOf(facts, 'usage')}`,
  }),
  'freeze-reason-missing': () => ({
    text: '冻结需要原因：被拒绝的人会看到它。',
    next: '请写在最后：/zk freeze orders 2h 更换磁盘',
  }),
  'freeze-overlaps': (facts) => ({
    text: `${textOf(facts, 'scope')} 已由 ${textOf(facts, 'name')} 冻结至 ${time(numberOf(facts, 'untilMs'))}。`,
    next: `如需更改，请先结束它：/zk unsilence ${textOf(facts, 'silence')}`,
  }),
  'too-many-recoveries': (facts) => ({
    text: `${ensemble(facts)}一小时内已执行 ${numberOf(facts, 'count')} 次恢复操作，上限为 ${numberOf(facts, 'max')} 次：再来一次只会掩盖原因。`,
    next: `请查看日志找出原因。最早可在 ${time(numberOf(facts, 'untilMs'))} 再试，或由管理员调整 recoveriesPerHour。`,
  }),
  'breaker-open': (facts) => ({
    text:
      listOf(facts, 'elsewhere').length === 0
        ? `${list(listOf(facts, 'out'))} 已不在服务：范围过大，机器人不再自动处理。`
        : `${list(listOf(facts, 'elsewhere'))} 也有故障：同时影响多个集群的问题不是单个节点的故障，机器人不再自动处理。`,
    next: '请由人判断：检查它们的共同点（网络、主机、存储）。',
  }),
  'data-alarm': (facts) => ({
    text: `集群数据存疑：${list(listOf(facts, 'alarms'))}。`,
    next: '请先查明谁的数据正确，方法见相应卡片。',
  }),
  'others-syncing': (facts) => ({
    text: `${list(listOf(facts, 'syncing'))} 正在同步数据，此时不停止其他节点。`,
    next: `请在 ${time(numberOf(facts, 'untilMs'))} 后再看。`,
  }),
  'others-lag': (facts) => ({
    text: `${textOf(facts, 'server')} 比其他所有节点领先 ${numberOf(facts, 'lag')} 个事务：须等它们追上。`,
    next: `请在 ${time(numberOf(facts, 'untilMs'))} 后再看；如持续存在，请查明其他节点为何落后。`,
  }),
  'syncs-pending': (facts) => ({
    text: `leader 上有 ${numberOf(facts, 'pending')} 个 sync 请求在等待：follower 跟不上。`,
    next: `请在 ${time(numberOf(facts, 'untilMs'))} 后再看；如持续存在，请找出落后的 follower。`,
  }),
};
