import type { Facts } from '../../../../model/finding.ts';
import { actionsZhCn } from '../actions/zh-cn.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { numberOf } from '../facts.ts';
import type { CardWords } from './en.ts';

const { duration, list, time, via } = commonZhCn;

const outcomes: Readonly<Record<string, (facts: Facts) => string>> = {
  'executor-failed': (facts) => {
    const code = numberOf(facts, 'exitCode', -1);
    return code < 0
      ? '命令被信号终止，输出随恢复操作保存'
      : `命令执行失败，退出码 ${code}，输出随恢复操作保存`;
  },
  'executor-timeout': (facts) =>
    `命令在 ${duration(numberOf(facts, 'timeoutMs'))}内未结束，已被终止`,
  'executor-unavailable': () => '命令无法启动',
  'executor-lost': () => '与机器的连接中途断开，之后该服务器未恢复同步服务：请查看这台机器',
  'executor-host-key-unknown': () =>
    '该机器不在 known_hosts 文件中，未执行任何命令：请核对其密钥后添加',
  'executor-host-key-changed': () =>
    '该机器的 SSH 主机密钥与受信任的不一致，未执行任何命令：请先查明原因再信任',
  'executor-login-refused': () => '该机器拒绝机器人的 SSH 密钥登录，未执行任何命令',
  'executor-sudo-password': () => 'sudo 需要密码：请在 sudoers 中为这一条命令免密（NOPASSWD）',
  'executor-no-program': () => '该机器上没有命令所用的程序',
  'executor-no-pod': () => 'Kubernetes 中没有这个 Pod，未执行任何操作：请更正 restart.kubernetes',
  'executor-no-api': () => '无法访问 Kubernetes API，未执行任何操作：请检查进入集群的方式是否正确',
  'executor-api-login': () =>
    'Kubernetes API 不认识机器人，未执行任何操作：请更新其令牌或 kubeconfig',
  'executor-api-forbidden': () =>
    '机器人在 Kubernetes 中无此权限，未执行任何操作：请在其 Role 中添加相应动词（见执行器文档）',
  'executor-api-tls': () => 'Kubernetes API 的证书不受 kubeconfig 信任，未执行任何操作',
  'executor-no-container': () =>
    'Docker 引擎中没有这个容器，未执行任何操作：请更正 restart.docker.container',
  'executor-container-stopped': () => '容器未在运行，无法在其中执行程序：请先启动它',
  'executor-no-engine': () => 'Docker 引擎没有响应，未执行任何操作：请检查它是否运行、地址是否正确',
  'executor-engine-forbidden': () =>
    '机器人无权使用 Docker 引擎，未执行任何操作：请允许其用户访问该套接字',
  'executor-engine-tls': () =>
    'Docker 引擎与机器人互不信任，未执行任何操作：请检查 restart.docker 的证书',
  'same-leader': () => '该节点已恢复服务，但再次当选 leader：请查看其他节点为何落选',
  overtaken: () => '没有进程在处理它，而另一项恢复操作已经开始：请查看各节点',
  'no-effect': () => '命令正常结束，但服务器并未重启：请检查命令实际做了什么',
  'not-verified': () => '命令已执行成功，但节点未恢复服务或未完成同步，请查看其日志',
};

