import type { BackupTrouble } from '../../../../model/backup.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { bytes, thousands } from '../figures.ts';
import type { BackupWords } from './en.ts';
import { restoreSnapshotZhCn } from './restore-snapshot-zh-cn.ts';

function trouble(what: BackupTrouble): string {
  switch (what.kind) {
    case 'not-a-backup':
      return '这不是 Nightkeeper 的备份文件';
    case 'other-version':
      return '这份备份由另一个版本的 Nightkeeper 写成，请用那个版本读取';
    case 'unfinished':
      return '这份备份没有写完，缺少结尾。请重新执行备份，它会从中断处继续';
    case 'cut':
      return `这份备份在第 ${what.at} 字节处被截断，其内容一概不用`;
    case 'checksum':
      return `第 ${what.at} 字节处校验和不符：文件已损坏或被改动，其内容一概不用`;
    case 'bad-content':
      return `这份备份含有不应有的内容：${what.what}。其内容一概不用`;
    case 'disk-full':
      return `磁盘空间不足，无法写入 ${what.file}。已写部分保留；腾出空间后重新执行即可继续`;
    case 'io':
      return `${what.file}：${what.reason}`;
  }
}

function znodes(count: number): string {
  return `${thousands(count)} 个 znode`;
}

const snapshotWhy: Readonly<Record<string, string>> = {
  'too-old': '该版本没有此命令，ZooKeeper 3.9 才有。不带 --snapshot 的备份不受影响',
  off: '快照功能已关闭：请设置 admin.snapshot.enabled=true 和 serializeLastProcessedZxid.enabled=true',
  login: '需要另一个登录身份：请把集群的“login”设为对 / 拥有全部权限的用户',
  'too-often': '刚刚给出过一份；默认每五分钟一份',
  cut: '快照没有完整传到',
  strange: '收到的不是快照',
  away: 'AdminServer 没有应答',
  disk: '文件无法写入',
};

