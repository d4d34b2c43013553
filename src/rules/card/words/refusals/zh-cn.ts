import type { Facts } from '../../../../model/finding.ts';
import type { Role } from '../../../../model/person.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { usagesOf } from '../../usages.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import { approvalRefusalsZhCn } from './approvals-zh-cn.ts';
import { drillRefusalsZhCn } from './drills.ts';
import type { RefusalsWords, RefusalText } from './en.ts';
import { guardRefusalsZhCn } from './guards-zh-cn.ts';
import { limitRefusalsZhCn } from './limits-zh-cn.ts';
import { recoveryRefusalsZhCn } from './recoveries-zh-cn.ts';
import { silenceRefusalsZhCn } from './silences-zh-cn.ts';

const { list, time, via } = commonZhCn;

function choice(facts: Facts, none: string): string {
  const suggestion = textOf(facts, 'suggestion');
  const known = listOf(facts, 'known');
  const meant = suggestion === '' ? '' : `是否想输入 ${suggestion}？`;
  return commonZhCn.sentences([meant, known.length === 0 ? none : `可选：${list(known)}。`]);
}

function howToWrite(usage: string): string {
  const [first = '', ...others] = usagesOf(usage);
  if (first === '') return '请看：/zk help';
  const [name] = first.split(' ');
  return `写法：/zk ${first}${others.length === 0 ? '' : `；全部写法：/zk help ${name}`}`;
}

function who(facts: Facts): string {
  const name = textOf(facts, 'name') || textOf(facts, 'by');
  const way = textOf(facts, 'via');
  const atMs = numberOf(facts, 'atMs');
  const parts = [name, way === '' ? '' : via(way), atMs === 0 ? '' : time(atMs)];
  const known = parts.filter((part) => part !== '');
  return known.length === 0 ? '' : `（${known.join('，')}）`;
}

function incident(facts: Facts): string {
  const id = textOf(facts, 'incident');
  return id === '' ? '该故障' : `故障 #${id} `;
}

/** ` 12`, behind a command. */
function number(facts: Facts): string {
  const id = textOf(facts, 'incident');
  return id === '' ? '' : ` ${id}`;
}

function ensemble(facts: Facts): string {
  const id = textOf(facts, 'ensemble');
  return id === '' ? '该集群' : `集群 ${id} `;
}

/** Administrators, by name where there are any. */
function helpers(facts: Facts): string {
  const names = listOf(facts, 'who');
  return names.length === 0 ? '管理员' : `管理员（${list(names)}）`;
}

function role(facts: Facts): string {
  return commonZhCn.personRoles[textOf(facts, 'role') as Role] ?? '运维';
}

const asked: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'unknown-command'
  | 'bad-arguments'
  | 'unknown-ensemble'
  | 'unknown-server'
  | 'unknown-metric'
  | 'unknown-incident'
  | 'unknown-person'
  | 'unknown-action'
  | 'ambiguous-incident'
  | 'not-permitted'
  | 'stranger'
> = {
  'unknown-command': (facts) => ({
    text: `没有命令“${textOf(facts, 'command')}”。`,
    next: choice(facts, '查看全部命令：/zk help'),
  }),
  'bad-arguments': (facts) => ({
    text: '命令缺少参数或参数过多。',
    next: howToWrite(textOf(facts, 'usage')),
  }),
  'unknown-ensemble': (facts) => ({
    text: `没有名为“${textOf(facts, 'ensemble')}”的集群。`,
    next: choice(facts, '查看全部集群：/zk status'),
  }),
  'unknown-server': (facts) => ({
    text: `${ensemble(facts)}中没有节点“${textOf(facts, 'server')}”。`,
    next: choice(facts, `查看该集群的节点：/zk status ${textOf(facts, 'ensemble')}`),
  }),
  'unknown-metric': (facts) => ({
    text: `没有“${textOf(facts, 'metric')}”的图表。`,
    next: choice(facts, `查看可以绘制的指标：/zk chart ${textOf(facts, 'ensemble')}`),
  }),
  'unknown-incident': (facts) => ({
    text:
      textOf(facts, 'incident') === ''
        ? `${textOf(facts, 'ensemble') === '' ? '当前' : ensemble(facts)}没有未恢复的故障。`
        : `没有故障 #${textOf(facts, 'incident')}。`,
    next: '查看未恢复的故障：/zk incidents',
  }),
  'unknown-person': (facts) => ({
    text: `配置中没有“${textOf(facts, 'person')}”这个人。`,
    next: choice(facts, '请管理员在配置文件中添加。'),
  }),
  'unknown-action': (facts) => ({
    text: `没有名为“${textOf(facts, 'action')}”的恢复操作。`,
    next: choice(facts, '写法：/zk recover restart-server <集群> <节点>'),
  }),
  'ambiguous-incident': (facts) => ({
    text: `${ensemble(facts)}有多个未恢复的故障。`,
    next: `请指明编号：${list(listOf(facts, 'incidents'))}`,
  }),
  'not-permitted': (facts) => ({
    text: `此操作需要${ensemble(facts)}的“${role(facts)}”权限${textOf(facts, 'has') === '' ? '' : `，你的权限是“${commonZhCn.personRoles[textOf(facts, 'has') as Role] ?? textOf(facts, 'has')}”`}。`,
    next:
      listOf(facts, 'who').length === 0
        ? '请联系管理员授予权限。'
        : `可以联系有权限的人：${list(listOf(facts, 'who'))}。`,
  }),
  stranger: (facts) => ({
    text: '机器人不认识你，你只能查看，不能操作。',
    next: `请${helpers(facts)}把你加入配置的 people${textOf(facts, 'handle') === '' ? '' : `，你的 ID 是：${textOf(facts, 'handle')}`}。`,
  }),
};

