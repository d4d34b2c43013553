import type { Language } from '../../../model/person.ts';
import { actionsEn } from './actions/en.ts';
import { actionsZhCn } from './actions/zh-cn.ts';
import { approvalEn } from './approval/en.ts';
import { approvalZhCn } from './approval/zh-cn.ts';
import { auditEn } from './audit/en.ts';
import { auditZhCn } from './audit/zh-cn.ts';
import { automationEn } from './automation/en.ts';
import { automationZhCn } from './automation/zh-cn.ts';
import { backupEn } from './backup/en.ts';
import { backupZhCn } from './backup/zh-cn.ts';
import { cardEn } from './card/en.ts';
import { cardZhCn } from './card/zh-cn.ts';
import { chartEn } from './chart/en.ts';
import { chartZhCn } from './chart/zh-cn.ts';
import { commandsEn } from './commands/en.ts';
import { commandsZhCn } from './commands/zh-cn.ts';
import { commonEn } from './common/en.ts';
import { commonZhCn } from './common/zh-cn.ts';
import { consoleEn } from './console/en.ts';
import { consoleZhCn } from './console/zh-cn.ts';
import { deliveryEn } from './delivery/en.ts';
import { deliveryZhCn } from './delivery/zh-cn.ts';
import { detectorsEn } from './detectors/en.ts';
import { detectorsZhCn } from './detectors/zh-cn.ts';
import { dingtalkEn } from './dingtalk/en.ts';
import { dingtalkZhCn } from './dingtalk/zh-cn.ts';
import { doctorEn } from './doctor/en.ts';
import { doctorZhCn } from './doctor/zh-cn.ts';
import { drillEn } from './drill/en.ts';
import { drillZhCn } from './drill/zh-cn.ts';
import { emailEn } from './email/en.ts';
import { emailZhCn } from './email/zh-cn.ts';
import { evidenceEn } from './evidence/en.ts';
import { evidenceZhCn } from './evidence/zh-cn.ts';
import { ownEn } from './own/en.ts';
import { ownZhCn } from './own/zh-cn.ts';
import { refusalsEn } from './refusals/en.ts';
import { refusalsZhCn } from './refusals/zh-cn.ts';
import { setupEn } from './setup/en.ts';
import { setupZhCn } from './setup/zh-cn.ts';
import { slackEn } from './slack/en.ts';
import { slackZhCn } from './slack/zh-cn.ts';
import { smsEn } from './sms/en.ts';
import { smsZhCn } from './sms/zh-cn.ts';

const en = {
  actions: actionsEn,
  doctor: doctorEn,
  evidence: evidenceEn,
  approval: approvalEn,
  automation: automationEn,
  backup: backupEn,
  common: commonEn,
  console: consoleEn,
  detectors: detectorsEn,
  own: ownEn,
  refusals: refusalsEn,
  slack: slackEn,
  sms: smsEn,
  dingtalk: dingtalkEn,
  drill: drillEn,
  email: emailEn,
  audit: auditEn,
  card: cardEn,
  chart: chartEn,
  commands: commandsEn,
  delivery: deliveryEn,
  setup: setupEn,
};

/** Every text a person sees. The Chinese catalogue has the same keys, kept so by the compiler. */
export type Words = typeof en;

const zhCn: Words = {
  actions: actionsZhCn,
  doctor: doctorZhCn,
  evidence: evidenceZhCn,
  approval: approvalZhCn,
  automation: automationZhCn,
  backup: backupZhCn,
  common: commonZhCn,
  console: consoleZhCn,
  detectors: detectorsZhCn,
  own: ownZhCn,
  refusals: refusalsZhCn,
  slack: slackZhCn,
  sms: smsZhCn,
  dingtalk: dingtalkZhCn,
  drill: drillZhCn,
  email: emailZhCn,
  audit: auditZhCn,
  card: cardZhCn,
  chart: chartZhCn,
  commands: commandsZhCn,
  delivery: deliveryZhCn,
  setup: setupZhCn,
};

/** The texts in a language. A section is a folder beside this file, with one line in each of the two lists above. */
export function words(language: Language): Words {
  return language === 'zh-CN' ? zhCn : en;
}
