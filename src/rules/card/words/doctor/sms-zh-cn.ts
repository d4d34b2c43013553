import { textOf } from '../facts.ts';
import type { CodesOf, WordsOfChecks } from './said.ts';

export const smsChecksZhCn: WordsOfChecks<CodesOf<'sms'>> = {
  sms: (f) => ({
    text: `${textOf(f, 'provider')} 接受机器人的凭据${textOf(f, 'balance') === '' ? '' : `；余额 ${textOf(f, 'balance')}`}`,
  }),
  'sms-balance-low': (f) => ({
    text: `${textOf(f, 'provider')} 接受机器人的凭据，但余额只剩 ${textOf(f, 'balance')}`,
    next: '请充值，并开启自动充值：余额用完后，每条短信都会被拒绝。',
  }),
  'sms-away': (f) => ({
    text: `无法连接 ${textOf(f, 'provider')}：${textOf(f, 'reason')}`,
    next: '机器人所在的机器能否访问它？如果设置了 apiUrl，是否正确？',
  }),
  'sms-login': (f) => ({
    text: `${textOf(f, 'provider')} 不接受凭据（${textOf(f, 'reason')}）`,
    next: '请检查 sms 一节的账号及其密钥变量；密钥是否已更换或停用？',
  }),
  'sms-cannot-look': (f) => ({
    text: `${textOf(f, 'provider')} 的密钥无权查询短信的发送结果（${textOf(f, 'reason')}）`,
    next: '除 dysms:SendSms 外，请授予 dysms:QuerySendDetails：没有它，应答丢失的短信会重复发送。',
  }),
  'sms-sender': (f) => ({ text: `${textOf(f, 'provider')} 认识这个发送方` }),
  'sms-sender-waiting': (f) => ({
    text: `${textOf(f, 'provider')} 尚未审核通过该签名`,
    next: '请在其控制台查看签名：通过审核之前，每条短信都会被拒绝。',
  }),
  'sms-sender-unknown': (f) => ({
    text: `${textOf(f, 'provider')} 不认识这个发送方`,
    next: '它必须是本账号的号码、消息服务或签名。',
  }),
  'sms-sender-unchecked': (f) => ({
    text: `无法确认 ${textOf(f, 'provider')} 是否接受这个发送方${textOf(f, 'reason') === '' ? '' : `（${textOf(f, 'reason')}）`}`,
    next: '名称是否可用取决于收件人所在国家；密钥也可能只能发送、不能查询。第一条短信会给出答案。',
  }),
  'sms-template': (f) => ({ text: `${textOf(f, 'provider')} 已审核通过该模板` }),
  'sms-template-waiting': (f) => ({
    text: `${textOf(f, 'provider')} 尚未审核通过该模板`,
    next: '请在其控制台查看模板：通过审核之前，该语言的每条短信都会被拒绝。',
  }),
  'sms-template-unknown': (f) => ({
    text: `${textOf(f, 'provider')} 不认识该模板`,
    next: '请从控制台复制模板代码（SMS_ 加数字）；它必须属于本账号。',
  }),
  'sms-template-variables': () => ({
    text: '模板中有机器人不会填写的变量',
    next: '请按 docs/channels/sms.zh-CN.md 注册：level、code、ensemble、what、state。',
  }),
  'sms-template-unchecked': (f) => ({
    text: `无法确认模板是否已通过审核（${textOf(f, 'reason')}）`,
    next: '请为诊断授予 dysms:GetSmsTemplate 和 dysms:GetSmsSign，或在控制台查看。',
  }),
};
