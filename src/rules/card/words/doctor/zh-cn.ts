import { dingtalkChecksZhCn, slackChecksZhCn } from './chats-zh-cn.ts';
import { reachChecksZhCn, redisChecksZhCn, restartChecksZhCn } from './edges-zh-cn.ts';
import type { DoctorWords } from './en.ts';
import { ownChecksZhCn, zookeeperChecksZhCn } from './own-zh-cn.ts';
import { smsChecksZhCn } from './sms-zh-cn.ts';

export const doctorZhCn: DoctorWords = {
  part: {
    bot: '机器人',
    redis: 'Redis',
    clocks: '时钟',
    slack: 'Slack',
    dingtalk: '钉钉',
    mail: '邮件',
    sms: '短信',
    webhook: 'Webhook',
    zookeeper: 'ZooKeeper',
    recovery: '重启',
  },
  outcome: { ok: '正常', warning: '警告', wrong: '错误', unchecked: '无法检查' },
  symptom: {
    'no-cards-in-the-channel': '频道里没有卡片',
    'the-card-has-no-buttons': '卡片上没有按钮',
    'buttons-do-nothing': '按钮没有反应',
    'commands-are-unknown': '命令不被识别',
    'the-bot-does-not-know-me': '机器人不认识我',
    'charts-are-missing': '没有图表',
    'slack-refuses': 'Slack 拒绝',
    'dingtalk-says': '钉钉拒绝',
    'no-mail': '没有邮件',
    'no-sms': '没有短信',
    'webhooks-hear-nothing': 'Webhook 收不到',
    'the-bot-is-blind': '机器人说看不见',
    'something-is-not-recognised': '有些故障没有识别',
    'cards-come-late': '卡片来得晚',
    'incidents-are-forgotten': '事件被遗忘',
    'times-are-wrong': '时间不对',
    'a-restart-does-not-run': '重启没有执行',
    'the-bot-does-not-answer': '机器人没有回答',
  },
  checks: {
    ...ownChecksZhCn,
    ...redisChecksZhCn,
    ...slackChecksZhCn,
    ...dingtalkChecksZhCn,
    ...reachChecksZhCn,
    ...smsChecksZhCn,
    ...zookeeperChecksZhCn,
    ...restartChecksZhCn,
  },
  title: '出问题时',
  well: (count) => `一切正常：${count} 项检查。`,
  sum: (n) =>
    [
      `错误 ${n.wrong}`,
      `警告 ${n.warning}`,
      `正常 ${n.ok}`,
      ...(n.unchecked === 0 ? [] : [`无法检查 ${n.unchecked}`]),
    ].join('，'),
  line: (place, text) => `${place}：${text}`,
  next: '→',
  read: (title, where) => `请读：${title}（${where}）`,
  more: (all, click, ensemble) =>
    `全部检查：${all} · 在每个聊天中发一张可点击的卡片：${click} · 重新查看一个集群：${ensemble}`,
  noChats: '没有可以点击的聊天去处：无处发送测试卡片。',
  posted: (round) =>
    `请点击每张测试卡片的按钮；结果显示在卡片上。查看进展：/zk doctor clicks ${round}`,
  over: '该测试已结束或不存在。重新开始：/zk doctor click',
  cameBack: '您的点击已回到机器人。谢谢。',
  test: {
    title: '测试卡片：请点击按钮',
    meaning: '有人想知道此处的点击能否回到机器人。没有故障。',
    advice: '请点击按钮。不会发生其他事情。',
    nothing: '无需操作。',
    button: '可以点击',
    waiting: '等待点击',
    pressed: (name, after) => `${name} 的点击已回到机器人，距卡片发出 ${after}`,
    over: '没有点击回到机器人。请看 docs/troubleshooting.zh-CN.md 的“按钮没有反应”',
  },
  mail: {
    subject: 'Nightkeeper：测试邮件',
    body: '有人让 Nightkeeper 向此地址发送一封邮件（doctor --send-to）。邮件已送达，无需操作。',
  },
  cli: {
    about: '检查机器人所需的一切：聊天工具、ZooKeeper、Redis、邮件、重启；有问题时说明怎么做',
    what: '一个集群或一个部分（slack、dingtalk、redis、zookeeper、mail …）；否则全部检查',
    config: '按此配置文件检查，无论机器人是否运行；否则询问运行中的机器人',
    click: '在每个聊天中发一张带按钮的卡片，等待有人点击（需要运行中的机器人）',
    wait: '等待点击多久，如 90s 或 5m',
    sendTo: '同时向此地址发送一封测试邮件',
    after:
      '没有错误时以 0 结束，有错误时以 1 结束，无法询问时以 2 结束。\n除 --click 与 --send-to 外，不改变也不发送任何内容。',
    waiting: (destination) => `等待在 ${destination} 中点击……`,
    badWait: (text) => `“${text}”不是时间：请写 90s 或 5m。`,
    from: (file) => `没有机器人应答；按 ${file} 检查。`,
  },
};
