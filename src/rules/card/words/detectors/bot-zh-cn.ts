import type { Facts, Subject } from '../../../../model/finding.ts';
import { cardZhCn } from '../card/zh-cn.ts';
import { commonZhCn } from '../common/zh-cn.ts';

import { flagOf, listOf, numberOf, textOf } from '../facts.ts';

import type { ofTheBotEn } from './bot-en.ts';

const { duration, list, time } = commonZhCn;

function placeOf(subject: Subject, facts: Facts): string {
  const channel = textOf(facts, 'channel');
  const name = subject.server ?? textOf(facts, 'destination');
  return `目的地 ${name || '（未命名）'}${channel === '' ? '' : `（${channel}）`}`;
}

function quotaOf(facts: Facts): string {
  const max = numberOf(facts, 'max');
  const what = textOf(facts, 'what') === 'calls' ? `${max} 次 API 调用额度` : `${max} 条消息额度`;
  return `${commonZhCn.via(textOf(facts, 'channel'))}：${what}`;
}

/** `Slack` */
function chatOf(subject: Subject, facts: Facts): string {
  return commonZhCn.via(textOf(facts, 'chat') || (subject.server ?? ''));
}

function isFreeze(facts: Facts): boolean {
  return textOf(facts, 'freezes') === 'only';
}

function covers(facts: Facts): string {
  const told = '此前不通知所涵盖的故障，控制台仍会显示。';
  const recovered = '此前拒绝任何恢复操作，无论由人还是由机器人发起。';
  return isFreeze(facts) ? recovered : textOf(facts, 'freezes') === 'too' ? told + recovered : told;
}

