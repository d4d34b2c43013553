import type { ConfigTrouble, Want } from '../../../../model/config-fault.ts';
import type { FactValue } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { clock } from '../durations.ts';
import { autoTroubleZhCn, isAutoTrouble } from './auto-trouble.ts';
import { type CallTrouble, isCallTrouble } from './call-trouble-en.ts';
import type { SetupWords, StartupFinding } from './en.ts';

const want: Readonly<Record<Want, string>> = {
  text: '一段文字',
  number: '一个整数',
  'yes-or-no': 'true 或 false',
  list: '一个列表',
  section: '一个带有下级键的小节',
  duration: '带单位的时间，例如 250ms、5s、10m 或 2h',
  endpoint: '带端口的地址，例如 zk1.example.com:2181 或 [::1]:2181',
  port: '0 到 65535 之间的端口号',
  server: '形如 zk1.example.com:2181 的地址，或含有 id、client、admin 的小节',
  'ensemble-name': '由小写字母、数字和“-”组成的名称，最多 40 个字符，且不能是“nightkeeper”',
  'person-name': '由小写字母、数字、“.”、“_”和“-”组成的名称，最多 40 个字符',
  'destination-name':
    '由小写字母、数字、“.”、“_”和“-”组成的名称，最多 40 个字符，且不能是“console”',
  'redis-url': 'Redis 地址，例如 redis://127.0.0.1:6379；使用 TLS 时为 rediss://',
  'key-prefix': '小写字母、数字、“_”和“-”，最多 40 个字符',
  'http-url': '以 http:// 或 https:// 开头的地址',
  'slack-bot-token': 'Slack 机器人令牌，以 xoxb- 开头',
  'slack-app-token': 'Slack 应用级令牌，以 xapp- 开头',
  'slack-conversation': 'Slack 频道的 ID，例如 C024BE91L（不是频道名称）',
  'dingtalk-template': '卡片模板 ID，以 .schema 结尾',
  'dingtalk-group': '钉钉群的 openConversationId，以 cid 开头',
  'dingtalk-user': '钉钉通讯录中的 userId',
  'slack-user': 'Slack 用户的成员 ID，例如 U012ABC（不是显示名称）',
  email: '邮件地址',
  'mail-sender': '邮件地址，或名称加地址：Nightkeeper <bot@example.com>',
  'phone-number': '带国家代码并加引号的电话号码，例如 "+8613800138000"',
  'sms-sender': '电话号码，或最多 11 个字母和数字的名称',
  'sms-template': '阿里云短信模板代码，例如 SMS_123456789',
  'twilio-account': 'Twilio 账号 SID：AC 加 32 位十六进制数字',
  'twilio-key': 'Twilio API 密钥 SID：SK 加 32 位十六进制数字',
  'twilio-service': 'Twilio 消息服务 SID：MG 加 32 位十六进制数字',
  'api-url': '以 https:// 开头、不带路径的地址（仅本机可用 http://）',
  'api-token': '至少 16 个字符且不含空格的令牌',
  cron: '五段的 cron 表达式，如 "0 3 * * SUN"',
  'time-zone': '时区，如 Asia/Shanghai',
  command: '以参数列表写出的命令',
  zone: '时区，例如 Asia/Shanghai 或 UTC',
  'wall-time': '该时区的日期时间，例如 2026-11-02 或 2026-11-02T09:00',
  'time-of-day': '一天中的时间，例如 09:00',
  weekdays: '星期，例如 mon-fri 或 sat,sun',
  'turn-length': '轮值时长，例如 12h、1d 或 1w，至少 1h',
  'calendar-url': '以 https://、http:// 或 webcal:// 开头的地址',
  limit: '一段时间内的次数，例如 1 per 6h（最长 7d）',
  fingerprint: 'ssh-keygen -lf 打印的指纹，形如 SHA256:…',
  znode: 'ZooKeeper 路径，例如 /app',
  'zookeeper-login': 'ZooKeeper 的认证方式及其凭据，例如 digest:user:password',
  callee: '人员名称、{ group: … } 或 { oncall: … }',
};

