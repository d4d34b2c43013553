import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { numberOf, textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';

const { duration, time } = commonZhCn;

export const silenceRefusalsZhCn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'silenced'
  | 'silence-end-missing'
  | 'silence-end-past'
  | 'silence-too-long'
  | 'silence-reason-missing'
  | 'silence-overlaps'
  | 'silences-full'
  | 'unknown-silence'
  | 'silence-over'
> = {
  silenced: (facts) => ({
    text: `故障 #${textOf(facts, 'incident')} 已静默至 ${time(numberOf(facts, 'untilMs'))}，不会呼叫任何人。`,
    next: `如需解除：/zk unsilence ${textOf(facts, 'silence')}`,
  }),
  'silence-end-missing': (facts) => ({
    text: '静默需要截止时间。',
    next: `请给出时长（如 30m、2h、1d）或“until 14:00”。写法：/zk ${textOf(facts, 'usage')}`,
  }),
  'silence-end-past': (facts) => ({
    text: `截止时间已过：${time(numberOf(facts, 'untilMs'))}。`,
    next: '请给出将来的时间，如 2h 或“until 14:00”。',
  }),
  'silence-too-long': (facts) => ({
    text: `静默最长 ${duration(numberOf(facts, 'mostMs'))}。`,
    next: '请缩短时间；需要更久的应写入配置。',
  }),
  'silence-reason-missing': () => ({
    text: '静默需要原因，所有人都能在卡片上看到。',
    next: '写在末尾：/zk silence orders zk2 2h 更换磁盘',
  }),
  'silence-overlaps': (facts) => ({
    text: `${textOf(facts, 'scope')} 已由 ${textOf(facts, 'name')} 静默至 ${time(numberOf(facts, 'untilMs'))}。`,
    next: `如需更改，请先解除：/zk unsilence ${textOf(facts, 'silence')}`,
  }),
  'silences-full': () => ({ text: '静默数量过多。', next: '请先结束不需要的静默：/zk silences' }),
  'unknown-silence': (facts) => ({
    text: `没有生效中的静默 ${textOf(facts, 'silence')}。`,
    next: '查看静默：/zk silences',
  }),
  'silence-over': (facts) => ({
    text: `静默 ${textOf(facts, 'silence')} 已结束。`,
    next: '查看静默：/zk silences',
  }),
};
