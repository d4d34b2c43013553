import type { Facts } from '../../../../model/finding.ts';
import type { NotSeenWhy } from '../../../../model/not-seen.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { thousands } from '../figures.ts';
import type { CodesOf, SaidOfCheck, WordsOfChecks } from './said.ts';

const { ago, duration, list, via } = commonZhCn;

function off(f: Facts): string {
  const skewMs = numberOf(f, 'skewMs');
  return `${skewMs >= 0 ? '快' : '慢'} ${duration(Math.abs(skewMs))}`;
}

/** `API 调用 16 / 5,000` */
function quota(f: Facts): string {
  const what = textOf(f, 'meter').endsWith('messages') ? '消息' : 'API 调用';
  return `${what} ${thousands(numberOf(f, 'used'))} / ${thousands(numberOf(f, 'max'))}`;
}

function unlooked(f: Facts): string {
  const ageMs = numberOf(f, 'ageMs', -2);
  if (ageMs < -1) return textOf(f, 'detail');
  return ageMs < 0 ? '还没有查看过' : `上次查看在${ago(ageMs)}`;
}

const setClock = '请用 chrony 或 systemd-timesyncd 校时：timedatectl set-ntp true';

export const ownChecksZhCn: WordsOfChecks<
  CodesOf<'bot' | 'chat' | 'timed' | 'check' | 'quota' | 'click' | 'clock'>
> = {
  'bot-runs': (f) => ({ text: `机器人在 ${textOf(f, 'url')} 运行` }),
  'bot-absent': (f) => ({
    text: `${textOf(f, 'url')} 没有机器人应答；以下仅按配置检查`,
    next: '启动：nightkeeper start -c nightkeeper.yaml',
  }),
  'bot-sees': () => ({ text: '按时查看' }),
  'bot-blind': (f) => ({
    text: `未被查看：${unlooked(f)}`,
    next: '请查看 Redis 与机器人的日志；服务器本身可能正常。',
  }),
  'chat-connected': () => ({ text: '已连接' }),
  'chat-away': (f) => ({
    text: `未连接：${textOf(f, 'reason')}`,
    next: '请看下面关于该聊天工具的说明；机器人会自行重试。',
  }),
  'timed-out': (f) => ({
    text: `${duration(numberOf(f, 'afterMs'))}内未能完成检查`,
    next: '请再问一次。若一直如此，途中有设备丢弃数据包而不是拒绝连接。',
  }),
  'check-failed': (f) => ({
    text: `无法检查：${textOf(f, 'reason')}`,
    next: '机器人的日志有更多说明。',
  }),
  'quota-left': (f) => ({
    text: `本月已用 ${quota(f)}`,
  }),
  'quota-short': (f) => ({
    text: `本月已用 ${quota(f)}`,
    next: '用尽后卡片改走路由的下一个去处。更高版本的钉钉额度更多，请在 dingtalk.quota 中写明。',
  }),
  'quota-over': (f) => ({
    text: `本月额度已用尽：${quota(f)}`,
    next: '下月一日之前这里收不到任何消息。更高版本的钉钉额度更多，请在 dingtalk.quota 中写明。',
  }),
  'quota-organisation': () => ({
    text: '钉钉表示本月的调用额度已用尽，由企业内所有应用共同用掉',
    next: '下月一日之前这里收不到卡片；需要呼叫的故障改发到路由的后备目的地。钉钉后台可以看到哪个应用在用；更高版本额度更多。',
  }),
  'click-posted': () => ({
    text: '测试卡片已发出；还没有人点击按钮',
    next: '请点击。已经点过？那么点击没有到达机器人：Slack 应用的 Interactivity & Shortcuts 与 Socket Mode（或 Request URL）必须打开；钉钉机器人的消息接收模式须为 Stream 模式，且版本已发布。',
  }),
  'click-came-back': (f) => ({
    text: `${textOf(f, 'name')} 的点击已从${via(textOf(f, 'via'))}回到机器人，距卡片发出 ${duration(numberOf(f, 'afterMs'))}${textOf(f, 'stranger') === '' ? '' : `（${textOf(f, 'stranger')} 不在配置中）`}`,
  }),
  'click-missing': (f) => ({
    text: `${duration(numberOf(f, 'waitedMs'))}内没有点击回到机器人`,
    next: '若确实有人点击，那么点击没有到达机器人：Slack 应用的 Interactivity & Shortcuts 与 Socket Mode（或 Request URL）必须打开；钉钉机器人的消息接收模式须为 Stream 模式，且版本已发布。',
  }),
  'click-not-posted': (f) => ({
    text: `测试卡片发送失败：${textOf(f, 'reason')}`,
    next: '请看诊断对该聊天工具的说明：/zk doctor',
  }),
  'clock-redis': (f) => ({
    text: `Redis 的时钟与机器人一致（${numberOf(f, 'skewMs')} ms）`,
  }),
  'clock-redis-off': (f) => ({
    text: `Redis 的时钟比机器人${off(f)}`,
    next: `在两台主机上。${setClock}`,
  }),
  'clock-replicas': (f) => ({ text: `${numberOf(f, 'count')} 个机器人的时钟一致` }),
  'clock-replica-off': (f) => ({
    text: `这个机器人的时钟比其他的${off(f)}`,
    next: `在该主机上。${setClock}`,
  }),
  'clock-servers': (f) => ({
    text: `${numberOf(f, 'count')} 台服务器的时钟与机器人一致`,
  }),
  'clock-server-off': (f) => ({
    text: `时钟比机器人${off(f)}，误差 ${duration(numberOf(f, 'errorMs'))}`,
    next: flagOf(f, 'isEverybody')
      ? `所有服务器都与机器人不同：问题在本机。${setClock}`
      : `在该主机上。${setClock}`,
  }),
};