const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];

function weekTime(at: { readonly weekday: number; readonly minute: number }): string {
  return `${weekdays[at.weekday]} ${clock(at.minute)}`;
}

const thing = {
  ensemble: '集群',
  person: '人员',
  destination: '目的地',
  detector: '检测器',
  threshold: '阈值',
  group: '组',
  schedule: '值班表',
  action: '恢复操作',
} as const;

const doubled = {
  'server-id': '服务器 ID',
  endpoint: '地址',
  token: '令牌',
  handle: 'Slack 成员 ID',
} as const;

function known(names: readonly string[]): string {
  return names.length === 0 ? '目前没有定义任何一个' : `可用的有：${names.join('、')}`;
}

function hint(suggestion: string | undefined, names: readonly string[]): string {
  return suggestion === undefined ? known(names) : `是否想写“${suggestion}”？`;
}

/** What belongs together, or excludes each other. */
const together = {
  'slack-way-in':
    'Slack 中的点击无法送达：请设置 appToken（Socket 模式），或者 signingSecret 和 port',
  'sentinel-pair': 'sentinels 与 master 必须同时设置：哨兵的地址，以及它们所用的主节点名称',
  'redis-two-ways': 'Redis 只能通过哨兵或集群之一连接：请删除其中一项',
  'tls-pair': 'certFile 和 keyFile 要么都写，要么都不写',
  'sign-in-pair': 'user 和 password 要么都写，要么都不写',
};

function trouble(what: ConfigTrouble): string {
  if (isCallTrouble(what)) return callTrouble(what);
  if (isAutoTrouble(what)) return autoTroubleZhCn(what);
  switch (what.kind) {
    case 'syntax':
      return `这不是有效的 YAML：${what.reason}`;
    case 'unreadable':
      return `无法使用此文件：${what.reason}`;
    case 'wrong-value':
      return `“${what.value}”应为：${want[what.want]}`;
    case 'out-of-range':
      return what.least === undefined
        ? `${what.value} 过大，最多为 ${what.most}`
        : `${what.value} 过小，至少为 ${what.least}`;
    case 'not-one-of':
      return `“${what.value}”应为下列之一：${what.choices.join('、')}`;
    case 'missing':
      return what.want === 'any'
        ? `缺少“${what.key}”`
        : `缺少“${what.key}”，应为：${want[what.want]}`;
    case 'empty-list':
      return '这里是空的：请至少写一项，或者删去这个键';
    case 'unknown-key':
      return `这里没有“${what.key}”这个键；${hint(what.suggestion, what.known)}`;
    case 'unknown-name':
      return `没有名为“${what.name}”的${thing[what.of]}；${hint(what.suggestion, what.known)}`;
    case 'unset-variable':
      return `环境变量 ${what.variable} 没有设置`;
    case 'literal-secret':
      return '这里直接写出了机密；请改写为 ${NAME}，并设置环境变量 NAME';
    case 'duplicate':
      return `${doubled[what.of]} ${what.value} 在第 ${what.firstLine} 行已经用过`;
    case 'open-console':
      return `凡是能访问 ${what.host} 的人都能打开控制台：请为使用者设置令牌（token），或只监听 127.0.0.1`;
    case 'one-channel':
      return what.channels.length === 0
        ? '目的地需要一种送达方式：slack、dingtalk、dingtalkRobot、email、sms 或 webhook'
        : `一个目的地只能有一种送达方式，而这里有 ${what.channels.join(' 和 ')}：请分成两个目的地`;
    case 'section-missing':
      return `${what.because} 需要小节“${what.section}”`;
    case 'slack-way-in':
    case 'sentinel-pair':
    case 'redis-two-ways':
    case 'tls-pair':
    case 'sign-in-pair':
      return together[what.kind];
    case 'not-one':
      return what.given.length === 0
        ? `需要设置其中一项：${what.keys.join('、')}`
        : `只能设置其中一项，而这里有 ${what.given.join(' 和 ')}`;
    case 'timeout-too-long':
      return `一次探测的时限（${what.timeout}）必须大于 0，且短于探测间隔（${what.every}）`;
    case 'open-password':
      return `密码会以明文发送到 ${what.host}：请把 security 设为 starttls 或 tls`;
    case 'unknown-placeholder':
      return `无法填入 {${what.placeholder}}；可用的有：${what.known.map((word) => `{${word}}`).join('、')}`;
    case 'even-voters':
      return `${what.voters} 个投票成员能承受的故障数并不比 ${what.voters - 1} 个多，奇数更合适`;
  }
}

