import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, quorumOf, textOf } from '../facts.ts';
import type { RefusalText } from './en.ts';
import { orderLine } from './order-line.ts';

const { duration, list, time } = commonZhCn;

function ensemble(facts: Facts): string {
  const id = textOf(facts, 'ensemble');
  return id === '' ? '该集群' : `集群 ${id} `;
}

function server(facts: Facts): string {
  return textOf(facts, 'server') || '该节点';
}

function wouldBreak(facts: Facts): string {
  const { voters, quorum } = quorumOf(facts);
  const after = numberOf(facts, 'after', numberOf(facts, 'serving') - 1);
  return `停止 ${server(facts)} 后，${voters} 个投票节点只剩 ${after} 个，而法定人数是 ${quorum}：将无法写入。`;
}

const notHelping: Readonly<Record<string, (facts: Facts) => string>> = {
  'quorum-lost': (facts) =>
    `法定人数不足，而 ${server(facts)} 并不是出故障的节点，重启它无济于事。`,
  'no-leader-to-copy': (facts) =>
    `法定人数不足：没有 leader 可供 ${server(facts)} 获取数据，此时清空节点可能毁掉最后一份数据。`,
  'reconfigure-without-quorum': () => '法定人数不足时无法变更成员，这不是摆脱困境的办法。',
  'not-enough': (facts) =>
    `即使 ${server(facts)} 恢复，能提供服务的投票节点也只有 ${numberOf(facts, 'capable')} 个，需要 ${quorumOf(facts).quorum} 个。`,
  'disk-full': (facts) =>
    `${server(facts)} 的磁盘已满${textOf(facts, 'path') === '' ? '' : `（${textOf(facts, 'path')}）`}：重启后会再次退出。`,
  'bot-cut-off': (facts) =>
    `只有机器人连不上 ${server(facts)}，leader 仍将其计为已同步：它本身没有问题。`,
  unreachable: (facts) =>
    `机器人和 leader 都连不上 ${server(facts)}：是主机或网络故障，重启进程无济于事。`,
  'network-split': (facts) =>
    `${list(listOf(facts, 'pairs'))} 之间的网络已断：重启后的节点找不到其他节点。`,
  certificate: (facts) =>
    `${server(facts)}（端口 ${numberOf(facts, 'port')}）的证书已于 ${time(numberOf(facts, 'notAfterMs'))} 到期：重启不会更新证书。`,
  'out-of-memory': (facts) =>
    `${server(facts)} 的堆内存已满（${numberOf(facts, 'percent')} %）：重启后会把同样的数据装入同样大小的堆。`,
  overload: (facts) =>
    `${server(facts)} 的请求超出处理能力：重启只会把客户端推给其他节点，使其相继过载。`,
  'wrong-data': (facts) => `${server(facts)} 的数据与其他节点不一致：重启只会再次读取同样的文件。`,
};

const helping: Readonly<Record<string, (facts: Facts) => string>> = {
  'disk-full': () =>
    '请先释放其磁盘空间：先清理进程日志，再清理旧快照（/zk recover purge-snapshots）。空间恢复后卡片会关闭。',
  'bot-cut-off': () => '请修复机器人与该节点之间的网络。',
  unreachable: () => '请检查其主机：电源、网络、交换机。如进程未运行，请在主机上启动。',
  'network-split': () => '请先修复这些节点之间的网络（选举端口和仲裁端口）。',
  certificate: () => '请更新其证书文件，然后用滚动重启逐个加载。',
  'out-of-memory': () => '请在所有节点上调大 -Xmx 或减少数据，然后用滚动重启使其生效。',
  overload: (facts) =>
    `请停止或限制请求过多的客户端${textOf(facts, 'address') === '' ? '' : `（${textOf(facts, 'address')}）`}。`,
  'wrong-data': () =>
    '请查明谁的数据正确，再让它从 leader 重新获取全部数据：/zk recover resync-server。',
};

const orderWords: Readonly<Record<string, string>> = {
  restart: '重启节点',
  stop: '停止节点',
  start: '启动节点',
  exec: '在节点所在机器上运行程序',
};

export const recoveryRefusalsZhCn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'no-executor'
  | 'no-order'
  | 'unknown-session'
  | 'own-session'
  | 'no-connection'
  | 'reason-missing'
  | 'not-confirmed'
  | 'would-break-quorum'
  | 'would-not-help'
  | 'recovery-running'
  | 'others-out'
  | 'nothing-to-do'
  | 'cooling-down'
  | 'electing'
  | 'blind'
  | 'redis-unavailable'
  | 'backup-off'
  | 'backup-running'
  | 'busy'
