import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { bytesOf, flagOf, listOf, numberOf, textOf } from '../facts.ts';
import type { guardRefusalsEn } from './guards-en.ts';

const { list } = commonZhCn;

function server(facts: Facts): string {
  return textOf(facts, 'server') || '该节点';
}

export const guardRefusalsZhCn: typeof guardRefusalsEn = {
  'not-enough-people': (facts) => ({
    text: `此操作需要另外 ${numberOf(facts, 'needed')} 人同意，而配置中有权同意的只有 ${numberOf(facts, 'others')} 人。`,
    next: `请管理员添加具有 operator 角色的人员，或为该集群设置：approvals: { ${textOf(facts, 'action')}: ${numberOf(facts, 'others')} }`,
  }),
  leads: (facts) =>
    flagOf(facts, 'standalone')
      ? {
          text: `${server(facts)} 是唯一的投票节点：它的数据是唯一一份。`,
          next: '动数据之前请先备份。',
        }
      : {
          text: `${server(facts)} 是当前的 leader，绝不对 leader 执行此操作。`,
          next: '请先切换 leader：/zk recover move-leader，然后重新申请。',
        },
  'highest-zxid': (facts) => ({
    text: `${server(facts)} 持有 leader ${textOf(facts, 'leader')} 没有的事务（${textOf(facts, 'zxid')}），可能是唯一一份。`,
    next: '请先把它的数据目录复制到安全的地方，由人比对。',
  }),
  'digests-differ': (facts) => ({
    text: `事务 ${textOf(facts, 'zxid')} 之后 ${list(listOf(facts, 'differing'))} 的数据不一致，无法判断应从谁复制。`,
    next: '请先查明哪一个正确。',
  }),
  'disk-too-small': (facts) => ({
    text: `${server(facts)} 的磁盘剩余 ${bytesOf(facts, 'freeBytes')}，需要 ${bytesOf(facts, 'needBytes')}：旧数据会与新数据并存。`,
    next: '请先释放空间，例如：/zk recover purge-snapshots',
  }),
  'data-dir-unknown': (facts) => ({
    text: `机器人不知道 ${server(facts)} 的数据目录：它没有应答 "conf"，配置中也没有写。`,
    next: '请管理员在 restart 中添加：dataDir: /var/lib/zookeeper',
  }),
  'files-unseen': (facts) => ({
    text: `无法列出 ${server(facts)} 的文件${textOf(facts, 'detail') === '' ? '' : `：${textOf(facts, 'detail')}`}。`,
    next: '请检查 restart.on 与 restart.dataDir，以及所用用户能否读取该目录。',
  }),
  'keep-too-few': (facts) => ({
    text: `至少始终保留 ${numberOf(facts, 'min')} 个快照。`,
    next: `请写：--keep ${numberOf(facts, 'min')} 或更大`,
  }),
  'snapshot-broken': (facts) => ({
    text: `${server(facts)} 最新的快照没有写完整，较旧的快照仍然需要。`,
    next: '请等待下一个快照，或检查磁盘。',
  }),
  'nothing-to-purge': (facts) => ({
    text: `${server(facts)} 有 ${numberOf(facts, 'snapshots')} 个完整快照，需保留 ${numberOf(facts, 'keep')} 个：没有可清理的文件。`,
    next: '如果磁盘仍然很满，请查看进程自身的日志文件。',
  }),
  'no-zk-cli': (facts) => ({
    text: `机器人没有为 ${textOf(facts, 'ensemble')} 运行 zkCli.sh 的途径。`,
    next: '请管理员在 restart 中添加：zkCli: [/opt/zookeeper/bin/zkCli.sh, -server, "{host}:{port}"]',
  }),
  'conf-unseen': (facts) => ({
    text: `${list(listOf(facts, 'servers')) || '没有节点'} 未说明自己的配置，而变更前所有成员必须一致。`,
    next: '请放开 conf：4lw.commands.whitelist=mntr,srvr,conf',
  }),
  'reconfig-off': (facts) => ({
    text: `${list(listOf(facts, 'servers'))} 未开启动态配置。`,
    next: '请在每个节点的 zoo.cfg 中设置 reconfigEnabled=true，并逐个重启：/zk recover rolling-restart',
  }),
  'versions-differ': (facts) => ({
    text: `各成员的配置版本不一致：${list(listOf(facts, 'versions'))}。`,
    next: '请先使其一致；版本较旧的节点可能需要重启。',
  }),
  'no-member': (facts) => ({
    text: `${server(facts)} 不是 ${textOf(facts, 'ensemble')} 的成员。`,
    next: `查看成员：/zk status ${textOf(facts, 'ensemble')}`,
  }),
  'is-member': (facts) => ({
    text: `编号 ${numberOf(facts, 'sid')} 已是 ${textOf(facts, 'ensemble')} 的成员。`,
    next: '无需操作。',
  }),
  'joiner-unknown': (facts) => ({
    text: `机器人不知道 ${server(facts)} 的地址。`,
    next: '请写出成员：/zk recover add-member orders 4=10.0.0.4:2888:3888:participant;10.0.0.4:2181',
  }),
  'joiner-not-synced': (facts) => ({
    text: `${server(facts)} 尚未跟上 leader。`,
    next: '请在其配置中写入所有成员和它自己后启动，等待同步完成。',
  }),
  'joiner-other-number': (facts) => ({
    text: `${server(facts)} 自称编号为 ${numberOf(facts, 'own')}，而不是 ${numberOf(facts, 'sid')}。`,
    next: '请更正它的 myid 文件，或更正所写的成员。',
  }),
  'removal-breaks-quorum': (facts) => ({
    text: `移除 ${server(facts)} 之后 ${numberOf(facts, 'votersAfter')} 个投票节点中有 ${numberOf(facts, 'after')} 个已同步，而需要 ${numberOf(facts, 'quorumAfter')} 个。`,
    next: '请先让另一个投票节点完成同步，或先添加一个，再移除它。',
  }),
  'unknown-named-command': (facts) => ({
    text: `${textOf(facts, 'ensemble')} 没有名为 "${textOf(facts, 'command')}" 的命令。`,
    next:
      listOf(facts, 'known').length === 0
        ? '请管理员在配置文件中为该集群添加 commands。'
        : `可用：${list(listOf(facts, 'known'))}。`,
  }),
};