function callTrouble(what: CallTrouble): string {
  switch (what.kind) {
    case 'unreachable-person':
      return `在这里无法呼叫 ${what.person}：请为此人添加 Slack 成员 ID（“slack: U…”）`;
    case 'window-overlaps':
      return `下一个窗口在本窗口开始 ${commonZhCn.duration(what.gapMs)}后即开始，此时本窗口尚未结束；请缩短 for 或降低频率`;
    case 'windows-meet':
      return `维护窗口 ${what.window} 与 ${what.other}（第 ${what.otherLine} 行）重叠，首次在 ${commonZhCn.time(what.atMs)}：两者都涵盖的故障直到较晚的窗口结束才会通知`;
    case 'group-cycle':
      return `这些组互相包含：${what.groups.join(' → ')}`;
    case 'names-nobody':
      return '这一级没有指定任何人：请在“to”中写明人员、{ group: … } 或 { oncall: … }';
    case 'nothing-to-repeat':
      return '这里没有可以重复的升级步骤';
    case 'empty-schedule':
      return '该值班表没有任何人：请配置 rotation、layers、overrides 或 ical';
    case 'one-calendar':
      return '日历只能来自一处：url 和 file 只设一个';
    case 'ends-before':
      return `${what.to} 不晚于 ${what.from}`;
    case 'on-call-hole':
      return `每周从${weekTime(what)}起，${what.schedule} 无人值班：请补上空缺，或设置 fallback`;
    case 'matches-nothing':
      return '该路由不匹配任何故障：它排除了所有检测器';
    case 'unheard':
      return unheard(what);
  }
}

function unheard(what: Extract<ConfigTrouble, { kind: 'unheard' }>): string {
  const parts = [
    what.ensembles.join('、'),
    what.severities.join('、'),
    ...(what.detectors.length === 0 ? [] : [what.detectors.join('、')]),
    ...(what.from === undefined ? [] : [`每周的部分时间，最早从${weekTime(what.from)}起`]),
  ];
  return `除控制台外，以下故障将无人知晓：${parts.join('；')}`;
}

function redisFinding({ code, level, facts }: StartupFinding): string {
  if (level === 'ok') return `${code}：正常`;
  if (level === 'unknown') return `${code}：Redis 未提供此信息，因此无法知道事件能否在重启后保留`;
  switch (code) {
    case 'redis-version':
      return `Redis ${textOf(facts['version'])} 低于机器人需要的版本（${textOf(facts['wanted'])}），请升级。`;
    case 'redis-append-only':
      return 'Redis 在重启或断电后不保留任何数据（appendonly 已关闭）：未解决的事件会丢失。请设置“appendonly yes”。';
    case 'redis-append-fsync':
      return 'Redis 把落盘交给操作系统（appendfsync no）：断电可能丢失半分钟的数据。请设置“appendfsync everysec”或“always”。';
    case 'redis-append-failing':
      return 'Redis 无法写入追加文件（AOF）：请检查其磁盘和日志。';
    case 'redis-eviction':
      return `Redis 在内存用尽时会丢弃键（maxmemory-policy ${textOf(facts['policy'])}）：任务和事件会消失。请设置“maxmemory-policy noeviction”。`;
    case 'redis-role':
      return '此 Redis 是副本，不接受写入：请将 redis.url 设为主节点。';
    default:
      return code;
  }
}

function textOf(value: FactValue | undefined): string {
  return value === undefined ? '?' : String(value);
}

