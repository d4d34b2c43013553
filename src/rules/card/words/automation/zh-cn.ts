import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import type { AutomationWords } from './en.ts';

const { duration, list, time } = commonZhCn;

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
    const steps = done === 0 ? '未执行任何步骤' : `已完成 ${done}/${total} 步`;
    const orders = flagOf(facts, 'undone') ? `${steps}，并已撤回` : steps;
    const how = flagOf(facts, 'orders')
      ? orders
      : total === 0
        ? '未向服务器发送任何命令'
        : `已完成 ${done}/${total} 个节点，其余未动；继续执行：recover ${textOf(facts, 'action')} ${textOf(facts, 'ensemble')} --resume ${textOf(facts, 'recovery')}`;
    return `${what}：已被 ${textOf(facts, 'name')} 停止${because(facts)}。${how}`;
  },
  'taken-on': (what, facts) => `${what}：不再自动执行，${textOf(facts, 'name')} 已接手该故障`,
  hushed: (what, facts) => `${what}：不再自动执行，已被 ${textOf(facts, 'name')} 静默`,
  lost: (what) => `${what}：不再自动执行，该故障目前无从得知`,
  'auto-rule': (what) => `${what}：不再自动执行，配置中已没有这条规则`,
  'auto-off': (what, facts) =>
    `${what}：不再自动执行，已被 ${textOf(facts, 'name')} 关闭${because(facts)}`,
  'auto-maintenance': (what, facts) =>
    `${what}：维护窗口 ${textOf(facts, 'window')} 期间不自动执行`,
  'auto-flapping': (what) => `${what}：不自动执行，该故障反复出现`,
  'auto-leader': (what) => `${what}：不自动执行，该节点曾是 leader，须由人决定`,
  'auto-alarms': (what, facts) =>
    `${what}：多个集群同时告警，不自动执行：${list(listOf(facts, 'ensembles'))}`,
  'auto-out': (what, facts) =>
    `${what}：不可用的节点过多，不自动执行：${numberOf(facts, 'total')} 个中有 ${list(listOf(facts, 'out'))}`,
  'auto-limit': (what, facts) =>
    `${what}：不再自动执行，${textOf(facts, 'of') === '' ? '整个集群' : '每个节点'}在 ${duration(numberOf(facts, 'withinMs'))}内最多 ${numberOf(facts, 'times')} 次`,
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
  heads: ['集群', '故障', '操作', '无人处理多久后', '次数上限', '状态'],
  on: '开启',
  offBy: (name, atMs, reason) =>
    `${name} 于 ${time(atMs)} 关闭${reason === '' ? '' : `：${reason}`}`,
  offEverywhere: (name, atMs, reason) =>
    `自动恢复已由 ${name} 于 ${time(atMs)} 全局关闭${reason === '' ? '' : `：${reason}`}。重新开启：auto on`,
  switches: { 开启: 'on', 关闭: 'off' },
  noRules: '没有任何自动操作：配置中没有集群设置 auto 规则。',
  limit: (times, withinMs) => `${duration(withinMs)}内 ${times} 次`,
  limits: (server, ensemble) =>
    server === ensemble
      ? `${server}（每个节点及整个集群）`
      : `每个节点 ${server}，整个集群 ${ensemble}`,
  switched: {
    off: (scope) =>
      `自动恢复已${scope === '' ? '全局关闭' : `在 ${scope} 关闭`}：在有人输入 auto on${scope === '' ? '' : ` ${scope}`} 之前，不会自动执行任何操作。`,
    on: (scope) =>
      `自动恢复已${scope === '' ? '重新开启（单独关闭的集群除外）' : `在 ${scope} 重新开启`}。期间已取消的不会补做。`,
  },
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
