import type { SlackWords } from './en.ts';

export const slackZhCn: SlackWords = {
  close: '关闭',
  moments: /(?<month>\d{1,2})月(?<day>\d{1,2})日 (?<clock>\d{2}:\d{2}) UTC/gu,
  monthOf: (name) => Number(name) - 1,
  since: (moment) => `始于 ${moment}`,
  loadingTitle: '请稍候',
  loading: '正在查看集群 …',
  workingTitle: '已提交',
  working: '正在执行 …',
  doneTitle: '已完成',
  refusedTitle: '未执行',
  failedTitle: '执行失败',
  continue: '继续 …',
  pictureFailed: (reason) =>
    `图片上传失败（${reason}）。请把机器人邀请到此会话，并确认应用拥有 files:write 和 im:write 权限；上面的文字内容相同。`,
  reasonMissing: '请简单说明原因，它会写入审计记录。',
  tooLong: '内容太长，无法读取。请缩短后重新发送。',
  unknownButton: '这个按钮已失效。`/zk incidents` 会列出未恢复的故障和新的按钮。',
  failed: '机器人出错，详情已写入日志。操作没有执行，或者卡片上会说明。请重试，或使用控制台。',
};