export const setupZhCn: SetupWords = {
  trouble,
  fault: '错误',
  warning: '警告',
  checkedFine: (file) => `${file} 没有问题。`,
  checkedFaults: (faults, warnings) => `${faults} 处错误，${warnings} 处警告。`,
  checkedSum: (sum) =>
    `集群 ${sum.ensembles}，服务器 ${sum.servers}，人员 ${sum.people}，目的地 ${sum.destinations}，路由 ${sum.routes}`,
  unreadable: (file, reason) => `无法读取 ${file}：${reason}`,
  configKept: (file, faults) => `${file} 有 ${faults} 处错误，未被采用；机器人继续使用原有配置`,
  configTaken: (file) => `${file} 已重新读取并生效`,
  redisFinding,
  detectors: {
    defaults: '默认值',
    of: (ensemble) => `集群 ${ensemble}`,
    head: ['检测项', '级别', '持续', '阈值 [默认值的来源]'],
    overridden: '* 由配置设定，括号内为默认值',
    unknownEnsemble: (name, known) =>
      known.length === 0
        ? `没有集群“${name}”：请用 --config 指定配置文件。`
        : `没有集群“${name}”。现有：${known.join('、')}`,
    sources: {
      'awesome-alerts': 'samber/awesome-prometheus-alerts 项目',
      cloudera: 'Cloudera 的健康检查',
      huawei: '华为 MRS 告警参考',
      judgement: '我们的判断：没有人测量过，请按需设置',
      measured: '我们在真实集群上测得',
      nagios: 'ZooKeeper 仓库中的 Nagios 检查',
      'schema.ai': 'schema.ai 的指南',
      strimzi: 'Strimzi 的告警规则',
      zabbix: 'Zabbix 模板',
      zookeeper: 'ZooKeeper 的文档、告警文件和源码',
    },
  },
  cli: {
    detectors: '列出可识别的故障：生效的阈值、级别、持续时间和来源',
    detectorsEnsemble: '按配置中这个集群的设置显示',
    about: 'Apache ZooKeeper 的聊天运维机器人。',
    start: '启动机器人',
    slackGroup: '配置 Slack：slack manifest',
    slackManifest: '输出 Slack 应用清单，粘贴到 Slack 的创建应用页面即可',
    slackCommand: '斜杠命令的名称（/zk 已被占用时）',
    slackUrl: 'Slack 访问机器人的地址（HTTP 模式）；不填则使用 Socket Mode',
    configGroup: '查看配置文件：config check FILE',
    configCheck: '检查配置文件，并一次说出其中所有问题',
    configFile: '配置文件',
    envFile: '由 NAME=value 行组成的文件，与环境变量一同读取',
    noEnv: '允许这里没有设置的变量，只给出警告',
    json: '以 JSON 输出答复',
    command: '询问正在运行的机器人：status、incidents、show、ack、escalate、recover、help …',
    after:
      '其他命令都会发给正在运行的机器人，写法与聊天中相同：\n  nightkeeper status orders\n  nightkeeper ack 12\n  nightkeeper help\n环境变量：NIGHTKEEPER_URL（机器人的地址）、NIGHTKEEPER_TOKEN（您的身份）。',
    noBot: (url) =>
      `${url} 没有机器人应答。请用“nightkeeper start”启动，或将 NIGHTKEEPER_URL 设为其地址。`,
    wrongToken: (url) => `${url} 的机器人不认识您：请将 NIGHTKEEPER_TOKEN 设为配置中您的令牌。`,
    strangeAnswer: (url, status) =>
      `在 ${url} 应答的不是 Nightkeeper（HTTP ${status}）。请检查 NIGHTKEEPER_URL。`,
    lateAnswer: (url, seconds) =>
      `${url} 的机器人在 ${seconds} 秒内没有答复。它可能仍会执行：再次请求前请先查看。`,
    badUrl: (url) => `NIGHTKEEPER_URL 不是 http 地址：${url}`,
    notWritten: (file, reason) => `无法写入 ${file}：${reason}`,
    repeat: '若要继续，请带上原因重新输入：',
    reasonPlaceholder: '原因',
    confirm: (submit) => `${submit}？输入“是”以继续：`,
    yes: '是',
    notDone: '未执行任何操作。',
  },
};
