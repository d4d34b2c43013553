import type { SmsWords } from './en.ts';

export const smsZhCn: SmsWords = {
  head: (severity, id) => `${severity}#${id}`,
  state: {
    critical: '未处理',
    warning: '未处理',
    info: '未处理',
    acknowledged: '已确认',
    resolved: '已恢复',
  },
  several: '多个',
};
