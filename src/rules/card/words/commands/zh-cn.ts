import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, numberOf, quorumOf, textOf } from '../facts.ts';
import type { CommandsWords } from './en.ts';

const { duration, ago } = commonZhCn;

function after(facts: Facts): string {
  const { voters, quorum } = quorumOf(facts);
  const left = numberOf(facts, 'after');
  const margin = numberOf(facts, 'margin');
  const name = textOf(facts, 'server');
  if (textOf(facts, 'role') === 'observer') return `${name} 是 observer，停止它不影响法定人数。`;
  if (flagOf(facts, 'lost'))
    return `法定人数已经不足。${name} 恢复后，${voters} 个投票节点中 ${numberOf(facts, 'capable')} 个可提供服务，需要 ${quorum} 个。`;
  const sum = `停止 ${name} 后：${voters} 个投票节点剩 ${left} 个，法定人数 ${quorum}，余量 ${margin}。`;
  return margin < 0 ? `${sum}在它恢复之前无法写入。` : sum;
}

export const commandsZhCn: CommandsWords = {
  about: {
    status: {
      about: '查看各集群状态；带集群名则查看其节点。',
      examples: ['状态', 'status orders'],
    },
    incidents: {
      about: '查看未恢复的故障；加 all 则包括已恢复的。',
      examples: ['故障', 'incidents orders', 'incidents all'],
    },
    show: { about: '查看一个故障：卡片和时间线。', examples: ['查看 12', 'show orders'] },
    ack: { about: '确认故障：由你处理，停止升级。', examples: ['确认 12', 'ack orders'] },
    unack: { about: '撤销确认：升级继续进行。', examples: ['撤销确认 12'] },
    escalate: {
      about: '立即呼叫升级名单上的下一批人员。',
      examples: ['升级 12', 'escalate orders'],
    },
    note: {
      about: '记录你所知道的情况：写入时间线和各聊天的话题。',
      examples: ['备注 12 中午更换了 zk2 的磁盘'],
    },
    resolve: {
      about: '对机器人已观测不到的故障，附原因手动标记为已恢复。',
      examples: ['resolve 12 zk9 已下线'],
    },
    oncall: {
      about: '谁在值班、到何时、下一位是谁。',
      examples: ['值班', 'oncall orders'],
    },
    silence: {
      about: '在一段时间内不为某集群、节点或某类故障呼叫任何人。',
      examples: [
        '静默 orders zk2 2h 更换磁盘',
        'silence orders member-down until 14:00 滚动重启',
        'silence #12 tomorrow 已知问题',
      ],
    },
    freeze: {
      about: '一段时间内不执行任何恢复操作，无论由人还是由机器人发起。',
      examples: ['freeze orders 2h 更换磁盘', 'freeze * until 14:00 机房施工'],
    },
    unfreeze: { about: '提前解除冻结，允许恢复操作。', examples: ['unfreeze orders'] },
    unsilence: { about: '提前结束静默：仍存在的故障会发出通知。', examples: ['unsilence 3'] },
    silences: { about: '查看静默：范围、由谁、原因、截止时间。', examples: ['silences'] },
    unlink: {
      about: '解除聊天账号与人员的关联；不带参数则列出全部。',
      examples: ['unlink', 'unlink slack:U012ABC'],
    },
    recover: {
      about:
        '先说明对法定人数的影响与计划，再重启、重新同步、清理快照、添加或移除节点，或运行已配置的命令。',
      examples: [
        '重启 orders zk2',
        'recover restart-server orders zk2 --reason "3 点起卡死" --confirm yes',
        'recover rolling-restart orders',
        'recover move-leader orders',
        'recover resync-server orders zk2 --dry-run',
        'recover purge-snapshots orders zk2 --keep 5',
        'recover add-member orders 4=10.0.0.4:2888:3888:participant;10.0.0.4:2181',
        'recover remove-member orders zk3',
        'recover kill-session orders 0x1000011cf1b0003',
        'recover drop-connection orders 0x1000011cf1b0003',
        'recover run-command orders zk2 threaddump',
      ],
    },
    backup: { about: '把集群的数据树备份到文件。', examples: ['备份 orders'] },
    backups: { about: '有哪些备份。', examples: ['backups', 'backups orders'] },
    doctor: {
      about:
        '机器人所需的一切是否就绪，有问题时说明下一步：全部、某个部分（slack、redis …）或重新查看一个集群。click：在每个聊天中发一张可点击的卡片。',
      examples: ['诊断', 'doctor orders', 'doctor slack', 'doctor click'],
    },
    drill: {
      about: '演练：重放一次录制的故障，处处标明演练，不对任何服务器做任何操作。',
      examples: ['演练', 'drill quorum-lost orders', 'drill stop orders'],
    },
    evidence: {
      about: '恢复操作执行前该节点的应答。',
      examples: ['证据 r-12', 'evidence r-12 mntr'],
    },
    approve: {
      about: '同意他人申请的恢复操作，先说明此后的变化。',
      examples: ['同意 r-12', 'approve r-12 --reason "已核实" --confirm yes'],
    },
    reject: {
      about: '驳回恢复操作的申请，不执行任何操作。',
      examples: ['驳回 r-12 先等磁盘恢复'],
    },
    abort: {
      about: '停止恢复操作：未开始的不再开始，执行中的不再继续，等待审批的撤回。',
      examples: ['停止 r-12', 'abort r-12 --reason "先处理磁盘"'],
    },
    auto: {
      about: '无人处理故障时机器人自动执行的操作；off/on 可对单个或全部集群关闭、开启。',
      examples: ['自动', 'auto off orders 更换磁盘', 'auto on'],
    },
    audit: {
      about: '谁做了什么决定、为什么，最新的在前；被拒绝的也在内。',
      examples: ['审计', '审计 orders', '审计 orders 50'],
    },
    export: { about: '把一个故障导出为 Markdown，用于复盘。', examples: ['导出 12'] },
    chart: {
      about: '绘制各节点某个指标的变化；只写集群名则列出可绘制的指标。',
      examples: ['图表 orders', 'chart orders latency 1h', 'chart 12', 'chart orders znodes 14d'],
    },
    help: { about: '查看全部命令或某个命令。', examples: ['帮助', 'help ack'] },
  },
  heads: {
    ensemble: '集群',
    health: '健康状况',
    voters: '在服务的投票节点',
    leader: 'Leader',
    open: '未恢复',
    seen: '探测于',
    incident: '故障',
    what: '内容',
    state: '状态',
    since: '开始',
    time: '时间',
    quorum: '法定人数',
    margin: '还可容忍',
    canary: '测试写入',
    version: '版本',
    connections: '连接数',
    silence: '静默',
    by: '由谁',
    reason: '原因',
    command: '命令',
    about: '作用',
    schedule: '值班表',
    onCall: '值班人',
    until: '至',
    next: '下一位',
  },
  onCall: {
    none: '没有配置值班表。请在 nightkeeper.yaml 的 onCall 中添加。',
    nobody: '无人',
    always: '始终',
    override: (schedule) => `${schedule}：当前由临时替班生效。`,
    fallback: (schedule) => `${schedule}：无人当值，显示的是后备人员。`,
    gap: (schedule) => `${schedule}：当前无人值班，升级时将直接通知下一级。`,
    strangers: (schedule, titles) =>
      `${schedule}：日历中的人员不在配置里：${commonZhCn.list(titles)}`,
    unread: (schedule, why) => `${schedule}：尚未读取日历${why === '' ? '' : `：${why}`}。`,
    stale: (schedule, ageMs, why) =>
      `${schedule}：无法读取日历（${why}），显示的是 ${ago(ageMs)}的副本。`,
  },
  none: '—',
  count: (part, whole) => `${part}/${whole}`,
  openCount: (count) => `${count} 个未恢复`,
  notSeen: '尚未探测',
  noEnsembles: '尚未配置集群，请在 nightkeeper.yaml 中添加。',
  noIncidents: '没有未恢复的故障。',
  openTitle: (count) => `有 ${count} 个未恢复的故障。`,
  noSilences: '没有静默。',
  silencesTitle: '静默',
  noIncidentsEver: '还没有发生过故障。',
  timelineTitle: '时间线',
  canaryWritten: (ms, agoMs) => `${ago(agoMs)}写入成功，用时 ${duration(ms)}`,
  canaryFailed: (agoMs) => `${ago(agoMs)}写入失败`,
  versions: (version, servers) => `${version}（${servers}）`,
  done: {
    ack: (id, title) => `故障 #${id} 由你处理：${title}`,
    joined: (id, needed) => `你已参与处理故障 #${id}；共需 ${needed} 人，仍会呼叫其他人。`,
    note: (id) => `已为故障 #${id} 添加备注。`,
    resolve: (id) => `故障 #${id} 已标记为已恢复。`,
    silence: (id, scope, untilMs) =>
      `${scope} 已静默至 ${commonZhCn.time(untilMs)}。提前结束：/zk unsilence ${id}`,
    silenceBeside: (id, scope, untilMs) =>
      `静默 ${id} 也涵盖其中一部分：${scope}，至 ${commonZhCn.time(untilMs)}。同时被两者涵盖的故障直到较晚的结束时间才会通知。`,
    freeze: (ensemble, untilMs) =>
      `${ensemble === '*' ? '所有集群' : ensemble} 在 ${commonZhCn.time(untilMs)} 之前不执行任何恢复操作。提前结束：/zk unfreeze ${ensemble}`,
    unfreeze: (ensemble) => `${ensemble === '*' ? '所有集群' : ensemble} 已允许执行恢复操作。`,
    freezes: { too: '且不执行恢复操作', only: '不执行恢复操作' },
    unsilence: (id, scope) => `${scope} 的静默 ${id} 已结束。`,
    unack: (id) => `已撤销对故障 #${id} 的确认，升级继续进行。`,
    escalate: (id, to) => `故障 #${id} 已升级至 ${commonZhCn.list(to)}。`,
    dryRun: (what, command) => `演练：现在允许${what}，将执行：${command}。没有执行任何操作。`,
    recover: (what, id) => `${what}：已开始（${id}），进展见卡片。`,
  },
  form: {
    title: (server) => `确定重启 ${server}？`,
    titleAll: (what, ensemble) => `确定对 ${ensemble} 执行：${what}？`,
    order: (servers) =>
      servers.length === 1
        ? `将重启当前的 leader：${commonZhCn.list(servers)}。`
        : `按当前情况依次重启：${servers.join('、')}。每一步都等其他节点全部同步正常，一有疑问即停止。`,
    now: (facts) => {
      const { voters, serving } = quorumOf(facts);
      return `共 ${voters} 个投票节点，当前 ${serving} 个在提供服务。`;
    },
    after,
    led: (facts) => (flagOf(facts, 'led') ? '它是 leader，重启会引发选举，期间写入暂停。' : ''),
    out: (facts) => (flagOf(facts, 'serves') ? '' : '它当前未提供服务，重启不会带来损失。'),
    standalone: (facts) =>
      flagOf(facts, 'standalone') ? '它是唯一的节点，恢复之前客户端将中断。' : '',
    runs: (command) => `将执行：${command}`,
    nobody: '没有其他人在处理这个集群的故障。',
    has: (name, id, atMs) => `${name} 自 ${commonZhCn.time(atMs)} 起在处理该集群的故障 #${id}。`,
    acts: (what, name, atMs) => `${what}：${name} 于 ${commonZhCn.time(atMs)} 发起。`,
    dryRun: '演练：只做安全检查并显示将执行的命令，不实际执行',
    reason: '原因（写入审计记录）',
    submit: '重启',
    cancel: '取消',
  },
  silenceForm: {
    title: (scope) => `静默 ${scope}？`,
    about: '静默期间不通知任何人，卡片上会注明。',
    forLabel: '静默多久？',
    for: { '30m': '30 分钟', '2h': '2 小时', '8h': '8 小时', tomorrow: '到明天 9:00' },
    untilLabel: '或者到以下时间（优先于上面的选择）',
    until: (untilMs) => `在 ${commonZhCn.time(untilMs)} 之前不通知任何人。`,
    reasonLabel: '原因（所有人可见）',
    submit: '静默',
    cancel: '取消',
    danger: false,
  },
  noteForm: {
    title: (id) => `故障 #${id} 的备注`,
    reasonLabel: '要让大家知道什么？会写入时间线和各聊天的话题',
    submit: '保存备注',
    cancel: '取消',
    danger: false,
  },
  resolveForm: {
    title: (id) => `将故障 #${id} 标记为已恢复？`,
    reasonLabel: '原因（写入时间线）',
    submit: '标记为已恢复',
    cancel: '取消',
    danger: false,
  },
  link: {
    offer:
      '或者自行关联此账号：登录控制台，确认是你本人，刚才的操作随即执行。链接只能用一次，15 分钟内有效。',
    label: '关联账号',
  },
  accounts: {
    none: '没有自行关联的账号（配置中的账号不在此列）。',
    heads: { account: '账号', person: '人员', since: '时间' },
    removed: (account) => `已解除 ${account} 的关联。`,
    missing: (account) => `${account} 没有关联任何人。`,
  },
  help: {
    usage: '写法',
    aliases: '别名',
    role: '所需权限',
    examples: '示例',
    more: '查看某个命令：/zk help <命令>',
  },
};
