import { flagOf, textOf } from '../facts.ts';
import type { approvalRefusalsEn } from './approvals-en.ts';

const ended: Readonly<Record<string, string>> = {
  rejected: '已被驳回',
  expired: '无人及时同意，已过期',
  refused: '已被安全检查拒绝',
  failed: '已执行，但失败',
  aborted: '已被停止',
  scheduled: '将自动开始',
  succeeded: '已执行并成功',
};

export const approvalRefusalsZhCn: typeof approvalRefusalsEn = {
  'unknown-recovery': (facts) => ({
    text: `没有恢复操作 ${textOf(facts, 'recovery')}。`,
    next: '编号见申请卡片，形如 r-12。',
  }),
  'not-awaiting': (facts) => ({
    text: `${textOf(facts, 'recovery')} 无需审批：${ended[textOf(facts, 'state')] ?? '已在执行'}。`,
    next: '如仍有需要，请重新申请。',
  }),
  'own-request': (facts) => ({
    text: `${textOf(facts, 'recovery')} 由你本人申请，须由他人同意。`,
    next: `请同事输入：approve ${textOf(facts, 'recovery')}`,
  }),
  'already-approved': (facts) => ({
    text: `你已同意 ${textOf(facts, 'recovery')}，还需另一人同意。`,
    next: `请另一位同事输入：approve ${textOf(facts, 'recovery')}`,
  }),
  'already-stopping': (facts) => ({
    text: `${textOf(facts, 'name')} 已要求停止 ${textOf(facts, 'recovery')}。`,
    next: '进度见其卡片。',
  }),
  'automation-on': (facts) => ({
    text: flagOf(facts, 'everywhere')
      ? '自动恢复已全局关闭，并非单独关闭该处。'
      : '该处的自动恢复并未关闭。',
    next: flagOf(facts, 'everywhere') ? '重新开启：auto on' : '查看状态：auto',
  }),
  'automation-off': (facts) => ({
    text: `${textOf(facts, 'name')} 已关闭该处的自动恢复。`,
    next: '重新开启：auto on',
  }),
  'no-recovery': (facts) => ({
    text: `故障 #${textOf(facts, 'incident')} 的卡片上没有恢复操作。`,
    next: '请直接写恢复操作的编号，形如 r-12。',
  }),
  'nothing-to-stop': (facts) => ({
    text: `${textOf(facts, 'recovery')} 没有可停止的操作：${ended[textOf(facts, 'state')] ?? '已结束'}${textOf(facts, 'name') === '' ? '' : `（${textOf(facts, 'name')}）`}。`,
    next: '经过见：audit',
  }),
};
