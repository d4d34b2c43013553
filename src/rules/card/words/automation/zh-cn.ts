import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { numberOf, textOf } from '../facts.ts';
import type { AutomationWords } from './en.ts';

const { duration, time } = commonZhCn;

function because(facts: Facts): string {
  const reason = textOf(facts, 'reason');
  return reason === '' ? '' : `：${reason}`;
}

const ends: Readonly<Record<string, (what: string, facts: Facts) => string>> = {
  stopped: (what, facts) =>
    `${what}：开始前已被 ${textOf(facts, 'name')} 停止${because(facts)}。未执行任何操作`,
  withdrawn: (what, facts) =>
    `${what}：已被 ${textOf(facts, 'name')} 撤回${because(facts)}。未执行任何操作`,
  aborted: (what, facts) => {
    const done = numberOf(facts, 'done');
    const total = numberOf(facts, 'total');
    const how =
      total === 0
        ? '未向服务器发送任何命令'
        : `已完成 ${done}/${total} 个节点，其余未动；继续执行：recover ${textOf(facts, 'action')} ${textOf(facts, 'ensemble')} --resume ${textOf(facts, 'recovery')}`;
    return `${what}：已被 ${textOf(facts, 'name')} 停止${because(facts)}。${how}`;
  },
  'taken-on': (what, facts) => `${what}：不再自动执行，${textOf(facts, 'name')} 已接手该故障`,
  hushed: (what, facts) => `${what}：不再自动执行，已被 ${textOf(facts, 'name')} 静默`,
  lost: (what) => `${what}：不再自动执行，该故障目前无从得知`,
  gone: (what) => `${what}：不再自动执行，故障情况已变化`,
};

export const automationZhCn: AutomationWords = {
  stop: '停止',
  stopRunning: '停止…',
  coming: (what, startsMs, afterMs) =>
    `${what}：将于 ${time(startsMs)} 自动开始，除非有人停止或确认（届时已 ${duration(afterMs)}无人处理）`,
  running: (what, afterMs) => `${what}：自动执行中，该故障已 ${duration(afterMs)}无人处理`,
  stopping: (what, name, reason, many) =>
    many
      ? `${what}：${name} 要求停止${reason === '' ? '' : `：${reason}`}。当前节点处理完后不再继续`
      : `${what}：${name} 要求停止${reason === '' ? '' : `：${reason}`}。已发出的命令无法收回，结果会在此说明`,
  ended: (code, what, facts) => (Object.hasOwn(ends, code) ? ends[code]?.(what, facts) : undefined),
  dropped: (what, why) => `${what}：不再自动执行。${why}`,
  stopForm: {
    title: (id) => `停止 ${id}？`,
    lines: ['当前节点会处理完。已发出的命令无法收回。'],
    reasonLabel: '停止的理由（所有人可见）',
    submit: '停止',
    cancel: '继续执行',
    danger: true,
  },
  done: {
    withdrawn: (id) => `${id} 已撤回，未执行任何操作。`,
    before: (id) => `${id} 已在开始前停止，未执行任何操作。`,
    asked: (id, many) =>
      many
        ? `${id} 将在当前节点处理完后停止。已完成的部分保持不变，进度见卡片。`
        : `${id} 不再执行新的操作。若命令已发出则无法收回，结果见卡片。`,
  },
};