> = {
  'no-executor': (facts) => ({
    text: `机器人没有重启${ensemble(facts)}节点的途径。`,
    next: '请管理员在配置文件中为该集群添加 restart。',
  }),
  'unknown-session': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 中没有节点知道会话 ${textOf(facts, 'session')}${listOf(facts, 'blind').length === 0 ? '' : `（${listOf(facts, 'blind').join('、')} 没有应答）`}。`,
    next: '会话号见 cons，例如 0x1000011cf1b0003；它可能已自行结束。必须允许 cons 和 dump。',
  }),
  'own-session': (facts) => ({
    text: `${textOf(facts, 'session')} 是机器人自己的会话。`,
    next: '请从 cons 中选择客户端的会话号。',
  }),
  'no-connection': (facts) => ({
    text: `${textOf(facts, 'session')} 没有连接：它的客户端不在线。`,
    next: '等待其过期，或结束它：recover kill-session。',
  }),
  'no-order': (facts) => ({
    text: `机器人没有${orderWords[textOf(facts, 'order')] ?? '这样做'}的途径（${textOf(facts, 'ensemble')}）。`,
    next: `请管理员在该集群的 restart 中添加：${orderLine(textOf(facts, 'order'))}`,
  }),
  'reason-missing': () => ({
    text: '恢复操作必须填写原因，原因会写入审计记录。',
    next: '请加上：--reason "原因"',
  }),
  'not-confirmed': () => ({
    text: '未确认，因此没有执行任何操作。',
    next: '请加上：--confirm yes',
  }),
  'would-break-quorum': (facts) => ({
    text: wouldBreak(facts),
    next:
      listOf(facts, 'missing').length === 0
        ? '请等待另一个投票节点完成同步。'
        : `请先恢复：${list(listOf(facts, 'missing'))}。`,
  }),
  'would-not-help': (facts) => ({
    text: notHelping[textOf(facts, 'why')]?.(facts) ?? `重启 ${server(facts)} 无法恢复法定人数。`,
    next:
      helping[textOf(facts, 'why')]?.(facts) ??
      (listOf(facts, 'missing').length === 0
        ? '请检查节点之间的网络和各节点日志。'
        : `请先恢复：${list(listOf(facts, 'missing'))}。`),
  }),
  'recovery-running': (facts) => ({
    text: `${ensemble(facts)}正在执行另一个恢复操作${textOf(facts, 'recovery') === '' ? '' : `（${textOf(facts, 'recovery')}）`}，同一时间只能有一个。`,
    next: '请等它结束，结果会显示在卡片上。',
  }),
  'others-out': (facts) => ({
    text: `${list(listOf(facts, 'out'))} 未同步或未提供服务；只有在其他节点全部正常时才逐个操作。`,
    next: '请先恢复它，或只重启它。',
  }),
  'nothing-to-do': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 没有可操作的节点，或当前没有 leader。`,
    next: '请查看集群状态。',
  }),
  'cooling-down': (facts) => ({
    text: `${server(facts)} 刚重启过不久${numberOf(facts, 'cooldownMs') === 0 ? '' : `，两次重启之间至少间隔 ${duration(numberOf(facts, 'cooldownMs'))}`}。`,
    next:
      numberOf(facts, 'untilMs') === 0
        ? '请先看日志：第一次重启没有解决的问题，再重启一次通常也没用。'
        : `最早可在 ${time(numberOf(facts, 'untilMs'))} 再试，期间请先看日志。`,
  }),
  electing: (facts) => ({
    text: '集群正在选举 leader。',
    next:
      numberOf(facts, 'untilMs') === 0
        ? '请稍后再看。'
        : `选举通常不到一秒；如果到 ${time(numberOf(facts, 'untilMs'))} 仍没有 leader，请重试。`,
  }),
  blind: (facts) => ({
    text: `机器人看不清${ensemble(facts)}的状态，无法判断操作是否安全：${quorumOf(facts).voters} 个投票节点中只有 ${numberOf(facts, 'seen')} 个有回应。`,
    next: '请检查机器人到各节点的网络，然后重试。',
  }),
  'redis-unavailable': () => ({
    text: '机器人无法访问其存储（Redis），因此没有执行任何操作。',
    next: '请稍后重试；如持续失败，请检查 Redis。',
  }),
  busy: () => ({
    text: '多人同时修改了这里，因此没有执行任何操作。',
    next: '请重新查看后再试一次。',
  }),
  'backup-off': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 没有配置备份。`,
    next: `请管理员在配置中添加：ensembles.${textOf(facts, 'ensemble')}.backup: { dir: /var/backups/nightkeeper, every: 24h }`,
  }),
  'backup-running': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 正在备份。`,
    next: `查看进度：backups ${textOf(facts, 'ensemble')}`,
  }),
};
