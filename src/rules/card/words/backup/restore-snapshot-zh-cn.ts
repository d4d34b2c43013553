import type { SnapshotRestoreRefusal } from '../../../../model/snapshot.ts';
import { bytes, thousands } from '../figures.ts';
import type { RestoreSnapshotWords } from './restore-snapshot-en.ts';

const faults: Readonly<Record<string, string>> = {
  cut: '文件不完整，缺少结尾。未发送任何内容',
  sum: '校验和不符：文件已损坏或被改动。未发送任何内容',
  strange: '不是“backup --snapshot”写出的 ZooKeeper 快照。未发送任何内容',
  old: '没有记录最后的事务：节点写出时未设置 serializeLastProcessedZxid.enabled=true。未发送任何内容',
  io: '无法读取',
  sha256: 'sha256 不一致。未发送任何内容',
};

const failures: Readonly<Record<string, string>> = {
  'too-old': '该版本没有此命令，ZooKeeper 3.9 才有',
  off: '恢复功能已关闭：请设置 admin.restore.enabled=true',
  login: '需要另一个登录身份：请把集群的“login”设为对 / 拥有全部权限的用户',
  'too-often': '刚刚接收过一份；默认每五分钟一份（admin.rateLimiterIntervalInMS）',
  failed: '未能接收快照，原因见该节点日志（需要 serializeLastProcessedZxid.enabled=true）',
  away: '连接中断',
  changed: '发送期间文件被改动',
  'other-zxid': '返回的最后事务与快照不一致',
};

function refusal(why: SnapshotRestoreRefusal): string {
  switch (why.kind) {
    case 'no-admin':
      return `${why.servers.join('、')}：配置中没有 AdminServer。每个节点都必须得到同一份快照：请设置节点的“admin”。`;
    case 'away':
      return `无法询问：${why.servers.map(({ id, why: detail }) => `${id}（${detail}）`).join('；')}。每个节点都必须得到同一份快照，因此全部都要应答。`;
    case 'too-old':
      return `版本过旧：${why.servers.map(({ id, version }) => `${id}（${version || '?'}）`).join('、')}。ZooKeeper 3.9 起才能通过 AdminServer 恢复；更早的版本请停止全部节点后放置文件：docs/backup.md。`;
    case 'not-serving':
      return `未提供服务：${why.servers.map(({ id, mode }) => `${id}（${mode}）`).join('、')}。`;
    case 'not-one':
      return `这些节点不是只有一个 leader 的同一集群：${why.servers.map(({ id, mode }) => `${id} 为 ${mode}`).join('、')}。`;
    case 'unknown-members':
      return `集群有 ${why.members} 个成员，配置中只有 ${why.configured} 个。漏掉的成员会保留另一份数据：请全部写入配置。`;
    case 'not-in-sync':
      return `有 ${why.missing} 个投票节点未与 leader 同步。`;
    case 'clients':
      return `仍有客户端连接：${why.servers.map(({ id, clients }) => `${id}：${clients.slice(0, 5).join('、')}${clients.length > 5 ? ` 等共 ${clients.length} 个` : ''}`).join('；')}。它们此时的写入会使各节点数据不一致。请先用防火墙或更换 clientPort 隔离客户端，并停止机器人（它的测试写入也算）。--despite-clients 可仍然继续。`;
    case 'old-files':
      return `${why.servers.map(({ id, zxid }) => `${id} 已到 0x${zxid.toString(16)}`).join('、')}：比快照更新。恢复只在内存中生效；dataDir 和 dataLogDir 的 version-2 中的文件会在下次启动或选举时带回更新的数据。请停止全部节点，移走这些文件，再一起启动（docs/backup.md）。已处理妥当时加 --despite-files。`;
  }
}

export const restoreSnapshotZhCn: RestoreSnapshotWords = {
  option: 'FILE 是“backup --snapshot”的快照：放入每个节点（3.9 及以上版本）',
  sha256: '与 --snapshot 一起使用：sha256 不同的文件一律拒绝',
  despiteClients: '与 --snapshot 一起使用：即使有客户端连接',
  despiteFiles: '与 --snapshot 一起使用：即使节点比快照更新',
  notWith: (option) => `${option} 不能与 --snapshot 一起使用：快照只能整体恢复。`,
  bad: (file, why, detail) => `${file}：${faults[why] ?? why}（${detail}）。`,
  refusal,
  title: (file, zxid, size, znodes, sessions) =>
    `${file}：zxid ${zxid} 时的快照，${bytes(size)}，${thousands(znodes)} 个 znode，${thousands(sessions)} 个会话。`,
  into: (ensemble) => `将按以下顺序替换 ${ensemble} 每个节点上的数据树：`,
  server: (id, mode, version, znodes, zxid) =>
    `  ${id}：${mode}，${version}，${thousands(znodes)} 个 znode，zxid ${zxid}`,
  lost: (count) => `快照之后的改动将丢失：${thousands(count)} 个事务。`,
  lostEpochs: (elections) => `快照之后的改动将丢失：${thousands(elections)} 次选举以来的全部内容。`,
  ahead: '快照比集群更新：此前一直保持连接的客户端需要重启。',
  refused: '未恢复，也未发送任何内容：',
  confirm: (ensemble) => `确认执行请输入集群名称（${ensemble}）：`,
  sending: (id, sent, all) => `${id}：${bytes(sent)} / ${bytes(all)}`,
  restored: (id) => `${id}：已有该快照。`,
  failed: (id, why, detail) => `${id}：${failures[why] ?? why}（${detail}）`,
  stopped: '已停止。',
  has: (ids) => `已有快照：${ids.join('、') || '-'}`,
  hasNot: (ids) => `没有快照：${ids.join('、') || '-'}`,
  unknown: (ids) => `未知：${ids.join('、')}`,
  half: '各节点现在不一致：请勿放行客户端。排除故障后用同一文件重新执行全部步骤（默认需隔五分钟），或停止全部节点并在每个节点放置该文件（docs/backup.md）。',
  none: '没有任何改动。排除故障后重新执行。',
  verified: (znodes) => `已核对：所有节点都有 ${thousands(znodes)} 个 znode。`,
  differ: (all, want) =>
    `已核对：各节点与快照（${thousands(want)} 个 znode）不一致：${all.join('、')}。请勿放行客户端，并查看节点日志。`,
  next: (ensemble, ids) =>
    `恢复的内容只在内存中。放行客户端之前，请让每个节点写入磁盘：\n${ids.map((id) => `  nightkeeper backup ${ensemble} --snapshot --server ${id} --out ${ensemble}-${id}.snapshot`).join('\n')}\n然后重启全部节点并再次核对：在此之前，下一次选举会带回原来的数据。`,
};