const what: Readonly<Record<string, string>> = {
  words: '部分四字命令被拒绝',
  admin: 'AdminServer 无应答',
  session: '没有可用会话',
  machine: '未查看其主机',
  'machine-part': '主机的部分信息看不到',
  log: '未读取日志',
  'jvm-pauses': '未统计 JVM 停顿',
  'old-version': '该版本不提供全部信息',
  tree: '没有遍历 znode 树',
};

const failed: Readonly<Record<string, string>> = {
  refused: '连接被拒绝',
  reset: '连接被重置',
  timeout: '超时未应答',
  unresolved: '主机名无法解析',
  unreachable: '没有到该主机的路由',
  'not-allowed': '不允许',
  'not-serving': '在运行，但不提供服务',
  garbled: '应答无法解读',
  tls: 'TLS 握手失败',
  'no host probe': '未配置查看方式',
  'no server serves': '没有服务器在提供服务',
};

const why: Readonly<Record<NotSeenWhy, (said: string) => string>> = {
  words: (said) => `不允许：${said.replaceAll(', ', '、')}`,
  failed: (said) => failed[said] ?? said,
  'not-configured': () => '未配置',
  gap: (said) => said,
  'no-log': () => '找不到日志',
  'no-crawl': () => '未配置 crawl',
  'crawl-cut': (said) => `达到上限 ${said}，提前结束`,
  'old-version': (said) => `ZooKeeper ${said} 不报告`,
  'no-monitor': () => '停顿监视未打开',
};

function because(f: Facts): string {
  const said: Readonly<Record<string, (said: string) => string>> = why;
  return said[textOf(f, 'why')]?.(textOf(f, 'said')) ?? textOf(f, 'why');
}

/** A gap: whose, why, what it costs, and the line that closes it. */
function notSeen(f: Facts): SaidOfCheck {
  return {
    text: [
      `${list(listOf(f, 'servers'))}：${what[textOf(f, 'what')] ?? ''}（${because(f)}）。`,
      ...(listOf(f, 'detectors').length === 0
        ? []
        : [`因此无法识别或只能较晚识别：${list(listOf(f, 'detectors'))}`]),
    ].join(''),
    next:
      textOf(f, 'where') === ''
        ? '只有升级 ZooKeeper 才能改变。'
        : textOf(f, 'where') === 'zoo.cfg'
          ? `请写入各服务器的 zoo.cfg，然后逐台重启：${textOf(f, 'line')}`
          : `请在 ${textOf(f, 'where')} 中写入：${textOf(f, 'line')}`,
  };
}

export const zookeeperChecksZhCn: WordsOfChecks<CodesOf<'zk'>> = {
  'zk-seen': (f) => ({
    text: [
      `应答 ${listOf(f, 'words').join('、') || '无'}`,
      flagOf(f, 'hasAdmin') ? 'AdminServer 可用' : 'AdminServer 不可用',
      numberOf(f, 'sessionMs', -1) < 0 ? '没有会话' : `会话用时 ${numberOf(f, 'sessionMs')} ms`,
    ].join('；'),
  }),
  'zk-not-seen': notSeen,
  'zk-not-walked': notSeen,
  'zk-walk-failed': (f) => ({
    text: `最近一次遍历 znode 树没有结果：${failed[textOf(f, 'detail')] ?? textOf(f, 'detail')}`,
    next: '每 20 秒会重试一次。若一直如此：先看这里对各服务器的检查结果，或在 nightkeeper.yaml 中减少请求：crawl: { requestsPerSecond: 20 }',
  }),
  'zk-away': (f) => ({
    text: `没有应答：${failed[textOf(f, 'reason')] ?? textOf(f, 'reason')}${textOf(f, 'detail') === '' ? '' : `（${textOf(f, 'detail')}）`}`,
    next: '它在运行吗？地址对吗？在机器人所在主机上试：echo srvr | nc HOST PORT',
  }),
  'zk-canary': (f) => ({
    text: `已写入 /nightkeeper-canary，用时 ${numberOf(f, 'tookMs')} ms`,
  }),
  'zk-canary-off': () => ({
    text: '探测写入已关闭：客户端无法写入时发现较晚',
    next: '请在 nightkeeper.yaml 中写入：sensors: { canary: true }',
  }),
  'zk-canary-denied': (f) => ({
    text: `机器人无权写入 /nightkeeper-canary：${textOf(f, 'detail')}`,
    next: '用 zkCli.sh 以有权限的身份执行：create /nightkeeper-canary "" world:anyone:cdrwa',
  }),
  'zk-canary-failed': (f) => ({
    text: `无法写入：${textOf(f, 'detail')}`,
    next: '是否有多数派？/zk status',
  }),
  'zk-no-time': (f) => ({
    text: `时间不够，还有 ${numberOf(f, 'count')} 个集群未查看`,
    next: `请单独询问：/zk doctor ${textOf(f, 'first')}`,
  }),
};
