import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonEn } from '../common/en.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';

type Codes = Extract<
  RefusalCode,
  'drill-running' | 'drill-not-now' | 'drill-too-often' | 'no-drill' | 'unknown-recording'
>;

/** Why no drill begins or ends, in English. */
export const drillRefusalsEn: Readonly<Record<Codes, (facts: Facts) => RefusalText>> = {
  'drill-running': (facts) => ({
    text: `A drill runs for ${textOf(facts, 'ensemble')} already: ${textOf(facts, 'recording')}, begun by ${textOf(facts, 'name')}.`,
    next: `End it: drill stop ${textOf(facts, 'ensemble')}`,
  }),
  'drill-not-now': (facts) => ({
    text: `Something real is open in ${textOf(facts, 'ensemble')}: ${commonEn.list(listOf(facts, 'incidents'))}. People would mix them up.`,
    next: 'If you want the drill all the same, add: --anyway yes',
  }),
  'drill-too-often': (facts) => ({
    text: `There was a drill for ${textOf(facts, 'ensemble')} just now; one in ${commonEn.duration(numberOf(facts, 'everyMs'))} is enough.`,
    next: 'Who is called for nothing too often stops coming. Try again later.',
  }),
  'no-drill': (facts) => ({
    text: `No drill runs for ${textOf(facts, 'ensemble')}.`,
    next: 'What ran last: drill',
  }),
  'unknown-recording': (facts) => ({
    text: `There is no recording ${textOf(facts, 'recording')}.`,
    next: `There are: ${commonEn.list(listOf(facts, 'known'))}`,
  }),
};

/** The same in Chinese. */
export const drillRefusalsZhCn: typeof drillRefusalsEn = {
  'drill-running': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 正在演练 ${textOf(facts, 'recording')}，由 ${textOf(facts, 'name')} 发起。`,
    next: `结束演练：drill stop ${textOf(facts, 'ensemble')}`,
  }),
  'drill-not-now': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 有真实故障未恢复：${commonZhCn.list(listOf(facts, 'incidents'))}，演练容易混淆。`,
    next: '如仍要演练，请加上：--anyway yes',
  }),
  'drill-too-often': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 刚刚演练过，每 ${commonZhCn.duration(numberOf(facts, 'everyMs'))}最多一次。`,
    next: '过于频繁的演练会让人不再响应，请稍后再试。',
  }),
  'no-drill': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 没有正在进行的演练。`,
    next: '查看最近一次：drill',
  }),
  'unknown-recording': (facts) => ({
    text: `没有名为 ${textOf(facts, 'recording')} 的录制。`,
    next: `可用的有：${commonZhCn.list(listOf(facts, 'known'))}`,
  }),
};