export const cardZhCn: CardWords = {
  buttons: {
    acknowledge: '确认',
    stillOnIt: '仍在处理',
    unacknowledge: '撤销确认',
    resolve: '标记为已恢复…',
    silence: '静默…',
    note: '备注…',
    chart: '图表',
    unsilence: '解除静默',
    escalate: '升级',
    restart: (server) => `重启 ${server}`,
    timeline: '时间线',
    runbook: '处置手册',
    open: '在控制台打开',
  },
  escalateConfirm: {
    title: '确定升级？',
    text: (id) => `将立即呼叫故障 #${id} 升级名单上的下一批人员。`,
    yes: '立即呼叫',
    no: '暂不',
  },
  labels: {
    meaning: '影响',
    advice: '处置',
    evidence: '证据',
    symptoms: '由此引起',
    incident: (id) => `故障 #${id}`,
  },
  lag: (transactions) => (transactions === 0 ? '已同步' : `落后 ${transactions} 个事务`),
  symptomOver: (text) => `${text}（已恢复）`,
  since: (atMs) => `始于 ${time(atMs)}`,
  silenced: (untilMs, name, reason) => `${name} 已静默至 ${time(untilMs)}：${reason}`,
  flapping: (times, withinMs) => `反复出现：${duration(withinMs)}内 ${times} 次`,
  again: (times) => `再次出现：第 ${times} 次`,
  unseen: (sinceMs) => `自 ${time(sinceMs)} 起未再观测到：无法判断是否仍存在`,
  left: (sinceMs) => `自 ${time(sinceMs)} 起未再观测到：已不在配置中`,
  expired: (atMs) => `${time(atMs)} 已过期（并非恢复）`,
  freezeOver: '可以执行恢复操作了。',
  silenceOver: '所涵盖的故障恢复通知。',
  expiredMeaning: '已无法再观测到该故障，不能判断它是否已消失。',
  expiredAdvice: '请自行核实；若再次观测到，会发出新卡片。',
  joined: (names, needed) => `${list(names)} 已在处理，共需 ${needed} 人`,
  joinedBy: (names) => `协同：${list(names)}`,
  reminded: (atMs) => `${time(atMs)} 已询问是否仍在处理`,
  hadBy: (name, untilMs, lapsed) =>
    lapsed ? `${name} 处理至 ${time(untilMs)}，之后未回应` : `${name} 处理至 ${time(untilMs)}`,
  quiet: '未呼叫值班：等待其自行恢复',
  warning: '警告：不呼叫值班，请择机处理',
  forTheRecord: '仅作记录，不呼叫值班',
  paged: (atMs) => `${time(atMs)} 已呼叫值班，尚无人确认`,
  acknowledged: ({ name, via: way, atMs }) => `${name} 于 ${time(atMs)} 通过${pad(via(way))}确认`,
  escalated: (to, by, atMs) =>
    `${time(atMs)} ${by === '' ? '自动' : `由 ${by} `}升级至 ${list(to)}`,
  called: (to) => `已呼叫 ${list(to)}`,
  calledAgain: (times) => `已再次呼叫 ${times} 次`,
  nobodyOnCall: (schedules) => `${list(schedules)} 当前无人值班`,
  noContact: (name) => `${name}（配置中没有联系方式，请自行通知）`,
  resolved: (atMs, lastedMs) => `${time(atMs)} 已恢复，持续 ${duration(lastedMs)}`,
  resolvedBy: ({ name, via: way, atMs }, lastedMs) =>
    `${name} 于 ${time(atMs)} 通过${pad(via(way))}标记为已恢复，持续 ${duration(lastedMs)}`,
  handledBy: (name) => `处理人：${name}`,
  nobodyCalled: '未呼叫任何人',
  folded: (into) => `已并入故障 #${into}`,
  gone: '故障已消失。',
  goneAdvice: '现在无需处理，经过见时间线。',
  closedByHand: '由人工关闭；若故障再次出现，会发出新卡片。',
  foldedMeaning: (into) => `该故障由另一故障引起：故障 #${into}。`,
  foldedAdvice: (into) => `请在故障 #${into} 中继续处理。`,
  action: actionsZhCn.name,
  outcome: (code, facts) =>
    Object.hasOwn(outcomes, code) ? outcomes[code]?.(facts) : actionsZhCn.outcome(code, facts),
  recovery: {
    running: (what, { name, via: way }, reason) =>
      `${what}：执行中，由 ${name} 通过${pad(via(way))}发起，原因：${reason}`,
    verifying: (what, { name, via: way }) =>
      `${what}：已执行，由 ${name} 通过${pad(via(way))}发起，等待其恢复服务并完成同步`,
    succeeded: (what, { name, via: way }) =>
      `${what}：成功，由 ${name} 通过${pad(via(way))}发起，已恢复服务并完成同步`,
    failed: (what, { name, via: way }, why) =>
      `${what}：失败，由 ${name} 通过${pad(via(way))}发起：${why}`,
    progress: (bar, done, total, server) =>
      `${bar} 已完成 ${done}/${total}${server === '' ? '' : `，正在处理 ${server}`}`,
    worked: (what, { name, via: way }, how) =>
      `${what}：成功，由 ${name} 通过${pad(via(way))}发起，${how}`,
    phase: (bar, done, total, text) =>
      `${bar} 已完成 ${done}/${total} 步${text === '' ? '' : `，当前：${text}`}`,
    rolled: (what, { name, via: way }, done) =>
      `${what}：成功，由 ${name} 通过${pad(via(way))}发起，已重启 ${done} 个节点，全部同步正常`,
    unexplained: '详见审计记录',
  },
  thread: {
    paged: (title) => `请处理：${title}`,
    named: (title) => `已找到原因：${title}`,
    escalated: (to, by) =>
      by === '' ? `尚无人确认，升级至 ${list(to)}。` : `${by} 呼叫 ${list(to)}。`,
    again: (times) => `再次出现，第 ${times} 次。`,
    unsilenced: (title) => `静默已结束，故障仍在：${title}`,
    worse: (title) => `情况恶化，现为紧急：${title}`,
    reminder: (name, title) =>
      `${name}，是否仍在处理？请点击“仍在处理”，否则将退回给所有人：${title}`,
    lapsed: (name, title) => `${name} 未回应，目前无人处理，请查看：${title}`,
    note: (name, text) => `${name}：${text}`,
    has: (name, way) => `${name} 已通过${pad(via(way))}接手处理。`,
    gaveBack: (name) => `${name} 已放手，目前无人处理。`,
    expired: (title, sinceMs) =>
      `已过期（并非恢复）${sinceMs === undefined ? '' : `，自 ${time(sinceMs)} 起未再观测到`}：${title}`,
    called: (to) => `已呼叫 ${list(to)}。`,
    callAgain: (to, times) => `仍无人确认，再次呼叫 ${list(to)}（第 ${times} 次）。`,
    nobodyOnCall: (schedules) => `${list(schedules)} 当前无人值班。`,
    resolved: (title, lastedMs) => `已恢复，持续 ${duration(lastedMs)}：${title}`,
    folded: (into) => `已并入故障 #${into}。`,
  },
  timeline: {
    triggered: (title) => `发现：${title}`,
    observed: (title) => `变化：${title}`,
    recognised: (title) => `判明为：${title}`,
    paged: '呼叫值班',
    acknowledged: (name, way) => `${name} 通过${pad(via(way))}确认`,
    unacknowledged: (name, way) => `${name} 通过${pad(via(way))}撤销确认`,
    lapsed: '未回应，确认已撤销',
    joined: (name, way) => `${name} 通过${pad(via(way))}参与处理，还需更多人`,
    reminded: '已询问是否仍在处理',
    noted: (name, text) => `${name}：${text}`,
    unseen: (sinceMs) => `自 ${time(sinceMs)} 起未再观测到`,
    silenced: (untilMs, name, reason) => `${name} 静默至 ${time(untilMs)}：${reason}`,
    unsilenced: '静默解除',
    seenAgain: '再次观测到',
    expired: '已过期（并非恢复）',
    reopened: (title) => `再次出现：${title}`,
    escalated: (to, by) => `${by === '' ? '自动' : `由 ${by} `}升级至 ${list(to)}`,
    called: (to) => `呼叫 ${list(to)}`,
    again: (to, times) => `再次呼叫 ${list(to)}（第 ${times} 次）`,
    folded: (into) => `并入故障 #${into}`,
    resolved: '恢复',
    resolvedBy: (name, way) => `${name} 通过${pad(via(way))}标记为已恢复`,
  },
};

/** Chinese sets spaces around Latin words, and none around its own. */
function pad(word: string): string {
  return /^[\p{ASCII}]+$/u.test(word) ? ` ${word} ` : word;
}