export const backupZhCn: BackupWords = {
  trouble,
  znodes,
  cli: {
    backup: '把一个集群的数据树备份到文件',
    ensemble: '配置中的集群',
    out: '要写入的文件；不写则由运行中的机器人备份',
    path: '只处理这个 znode 及其下级',
    fresh: '从头开始，即使可以接着上次继续',
    rate: '每秒最多读取多少个 znode',
    inFlight: '同时请求多少个 znode',
    patience: 'ZooKeeper 失联时等待多少秒',
    restore: '把集群的数据树恢复成备份中的样子；先显示差异',
    file: '备份文件，或恢复操作留下的撤销文件',
    restoreEnsemble: '要恢复到的集群',
    dryRun: '只说明将做什么，不实际执行',
    diffOnly: '只显示差异，不询问',
    overwriteNewer: '备份之后改动过的内容也覆盖',
    deleteExtra: '删除备份中没有的内容',
    otherEnsemble: '允许使用其他集群的备份',
    undo: '被替换的内容保存到哪里',
    yes: '不询问',
    show: '每类列出多少条路径',
    badNumber: (option, value) => `--${option} 需要大于 0 的整数，而不是“${value}”。`,
    badPath: (path) => `“${path}”不是 ZooKeeper 路径：应以 / 开头，且不含 //、. 或 ..`,
    unknown: (ensemble, known) => `配置中没有集群“${ensemble}”。现有：${known.join('、')}`,
    noConfig: (file) => `${file} 不存在：请用 --config 指定配置文件。`,
  },
  begins: (ensemble, root, dir) =>
    `开始备份 ${ensemble}${root === '/' ? '' : `（${root}）`}，写入 ${dir}。查看进度和结果：backups ${ensemble}`,
  nowhere: '配置中没有任何集群设置 backup。',
  off: (ensemble) => `${ensemble} 没有配置备份。`,
  none: (ensemble) => `${ensemble} 还没有备份。`,
  there: (ensemble, count) => `${ensemble} 有 ${count} 份备份，最新的在前：`,
  running: (phase, count, before, sinceMs) =>
    `正在备份，已用时 ${commonZhCn.duration(sinceMs)}：${phase === 'look' ? '读取' : '复核'} ${thousands(count)}${before === undefined ? '' : ` / 约 ${thousands(before)}`} 个 znode。`,
  failed: (ago, why) => `上次尝试在 ${ago} 失败：${why}`,
  head: ['时间', '大小', 'znode 数', '状态', '文件'],
  whole: '完整',
  lacks: (count) => `${thousands(count)} 个无法读取`,
  shifts: (count) => `${thousands(count)} 个有变动`,
  snapshot: {
    option: '改为：由节点通过 AdminServer 传出的快照（3.9 及以上版本）',
    server: '与 --snapshot 一起使用：只向这个节点索取',
    noAdmin: (ensemble) => `配置中 ${ensemble} 没有任何节点带有 AdminServer：请设置节点的“admin”。`,
    coming: (server, size) => `${server} 的快照：${bytes(size)}`,
    kept: (server, zxid, file, size) =>
      `${server} 截至 zxid ${zxid} 的快照已写入 ${file}（${bytes(size)}）。恢复方法见 docs/backup.md；切勿恢复到运行中集群的单个节点。`,
    refused: (server, why, detail) => `${server}：${snapshotWhy[why] ?? why}（${detail}）`,
  },
  restoreSnapshot: restoreSnapshotZhCn,
  resuming: (count) => `接着上次继续，已保存 ${znodes(count)}。（--fresh 可从头开始。）`,
  lost: (why) => `与 ZooKeeper 失联（${why}）；正在等待其他节点 …`,
  gone: (why) => `ZooKeeper 没有恢复：${why}`,
  partKept: (file) => `已写部分保留在 ${file}。重新执行该命令即可继续。`,
  stopped: '已停止。',
  progress: (phase, count, size, file, each) =>
    `${phase === 'look' ? '读取' : '复核'}：${znodes(count)}，数据 ${bytes(size)}，文件 ${bytes(file)}，每秒 ${thousands(each)} 个`,
  done: (count, size, file, fileBytes) =>
    `${znodes(count)}、数据 ${bytes(size)} 已写入 ${file}（${bytes(fileBytes)}）。`,
  speed: (seconds, each, peak) =>
    `用时 ${seconds}，每秒 ${thousands(each)} 个 znode，内存最多 ${bytes(peak)}。`,
  checksum: (sha256) => `sha256 ${sha256}`,
  exact: (zxid) => `内容即 zxid ${zxid} 时的数据树。`,
  but: (zxid, count) =>
    `内容即 zxid ${zxid} 时的数据树，但有 ${znodes(count)} 在读取期间发生变化，保存的是稍后的内容：`,
  denied: (count) =>
    `ZooKeeper 不允许读取 ${znodes(count)}，文件中只有名称。请把集群的“login”设为有权限的用户：`,
  ephemerals: (count) => `其中 ${thousands(count)} 个为临时节点：只作标记，永不恢复。`,
  morePaths: (count) => `… 还有 ${thousands(count)} 个`,
  ofFile: (ensemble, root, when, count) =>
    `${ensemble} 的备份，${root}，${when}：${znodes(count)}。`,
  ofUndo: (ensemble, root, when) => `一次恢复在 ${ensemble} 的 ${root} 中替换掉的内容：${when}。`,
  otherEnsemble: (of, into) =>
    `这是 ${of} 的备份，不是 ${into} 的。加上 --from-other-ensemble 仍可使用。`,
  notIn: (path, root) => `这份备份只含 ${root}，不含 ${path}。`,
  comparing: (count) => `比较：${znodes(count)}`,
  writing: (count, all) => `写入：${thousands(count)} / ${thousands(all)}`,
  same: (count) => `${znodes(count)} 相同。`,
  add: (count) => `将新增：${thousands(count)}`,
  change: (count) => `将修改：${thousands(count)}`,
  newer: (count, taken) =>
    taken
      ? `备份之后改动过，仍将覆盖：${thousands(count)}`
      : `备份之后改动过，没有 --overwrite-newer 则不动：${thousands(count)}`,
  extra: (count, taken) =>
    taken
      ? `将删除：${thousands(count)}`
      : `备份中没有，没有 --delete-extra 则不动：${thousands(count)}`,
  unknown: (count) => `无法比较，ZooKeeper 不允许读取：${thousands(count)}`,
  ephemeral: (count) => `临时节点，永不触碰：${thousands(count)}`,
  orphaned: (paths) => `缺少上级 ${paths.join('、')}，备份中也没有它们：请先创建。`,
  nothing: '没有需要做的事。',
  ask: (count, ensemble) => `向 ${ensemble} 写入 ${thousands(count)} 个 znode`,
  needYes: '没有人可以询问：加上 --yes 重新执行。',
  undoFile: (file) => `原来的内容在 ${file} 中；“nightkeeper restore”同样可以读取它。`,
  restored: (added, changed, removed) =>
    `新增 ${thousands(added)}，修改 ${thousands(changed)}，删除 ${thousands(removed)}`,
  refused: (count) => `ZooKeeper 拒绝了 ${thousands(count)} 个：`,
  conflict: (path, reply) =>
    `在 ${path} 处停止：期间有人改动了它（${reply}）。其余保持原样。请重新比较后再执行。`,
  equal: '再次比较：数据树与备份一致。',
  differs: (count) => `再次比较：仍有 ${znodes(count)} 不同，见上。`,
};