const incidents: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'already-acknowledged'
  | 'not-acknowledged'
  | 'already-resolved'
  | 'still-firing'
  | 'note-missing'
  | 'resolve-reason-missing'
  | 'escalation-exhausted'
  | 'nobody-to-escalate-to'
  | 'nobody-on-call'
  | 'unknown-schedule'
> = {
  'already-acknowledged': (facts) => ({
    text: `${incident(facts)}已被确认${who(facts)}。`,
    next: `无需再操作。如需更多人处理：/zk escalate${number(facts)}`,
  }),
  'not-acknowledged': (facts) => ({
    text: `${incident(facts)}尚未确认，没有可撤销的确认。`,
    next: `如需认领：/zk ack${number(facts)}`,
  }),
  'already-resolved': (facts) => {
    const into = textOf(facts, 'foldedInto');
    if (into !== '')
      return {
        text: `${incident(facts)}已并入故障 #${into}。`,
        next: `请在故障 #${into} 中继续处理。`,
      };
    const atMs = numberOf(facts, 'atMs');
    return {
      text: `${incident(facts)}已恢复${atMs === 0 ? '' : `（${time(atMs)}）`}。`,
      next: `无需再操作。查看经过：/zk show${number(facts)}`,
    };
  },
  'still-firing': (facts) => ({
    text: `${incident(facts)}不能手动标记为已恢复：故障仍在，会立即发出新卡片。`,
    next: `如需暂时静默：/zk silence ${textOf(facts, 'incident')} 2h "原因"`,
  }),
  'note-missing': () => ({ text: '备注需要内容。', next: '写法：/zk note 12 观察到的情况' }),
  'resolve-reason-missing': () => ({
    text: '手动标记为已恢复需要原因，会写入时间线。',
    next: '写法：/zk resolve 12 原因',
  }),
  'escalation-exhausted': (facts) => ({
    text: `${incident(facts)}升级名单上的人都已呼叫过。`,
    next: '请自行联系其他人，或先确认该故障。',
  }),
  'nobody-to-escalate-to': (facts) => ({
    text: `没有任何路由为${ensemble(facts)}配置升级人员。`,
    next: '请管理员在配置文件的路由中添加 escalation。',
  }),
  'nobody-on-call': (facts) => ({
    text: `${list(listOf(facts, 'schedules'))}当前无人值班，后续步骤也没有可通知的人。`,
    next: '请自行联系同事。查看值班表：/zk oncall',
  }),
  'unknown-schedule': (facts) => ({
    text: `没有名为“${textOf(facts, 'schedule')}”的值班表。`,
    next: choice(facts, '请管理员在配置文件的 onCall 中添加值班表。'),
  }),
};

const codes: Readonly<Record<RefusalCode, (facts: Facts) => RefusalText>> = {
  ...asked,
  ...incidents,
  ...silenceRefusalsZhCn,
  ...approvalRefusalsZhCn,
  ...drillRefusalsZhCn,
  ...recoveryRefusalsZhCn,
  ...limitRefusalsZhCn,
  ...guardRefusalsZhCn,
};

export const refusalsZhCn: RefusalsWords = { codes };
