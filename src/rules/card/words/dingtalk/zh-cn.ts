import type { DingTalkWords } from './en.ts';

export const dingtalkZhCn: DingTalkWords = {
  since: (time) => `始于 ${time}`,
  yes: '是',
  no: '取消',
  answerChoice: '请点选一项，或直接输入：',
  answerReason: '请用一条消息回复。',
  answerYes: '回复 **是** 执行，回复 **取消** 放弃。',
  reasonIs: (reason) => `原因：${reason}`,
  cancelled: '已放弃，未执行任何操作。',
  askedInSingleChat: '我在单聊里向你询问原因。',
  shownInSingleChat: '我在单聊里发给你。',
  noSingleChat: '我无法给你发单聊消息。请先在单聊里给我发一次“帮助”，再点一次按钮。',
  pictureFailed: (reason) => `图片发送失败（${reason}）；数据见上文，控制台也能看到图。`,
  askInLine: (line) =>
    `我无法给你发单聊消息。请用一行写完：\`${line} --reason "原因" --confirm yes\``,
  working: '正在执行 …',
  noText: '我只能读文字消息。发送“帮助”查看可用命令。',
  overQuota:
    '钉钉没有把你写的内容给我：贵组织本月的消息额度已用完。额度恢复之前，请使用控制台或命令行。',
  tooLong: '内容太长，无法读取。请缩短后重新发送。',
  unknownButton: '这个按钮已失效。给我发“故障”，会列出未恢复的故障和新的按钮。',
  failed: '机器人出错，详情已写入日志。操作没有执行，或者卡片上会说明。请重试，或使用控制台。',
};
