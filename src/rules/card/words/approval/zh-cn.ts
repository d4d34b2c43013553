import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { quorumOf } from '../facts.ts';
import type { ApprovalWords } from './en.ts';

const { duration, list, time, via } = commonZhCn;

function serving(facts: Facts): string {
  const { voters, serving: up } = quorumOf(facts);
  return `${voters} 个投票节点中 ${up} 个在提供服务`;
}

export const approvalZhCn: ApprovalWords = {
  approve: '同意…',
  reject: '驳回…',
  awaiting: (what, { name, via: way }, reason, waiting) => {
    const agreed = waiting.given.length === 0 ? '' : `${list(waiting.given)} 已同意；`;
    return `${what}，由 ${name} 通过 ${via(way)} 申请：${reason}。${agreed}还需 ${waiting.needed - waiting.given.length} 人在 ${time(waiting.untilMs)} 前同意`;
  },
  rejected: (what, by, reason) => `${what}：已被 ${by} 驳回：${reason}。未执行任何操作`,
  expired: (what) => `${what}：无人及时同意。未执行任何操作`,
  form: {
    title: (what, id) => `${what}（${id}）：是否同意？`,
    asked: (name, way, agoMs, reason) =>
      `${name} 于 ${duration(agoMs)}前通过 ${via(way)} 申请：${reason}`,
    before: (facts) => `申请时：${serving(facts)}。`,
    now: (facts) => `当前：${serving(facts)}。`,
    same: (facts) => `此后没有变化：${serving(facts)}。`,
    reasonLabel: '同意的理由（写入审计记录）',
    submit: '同意',
  },
  rejectForm: {
    title: (id) => `驳回 ${id}？`,
    lines: [],
    reasonLabel: '驳回的理由（所有人可见）',
    submit: '驳回',
    cancel: '取消',
    danger: false,
  },
  asked: (what, id, needed, untilMs) =>
    `${what}：已申请（${id}），还需另外 ${needed} 人在 ${time(untilMs)} 前同意：approve ${id}`,
  agreed: (id, left) => `你已同意 ${id}，还需 ${left} 人同意。`,
  begins: (what, id) => `你已同意：${what} 开始执行（${id}），进展见卡片。`,
  done: (id) => `${id} 已驳回，未执行任何操作。`,
};