export const ofTheBotZhCn: typeof ofTheBotEn = {
  'redis-at-risk': {
    title: (_, facts) => `Redis 可能丢失机器人的数据 — ${numberOf(facts, 'count')} 项设置需要修正`,
    meaning: () => '事件、确认和通知记录都保存在 Redis 中；崩溃或内存写满时可能丢失。',
    advice: (facts) =>
      `请修正证据中列出的设置（${list(listOf(facts, 'codes'))}）；机器人每分钟重新检查。`,
    symptom: () => 'Redis 可能丢失机器人的数据',
    over: () => 'Redis 的设置已恢复安全',
  },
  'calendar-broken': {
    title: (_, facts) => `无法读取值班日历：${list(listOf(facts, 'schedules'))}`,
    meaning: (facts) =>
      numberOf(facts, 'readMs') === 0
        ? '从未成功读取：机器人不知道谁在值班，将通知后备人员或下一级。'
        : `机器人沿用 ${commonZhCn.time(numberOf(facts, 'readMs'))} 的副本；之后的变更无从得知。`,
    advice: () => '原因见下方；请检查日历地址，以及机器人能否访问。',
    symptom: (_, facts) => `无法读取值班日历：${list(listOf(facts, 'schedules'))}`,
    over: () => '值班日历已恢复可读',
  },
  'backup-overdue': {
    title: (_, facts) => `${textOf(facts, 'ensemble')} 没有最新备份`,
    meaning: (facts) =>
      numberOf(facts, 'lastMs') === 0
        ? '目前没有任何备份：误删的内容将无法找回。'
        : `最近一份是 ${commonZhCn.time(numberOf(facts, 'lastMs'))} 的：此后写入的内容将无法找回。`,
    advice: (facts) =>
      textOf(facts, 'why') === ''
        ? '请查看机器人是否在运行、能否访问该集群；手动备份的方法见处置手册。'
        : '原因见下。每 15 分钟重试一次，并从中断处继续。',
    symptom: (_, facts) => `${textOf(facts, 'ensemble')} 没有最新备份`,
    over: (_, facts) => `${textOf(facts, 'ensemble')} 已重新备份`,
  },
  'channel-broken': {
    title: (subject, facts) =>
      `${placeOf(subject, facts)}：${flagOf(facts, 'refused') ? '拒收消息' : flagOf(facts, 'limited') ? '长时间限流' : '无法送达'}`,
    meaning: () => '发往该目的地的卡片和呼叫都在等待，没有丢失。只看那里的人现在收不到任何消息。',
    advice: (facts) =>
      flagOf(facts, 'refused')
        ? '原因见证据：令牌被吊销、会话不存在，或机器人未被邀请。改正后会自动恢复。'
        : '请检查是该服务故障还是到它的网络故障；恢复后会自动继续。期间请用其他方式通知相关人员。',
    symptom: (subject, facts) => `${placeOf(subject, facts)} 无法接收消息`,
    over: (subject, facts, lastedMs) =>
      `${placeOf(subject, facts)}：已恢复，中断 ${duration(lastedMs)}`,
  },
  'quota-short': {
    title: (_, facts) =>
      numberOf(facts, 'percent') >= 100
        ? `${quotaOf(facts)}本月已用完`
        : `${quotaOf(facts)}本月已用 ${numberOf(facts, 'percent')}%`,
    meaning: (facts) =>
      numberOf(facts, 'percent') >= 100
        ? '在月底或额度增加之前，那里收不到卡片和呼叫；已呼叫的故障改发到路由的后备目的地。'
        : '90% 起不再更新那里的卡片，98% 起不再发新卡片；人的点击和命令一直会得到回复。',
    advice: () =>
      '查看用在哪里，增加额度或少发一些，并在配置中填写实际额度。在其他渠道设置后备目的地，确保有人被呼叫到。',
    symptom: (_, facts) => `${quotaOf(facts)}将尽`,
    over: (_, facts) => `${quotaOf(facts)}已充足`,
  },
  'chat-down': {
    title: (subject, facts) =>
      flagOf(facts, 'refused')
        ? `${chatOf(subject, facts)} 拒绝机器人接入 — ${textOf(facts, 'reason')}`
        : `机器人未连接到 ${chatOf(subject, facts)} — ${textOf(facts, 'reason')}`,
    meaning: () =>
      '那里的按钮和命令收不到，卡片可能也无法送达。没有丢失：控制台和其他途径照常工作。',
    advice: (facts) =>
      flagOf(facts, 'refused')
        ? '请检查应用是否仍已安装、令牌是否与配置一致；换上新令牌后机器人会自动连接。'
        : '请查看该服务的状态页以及到它的网络；机器人会自动重连。',
    symptom: (subject, facts) => `未连接到 ${chatOf(subject, facts)}`,
    over: (subject, facts, lastedMs) =>
      `${chatOf(subject, facts)} 已恢复连接，中断 ${duration(lastedMs)}`,
  },
  'self-test': {
    title: (_, facts) => `${textOf(facts, 'day')} 每日测试卡片 — 一切正常`,
    meaning: (facts) =>
      `卡片可以送达此处。Nightkeeper 正在监控 ${numberOf(facts, 'ensembles')} 个集群中配置的 ${numberOf(facts, 'servers')} 台服务器。`,
    advice: () => '无需处理。如果某天没有收到此卡片，请检查机器人。',
    symptom: () => '每日测试卡片',
    over: (_, facts) => `${textOf(facts, 'day')} 每日测试卡片 — 卡片可以送达`,
  },
  recovery: {
    title: (subject, facts) =>
      `${subject.ensemble}：${cardZhCn.action(textOf(facts, 'action'), subject.server ?? '')} — 由 ${textOf(facts, 'name')} 申请`,
    meaning: (facts) => `没有对应的故障，由人员申请：${textOf(facts, 'reason')}。`,
    advice: () => '同意之前请先查看数量；执行前还会再次进行安全检查。',
    symptom: (subject, facts) => cardZhCn.action(textOf(facts, 'action'), subject.server ?? ''),
    over: (subject, facts) =>
      `${subject.ensemble}：${cardZhCn.action(textOf(facts, 'action'), subject.server ?? '')} — 已结束`,
  },
  silence: {
    title: (_, facts) =>
      `${textOf(facts, 'scope')}：${isFreeze(facts) ? '不执行恢复操作，' : '静默'}至 ${time(numberOf(facts, 'untilMs'))}`,
    meaning: (facts) =>
      `${textOf(facts, 'window') === '' ? `由 ${textOf(facts, 'name')} 设置` : `维护窗口 ${textOf(facts, 'window')}`}：${textOf(facts, 'reason')}。${covers(facts)}`,
    advice: (facts) =>
      `无需处理；提前结束：/zk unsilence ${numberOf(facts, 'silence')}。${isFreeze(facts) ? '' : '届时仍存在的故障会发出通知。'}`,
    symptom: (_, facts) =>
      `${textOf(facts, 'scope')}：${isFreeze(facts) ? '不执行恢复操作' : '已静默'}`,
    over: (_, facts) =>
      `${textOf(facts, 'scope')}：${isFreeze(facts) ? '可以执行恢复操作了' : '静默已结束'}`,
  },
};
